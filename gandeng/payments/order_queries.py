"""Orders to pay of all stages, by what their channel has told of the file it holds."""

from collections.abc import Iterable
from typing import Final, Literal
from uuid import UUID

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from gandeng.accounts.acting import Acting
from gandeng.payments.models import Confirmation, Cycle, Instruction
from gandeng.payments.queries import cycles_visible_to

type Word = Literal["unconfirmed", "differs", "matches"]
UNCONFIRMED: Final = "unconfirmed"
DIFFERS: Final = "differs"
MATCHES: Final = "matches"
ALL: Final = "all"
SHELVES = {
    UNCONFIRMED: (_("Belum diperiksa penyalur"), Q(told=None) & ~Q(cycle__state=Cycle.State.CLOSED)),
    DIFFERS: (_("Berbeda"), Q(told__isnull=False) & ~Q(told=F("sha256"))),
    MATCHES: (_("Sesuai"), Q(told=F("sha256"))),
    ALL: (_("Semua"), Q()),
}
"""Title, and which orders: a stage that is closed waits for nobody."""


def orders_visible_to(acting: Acting, shelf: str) -> QuerySet[Instruction]:
    """Orders on that shelf of SHELVES."""
    orders = Instruction.objects.filter(cycle__in=cycles_visible_to(acting).order_by())
    newest = _of_the_file_here(Confirmation.objects.filter(instruction=OuterRef("pk"))).order_by("-at")
    told = orders.annotate(told=Subquery(newest.values("told_sha256")[:1]))
    return told.filter(SHELVES[shelf][1]).select_related("cycle")


def unconfirmed(acting: Acting) -> QuerySet[Instruction]:
    """Orders whose channel has not told which file it holds."""
    return orders_visible_to(acting, UNCONFIRMED)


def differing(acting: Acting) -> QuerySet[Instruction]:
    """Orders of which the channel holds another file than the one made here."""
    return orders_visible_to(acting, DIFFERS)


def told_of(orders: Iterable[Instruction]) -> dict[UUID, Confirmation]:
    """What was told last of each order's file as it lies here; nothing for one that nothing was told of."""
    told = Confirmation.objects.filter(instruction__in=[order.pk for order in orders]).select_related("person")
    newest = _of_the_file_here(told).order_by("instruction", "-at").distinct("instruction")
    return {each.instruction_id: each for each in newest}


def shelf_of(told: Confirmation | None) -> Word:
    """Where an order belongs by what was told last of it."""
    return UNCONFIRMED if told is None else MATCHES if told.matches else DIFFERS


def _of_the_file_here(told: QuerySet[Confirmation]) -> QuerySet[Confirmation]:
    """A file that was packed again is another."""
    return told.filter(ours_sha256=F("instruction__sha256"))
