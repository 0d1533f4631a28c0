"""Parts that packages above add (web.sections): to the page of a payment, and to what is said before a stage closes."""

from collections.abc import Callable

from gandeng.accounts.acting import Acting
from gandeng.payments.models import Cycle, Payment
from gandeng.web.sections import Parts, Section, Shown, add_part, told

_SECTIONS: Parts = {}
_BEFORE_CLOSING: Parts = {}


def register_payment_section(order: int, tell: Callable[[Acting, Payment], Shown | None]) -> None:
    """They stand below list, approvals and instruction."""
    add_part(_SECTIONS, order, tell)


def sections_of(acting: Acting, payment: Payment) -> list[Section]:
    """The panels of a payment's page, in order."""
    return told(_SECTIONS, acting, payment)


def register_closing_section(order: int, tell: Callable[[Acting, Cycle], Shown | None]) -> None:
    """They stand in the question whether a stage shall close; their titles are not shown."""
    add_part(_BEFORE_CLOSING, order, tell)


def before_closing_of(acting: Acting, cycle: Cycle) -> list[Section]:
    """What whoever closes a stage is told first, in order."""
    return told(_BEFORE_CLOSING, acting, cycle)
