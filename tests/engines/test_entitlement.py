from collections import Counter
from dataclasses import replace
from datetime import date
from functools import partial
from itertools import pairwise
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gandeng.core.cycle import Cycle
from gandeng.policy import benefit_policy
from tests.engines.entitlement_duckdb import broken_checks, run
from tests.engines.entitlement_oracle import Answer, Family, Member, Verdict, entitle

ADULT = date(1990, 1, 1)
YEARS = range(2017, 2027)


def same(ours: Answer, theirs: Answer) -> None:
    assert Counter(ours.components) == Counter(theirs.components)
    assert Counter(ours.entitlements) == Counter(theirs.entitlements)
    assert Counter(ours.payments) == Counter(theirs.payments)
    assert Counter(ours.recommendations) == Counter(theirs.recommendations)


def pupil(family: str, number: int, level: str) -> Member:
    return Member(family, f"{family}-{number}", date(2010, 6, 1), school_level=level)


@st.composite
def birth_dates(draw: st.DrawFn, year: int) -> date:
    """Mostly around the ages where something changes, and on 29 February."""
    age = draw(st.sampled_from([0, 5, 6, 7, 21, 22, 59, 60, 61, 69, 70, 71, 40]))
    month, day = draw(st.sampled_from([(1, 1), (2, 28), (2, 29), (3, 1), (5, 1), (9, 1), (9, 2), (12, 31)]))
    born = year - age
    return date(born, month, day if (month, day) != (2, 29) or born % 4 == 0 else 28)


@st.composite
def members_of(draw: st.DrawFn, family: str, year: int) -> list[Member]:
    count = draw(st.integers(1, 9))
    names = draw(st.lists(st.text("ab0-Z", min_size=1, max_size=3), min_size=count, max_size=count, unique=True))
    return [
        Member(
            family,
            f"{family}/{name}",
            draw(birth_dates(year)),
            school_level=draw(st.sampled_from(["", "", "SD", "SMP", "SMA"])),
            pregnancy_no=draw(st.sampled_from([None, None, None, 1, 2, 3])),
            severe_disability=draw(st.sampled_from([False, False, True])),
            rights_victim=draw(st.sampled_from([False, False, False, True])),
            deceased_on=draw(st.sampled_from([None] * 6 + [date(year, 1, 1), date(year, 3, 2), date(year, 12, 31)])),
        )
        for name in names
    ]


@st.composite
def registries(draw: st.DrawFn, year: int) -> tuple[list[Family], list[Member], list[Verdict]]:
    families, members = [], []
    for number in range(draw(st.integers(1, 8))):
        people = draw(members_of(f"K{number}", year))
        status = draw(st.sampled_from(["ACTIVE"] * 5 + ["SUSPENDED"]))
        families.append(Family(f"K{number}", draw(st.sampled_from(people)).member_id, status=status))
        members.extend(people)
    families.append(Family("NOBODY", "NOBODY-1"))
    judged = st.builds(
        Verdict,
        st.sampled_from([member.member_id for member in members]),
        st.sampled_from(["HEALTH", "EDUCATION", "WELFARE"]),
        st.sampled_from(["MET", "NOT_MET", "NOT_MET", "EXCUSED", "UNVERIFIED"]),
    )
    told = {(verdict.member_id, verdict.commitment): verdict for verdict in draw(st.lists(judged, max_size=6))}
    return families, members, [*told.values(), *draw(st.sampled_from([[], list(told.values())]))]


def test_it_works() -> None:
    members = [Member("K", "K-1", ADULT), pupil("K", 2, "SMA"), pupil("K", 3, "SD")]
    answer = run(benefit_policy(Cycle(2024, 2)), [Family("K", "K-1")], members)
    assert answer.entitlements == [("K", "2024-2", 2, 2, 333_333 + 150_000, 0, 3)]
    nik = members[0].nik
    paid = ("2024-2-K", "2024-2", "K", nik, "CONTOH", "BRI", "000123456789012", "63.71", 483_333)
    assert answer.payments == [paid]


@pytest.mark.parametrize("year", YEARS)
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], max_examples=10)
@given(data=st.data())
def test_it_agrees_with_the_contract_read_literally(year: int, data: st.DataObject) -> None:
    months = data.draw(st.sampled_from([2, 3]))
    stage = data.draw(st.integers(1, 4 if year < 2019 else 12 // months))
    families, members, verdicts = data.draw(registries(year))
    ours = run(benefit_policy(Cycle(year, stage), months), families, members, verdicts)
    same(ours, entitle(families, members, verdicts, year, stage, months))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], max_examples=8)
