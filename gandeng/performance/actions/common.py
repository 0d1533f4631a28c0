"""What every act here shares."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, transaction


class PerformanceRefused(ValueError):
    """The message, in the language of the page, says why and what to do; `field` is what was typed wrong."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


@contextmanager
def refusing(message: str, field: str = "") -> Iterator[None]:
    """What a guard of the database refuses, in words. Acts inside are undone."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise PerformanceRefused(message, field) from error
