"""What every act here shares."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, transaction


class CertificateRefused(ValueError):
    """The message, in the language of the page, says why and what to do; `field` is what was typed wrong."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


@contextmanager
def refusing(constraints: dict[str, CertificateRefused]) -> Iterator[None]:
    """What a guard of the database refuses, in words, by its name; acts inside are undone. Others go on as they are."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        name = str(getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or "")
        if name not in constraints:
            raise
        raise constraints[name] from error
