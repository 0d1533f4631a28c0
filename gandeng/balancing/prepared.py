"""A district made ready: units, people, distances, and what a load costs. Everything after this is arithmetic."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import ceil, inf

import numpy as np
import numpy.typing as npt

from gandeng.balancing.problem import District, Facilitator, Holding, Lock, Need, Rule, Village, Wish
from gandeng.balancing.refusals import CannotBalance, fault
from gandeng.balancing.travel import Point, home_point, homes, kilometres, village_points
from gandeng.balancing.units import Rules, Unit, units_of
from gandeng.core.faults import Fault
from gandeng.core.region_code import RegionCode


@dataclass(frozen=True)
class Segment:
    """The next `width` families beyond the even load cost `price` kilometres each."""

    width: float
    price: float


@dataclass(frozen=True)
class Prepared:
    """`km[village][person]`; `even` is families for each person who is there; `load_costs[load]` in kilometres.

    `limits[village]` is the most families of it that one person has: all of a small village. `posts[person]` is 1;
    where a home stands for its people, how many they are.
    """

    district: District
    wish: Wish
    villages: tuple[Village, ...]
    people: tuple[Facilitator, ...]
    homes: tuple[RegionCode, ...]
    units: tuple[Unit, ...]
    points: tuple[Point, ...]
    km: tuple[tuple[float, ...], ...]
    even: float
    limits: tuple[int, ...]
    over: tuple[Segment, ...]
    under: tuple[Segment, ...]
    load_costs: tuple[float, ...]
    notes: tuple[Fault, ...]
    posts: tuple[int, ...]

    @property
    def families(self) -> int:
        """Families of the district."""
        return sum(village.families for village in self.villages)

    @cached_property
    def ways(self) -> npt.NDArray[np.float64]:
        """`km` as an array."""
        return np.array(self.km)

    @cached_property
    def sizes(self) -> npt.NDArray[np.int64]:
        """Families of one set of each unit."""
        return np.array([unit.families for unit in self.units], dtype=np.int64)

    @cached_property
    def places(self) -> npt.NDArray[np.int64]:
        """The village of each unit."""
        return np.array([unit.village for unit in self.units], dtype=np.int64)

    @cached_property
    def prices(self) -> npt.NDArray[np.float64]:
        """`load_costs` as an array."""
        return np.array(self.load_costs)


def prepare(district: District, wish: Wish) -> Prepared:
    """Make ready; raises CannotBalance with everything that is in the way, all at once."""
    people = tuple(person for person in district.facilitators if person.available)
    villages = tuple(village for village in district.villages if village.families)
    _refuse(_nothing_to_do(district, people, villages))
    _refuse([*_bad_locks(district, people), *_bad_needs(district)])
    families = sum(village.families for village in villages)
    even = families / len(people)
    whole = max(1, ceil(wish.whole * even))
    units, notes = _units(district, wish, people, villages, whole)
    points, unplaced = village_points(villages)
    found, moved_in = homes(district, people)
    middle = (sum(one[0] for one in points) / len(points), sum(one[1] for one in points) / len(points))
    ends = [home_point(home, middle) for home in found]
    over, under = _segments(wish, even)
    return Prepared(
        district=district,
        wish=wish,
        villages=villages,
        people=people,
        homes=tuple(found),
        units=tuple(units),
        points=tuple(points),
        km=tuple(tuple(kilometres(point, end) for end in ends) for point in points),
        even=even,
        limits=_limits(wish, villages, units, whole),
        over=over,
        under=under,
        load_costs=tuple(_load_cost(load - even, over, under) for load in range(families + 1)),
        notes=(*notes, *unplaced, *moved_in),
        posts=(1,) * len(people),
    )


def _refuse(faults: Sequence[Fault]) -> None:
    if faults:
        raise CannotBalance(faults)


def _nothing_to_do(district: District, people: Sequence[Facilitator], villages: Sequence[Village]) -> list[Fault]:
    where = {"district": district.code.dotted()}
    if not villages:
        return [fault("no_village", **where)]
    if not district.facilitators:
        return [fault("no_facilitators", **where)]
    return [] if people else [fault("all_on_leave", **where, count=len(district.facilitators))]


def _bad_locks(district: District, people: Sequence[Facilitator]) -> Iterator[Fault]:
    villages = {village.code for village in district.villages}
    known = {person.facilitator_id for person in district.facilitators}
    here = {person.facilitator_id for person in people}
    stays = {(one.village, one.facilitator_id) for one in district.locks if one.rule is Rule.STAYS}
    for lock in district.locks:
        facts = {"village": lock.village.dotted(), "person": lock.facilitator_id}
        if lock.village not in villages:
            yield fault("lock_village_unknown", **facts)
        elif lock.facilitator_id not in known:
            yield fault("lock_person_unknown", **facts)
        elif lock.rule is Rule.STAYS and lock.facilitator_id not in here:
            yield fault("lock_person_away", **facts)
        elif lock.rule is Rule.NEVER and (lock.village, lock.facilitator_id) in stays:
            yield fault("locks_contradict", **facts)


def _bad_needs(district: District) -> Iterator[Fault]:
    families = {village.code: village.families for village in district.villages}
    needed: dict[RegionCode, int] = defaultdict(int)
    for need in district.needs:
        needed[need.village] += need.families
    for village, count in needed.items():
        if count > families.get(village, 0):
            has = families.get(village, 0)
            yield fault("need_exceeds_village", village=village.dotted(), needed=count, families=has)


def _units(
    district: District, wish: Wish, people: Sequence[Facilitator], villages: Sequence[Village], whole: int
) -> tuple[list[Unit], list[Fault]]:
    held = _held(district.holdings)
    locks, needs = _by_village(district.locks), _by_village(district.needs)
    units: list[Unit] = []
    faults: list[Fault] = []
    without: dict[str, int] = defaultdict(int)
    notes: list[Fault] = []
    for place, village in enumerate(villages):
        rules = Rules(people, locks[village.code], needs[village.code], whole, wish.group)
        made, bad, lacking = units_of(place, village, held[village.code], rules)
        units += made
        faults += bad
        for skill, count in lacking.items():
            without[skill] += count
    _refuse(faults)
    fewer = [max(0, sum(held[village.code].values()) - village.families) for village in villages]
    if any(fewer):
        notes.append(fault("fewer_families", villages=sum(map(bool, fewer)), families=sum(fewer)))
    notes += [fault("skill_nobody", skill=skill, families=count) for skill, count in sorted(without.items())]
    return units, notes


def _limits(wish: Wish, villages: Sequence[Village], units: Sequence[Unit], whole: int) -> tuple[int, ...]:
    """Nobody has more of a large village than `whole`, or than she has today; no limit where too few may have it."""
    limits = [village.families for village in villages]
    largest = min(wish.group, whole)
    by_village: dict[int, list[Unit]] = defaultdict(list)
    for unit in units:
        by_village[unit.village].append(unit)
    for place, village in enumerate(villages):
        fewest = min(len(unit.allowed) for unit in by_village[place])
        if village.families > whole and fewest * (whole - largest + 1) >= village.families:
            kept: dict[int | None, int] = defaultdict(int)
            for unit in by_village[place]:
                kept[unit.keeper] += unit.families * unit.count if unit.keeper is not None else 0
            limits[place] = max(whole, *kept.values())
    return tuple(limits)


def _held(holdings: Sequence[Holding]) -> dict[RegionCode, dict[str, int]]:
    held: dict[RegionCode, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for one in holdings:
        if one.families:
            held[one.village][one.facilitator_id] += one.families
    return held


def _by_village[T: (Lock, Need)](given: Sequence[T]) -> dict[RegionCode, list[T]]:
    found: dict[RegionCode, list[T]] = defaultdict(list)
    for one in given:
        found[one.village].append(one)
    return found


def _segments(wish: Wish, even: float) -> tuple[tuple[Segment, ...], tuple[Segment, ...]]:
    """Prices rise with the distance from the even load, so a load's cost is convex; above the alarm they rise more."""
    starts = [(band.share * even, band.price) for band in wish.even]
    over, alarm = list(starts), None if wish.alarm is None else max(0.0, wish.alarm - even)
    if alarm is not None:
        at = max(price for start, price in starts if start <= alarm)
        over = [(start, price + (wish.alarm_price if start >= alarm else 0.0)) for start, price in starts]
        over = sorted({*over, (alarm, at + wish.alarm_price)})
    return _widths(over, inf), _widths(starts, even)


def _widths(starts: Sequence[tuple[float, float]], most: float) -> tuple[Segment, ...]:
    ends = [*(start for start, _ in starts[1:]), most]
    pairs = zip(starts, ends, strict=True)
    return tuple(Segment(min(end, most) - start, price) for (start, price), end in pairs if min(end, most) > start)


def _load_cost(deviation: float, over: Sequence[Segment], under: Sequence[Segment]) -> float:
    left, cost = abs(deviation), 0.0
    for segment in over if deviation > 0 else under:
        cost += min(left, segment.width) * segment.price
        left -= min(left, segment.width)
    return cost
