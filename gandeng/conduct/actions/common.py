"""What every act here shares."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from gandeng.accounts.acting import Acting
from gandeng.audit.actions import coming_from, record
from gandeng.conduct.models import Case

_CUT = {4: 2, 2: 0, 0: 0}


class ConductRefused(ValueError):
    """The message, in the language of the page, says why and what to do; `field` is what was typed wrong."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class Unnamed:
    """Whoever reports or is accused stands in the log without name; the database knows who it was."""

    person_name: str
    person_id: None = None


REPORTER_KEPT = "Pelapor (dirahasiakan)"
ACCUSED_KEPT = "Yang diperiksa (dirahasiakan)"


def note(acting: Acting | Unnamed, action: str, case: Case, authority: str = "", reason: str = "") -> None:
    """A line of the log without text and, for reporter and accused, without name, authority or network address.

    It stands one level above the case: offices above read it, those around the accused do not.
    """
    above = case.region_code[: _CUT.get(len(case.region_code), 0)]
    if isinstance(acting, Unnamed):
        with coming_from(""):
            record(acting, action, case, region=above, number=case.number)
    else:
        record(acting, action, case, region=above, authority=authority, reason=reason, number=case.number)


@contextmanager
def refusing(message: str, constraints: dict[str, ConductRefused] | None = None) -> Iterator[None]:
    """What a guard of the database refuses, in words. Acts inside are undone."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        diagnosis = getattr(error.__cause__, "diag", None)
        name = str(getattr(diagnosis, "constraint_name", "") or "")
        if name and name not in (constraints or {}):
            raise
        raise (constraints or {}).get(name) or ConductRefused(message) from error
