"""What families said, by facilitator and district, and what so few say about all (docs/algorithms/monitoring.md)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection

from gandeng.core.sampling import at_most, marked, marks_from
from gandeng.facilitators.models import Staff
from gandeng.monitoring.published import assumed, value
from gandeng.payments.models import Cycle

COUNTS = ("drawn", "waiting", "reached", "whole", "less", "nothing", "elsewhere", "levied", "not_reached", "troubled")


@dataclass
class Line:
    """One facilitator of a district in one stage, or sums."""

    district: str
    staff_id: UUID | None = None
    staff: Staff | None = None
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTS, 0))
    families: int = 0
    """All whose money was credited when it was drawn: the frame."""
    asked_before: int = 0
    """Reached in this stage and those before it that count."""
    troubled_before: int = 0
    looks: int = 1
    """Draws of this stage."""

    @property
    def most(self) -> int:
        """How many of `families` can be troubled at most, as sure as the office wants it."""
        return at_most(max(self.families, self.counts["reached"]), self.counts["reached"], self.counts["troubled"],
                       assumed().sure_permille)  # fmt: skip

    @property
    def marks_from(self) -> int:
        """From how many troubled on this one is marked."""
        return marks_from(self.asked_before, assumed(), self.looks)

    @property
    def marked(self) -> bool:
        """More trouble than honest background explains; families nobody accompanies mark nobody."""
        return self.staff_id is not None and marked(self.asked_before, self.troubled_before, assumed(), self.looks)

    @property
    def order(self) -> tuple[bool, int, int, str]:
        """What needs to be looked at first."""
        name = self.staff.person.name if self.staff else ""
        return (not self.marked, -self.counts["troubled"], -self.counts["not_reached"], name)


_COUNTED = """
with last as (
    select distinct on (a.drawn_id) a.* from monitoring_answer a
    join monitoring_drawn d on d.id = a.drawn_id
    where d.cycle_id = any(%(cycles)s) and d.village_code ^@ %(region)s
    order by a.drawn_id, a.number desc),
told as (
    select d.cycle_id, d.draw_id, left(d.village_code, 4) as district, d.staff_id,
        coalesce(l.reached, false) as reached, coalesce(l.whole, false) as whole, coalesce(l.less, false) as less,
        coalesce(l.nothing, false) as nothing, coalesce(l.elsewhere, false) as elsewhere,
        coalesce(l.levied, false) as levied,
        l.id is null or (not l.reached and l.why_not <> 'UNWILLING' and %(attempts)s > (select count(*)
            from monitoring_answer t where t.drawn_id = d.id and t.corrects_id is null)) as waits
    from monitoring_drawn d left join last l on l.drawn_id = d.id
    where d.cycle_id = any(%(cycles)s) and d.village_code ^@ %(region)s)
select cycle_id, draw_id, district, staff_id, count(*), count(*) filter (where waits), count(*) filter (where reached),
    count(*) filter (where whole), count(*) filter (where less), count(*) filter (where nothing),
    count(*) filter (where elsewhere), count(*) filter (where levied),
    count(*) filter (where not reached and not waits),
    count(*) filter (where less or nothing or elsewhere or levied)
from told group by 1, 2, 3, 4
"""
_FRAMES = """
select s.region_code, s.staff_id, d.id, d.number, cardinality(s.families)
from monitoring_stratum s join monitoring_draw d on d.id = s.draw_id
where d.cycle_id = %(cycle)s and s.region_code ^@ %(region)s
"""


def lines(cycle: Cycle, region: str) -> list[Line]:
    """One for each facilitator and district of a region (a district or above), unordered; three queries."""
    cycles = counted_stages(cycle)
    asked: dict[str, Any] = {"cycles": cycles, "region": region, "attempts": value("attempts"), "cycle": cycle.pk}
    with connection.cursor() as cursor:
        cursor.execute(_COUNTED, asked)
        rows = cursor.fetchall()
        cursor.execute(_FRAMES, asked)
        frames = cursor.fetchall()
    found = {(district, staff): Line(district, staff) for district, staff, *_rest in frames}
    draws: dict[tuple[str, UUID | None], dict[UUID, int]] = defaultdict(dict)
    for of, draw, district, staff, *numbers in rows:
        line = found.get((district, staff))
        if line is None:
            continue
        told = dict(zip(COUNTS, numbers, strict=True))
        line.asked_before += told["reached"]
        line.troubled_before += told["troubled"]
        if of == cycle.pk:
            draws[district, staff][draw] = told["drawn"]
            for name, many in told.items():
                line.counts[name] += many
    _frames(found, draws, frames)
    return list(found.values())


def _frames(
    found: dict[tuple[str, UUID | None], Line], draws: dict[tuple[str, UUID | None], dict[UUID, int]],
    frames: Iterable[tuple[str, UUID | None, UUID, int, int]],
) -> None:  # fmt: skip
    """A later draw's frame are those left: all are its families and those drawn before."""
    for district, staff, draw, _number, size in sorted(frames, key=lambda row: row[3]):
        line, own = found[district, staff], draws[district, staff]
        before = sum(many for each, many in own.items() if each != draw)
        line.families = max(line.families, size + before if line.families else size)
        line.looks = max(len(own), 1)


def counted_stages(cycle: Cycle) -> list[UUID]:
    """The stage and those before it of the same place, as many as the office counts a mark over."""
    before = Cycle.objects.filter(region_code=cycle.region_code).order_by("-year", "-stage")
    keys = [(one.year, one.stage, one.pk) for one in before]
    return [key for year, stage, key in keys if (year, stage) <= (cycle.year, cycle.stage)][: value("stages")]


def with_names(rows: list[Line]) -> list[Line]:
    """Of one district, those to look at first; one query."""
    people = {one.pk: one for one in Staff.objects.select_related("person").filter(
        pk__in=[line.staff_id for line in rows if line.staff_id])}  # fmt: skip
    for line in rows:
        line.staff = people.get(line.staff_id) if line.staff_id else None
    return sorted(rows, key=lambda line: line.order)


@dataclass
class Sum:
    """A district, or all of them together."""

    district: str = ""
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTS, 0))
    facilitators: int = 0
    marked: int = 0
    families: int = 0


def sums(rows: list[Line]) -> tuple[list[Sum], Sum]:
    """By district, and all of them."""
    found: dict[str, Sum] = {}
    every = Sum()
    for line in rows:
        for one in (found.setdefault(line.district, Sum(line.district)), every):
            one.facilitators += line.staff_id is not None
            one.marked += line.marked
            one.families += line.families
            for name, many in line.counts.items():
                one.counts[name] += many
    return sorted(found.values(), key=lambda one: (-one.marked, -one.counts["troubled"], one.district)), every
