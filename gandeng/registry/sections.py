"""What the pages of a family and of a request are made of: own parts, and those of packages above (web.sections)."""

from collections.abc import Callable

from gandeng.accounts.acting import Acting
from gandeng.registry.models import ChangeRequest, Family
from gandeng.web.sections import Parts, Section, Shown, add_part, told

_SECTIONS: Parts = {}
_CHANGE_SECTIONS: Parts = {}


def register_section(order: int, tell: Callable[[Acting, Family], Shown | None]) -> None:
    """Members stand at 10, accounts at 40, who accompanies at 50, changes at 60."""
    add_part(_SECTIONS, order, tell)


def sections(acting: Acting, family: Family) -> list[Section]:
    """The panels of the family's page, in order."""
    return told(_SECTIONS, acting, family)


def register_change_section(order: int, tell: Callable[[Acting, ChangeRequest], Shown | None]) -> None:
    """Beneath before and after, for whoever decides."""
    add_part(_CHANGE_SECTIONS, order, tell)


def change_sections(acting: Acting, change: ChangeRequest) -> list[Section]:
    """The panels of a request's page, in order."""
    return told(_CHANGE_SECTIONS, acting, change)
