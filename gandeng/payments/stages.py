"""What became of one family in stages, for the page of its commitments."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from gandeng.commitments.stages import Frozen, Key
from gandeng.entitlements.models import ComponentRow, Entitlement
from gandeng.payments.actions.cycles import BEFORE_LISTS_ARE_OUT
from gandeng.payments.models import Cycle
from gandeng.registry.models import Family


def frozen_stages(family: Family, keys: Collection[Key]) -> dict[Key, Frozen]:
    """Those whose data are frozen, in two queries: of the cycle that calculated the family, else of its place."""
    place = family.village_code
    stages = Q(pk__in=[])
    for year, stage in keys:
        stages |= Q(year=year, stage=stage)
    calculated = Exists(Entitlement.objects.filter(family=family, run=OuterRef("run")))
    cycles = list(
        Cycle.objects.filter(
            stages, calculated | Q(region_code__in=[place[:n] for n in range(len(place) + 1)])
        ).order_by("region_code")
    )
    inactive = ComponentRow.objects.filter(family=family, run=OuterRef("run"), why="FAMILY_NOT_ACTIVE")
    due = Entitlement.objects.filter(family=family, run__in=[each.run_id for each in cycles if each.run_id])
    rows = {each.run_id: each for each in due.annotate(inactive=Exists(inactive))}
    cycles.sort(key=lambda each: each.run_id in rows)
    return {
        (each.year, each.stage): _frozen(each, each.frozen_at, rows.get(each.run_id) if each.run_id else None)
        for each in cycles
        if each.frozen_at is not None
    }


def _frozen(cycle: Cycle, at: datetime, row: Entitlement | None) -> Frozen:
    return Frozen(
        at=at, calculated=cycle.run_id is not None, amount_rupiah=row.amount_rupiah if row else None,
        inactive=bool(row and vars(row)["inactive"]), may_freeze_again=cycle.state in BEFORE_LISTS_ARE_OUT,
    )  # fmt: skip
