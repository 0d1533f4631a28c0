"""How far it is: a straight line from the middle of a facilitator's home sub-district to the middle of a village."""

from collections import Counter
from collections.abc import Mapping, Sequence
from math import asin, cos, radians, sin, sqrt

from gandeng.balancing.problem import District, Facilitator, Holding, Village
from gandeng.balancing.refusals import fault
from gandeng.core.faults import Fault
from gandeng.core.region_code import Level, RegionCode
from gandeng.regions import places

EARTH_KM = 6371.0

Point = tuple[float, float]
"""Latitude and longitude in degrees."""


def kilometres(one: Point, other: Point) -> float:
    """Great-circle distance, to the metre so that sums do not hang on the last bit."""
    (south, west), (north, east) = ((radians(place[0]), radians(place[1])) for place in (one, other))
    half = sin((north - south) / 2) ** 2 + cos(south) * cos(north) * sin((east - west) / 2) ** 2
    return round(2 * EARTH_KM * asin(sqrt(min(1.0, half))), 3)


def village_points(villages: Sequence[Village]) -> tuple[list[Point], list[Fault]]:
    """Where each village is; without coordinates of its own, its sub-district's middle, else the mean of the others.

    A note for each that had none.
    """
    own = [_point(one.code) for one in villages]
    known = [point for point in own if point]
    mean = (_mean([one[0] for one in known]), _mean([one[1] for one in known]))
    points, notes = [], []
    for village, point in zip(villages, own, strict=True):
        around = point or _point(village.code.above(Level.SUB_DISTRICT))
        if not point:
            code = "at_sub_district" if around else "at_district"
            notes.append(fault(code, village=village.code.dotted(), name=places.name_of(village.code) or ""))
        points.append(around or mean)
    return points, notes


def homes(district: District, people: Sequence[Facilitator]) -> tuple[list[RegionCode], list[Fault]]:
    """Each person's home sub-district: as recorded, else where most of her families are, else where she is needed.

    Needed is the sub-district with most families for each person at home in it, one newcomer after the other.
    """
    held = _held_by_sub_district(district.holdings)
    found = [person.home or _largest(held.get(person.facilitator_id, Counter())) for person in people]
    families: Counter[RegionCode] = Counter()
    for village in district.villages:
        families[village.code.above(Level.SUB_DISTRICT)] += village.families
    living = Counter(home for home in found if home)
    given, notes = [], []
    for person, home in zip(people, found, strict=True):
        chosen = home or max(sorted(families), key=lambda place: families[place] / (1 + living[place]))
        living[chosen] += home is None
        given.append(chosen)
        if _point(chosen) is None:
            notes.append(fault("home_unknown", person=person.facilitator_id, place=chosen.dotted()))
        elif person.home is None:
            code = "home_from_families" if home else "home_where_needed"
            notes.append(
                fault(code, person=person.facilitator_id, place=chosen.dotted(), name=places.name_of(chosen) or "")
            )
    return given, notes


def home_point(home: RegionCode, otherwise: Point) -> Point:
    """The middle of a home sub-district, or what is said where nobody knows that place."""
    return _point(home) or otherwise


def distance_from(home: RegionCode, point: Point) -> float | None:
    """Kilometres from a home sub-district to a point, None where nobody knows that place."""
    start = _point(home)
    return None if start is None else kilometres(start, point)


def _held_by_sub_district(holdings: Sequence[Holding]) -> Mapping[str, Counter[RegionCode]]:
    held: dict[str, Counter[RegionCode]] = {}
    for one in holdings:
        held.setdefault(one.facilitator_id, Counter())[one.village.above(Level.SUB_DISTRICT)] += one.families
    return held


def _largest(counted: Counter[RegionCode]) -> RegionCode | None:
    return max(sorted(counted), key=lambda place: counted[place]) if counted else None


def _point(code: RegionCode) -> Point | None:
    place = places.place(code)
    if place is None or place.latitude is None or place.longitude is None:
        return None
    return place.latitude, place.longitude


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
