"""Between today's records and the solver: what is there becomes its question, its answer becomes options and rows.

The solver knows people by their id as text; sentences name them (`plan_words`).
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from math import ceil
from typing import Any
from uuid import UUID

from django.db import connection

from gandeng.balancing.answer import Balance
from gandeng.balancing.balancing import SHARES, alternatives, solve
from gandeng.balancing.problem import District, Facilitator, Holding, Lock, Need, Rule, Village, Wish
from gandeng.balancing.travel import homes
from gandeng.balancing.what_if import with_more_families, with_posts
from gandeng.core.faults import Fault
from gandeng.core.region_code import RegionCode
from gandeng.facilitators.measures import Start, Worker, measure
from gandeng.facilitators.models import CaseloadChange, Plan, PlanLock, PlanOption, PlanRow, Post
from gandeng.facilitators.moving import ACCOMPANIED, IN_FORCE, Share
from gandeng.facilitators.skills import Needing, able, needing

_VILLAGES = """
select village_code, count(*) from registry_family
where status = any(%(accompanied)s) and village_code ^@ %(region)s group by 1 order by 1
"""

_HELD = f"""
select a.village_code, a.staff_id, count(*) from facilitators_accompaniment a
join registry_family f on f.id = a.family_id
where {IN_FORCE} and f.status = any(%(accompanied)s) and a.village_code ^@ %(region)s group by 1, 2 order by 1, 2
"""

_PEOPLE = """
select s.id, s.home_code, exists (
    select from facilitators_leave v where v.staff_id = s.id and v.valid_from <= %(day)s and v.valid_until > %(day)s)
from facilitators_staff s
where (s.left_on is null or s.left_on > %(day)s) and exists (
    select from facilitators_post o where o.staff_id = s.id and o.role = %(role)s and o.region_code ^@ %(region)s
        and o.valid_from <= %(day)s and (o.valid_until is null or o.valid_until > %(day)s))
order by s.staff_no
"""


@dataclass(frozen=True)
class Way:
    """One way to share the families; `gap_permille` is how much of its cost a better one could save at most."""

    may_change_permille: int | None
    shares: tuple[Share, ...]
    gap_permille: int | None
    facts: dict[str, Any]


@dataclass(frozen=True)
class Answer:
    """What the solver found, and what it had to assume."""

    ways: tuple[Way, ...]
    notes: tuple[Fault, ...]


def read_start(region: str, day: date, *, norm: int, left_out: Iterable[UUID] = ()) -> Start:
    """The district's caseload on that day. Acts are counted first: one that comes while we read makes the plan old."""
    acts = CaseloadChange.objects.filter(region_code__startswith=region).count()
    values: dict[str, Any] = {
        "region": region,
        "day": day,
        "accompanied": list(ACCOMPANIED),
        "role": Post.Role.FACILITATOR.value,
    }
    with connection.cursor() as cursor:
        cursor.execute(_VILLAGES, values)
        villages = dict(cursor.fetchall())
        cursor.execute(_HELD, values)
        held = tuple(Share(*row) for row in cursor.fetchall())
        cursor.execute(_PEOPLE, values)
        people = cursor.fetchall()
    out = frozenset(left_out)
    workers = tuple(Worker(staff, home, not away and staff not in out) for staff, home, away in people)
    asking = needing(region, day)
    skills = able([one.staff_id for one in workers], day) if asking else {}
    start = Start(region, day, acts, norm, workers, villages, held, asking, skills)
    return _with_homes(start)


def _with_homes(start: Start) -> Start:
    """Who has no home on record sets out from where most of her families are, as the solver takes it too."""
    if not (start.villages and start.workers):
        return start
    district = question(start)
    found, _notes = homes(district, district.facilitators)
    workers = (
        replace(one, home=home.digits, home_told=bool(one.home)) for one, home in zip(start.workers, found, strict=True)
    )
    return replace(start, workers=tuple(workers))


