"""What happened with a family that a case is linked with or opened from: a visit to its home, a meeting of its group.

The link is an event of the case as any other; its value names what happened, so that whoever keeps it finds its cases.
Another event takes it back; of each thing the newest of the two counts (migration 0012).
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import BooleanField, Exists, F, Func, OuterRef, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gandeng.accounts.acting import Acting
from gandeng.helpdesk.models import Case, CaseEvent
from gandeng.registry.models import Family

VISIT, MEETING = "VISIT", "MEETING"
OFFERED_MAX = 20
"""Of each kind, the last ones of a family, that a case is linked with by choosing."""
_NAMES: dict[str, str | Promise] = {VISIT: _("Kunjungan rumah"), MEETING: _("Pertemuan kelompok (P2K2)")}


@dataclass(frozen=True)
class Happening:
    """One of them, with its family."""

    kind: str
    key: UUID
    family: Family

    @property
    def value(self) -> str:
        """As the event of the case names it."""
        return f"{self.kind}:{self.key}"


def words_of(value: str) -> str:
    """What the trail of a case says of a value: a happening by its kind, everything else as it is."""
    return str(_NAMES.get(value.partition(":")[0], value))


type Offers = Callable[[Acting, Family], list[tuple[UUID, str]]]
_OFFERS: dict[str, Offers] = {}


def register_offers(kind: str, tell: Offers) -> None:
    """What there is of a kind to link a case of the family with, in words, as whoever acts sees it."""
    _OFFERS[kind] = tell


def offered(acting: Acting, family: Family) -> dict[str, tuple[Happening, str]]:
    """By value of the link, of every kind."""
    made = [
        (Happening(kind, key, family), words) for kind, tell in _OFFERS.items() for key, words in tell(acting, family)
    ]
    return {one.value: (one, f"{_NAMES[one.kind]}, {words}") for one, words in made}


def in_force() -> QuerySet[CaseEvent]:
    """Links of cases one sees that nobody took back; of one made twice the later."""
    what = (CaseEvent.What.LINKED, CaseEvent.What.UNLINKED)
    later = CaseEvent.objects.filter(
        case=OuterRef("case"), value=OuterRef("value"), what__in=what, number__gt=OuterRef("number")
    )
    return CaseEvent.objects.filter(~Exists(later), what=CaseEvent.What.LINKED)


def linked_with(kind: str) -> QuerySet[CaseEvent]:
    """Links of cases one sees with the happening of an outer row that has a family."""
    value = Concat(Value(f"{kind}:"), Cast(OuterRef("pk"), TextField()))
    return in_force().filter(family=OuterRef("family"), value=value)


def has_case(kind: str) -> Func:
    """Whether a row that has a family is linked with a case that is not sensitive, seen or not by the reader."""
    value = Concat(Value(f"{kind}:"), Cast("pk", TextField()))
    return Func(value, F("family"), function="helpdesk_has_case", output_field=BooleanField())


def cases_of(kind: str, keys: Collection[UUID], families: Collection[UUID]) -> dict[UUID, list[Case]]:
    """By key the cases one sees that are linked with it, the first linked first."""
    values = {f"{kind}:{key}": key for key in keys}
    rows = in_force().filter(family__in=families, value__in=values)
    found: dict[UUID, list[Case]] = {}
    for row in rows.select_related("case").order_by("at", "pk"):
        cases = found.setdefault(values[row.value], [])
        if row.case not in cases:
            cases.append(row.case)
    return found


def happened_to(case: Case, kind: str) -> list[UUID]:
    """Keys of what a case is linked with, the first linked first."""
    rows = in_force().filter(case=case, value__startswith=f"{kind}:")
    values = rows.order_by("number").values_list("value", flat=True)
    return list(dict.fromkeys(UUID(value.partition(":")[2]) for value in values))
