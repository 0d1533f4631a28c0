"""What an office's act refuses, in words: raised by actions, said beside the field by views."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from django.db import IntegrityError, transaction
from django.forms import BaseForm
from django.utils.translation import gettext as _

FAULTS_SHOWN = 100


def first_of(faults: Sequence[str]) -> list[str]:
    """As many faults of a file as a page shows, and how many more there are."""
    shown = list(faults[:FAULTS_SHOWN])
    more = len(faults) - len(shown)
    return [*shown, _("dan %(more)s kesalahan lagi.") % {"more": more}] if more else shown


class Refusal(ValueError):
    """The message, in the language of the page, says why and what to do; `field` is what was typed wrong."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


@contextmanager
def guarded(words: Callable[[str], Refusal | None]) -> Iterator[None]:
    """What a guard of the database refuses becomes a refusal; acts inside are undone.

    `words` is asked with the name of the constraint, "" where the guard has none; where it says None the error goes on.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or ""
        refusal = words(str(name))
        if refusal is None:
            raise
        raise refusal from error


def refuse(form: BaseForm, why: Refusal) -> None:
    """The sentence beside the field it is about, where the form has it; else above the form."""
    form.add_error(why.field if why.field in form.fields else None, str(why))
