"""Places and rupiah that would be freed if families under way graduate: by place and kind, by the last calculation."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce, Left

from gandeng.core.region_code import DISTRICT_DIGITS, SUB_DISTRICT_DIGITS
from gandeng.entitlements.models import Entitlement
from gandeng.graduation.models import Kind
from gandeng.graduation.moves import OPEN
from gandeng.graduation.queries import candidates, cases, here, narrowed


@dataclass(frozen=True)
class Freed:
    """Of one place and kind; `begun` is False for candidates of whom no case is open."""

    place: str
    kind: str
    begun: bool
    families: int
    stage_rupiah: int


def freed(filters: dict[str, str], today: date) -> list[Freed]:
    """By district, or by sub-district of one that was chosen. Candidates are counted where one was chosen."""
    region = filters.get("region", "").replace(".", "")
    digits = SUB_DISTRICT_DIGITS if len(region) >= DISTRICT_DIGITS else DISTRICT_DIGITS
    newest = Entitlement.objects.filter(family=OuterRef("family")).order_by(
        "-run__year", "-run__stage", "-run__made_at"
    )
    rows = narrowed(here(cases()), filters).filter(state__in=OPEN)
    rows = rows.annotate(
        place=Left("village_code", digits), amount=Coalesce(Subquery(newest.values("amount_rupiah")[:1]), 0)
    )
    told = rows.order_by().values("place", "kind").annotate(families=Count("pk"), rupiah=Sum("amount"))
    found = [Freed(one["place"], one["kind"], True, one["families"], int(one["rupiah"])) for one in told]
    if len(region) >= DISTRICT_DIGITS and filters.get("kind", "") in ("", Kind.NATURAL):
        found += _candidates(region, digits, today)
    return sorted(found, key=lambda one: (one.place, one.kind, not one.begun))


def _candidates(region: str, digits: int, today: date) -> Iterable[Freed]:
    rows = candidates({"region": region}, today).select_related(None).filter(case_id=None)
    told = rows.annotate(place=Left("village_code", digits)).order_by().values("place").annotate(count=Count("pk"))
    return [Freed(one["place"], Kind.NATURAL, False, one["count"], 0) for one in told]
