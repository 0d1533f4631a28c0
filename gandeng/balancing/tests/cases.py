"""Tiny districts in Banjarbaru, so that villages and homes lie where real ones do; the people are invented."""

from collections.abc import Sequence

from hypothesis import strategies as st

from gandeng.balancing.problem import District, Facilitator, Holding, Lock, Need, Rule, Village, Wish
from gandeng.core.region_code import RegionCode
from gandeng.regions import places

TOWN = RegionCode("6372")
VILLAGES = [one.code for one in places.villages_of(TOWN)]
HOMES = [one.code for one in places.sub_districts_of(TOWN)]
EXACT = Wish(target_gap=0.0)
SKILL = "DIFABEL"


def district(families: Sequence[int], people: int = 2, **more: object) -> District:
    """Villages of these sizes, people `P0`, `P1` … at home in one sub-district after the other."""
    facilitators = tuple(Facilitator(f"P{place}", HOMES[place % len(HOMES)]) for place in range(people))
    villages = tuple(Village(code, count) for code, count in zip(VILLAGES, families, strict=False))
    return District(TOWN, villages, facilitators, **more)  # type: ignore[arg-type]


@st.composite
def tiny(draw: st.DrawFn) -> tuple[District, Wish]:
    """At most four people and seven sets of families, with holdings, needs, locks, leave and a limit of moves."""
    count = draw(st.integers(1, 4))
    sizes = draw(st.lists(st.integers(1, 40), min_size=1, max_size=4))
    skilled = draw(st.sets(st.integers(0, count - 1), max_size=2))
    away = draw(st.sets(st.integers(1, count), max_size=1))
    people = tuple(
        Facilitator(
            f"P{place}",
            draw(st.sampled_from([*HOMES, None])),
            frozenset([SKILL] if place in skilled else []),
            place not in away,
        )
        for place in range(count)
    )
    villages = tuple(Village(VILLAGES[3 * place], size) for place, size in enumerate(sizes))
    names = [*(person.facilitator_id for person in people), "GONE"]
    holdings = []
    for village in villages:
        holders = draw(st.lists(st.sampled_from(names), max_size=2, unique=True))
        holdings += [Holding(who, village.code, draw(st.integers(1, village.families))) for who in holders]
    needs = tuple(
        Need(village.code, SKILL, draw(st.integers(1, village.families)))
        for village in villages[:1]
        if draw(st.booleans())
    )
    locks = tuple(
        Lock(draw(st.sampled_from(Rule)), village.code, draw(st.sampled_from(names[:-1]))) for village in villages[1:2]
        if draw(st.booleans())
    )  # fmt: skip
    limit = draw(st.none() | st.integers(0, sum(sizes)))
    alarm = draw(st.none() | st.integers(1, 60))
    wish = Wish(moves_max=limit, alarm=alarm, group=draw(st.sampled_from([12, 25])), target_gap=0.0)
    return District(TOWN, villages, people, tuple(holdings), needs, locks), wish
