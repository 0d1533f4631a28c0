"""What happened with a family, kept by a package above, that a case is linked with or opened from: a visit to its home.

The link is an event of the case as any other; its value names what happened, so that the package above finds its cases.
"""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import BooleanField, F, Func, OuterRef, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gandeng.helpdesk.models import Case, CaseEvent
from gandeng.registry.models import Family

VISIT = "VISIT"
_NAMES: dict[str, str | Promise] = {VISIT: _("Kunjungan rumah")}


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


def linked_with(kind: str) -> QuerySet[CaseEvent]:
    """Links of cases one sees with the happening of an outer row that has a family."""
    value = Concat(Value(f"{kind}:"), Cast(OuterRef("pk"), TextField()))
    return CaseEvent.objects.filter(what=CaseEvent.What.LINKED, family=OuterRef("family"), value=value)


def has_case(kind: str) -> Func:
    """Whether a row that has a family is linked with a case that is not sensitive, seen or not by the reader."""
    value = Concat(Value(f"{kind}:"), Cast("pk", TextField()))
    return Func(value, F("family"), function="helpdesk_has_case", output_field=BooleanField())


def cases_of(kind: str, keys: Collection[UUID], families: Collection[UUID]) -> dict[UUID, list[Case]]:
    """By key the cases one sees that are linked with it, the first linked first."""
    values = {f"{kind}:{key}": key for key in keys}
    rows = CaseEvent.objects.filter(what=CaseEvent.What.LINKED, family__in=families, value__in=values)
    found: dict[UUID, list[Case]] = {}
    for row in rows.select_related("case").order_by("at", "pk"):
        cases = found.setdefault(values[row.value], [])
        if row.case not in cases:
            cases.append(row.case)
    return found


def happened_to(case: Case, kind: str) -> list[UUID]:
    """Keys of what a case is linked with, the first linked first."""
    rows = CaseEvent.objects.filter(case=case, what=CaseEvent.What.LINKED, value__startswith=f"{kind}:")
    values = rows.order_by("number").values_list("value", flat=True)
    return list(dict.fromkeys(UUID(value.partition(":")[2]) for value in values))