def question(start: Start, locks: Iterable[PlanLock] = ()) -> District:
    """As the solver reads it."""
    return District(
        RegionCode(start.region),
        tuple(Village(RegionCode(code), families) for code, families in start.villages.items()),
        tuple(_facilitator(one, start.able.get(one.staff_id, frozenset())) for one in start.workers),
        tuple(Holding(str(one.staff_id), RegionCode(one.village_code), one.families) for one in start.held),
        locks=tuple(
            Lock(Rule.STAYS if one.stays else Rule.NEVER, RegionCode(one.village_code), str(one.staff_id))
            for one in locks
        ),
        needs=tuple(
            Need(RegionCode(village), skill, families)
            for (village, skill), families in sorted(_needs(start.needing).items())
        ),
    )


def _needs(asking: Iterable[Needing]) -> Counter[tuple[str, str]]:
    counts: Counter[tuple[str, str]] = Counter()
    for one in asking:
        counts[one.village_code, one.skill] += one.families
    return counts


def _facilitator(worker: Worker, skills: frozenset[str]) -> Facilitator:
    home = RegionCode(worker.home) if worker.home and worker.home_told else None
    return Facilitator(str(worker.staff_id), home, skills, available=worker.takes_part)


def keep_plan(plan: Plan, start: Start, answer: Answer) -> list[PlanOption]:
    """Options and rows of the answer."""
    options = []
    for number, way in enumerate(answer.ways, start=1):
        option = PlanOption.objects.create(
            plan=plan, region_code=plan.region_code, number=number, may_change_permille=way.may_change_permille,
            after=measure(start, way.shares).to_json(), gap_permille=way.gap_permille, facts=way.facts,
        )  # fmt: skip
        PlanRow.objects.bulk_create(
            PlanRow(option=option, village_code=one.village_code, staff_id=one.staff_id, families=one.families)
            for one in sorted(way.shares, key=lambda one: (one.village_code, -one.families, one.staff_id))
        )
        options.append(option)
    return options


def answer(start: Start, locks: Iterable[PlanLock], *, seconds: float, alarm: int | None) -> Answer:
    """Ways along the trade-off, fewest changes first; `seconds` for all of them. Raises CannotBalance."""
    found = alternatives(question(start, locks), Wish(alarm=alarm), seconds=seconds / len(SHARES))
    return Answer(tuple(_unlike(_way(one, start.families) for one in found)), found[0].notes)


def _way(found: Balance, families: int) -> Way:
    limit = found.moves_max
    share = next((one for one in SHARES if one is not None and int(one * families) == limit), None)
    permille = None if limit is None else round(1000 * share) if share is not None else 1000 * limit // families
    shares = tuple(Share(row.village.digits, UUID(row.facilitator_id), row.families) for row in found.rows)
    facts = {
        "cost": round(found.cost, 1), "bound": round(found.bound, 1), "seconds": round(found.seconds, 1),
        "cost_today": round(found.cost_today, 1), "stopped": found.stopped,
    }  # fmt: skip
    return Way(permille, shares, ceil(found.gap * 1000), facts)


def _unlike(ways: Iterable[Way]) -> list[Way]:
    """A way that is the same as one with fewer changes is no choice."""
    found: dict[tuple[Share, ...], Way] = {}
    for way in ways:
        found.setdefault(way.shares, way)
    return list(found.values())


def supposed_answer(
    start: Start, *, newcomers: int, families: int, seconds: float, alarm: int | None
) -> dict[str, int]:
    """Measures of the best way with people and families more, as an address can carry them. Raises CannotBalance."""
    asked = with_posts(with_more_families(question(start), families), newcomers)
    found = solve(asked, Wish(alarm=alarm), seconds=seconds)
    after = found.after
    return {
        "people": after.people, "families": after.families, "worst": after.most, "least": after.least,
        "km_tenths": round(after.family_metres / 100 / max(1, after.measured)),
        "over_norm": sum(load.after > start.norm for load in found.loads), "moves": found.moved + found.forced,
        "gap_permille": ceil(found.gap * 1000),
    }  # fmt: skip
