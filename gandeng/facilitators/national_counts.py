"""The caseload of the whole nation, counted by night: counted while somebody waits, ten million families take a minute.

Only where there are so many: else the page counts itself, and a figure and the rows behind it never differ.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from gandeng.facilitators.models import NationalCount

FAMILIES_FROM = 1_000_000
"""Below, the nation is counted when somebody asks: 4.6 s at a million (docs/benchmarks.md)."""
LENGTH = 4
"""Of the codes that are kept: districts."""

_PUT = """
insert into facilitators_nationalcount (district_code, staff_id, families, at)
select code, staff, families, %(now)s from ({counts}) c (code, staff, families)
"""
_KEPT = """
select left(district_code, %(length)s), staff_id, sum(families)::bigint, min(at) from facilitators_nationalcount
group by 1, 2
"""

type Row = tuple[str, UUID | None, int]
"""Place, facilitator or nobody, families."""


@transaction.atomic
def keep(counts: str, values: dict[str, Any]) -> int:
    """Keep what `counts` gives of the nation in the place of what was; gives the families, 0 where they are too few."""
    NationalCount.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(_PUT.format(counts=counts), values | {"now": timezone.now()})
        cursor.execute("select coalesce(sum(families), 0)::bigint from facilitators_nationalcount")
        families: int = (cursor.fetchone() or (0,))[0]
    if families < FAMILIES_FROM:
        NationalCount.objects.all().delete()
        return 0
    return families


def kept(length: int) -> tuple[list[Row], datetime | None]:
    """By places of codes so long, and of when it is, however long ago; nothing where nothing was kept."""
    if length > LENGTH:
        return [], None
    with connection.cursor() as cursor:
        cursor.execute(_KEPT, {"length": length})
        rows = cursor.fetchall()
    return [row[:3] for row in rows], min((at for *_, at in rows), default=None)