@given(registry=registries(2024), seed=st.integers(0, 99))
def test_the_order_of_rows_does_not_matter(
    registry: tuple[list[Family], list[Member], list[Verdict]], seed: int
) -> None:
    policy = benefit_policy(Cycle(2024, 2))
    families, members, verdicts = registry
    lots = Random(seed)
    shuffled = run(
        policy,
        lots.sample(families, len(families)),
        lots.sample(members, len(members)),
        lots.sample(verdicts, len(verdicts)),
    )
    same(run(policy, *registry), shuffled)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], max_examples=8)
@given(registry=registries(2024))
def test_a_family_alone_gets_what_it_gets_among_others(
    registry: tuple[list[Family], list[Member], list[Verdict]],
) -> None:
    families, members, _ = registry
    policy = benefit_policy(Cycle(2024, 2))
    alone = [m for m in members if m.family_id == "K0"]
    among = [row for row in run(policy, families, members).entitlements if row[0] == "K0"]
    assert run(policy, families[:1], alone).entitlements == among


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], max_examples=8)
@given(registry=registries(2024))
def test_a_verdict_never_changes_an_amount(registry: tuple[list[Family], list[Member], list[Verdict]]) -> None:
    families, members, verdicts = registry
    policy = benefit_policy(Cycle(2024, 2))
    with_verdicts, without = run(policy, families, members, verdicts), run(policy, families, members)
    assert with_verdicts.components == without.components
    assert with_verdicts.entitlements == without.entitlements


@pytest.mark.parametrize(
    ("published", "instalments"),
    [(208_145_927_640, 17_080), (17_051_232_974, 1_078)],
    ids=["South Kalimantan 2023", "Padang 2024, stage II"],
)
def test_rounding_down_fits_the_published_totals(published: int, instalments: int) -> None:
    """Upper secondary in two months is 333.333; every other instalment is a multiple of 25.000."""
    policy = benefit_policy(Cycle(2024, 2))
    amounts = {rule.component.value: rule.amount for rule in policy.rules}
    assert amounts.pop("SENIOR_SECONDARY") == 333_333
    assert all(amount % 25_000 == 0 for amount in amounts.values())
    fits = [n for n in range(200_000) if n * 333_333 <= published and (published - n * 333_333) % 25_000 == 0]
    assert fits[0] == instalments
    assert {later - earlier for earlier, later in pairwise(fits)} <= {25_000}


def test_many_instalments_add_up_to_the_rupiah() -> None:
    members = [m for n in range(1_078) for m in (Member(f"K{n}", f"K{n}-1", ADULT), pupil(f"K{n}", 2, "SMA"))]
    families = [Family(f"K{n}", f"K{n}-1") for n in range(1_078)]
    answer = run(benefit_policy(Cycle(2024, 2)), families, members)
    assert sum(row[-1] for row in answer.payments if isinstance(row[-1], int)) == 1_078 * 333_333


def test_the_lowest_member_ids_stay_in_text_order() -> None:
    small = [Member("K", f"K-{n}", date(2022, 1, 1)) for n in (9, 10, 11)]
    answer = run(benefit_policy(Cycle(2024, 2)), [Family("K", "K-9")], small)
    assert {row[1]: row[6] for row in answer.components} == {
        "K-10": "COUNTED",
        "K-11": "COUNTED",
        "K-9": "OVER_COMPONENT_LIMIT",
    }


def test_the_worked_example_of_the_algorithm_page() -> None:
    """The family of docs/algorithms/entitlement.md."""
    family = [
        Member("K", "K-1", date(1988, 5, 10), pregnancy_no=2),
        Member("K", "K-2", date(2007, 8, 1), school_level="SMA"),
        Member("K", "K-3", date(2010, 11, 20), school_level="SMP", severe_disability=True),
        Member("K", "K-4", date(2014, 2, 3), school_level="SD"),
        Member("K", "K-5", date(1985, 7, 7)),
        Member("K", "K-6", date(1950, 1, 1)),
        Member("K", "K-7", date(1948, 6, 30)),
    ]
    answer = run(benefit_policy(Cycle(2024, 2)), [Family("K", "K-1")], family)
    assert sorted(row[1:5] + row[6:] for row in answer.components) == [
        ("K-1", "PREGNANCY", 3_000_000, 500_000, "COUNTED"),
        ("K-2", "SENIOR_SECONDARY", 2_000_000, 333_333, "COUNTED"),
        ("K-3", "JUNIOR_SECONDARY", 1_500_000, 0, "NOT_THE_BEST"),
        ("K-3", "SEVERE_DISABILITY", 2_400_000, 400_000, "COUNTED"),
        ("K-4", "PRIMARY", 900_000, 0, "OVER_FAMILY_LIMIT"),
        ("K-5", None, None, 0, "NO_COMPONENT"),
        ("K-6", "ELDERLY", 2_400_000, 400_000, "COUNTED"),
        ("K-7", "ELDERLY", 2_400_000, 0, "OVER_COMPONENT_LIMIT"),
    ]
    assert [row[8] for row in answer.payments] == [1_633_333]


