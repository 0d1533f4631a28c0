"""Parts of an exception's page that packages above add (follow_up: what was found out in the field; web.sections)."""

from collections.abc import Callable

from gandeng.accounts.acting import Acting
from gandeng.reconciliation.models import ExceptionCase
from gandeng.web.sections import Parts, Section, Shown, add_part, told

_SECTIONS: Parts = {}


def register_exception_section(order: int, tell: Callable[[Acting, ExceptionCase], Shown | None]) -> None:
    """They stand above what was done."""
    add_part(_SECTIONS, order, tell)


def sections_of(acting: Acting, case: ExceptionCase) -> list[Section]:
    """The panels of an exception's page, in order."""
    return told(_SECTIONS, acting, case)
