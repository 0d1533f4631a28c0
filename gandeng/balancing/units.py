"""What is given out as one: a whole village, a group of a large one, families who need a skill, families of a lock."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from gandeng.balancing.problem import Facilitator, Lock, Need, Rule, Village
from gandeng.balancing.refusals import fault
from gandeng.balancing.shares import groups, proportional
from gandeng.core.faults import Fault

NOBODY = ""
"""Who holds families that nobody accompanies today."""


@dataclass(frozen=True)
class Unit:
    """`count` sets of `families` families, alike in everything; each set goes to one person of `allowed`.

    `holder` accompanies them today, `keeper` is her place among the people where she may keep them. Elsewhere, `held`
    families of each set change hands (less than `families` where some have nobody yet).
    """

    village: int
    families: int
    count: int
    holder: str
    held: int
    keeper: int | None
    allowed: tuple[int, ...]
    skill: str = ""


@dataclass(frozen=True)
class Rules:
    """What holds for one village: its locks, its needs, who is there to choose from, and how it is divided."""

    people: Sequence[Facilitator]
    locks: Sequence[Lock]
    needs: Sequence[Need]
    whole: int
    group: int


@dataclass
class _Cut:
    """A village on its way into units."""

    place: int
    village: Village
    rules: Rules
    pools: dict[str, int]
    units: list[Unit] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @property
    def divided(self) -> bool:
        return self.village.families > self.rules.whole

    def where(self) -> dict[str, str]:
        return {"village": self.village.code.dotted()}


def units_of(
    place: int, village: Village, held: Mapping[str, int], rules: Rules
) -> tuple[list[Unit], list[Fault], dict[str, int]]:
    """The units of a village, what makes them impossible, and families by skill for which nobody is there at all."""
    cut = _Cut(place, village, rules, _pools(village.families, held))
    _locked(cut, held)
    without = _skilled(cut)
    _rest(cut)
    return cut.units, cut.faults, without


def _pools(families: int, held: Mapping[str, int]) -> dict[str, int]:
    """Families by who holds them; fewer than were held: everybody's in proportion; more: the new ones have nobody."""
    names = sorted(held, key=lambda name: (-held[name], name))
    counts = [held[name] for name in names]
    if sum(counts) > families:
        counts = proportional(families, counts)
    pools = dict(zip(names, counts, strict=True))
    pools[NOBODY] = pools.get(NOBODY, 0) + families - sum(counts)
    return pools


def _take(cut: _Cut, wanted: int, order: Sequence[str]) -> Iterator[tuple[str, int]]:
    for name in order:
        taken = min(wanted, cut.pools[name])
        if taken:
            cut.pools[name] -= taken
            wanted -= taken
            yield name, taken


def _locked(cut: _Cut, held: Mapping[str, int]) -> None:
    places = _places(cut)
    stays = sorted((one for one in cut.rules.locks if one.rule is Rule.STAYS), key=lambda one: one.facilitator_id)
    wanted = [one.families or held.get(one.facilitator_id) or cut.village.families for one in stays]
    if sum(wanted) > cut.village.families:
        names = ", ".join(one.facilitator_id for one in stays)
        counts = {"locked": sum(wanted), "families": cut.village.families}
        cut.faults.append(fault("locks_exceed_village", persons=names, **cut.where(), **counts))
        return
    for lock, families in zip(stays, wanted, strict=True):
        others = sorted(
            cut.pools, key=lambda name: (name != lock.facilitator_id, name != NOBODY, -cut.pools[name], name)
        )
        for holder, taken in _take(cut, families, others):
            cut.units.append(_unit(cut, holder, taken, 1, (places[lock.facilitator_id],)))


def _skilled(cut: _Cut) -> dict[str, int]:
    """Families who need a skill, where somebody has it; locked families that are with such a person count for it."""
    covering = [[unit, unit.families] for unit in cut.units]
    without: dict[str, int] = {}
    for need in sorted(cut.rules.needs, key=lambda one: one.skill):
        certified = [place for place, one in enumerate(cut.rules.people) if need.skill in one.skills]
        if not certified:
            without[need.skill] = need.families
            continue
        wanted = need.families - _covered(need, certified, covering)
        left = sum(cut.pools.values())
        allowed = _allowed(cut, certified)
        if wanted > left:
            cut.faults.append(fault("lock_without_skill", **cut.where(), skill=need.skill, families=wanted - left))
        elif wanted and not allowed:
            cut.faults.append(fault("locks_forbid_skill", **cut.where(), skill=need.skill, families=wanted))
        else:
            _cut_skilled(cut, need.skill, wanted, allowed)
    return without


def _covered(need: Need, certified: Sequence[int], covering: list[list]) -> int:  # type: ignore[type-arg]
    done = 0
    for entry in covering:
        unit, free = entry
        if unit.allowed[0] in certified:
            used = min(free, need.families - done)
            entry[1] -= used
            done += used
    return done


def _cut_skilled(cut: _Cut, skill: str, wanted: int, allowed: tuple[int, ...]) -> None:
    able = {cut.rules.people[place].facilitator_id for place in allowed}
    order = sorted(cut.pools, key=lambda name: (name not in able, name != NOBODY, -cut.pools[name], name))
    for holder, taken in _take(cut, wanted, order):
        _divide(cut, holder, taken, allowed, skill)


def _rest(cut: _Cut) -> None:
    allowed = _allowed(cut, range(len(cut.rules.people)))
    if not any(cut.pools.values()):
        return
    if not allowed:
        cut.faults.append(fault("locks_forbid_all", **cut.where(), families=sum(cut.pools.values())))
        return
    held = {name: families for name, families in cut.pools.items() if families and name != NOBODY}
    new = cut.pools[NOBODY]
    if new and held and not cut.divided:  # new families of a small village come to whoever has most of it
        most = max(held, key=lambda name: (held[name], name))
        cut.units.append(_unit(cut, most, held.pop(most) + new, 1, allowed, new=new))
        new = 0
    for holder, families in [*sorted(held.items()), (NOBODY, new)]:
        _divide(cut, holder, families, allowed)


def _divide(cut: _Cut, holder: str, families: int, allowed: tuple[int, ...], skill: str = "") -> None:
    """Whole, or in groups where the village is a large one."""
    if families:
        parts = groups(families, min(cut.rules.group, cut.rules.whole)) if cut.divided else [(families, 1)]
        cut.units += [_unit(cut, holder, each, many, allowed, skill) for each, many in parts]


def _unit(
    cut: _Cut, holder: str, families: int, count: int, allowed: tuple[int, ...], skill: str = "", new: int = 0
) -> Unit:
    place = _places(cut).get(holder)
    keeper = place if place in allowed else None
    held = 0 if holder == NOBODY else families - new
    return Unit(cut.place, families, count, holder, held, keeper, allowed, skill)


def _allowed(cut: _Cut, places: Sequence[int]) -> tuple[int, ...]:
    never = {one.facilitator_id for one in cut.rules.locks if one.rule is Rule.NEVER}
    return tuple(place for place in places if cut.rules.people[place].facilitator_id not in never)


def _places(cut: _Cut) -> dict[str, int]:
    return {person.facilitator_id: place for place, person in enumerate(cut.rules.people)}