def test_a_member_cut_by_a_limit_is_not_tried_under_another_component() -> None:
    grandparents = [Member("K", f"K-{n}", date(1940, 1, 1), severe_disability=True) for n in (1, 2)]
    answer = run(benefit_policy(Cycle(2024, 2)), [Family("K", "K-1")], grandparents)
    assert Counter((row[2], row[6]) for row in answer.components) == {
        ("SEVERE_DISABILITY", "COUNTED"): 1,
        ("SEVERE_DISABILITY", "OVER_COMPONENT_LIMIT"): 1,
        ("ELDERLY", "NOT_THE_BEST"): 2,
    }


def test_a_family_of_elderly_and_disabled_alone_has_a_flat_amount_of_its_own() -> None:
    """Stage 4 alone tells the two flat amounts of 2018 apart; the fifth member of a family does not count."""
    old = partial(Member, birth_date=date(1940, 1, 1))
    disabled = partial(Member, birth_date=ADULT, severe_disability=True)
    members = [
        old("BOTH", "BOTH-1"), disabled("BOTH", "BOTH-2"), Member("BOTH", "BOTH-3", ADULT),
        old("MIXED", "MIXED-1"), pupil("MIXED", 2, "SD"),
        *(disabled("FIFTH", f"FIFTH-{n}") for n in range(1, 5)), pupil("FIFTH", 5, "SD"),
        *(disabled("FIVE", f"FIVE-{n}") for n in range(1, 6)),
        Member("NONE", "NONE-1", ADULT),
    ]  # fmt: skip
    families = [Family(name, f"{name}-1") for name in ("BOTH", "MIXED", "FIFTH", "FIVE", "NONE")]
    due = [
        {row[0]: row[4] for row in run(benefit_policy(Cycle(year, 4)), families, members).entitlements}
        for year in (2018, 2017)
    ]
    assert due[0] == {"BOTH": 500_000, "MIXED": 390_000, "FIFTH": 500_000, "FIVE": 500_000, "NONE": 0}
    assert due[1] == {"BOTH": 390_000, "MIXED": 390_000, "FIFTH": 390_000, "FIVE": 390_000, "NONE": 0}


def refused(families: list[Family], members: list[Member], verdicts: list[Verdict] | None = None) -> list[str]:
    return broken_checks(benefit_policy(Cycle(2024, 2)), families, members, verdicts or [])[0]


def test_it_refuses_a_member_without_a_family() -> None:
    members = [Member("K", "K-1", ADULT), Member("LOST", "LOST-1", ADULT)]
    assert "every member belongs to one family in the list" in refused([Family("K", "K-1")], members)


def test_it_refuses_the_same_family_twice() -> None:
    names = refused([Family("K", "K-1")] * 2, [Member("K", "K-1", ADULT)])
    assert {"no family is listed twice", "every member belongs to one family in the list"} <= set(names)


def test_it_refuses_the_same_member_twice() -> None:
    members = [Member("K", "K-1", ADULT), Member("J", "K-1", ADULT)]
    assert "no member is listed twice" in refused([Family("K", "K-1"), Family("J", "K-1")], members)


@pytest.mark.parametrize("collector", ["", "J-1", "K-9"])
def test_it_refuses_a_collector_from_outside_the_family(collector: str) -> None:
    members = [Member("K", "K-1", ADULT), pupil("K", 2, "SD"), Member("J", "J-1", ADULT)]
    names = refused([Family("K", collector), Family("J", "J-1")], members)
    nobody = [] if collector == "J-1" else ["entitlements = payments, in families and in rupiah"]
    assert names == ["a family that is due money has a collector among its members, with a NIK of 16 digits", *nobody]


def test_it_refuses_a_collector_without_a_nik() -> None:
    members = [replace(Member("K", "K-1", ADULT), nik=""), pupil("K", 2, "SD")]
    assert len(refused([Family("K", "K-1")], members)) == 1
    assert refused([Family("K", "K-1", status="ENDED")], members) == []


def test_it_refuses_a_verdict_about_a_stranger() -> None:
    names = refused([Family("K", "K-1")], [Member("K", "K-1", ADULT)], [Verdict("X", "HEALTH", "NOT_MET")])
    assert names == ["a commitment not met names a member in the list"]
    assert refused([Family("K", "K-1")], [Member("K", "K-1", ADULT)], [Verdict("X", "HEALTH", "MET")]) == []


def test_it_refuses_two_verdicts_that_differ() -> None:
    both = [Verdict("K-1", "HEALTH", verdict) for verdict in ("MET", "EXCUSED")]
    names = refused([Family("K", "K-1")], [Member("K", "K-1", ADULT)], both)
    assert names == ["a member's commitment has no two verdicts"]
