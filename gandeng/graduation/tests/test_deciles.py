"""Candidates whose decile rose, against a naive reading of the rule; and what a case keeps of the readings."""

import random
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from gandeng.accounts.acting import in_territory
from gandeng.facilitators.tests.factories import few_queries
from gandeng.graduation import actions
from gandeng.graduation.actions import GraduationRefused
from gandeng.graduation.models import Case, Step
from gandeng.graduation.queries import candidates
from gandeng.graduation.tests.factories import WORDS, approved, do, opened, proposed, state_of, told, with_component
from gandeng.registry.deciles import rises
from gandeng.registry.models import DecileReading, Family
from gandeng.registry.tests.factories import EVERYWHERE, make_family

pytestmark = pytest.mark.django_db

ENTERED = date(2024, 1, 1)
"""Of `make_family`."""


@pytest.fixture
def made(cast, client_of):
    class Made:
        operator = cast("DISTRICT_OPERATOR", "6371")
        coordinator = cast("DISTRICT_COORDINATOR", "6371")

    Made.desk = client_of(Made.operator)
    return Made


def _read(family, decile, day):
    with in_territory(EVERYWHERE):
        DecileReading.objects.create(family=family, decile=decile, read_on=day)


def _risen(family, first=2, last=5):
    _read(family, first, date(2023, 12, 1))
    _read(family, last, date(2024, 9, 1))
    return family


def _naive(readings, entered):
    """How far it rose since it entered: each day counts as it was recorded last. None where nothing is told of that."""
    days = []
    for decile, day in readings:
        days = [each for each in days if each[0] != day]
        days.append((day, decile))
    days.sort()
    begins = days[:1]
    for each in days:
        if entered is not None and each[0] <= entered:
            begins = [each]
    if not days or begins[0][0] == days[-1][0]:
        return None
    return days[-1][1] - begins[0][1]


@pytest.mark.parametrize("seed", range(4))
def test_candidates_are_those_a_naive_reading_finds(made, seed):
    draw, expected = random.Random(seed), {}
    for _ in range(15):
        family = make_family(status=draw.choice(["ACTIVE", "ACTIVE", "ACTIVE", "SUSPENDED"]))
        entered = draw.choice([None, ENTERED, ENTERED + timedelta(40)])
        with in_territory(EVERYWHERE):
            Family.objects.filter(pk=family.pk).update(entered_on=entered)
        days = [ENTERED + timedelta(20 * draw.randint(-2, 4)) for _ in range(draw.randint(0, 5))]
        readings = [(draw.randint(1, 10), day) for day in days]
        for decile, day in readings:
            _read(family, decile, day)
        expected[family.pk] = (_naive(readings, entered), family.status)
    with in_territory(made.operator):
        found = {row.pk: row.rise for row in candidates({"kind": "improved"}, timezone.localdate())}
        said = rises(list(expected))
    assert {key: rise.by for key, rise in said.items()} == {
        key: by for key, (by, _status) in expected.items() if by is not None
    }
    assert found == {key: by for key, (by, status) in expected.items() if status == "ACTIVE" and (by or 0) > 0}
    assert found, "a draw without any shows nothing"


def test_the_page_begins_with_the_greatest_rise(made):
    little, much, fell, alone = (make_family() for _ in range(4))
    _risen(little, 2, 3)
    _risen(much, 1, 7)
    _risen(fell, 6, 2)
    _read(alone, 9, date(2024, 9, 1))
    address = reverse("graduation:candidates")
    made.desk.get(address)
    with few_queries():
        page = made.desk.get(address, {"kind": "improved"}).content.decode()
    assert page.index(much.family_no) < page.index(little.family_no)
    assert fell.family_no not in page
    assert alone.family_no not in page
    assert "naik 6" in page
    assert "Tidak ada batas desil PKH yang bersumber" in page
    narrowed = made.desk.get(address, {"kind": "improved", "decile": "4"}).content.decode()
    assert much.family_no in narrowed
    assert little.family_no not in narrowed
    assert made.desk.get(address, {"kind": "improved", "decile": "11"}).status_code == 400
    assert "Registri tidak menyimpan desil" not in made.desk.get(address).content.decode()


