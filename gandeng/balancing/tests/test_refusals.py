from dataclasses import replace

import pytest

from gandeng.balancing.balancing import solve
from gandeng.balancing.problem import District, Facilitator, Lock, Need, Rule, Village
from gandeng.balancing.refusals import CannotBalance
from gandeng.balancing.tests.cases import EXACT, HOMES, SKILL, TOWN, VILLAGES, district
from gandeng.core.region_code import RegionCode
from gandeng.files.intake import explain_fault
from gandeng.words import speaking

FIRST = VILLAGES[0]
CERTIFIED = (Facilitator("P0", HOMES[0]), Facilitator("P1", HOMES[1], frozenset([SKILL])))


def refusals(asked: District) -> list[str]:
    with pytest.raises(CannotBalance) as refused:
        solve(asked, EXACT, seconds=5)
    for language in ("id", "en"):
        with speaking(language):
            assert all(explain_fault(fault) for fault in refused.value.faults)
    return [fault.code.removeprefix("balance.") for fault in refused.value.faults]


def never(*people: str) -> tuple[Lock, ...]:
    return tuple(Lock(Rule.NEVER, FIRST, person) for person in people)


def stays(person: str, families: int | None = None) -> Lock:
    return Lock(Rule.STAYS, FIRST, person, families)


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (district([], people=2), "no_village"),
        (district([0, 0], people=2), "no_village"),
        (district([10], people=0), "no_facilitators"),
        (replace(district([10]), facilitators=(Facilitator("P0", available=False),)), "all_on_leave"),
        (district([10], locks=(Lock(Rule.NEVER, VILLAGES[9], "P0"),)), "lock_village_unknown"),
        (district([10], locks=(stays("P9"),)), "lock_person_unknown"),
        (district([10], locks=(stays("P0"), *never("P0"))), "locks_contradict"),
        (district([10], locks=(stays("P0", 6), stays("P1", 5))), "locks_exceed_village"),
        (district([10], locks=never("P0", "P1")), "locks_forbid_all"),
        (district([10], needs=(Need(FIRST, SKILL, 11),)), "need_exceeds_village"),
        (
            replace(district([10], needs=(Need(FIRST, SKILL, 3),), locks=never("P1")), facilitators=CERTIFIED),
            "locks_forbid_skill",
        ),
        (
            replace(district([10], needs=(Need(FIRST, SKILL, 3),), locks=(stays("P0"),)), facilitators=CERTIFIED),
            "lock_without_skill",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_it_refuses_what_has_no_answer_and_names_it(asked: District, code: str) -> None:
    assert refusals(asked) == [code]


def test_it_refuses_a_lock_on_somebody_who_is_away() -> None:
    asked = district([10], locks=(stays("P0"),))
    people = (replace(asked.facilitators[0], available=False), asked.facilitators[1])
    assert refusals(replace(asked, facilitators=people)) == ["lock_person_away"]


def test_it_refuses_with_every_reason_at_once() -> None:
    locks = (*never("P0", "P1"), Lock(Rule.STAYS, VILLAGES[1], "P0", 7), Lock(Rule.STAYS, VILLAGES[1], "P1", 7))
    assert refusals(district([10, 10], locks=locks)) == ["locks_forbid_all", "locks_exceed_village"]


def notes(asked: District) -> list[str]:
    found = solve(asked, EXACT, seconds=5).notes
    for language in ("id", "en"):
        with speaking(language):
            assert all(explain_fault(note) for note in found)
    return [note.code.removeprefix("balance.") for note in found]


def test_a_skill_that_nobody_has_is_a_note() -> None:
    assert notes(district([10], needs=(Need(FIRST, SKILL, 3),))) == ["skill_nobody"]


def test_who_has_no_home_is_placed_and_it_is_said() -> None:
    asked = district([10, 10])
    people = (Facilitator("P0", HOMES[0]), Facilitator("P1"), Facilitator("P2", RegionCode("639999")))
    assert notes(replace(asked, facilitators=people)) == ["home_where_needed", "home_unknown"]


def test_a_village_without_coordinates_is_placed_and_it_is_said() -> None:
    nowhere = (Village(RegionCode("6372021999"), 5), Village(RegionCode("6372991999"), 5))
    asked = District(TOWN, (*nowhere, Village(FIRST, 10)), CERTIFIED)
    assert notes(asked) == ["at_sub_district", "at_district"]
