"""What every act here shares."""

from contextlib import AbstractContextManager

from gandeng.web.refusals import Refusal, guarded


class PerformanceRefused(Refusal):
    """An act about targets, reports or reviews."""


def refusing(message: str, field: str = "") -> AbstractContextManager[None]:
    """What a guard of the database refuses, in words. Acts inside are undone."""
    return guarded(lambda _name: PerformanceRefused(message, field))
