"""Parts of a payment's page that packages above add (reconciliation: what the bank said; web.sections)."""

from collections.abc import Callable

from gandeng.accounts.acting import Acting
from gandeng.payments.models import Payment
from gandeng.web.sections import Parts, Section, Shown, add_part, told

_SECTIONS: Parts = {}


def register_payment_section(order: int, tell: Callable[[Acting, Payment], Shown | None]) -> None:
    """They stand below list, approvals and instruction."""
    add_part(_SECTIONS, order, tell)


def sections_of(acting: Acting, payment: Payment) -> list[Section]:
    """The panels of a payment's page, in order."""
    return told(_SECTIONS, acting, payment)
