"""Parts of a problem's page that packages above add (helpdesk: the case it became; web.sections)."""

from collections.abc import Callable

from gandeng.accounts.acting import Acting
from gandeng.training.problem_queries import Seen
from gandeng.web.sections import Parts, Section, Shown, add_part, told

_SECTIONS: Parts = {}


def register_problem_section(order: int, tell: Callable[[Acting, Seen], Shown | None]) -> None:
    """They stand above what was done."""
    add_part(_SECTIONS, order, tell)


def sections_of(acting: Acting, seen: Seen) -> list[Section]:
    """The panels of a problem's page, in order."""
    return told(_SECTIONS, acting, seen)