def test_pages_of_the_greatest_rise_go_on_where_they_stopped(made, monkeypatch):
    monkeypatch.setattr("gandeng.graduation.views.lists._ROWS", 2)
    families = [_risen(make_family(), 1, 1 + by) for by in (3, 3, 1, 9, 3)]
    seen, address = [], reverse("graduation:candidates") + "?kind=improved"
    while address:
        answer = made.desk.get(address)
        seen += [row["family"].pk for row in answer.context["rows"]]
        address = answer.context["page"].next
    assert len(seen) == 5
    assert set(seen) == {family.pk for family in families}
    assert (seen[0], seen[-1]) == (families[3].pk, families[2].pk)
    assert made.desk.get(reverse("graduation:candidates"), {"kind": "improved", "after": "x"}).status_code == 400


def test_opening_keeps_the_readings_whoever_opened_it_had(made):
    family = _risen(with_component())
    page = made.desk.get(reverse("graduation:open", args=[family.pk])).content.decode()
    assert "Desil 2 (1 Desember 2023) menjadi 5 (1 September 2024)" in page
    case = opened(made.operator, family, "IMPROVED")
    _read(family, 6, date(2024, 10, 1))
    with in_territory(EVERYWHERE):
        assert Case.objects.get(pk=case.pk).facts == {"deciles": [[2, "2023-12-01"], [5, "2024-09-01"]]}
    page = made.desk.get(reverse("graduation:case", args=[case.pk])).content.decode()
    assert "Desil 2 (1 Desember 2023) menjadi 5 (1 September 2024)" in page


def test_one_reading_or_none_opens_as_well(made):
    family = with_component()
    assert opened(made.operator, family, "IMPROVED").facts == {}
    other = with_component()
    _read(other, 3, date(2024, 9, 1))
    case = opened(made.operator, other, "IMPROVED")
    assert case.facts == {"deciles": [[3, "2024-09-01"]]}
    assert "Desil 3, dibaca 1 September 2024" in made.desk.get(
        reverse("graduation:case", args=[case.pk])
    ).content.decode()  # fmt: skip


@pytest.mark.parametrize(("decile", "day"), [(3, date(2024, 10, 1)), (5, date(2024, 10, 1)), (4, date(2024, 9, 1))])
def test_a_reading_since_the_proposal_ends_it(made, decile, day):
    """A fall, the same of a later day, and a correction of the day."""
    family = _risen(with_component())
    case = proposed(made.operator, family, "IMPROVED")
    _read(family, decile, day)
    with pytest.raises(GraduationRefused, match="berubah sejak diusulkan"):
        approved(made.coordinator, case)
    do(actions.give_back, made.coordinator, case, WORDS)
    do(actions.propose, made.operator, case, WORDS)
    approved(made.coordinator, case)
    assert state_of(case) == "APPROVED"
    with in_territory(EVERYWHERE):
        facts = Step.objects.filter(case=case, kind="APPROVED").get().facts
    assert facts["deciles"] == [[2, "2023-12-01"], [decile, day.isoformat()]]


def test_a_reading_since_the_approval_ends_it_too(made):
    family = _risen(with_component())
    case = proposed(made.operator, family, "IMPROVED")
    approved(made.coordinator, case)
    told(made.operator, case)
    _read(family, 1, date(2024, 10, 1))
    with pytest.raises(GraduationRefused, match="berubah sejak diusulkan"):
        do(actions.carry_out, made.coordinator, case)


def test_an_older_reading_changes_nothing_it_rests_on(made):
    family = _risen(with_component())
    case = proposed(made.operator, family, "IMPROVED")
    _read(family, 9, date(2023, 1, 1))
    approved(made.coordinator, case)
    assert state_of(case) == "APPROVED"


def test_of_a_family_that_chose_it_the_decile_says_nothing(made):
    family = _risen(with_component())
    case = proposed(made.operator, family, "INDEPENDENT")
    _read(family, 1, date(2024, 10, 1))
    approved(made.coordinator, case)
    with in_territory(EVERYWHERE):
        assert "deciles" not in Step.objects.get(case=case, kind="PROPOSED").facts
