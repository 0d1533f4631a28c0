"""Parts of a payment's page that packages above add (reconciliation: what the bank said), as registry.sections does."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from gandeng.accounts.acting import Acting
from gandeng.payments.models import Payment

type Tell = Callable[[Acting, Payment], dict[str, Any] | None]
"""What the part's template finds as `content`, `payment` beside it; None where there is nothing to say."""


@dataclass(frozen=True)
class Section:
    """One panel of the page; the smaller `order` comes first."""

    title: str
    template: str
    tell: Tell
    order: int


@dataclass(frozen=True)
class Told:
    """A panel with its content."""

    title: str
    template: str
    content: dict[str, Any]


_SECTIONS: dict[str, Section] = {}


def register_payment_section(name: str, title: str, template: str, tell: Tell, *, order: int = 50) -> None:
    """Add a part, in an `AppConfig.ready`; they stand below list, approvals and instruction."""
    _SECTIONS[name] = Section(title, template, tell, order)


def sections_of(acting: Acting, payment: Payment) -> list[Told]:
    """The panels of a payment's page, in order."""
    in_order = sorted(_SECTIONS.items(), key=lambda item: (item[1].order, item[0]))
    told = [(section, section.tell(acting, payment)) for _, section in in_order]
    return [Told(section.title, section.template, content) for section, content in told if content is not None]
