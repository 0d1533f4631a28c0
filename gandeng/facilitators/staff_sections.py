"""What packages above add to the page about somebody (web.sections)."""

from collections.abc import Callable

from gandeng.accounts.acting import Acting
from gandeng.facilitators.models import Staff
from gandeng.web.sections import Parts, Section, Shown, add_part, told

_SECTIONS: Parts = {}


def register_staff_section(order: int, tell: Callable[[Acting, Staff], Shown | None]) -> None:
    """Tasks about her stand at 10, what she was awarded or learned from 40 on."""
    add_part(_SECTIONS, order, tell)


def staff_sections(acting: Acting, staff: Staff) -> list[Section]:
    """The panels, in order."""
    return told(_SECTIONS, acting, staff)
