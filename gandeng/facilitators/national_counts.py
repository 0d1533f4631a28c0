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
_KEPT_OR_NOW = """
with kept as materialized (
    select left(district_code, %(length)s), staff_id, sum(families)::bigint, min(at) from facilitators_nationalcount
    where %(length)s <= {length:d} group by 1, 2)
select * from kept union all
select code, staff, families, null from ({counts}) c (code, staff, families) where not exists (select from kept)
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


def kept_or_now(counts: str, values: dict[str, Any]) -> tuple[list[Row], datetime | None]:
    """What was kept, by places of codes of `length`, and of when it is, however long ago; else what `counts` gives."""
    with connection.cursor() as cursor:
        cursor.execute(_KEPT_OR_NOW.format(counts=counts, length=LENGTH), values)
        rows = cursor.fetchall()
    return [row[:3] for row in rows], min((at for *_, at in rows if at), default=None)
