"""Families who need a skill go to somebody who has it: in the plan, in its hand-over list and in the act."""

from datetime import date

import pytest
from django.utils import timezone

from gandeng.accounts.acting import in_territory
from gandeng.facilitators import skills
from gandeng.facilitators.actions import caseload, plans
from gandeng.facilitators.measures import Measures, Start, measure
from gandeng.facilitators.models import Accompaniment, PlanRow
from gandeng.facilitators.plan_queries import handed, shares_of, start_of
from gandeng.facilitators.skills import Trait, Wanted
from gandeng.facilitators.tests.plan_world import FAMILIES, FAR, NEAR, WHY, make_district, make_plan
from gandeng.registry.tests.factories import make_family

CARE = "Pendampingan disabilitas"


@pytest.fixture
def coordinator(db, cast):
    return cast("DISTRICT_COORDINATOR", "6371")


@pytest.fixture
def district(coordinator):
    return make_district(coordinator)


@pytest.fixture
def told(monkeypatch, district):
    """Ani alone is certified; the skill is for families with somebody severely disabled."""
    able = {district.ani.pk: frozenset([CARE])}

    def held(staff, _day):
        return {one: able[one] for one in staff if one in able}

    monkeypatch.setattr(skills, "_TOLD", [(lambda *_: [Wanted(CARE, (Trait.SEVERE_DISABILITY,))], held)])
    return able


def with_whom(families):
    rows = Accompaniment.objects.filter(family__in=families, valid_until=None)
    return {row.staff_id for row in rows}


def test_it_works(coordinator, district, told):
    needing = [make_family(NEAR, severe_disability=True) for _ in range(2)]
    with in_territory(coordinator):
        caseload.assign_unaccompanied(coordinator, NEAR, district.siti, day=timezone.localdate(), reason=WHY)
    plan = make_plan(coordinator)
    with in_territory(coordinator):
        start = start_of(plan)
        assert Start.from_json(start.to_json()) == start
        before, after = Measures.from_json(plan.before["measures"]), Measures.from_json(plan.chosen.after)
        assert (before.unskilled, before.changed, after.unskilled) == (2, 0, 0)
        rows = handed(plan, timezone.localdate())
        change = plans.approve(coordinator, plan, day=timezone.localdate(), reason=WHY)
        assert change.families == sum(row.families for row in rows) == after.changed
        assert with_whom(needing) == {district.ani.pk}
        assert Accompaniment.objects.filter(valid_until=None).count() == 2 * FAMILIES + 2


def test_an_edit_that_leaves_too_few_with_the_skill_is_counted(coordinator, district, told):
    needing = [make_family(NEAR, severe_disability=True) for _ in range(2)]
    plan = make_plan(coordinator)
    with in_territory(coordinator):
        row = PlanRow.objects.get(option=plan.chosen, village_code=NEAR, staff=district.ani)
        plans.give(coordinator, plan, row, district.siti.pk, row.families - 1)
        now = measure(start_of(plan), shares_of(plan.chosen))
        assert now.unskilled == 1
        change = plans.approve(coordinator, plan, day=timezone.localdate(), reason=WHY)
        assert change.families == now.changed + now.found
        assert with_whom(needing) == {district.ani.pk, district.siti.pk}


def test_a_skill_nobody_has_is_said_and_every_family_has_somebody(coordinator, district, told):
    told.clear()
    make_family(FAR, severe_disability=True)
    plan = make_plan(coordinator)
    assert [one["code"] for one in plan.notes if one["code"] == "balance.skill_nobody"]
    with in_territory(coordinator):
        after = Measures.from_json(plan.chosen.after)
        assert (after.unskilled, after.nobody) == (1, 0)


@pytest.mark.parametrize(
    ("member", "trait", "calls"),
    [
        ({"severe_disability": True}, Trait.SEVERE_DISABILITY, True),
        ({"birth_date": date(1940, 1, 1)}, Trait.ELDERLY, True),
        ({"birth_date": date(1990, 1, 1)}, Trait.ELDERLY, False),
        ({"pregnancy_no": 1}, Trait.PREGNANT, True),
        ({"rights_victim": True}, Trait.RIGHTS_VICTIM, True),
        ({"severe_disability": True, "left_on": date(2024, 2, 1)}, Trait.SEVERE_DISABILITY, False),
    ],
)
def test_who_calls_for_a_skill(coordinator, monkeypatch, member, trait, calls):
    monkeypatch.setattr(skills, "_TOLD", [(lambda _region, _day: [Wanted(CARE, (trait,))], lambda _staff, _day: {})])
    make_family(NEAR, **member)
    with in_territory(coordinator):
        assert [one.families for one in skills.needing("6371", timezone.localdate())] == ([1] if calls else [])


def test_a_family_counts_for_the_most_urgent_skill_alone(coordinator, monkeypatch):
    wanted = [Wanted("Pertama", (Trait.PREGNANT,)), Wanted("Kedua", (Trait.PREGNANT, Trait.SEVERE_DISABILITY))]
    monkeypatch.setattr(skills, "_TOLD", [(lambda _region, _day: wanted, lambda _staff, _day: {})])
    make_family(NEAR, severe_disability=True, pregnancy_no=1)
    with in_territory(coordinator):
        assert [one.skill for one in skills.needing("6371", timezone.localdate())] == ["Pertama"]
