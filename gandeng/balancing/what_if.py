"""What if: more posts, a resignation, more families; and how many people a district needs."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from gandeng.balancing.problem import District, Facilitator, Village
from gandeng.balancing.shares import proportional
from gandeng.core.region_code import RegionCode

NEW_POST = "BARU"
"""Begins the ids of posts that nobody holds yet."""


@dataclass(frozen=True)
class Staffing:
    """How many people a district has, and needs so that an even load is within the norm, and within the alarm.

    `for_alarm` is None where the office has set none. Who is on leave is not counted.
    """

    district: RegionCode
    families: int
    people: int
    for_norm: int
    for_alarm: int | None

    @property
    def lacking_norm(self) -> int:
        """People to be added to come to the norm."""
        return max(0, self.for_norm - self.people)

    @property
    def lacking_alarm(self) -> int | None:
        """People to be added so that nobody has to be above the alarm."""
        return None if self.for_alarm is None else max(0, self.for_alarm - self.people)


def staffing(district: District, norm: int, alarm: int | None = None) -> Staffing:
    """How many people the district needs."""
    families = sum(village.families for village in district.villages)
    people = sum(person.available for person in district.facilitators)
    return Staffing(
        district.code, families, people, -(-families // norm), None if alarm is None else -(-families // alarm)
    )


def with_more_families(district: District, more: int) -> District:
    """`more` families (fewer, where negative) in proportion to the families of each village."""
    now = [village.families for village in district.villages]
    total = max(0, sum(now) + more)
    grown = proportional(total, now)
    villages = [Village(one.code, count) for one, count in zip(district.villages, grown, strict=True)]
    return replace(district, villages=tuple(villages))


def growth_of(districts: Sequence[District], more: int) -> dict[RegionCode, int]:
    """`more` families of a province by district, in proportion to the families they have."""
    now = [sum(village.families for village in one.villages) for one in districts]
    grown = proportional(sum(now) + more, now)
    return {one.code: after - before for one, before, after in zip(districts, now, grown, strict=True)}


def with_posts(district: District, count: int) -> District:
    """`count` new posts without home: each is counted as living where she is needed (travel.homes)."""
    taken = {person.facilitator_id for person in district.facilitators}
    names = (f"{NEW_POST}-{district.code.digits}-{number}" for number in range(1, len(taken) + count + 1))
    new = [Facilitator(name) for name in names if name not in taken][:count]
    return replace(district, facilitators=(*district.facilitators, *new))


def posts_of(districts: Sequence[District], count: int) -> Mapping[RegionCode, int]:
    """`count` new posts by district, one after the other to where an even load is highest."""
    families = {one.code: sum(village.families for village in one.villages) for one in districts}
    people = {one.code: sum(person.available for person in one.facilitators) for one in districts}
    posts = dict.fromkeys(families, 0)
    for _ in range(count):
        neediest = max(sorted(posts), key=lambda code: _load(families[code], people[code] + posts[code]))
        posts[neediest] += 1
    return posts


def _load(families: int, people: int) -> float:
    return families / people if people else float("inf") if families else 0.0


def without(district: District, leavers: Collection[str]) -> District:
    """The district when these have resigned: their families go to others."""
    return replace(
        district,
        facilitators=tuple(one for one in district.facilitators if one.facilitator_id not in leavers),
        locks=tuple(lock for lock in district.locks if lock.facilitator_id not in leavers),
    )
