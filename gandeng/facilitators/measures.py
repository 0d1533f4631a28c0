"""What a way of sharing a district's families is like, counted the same for today, for what was found and for edits."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from functools import cached_property
from math import ceil
from typing import Any, Self
from uuid import UUID

from gandeng.balancing.placing import unskilled
from gandeng.balancing.problem import Village
from gandeng.balancing.travel import Point, home_point, kilometres, village_points
from gandeng.balancing.units import NOBODY
from gandeng.core.region_code import RegionCode
from gandeng.facilitators.moving import Share
from gandeng.facilitators.placing import placed
from gandeng.facilitators.skills import Needing


@dataclass(frozen=True)
class Worker:
    """A facilitator of the district; `home` is where travel is counted from, "" where nothing tells it."""

    staff_id: UUID
    home: str
    takes_part: bool
    """False: on leave or left out; her families go to others."""
    home_told: bool = True
    """False: `home` is only where most of her families are, or where somebody is needed."""


@dataclass(frozen=True)
class Start:
    """The caseload a plan starts from: what was looked at when it was asked for."""

    region: str
    as_of: date
    acts: int
    """How many acts had changed the district's caseload until then; more of them now: somebody was faster."""
    norm: int
    workers: tuple[Worker, ...]
    villages: Mapping[str, int]
    held: tuple[Share, ...]
    needing: tuple[Needing, ...] = ()
    """Families who need a skill."""
    able: Mapping[UUID, frozenset[str]] = field(default_factory=dict)
    """Who has which."""

    @property
    def families(self) -> int:
        """Of the district."""
        return sum(self.villages.values())

    @cached_property
    def taking_part(self) -> frozenset[UUID]:
        """Who may have families."""
        return frozenset(one.staff_id for one in self.workers if one.takes_part)

    @cached_property
    def _points(self) -> dict[str, Point]:
        codes = sorted({*self.villages, *(share.village_code for share in self.held)})
        points, _notes = village_points([Village(RegionCode(code), 1) for code in codes])
        return dict(zip(codes, points, strict=True))

    @cached_property
    def _ends(self) -> dict[UUID, Point]:
        points = list(self._points.values())
        middle = (sum(one[0] for one in points) / len(points), sum(one[1] for one in points) / len(points))
        return {one.staff_id: home_point(RegionCode(one.home), middle) for one in self.workers if one.home}

    def km(self, village: str, staff: UUID) -> float | None:
        """From home to the middle of the village in a straight line; None where one of them is not known."""
        point, end = self._points.get(village), self._ends.get(staff)
        return None if point is None or end is None else kilometres(point, end)

    def to_json(self) -> dict[str, Any]:
        """As a plan keeps it."""
        return {
            "region": self.region,
            "as_of": self.as_of.isoformat(),
            "acts": self.acts,
            "norm": self.norm,
            "workers": [[str(one.staff_id), one.home, one.takes_part, one.home_told] for one in self.workers],
            "villages": dict(self.villages),
            "held": [[one.village_code, str(one.staff_id), one.families] for one in self.held],
            "needing": [
                [one.village_code, str(one.holder) if one.holder else None, one.skill, one.families]
                for one in self.needing
            ],
            "able": {str(staff): sorted(skills) for staff, skills in self.able.items()},
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """As it was."""
        return cls(
            kept["region"],
            date.fromisoformat(kept["as_of"]),
            kept["acts"],
            kept["norm"],
            tuple(Worker(UUID(staff), *told) for staff, *told in kept["workers"]),
            kept["villages"],
            tuple(Share(village, UUID(staff), families) for village, staff, families in kept["held"]),
            tuple(
                Needing(village, UUID(holder) if holder else None, skill, families)
                for village, holder, skill, families in kept.get("needing", ())
            ),
            {UUID(staff): frozenset(skills) for staff, skills in kept.get("able", {}).items()},
        )


@dataclass(frozen=True)
class Measures:
    """`worst` and `least` are families of one person. `km` is the mean for one family."""

    people: int
    families: int
    worst: int
    least: int
    mean_tenths: int
    """Families for each person, in tenths."""
    spread_tenths: int
    """How far a load is from the mean, on average, in tenths of a family."""
    over_norm: int
    """People with more than the norm."""
    km_tenths: int | None
    """Mean distance for one family in tenths of a kilometre."""
    shared: int
    """Villages with more than one facilitator."""
    changed: int
    """Families that have another facilitator than today."""
    found: int
    """Families that nobody accompanies today and somebody does then."""
    nobody: int
    """Families without a facilitator."""
    unskilled: int = 0
    """Families who need a skill and are not with anybody who has it."""

    @property
    def mean(self) -> float:
        """Families for each person."""
        return self.mean_tenths / 10

    @property
    def spread(self) -> float:
        """As `spread_tenths`, in families."""
        return self.spread_tenths / 10

    @property
    def km(self) -> float | None:
        """As `km_tenths`, in kilometres."""
        return None if self.km_tenths is None else self.km_tenths / 10

    def to_json(self) -> dict[str, Any]:
        """As a plan keeps it."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """As it was."""
        return cls(**kept)


def loads_of(shares: Iterable[Share]) -> Counter[UUID]:
    """Families by person."""
    loads: Counter[UUID] = Counter()
    for share in shares:
        loads[share.staff_id] += share.families
    return loads


def measure(start: Start, shares: Sequence[Share]) -> Measures:
    """Of these shares, compared with what the start holds."""
    loads = loads_of(shares)
    taking = [loads[staff] for staff in start.taking_part]
    given = sum(loads.values())
    mean = start.families / len(taking) if taking else 0.0
    roads = [(share.families, start.km(share.village_code, share.staff_id)) for share in shares if share.families]
    known = [(families, km) for families, km in roads if km is not None]
    counted = sum(families for families, _ in known)
    people_in: Counter[str] = Counter(share.village_code for share in shares if share.families)
    return Measures(
        people=len(taking),
        families=start.families,
        worst=max(loads.values(), default=0),
        least=min(taking, default=0),
        mean_tenths=round(mean * 10),
        spread_tenths=round(sum(abs(load - mean) for load in taking) / len(taking) * 10) if taking else 0,
        over_norm=sum(load > start.norm for load in loads.values()),
        km_tenths=round(sum(families * km for families, km in known) / counted * 10) if counted else None,
        shared=sum(people > 1 for people in people_in.values()),
        nobody=max(0, start.families - given),
        **_moved(start, shares),
    )


def measure_today(start: Start) -> Measures:
    """As things stand: nobody moves, and families are with whom they are with."""
    lacking = sum(
        one.families for one in start.needing
        if one.holder is None or one.skill not in start.able.get(one.holder, frozenset())
    )  # fmt: skip
    return replace(measure(start, start.held), changed=0, found=0, unskilled=lacking)


def _moved(start: Start, shares: Sequence[Share]) -> dict[str, int]:
    """As `placing.fill_by_shares` moves: whoever has families of a village keeps as many as her share there."""
    wanted: dict[str, Counter[UUID]] = defaultdict(Counter)
    held: dict[str, Counter[UUID]] = defaultdict(Counter)
    for kept, into in ((shares, wanted), (start.held, held)):
        for share in kept:
            into[share.village_code][share.staff_id] += share.families
    special = {one.village_code for one in start.needing} & set(wanted)
    changed = found = 0
    for village, people in wanted.items():
        if village in special:
            continue
        stay = sum(min(families, people[staff]) for staff, families in held[village].items())
        leaves = sum(held[village].values()) - stay
        changed += min(leaves, sum(people.values()) - stay)
        found += max(0, sum(people.values()) - stay - leaves)
    counts = {"changed": changed, "found": found, "unskilled": 0}
    return _with_skills(start, shares, special, held, counts) if special else counts


def _with_skills(
    start: Start,
    shares: Sequence[Share],
    special: set[str],
    held: Mapping[str, Mapping[UUID, int]],
    counts: Mapping[str, int],
) -> dict[str, int]:
    """The same of villages in which a family needs a skill: who must have it decides which families go."""
    today: dict[tuple[str, UUID | None], int] = {}
    for village in special:
        today |= {(village, staff): families for staff, families in held[village].items()}
        today[village, None] = start.villages[village] - sum(held[village].values())
    found = placed(
        [share for share in shares if share.village_code in special],
        today,
        [one for one in start.needing if one.village_code in special],
        start.able,
    )
    has = {str(staff): skills for staff, skills in start.able.items()}
    return {
        "changed": counts["changed"]
        + sum(one.families for one in found if one.group.holder not in (NOBODY, one.person)),
        "found": counts["found"] + sum(one.families for one in found if one.group.holder == NOBODY),
        "unskilled": unskilled(found, has),
    }


def needed(families: int, people: int, at_most: int) -> int:
    """How many people more it takes so that nobody has more than `at_most`; never fewer than none."""
    return max(0, ceil(families / at_most) - people)
