"""Parts of a case's page that packages above add (monitoring: what a family that was drawn said; web.sections)."""

from collections.abc import Callable

from gandeng.accounts.acting import Acting
from gandeng.helpdesk.models import Case
from gandeng.web.sections import Parts, Section, Shown, add_part, told

_SECTIONS: Parts = {}


def register_case_section(order: int, tell: Callable[[Acting, Case], Shown | None]) -> None:
    """They stand beneath what was complained of."""
    add_part(_SECTIONS, order, tell)


def sections_of(acting: Acting, case: Case) -> list[Section]:
    """The panels of a case's page, in order."""
    return told(_SECTIONS, acting, case)
