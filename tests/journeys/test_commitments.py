"""One chain: attendance, verdict, recommendation, decision, amount; and what a closed eye must not change."""

import pytest
from django_scopes import scopes_disabled

from gandeng.accounts.acting import in_territory
from gandeng.commitments.queries import chain
from gandeng.commitments.tests.factories import (
    answered,
    appealed,
    decided,
    make_facility,
    make_pupil,
    months,
    recorded,
    told,
)
from gandeng.entitlements.models import Entitlement
from gandeng.payments import actions
from gandeng.payments.models import Cycle
from gandeng.payments.tests.steps import People, opened, quiet
from gandeng.registry.models import Family
from gandeng.registry.tests.factories import EVERYWHERE

pytestmark = pytest.mark.django_db
PRIMARY_A_STAGE = 225_000


@pytest.fixture
def office(cast):
    """Two pupils of one school, both missing too many days; only one is decided about."""

    class Office:
        people = People(cast)
        operator = cast("DISTRICT_OPERATOR", "6371")
        coordinator = cast("DISTRICT_COORDINATOR", "6371")
        head = cast("DISTRICT_HEAD", "6371")
        pupil = make_pupil()
        classmate = make_pupil()

    Office.school = make_facility(Office.operator)
    recorded(Office.operator, Office.school, {Office.pupil: months(4), Office.classmate: months(0)})
    return Office


def _amounts(office, cycle):
    with in_territory(office.people.officer):
        for step in (actions.freeze, actions.calculate):
            step(office.people.officer, cycle, quiet)
        run = Cycle.objects.get(pk=cycle.pk).run_id
    with in_territory(EVERYWHERE), scopes_disabled():
        rows = Entitlement.objects.filter(
            run_id=run, family_id__in=[office.pupil.family_id, office.classmate.family_id]
        )
        return dict(rows.values_list("family_id", "amount_rupiah"))


def test_attendance_reaches_the_amount_by_a_decision_alone(office):
    cycle = opened(office.people, year=2026, stage=4)
    assert _amounts(office, cycle)[office.pupil.family_id] == PRIMARY_A_STAGE, "a verdict changes no amount"
    decision = decided(office.coordinator)[0]
    assert _amounts(office, cycle)[office.pupil.family_id] == PRIMARY_A_STAGE, "nor does what nobody was told"
    told(office.operator, decision)
    amounts = _amounts(office, cycle)
    assert amounts == {office.pupil.family_id: 0, office.classmate.family_id: PRIMARY_A_STAGE}
    appealed(office.operator, decision)
    answered(office.head, decision, upheld=True)
    assert _amounts(office, cycle)[office.pupil.family_id] == PRIMARY_A_STAGE


def test_the_chain_is_told_link_by_link(office):
    told(office.operator, decided(office.coordinator)[0])
    with in_territory(office.coordinator):
        link = chain(Family.objects.get(pk=office.pupil.family_id))[0]
    (verdict,) = link.verdicts
    assert (verdict.verdict, verdict.reason, verdict.reached, verdict.wanted) == ("NOT_MET", "TOO_FEW_DAYS", 80, 85)
    assert link.recommendation.verdicts == [str(verdict.pk)]
    assert (link.recommendation.cycle_year, link.recommendation.cycle_stage) == (2026, 4)
    assert link.decision.recommendation_id == link.recommendation.pk
    assert link.holds


def test_another_stage_is_paid(office):
    told(office.operator, decided(office.coordinator)[0])
    cycle = opened(office.people, year=2026, stage=3)
    assert _amounts(office, cycle)[office.pupil.family_id] == PRIMARY_A_STAGE


def test_what_was_frozen_stays(office):
    cycle = opened(office.people, year=2026, stage=4)
    with in_territory(office.people.officer):
        actions.freeze(office.people.officer, cycle, quiet)
    told(office.operator, decided(office.coordinator)[0])
    with in_territory(office.people.officer):
        actions.calculate(office.people.officer, cycle, quiet)
        run = Cycle.objects.get(pk=cycle.pk).run_id
    with in_territory(EVERYWHERE), scopes_disabled():
        assert Entitlement.objects.get(run_id=run, family_id=office.pupil.family_id).amount_rupiah == PRIMARY_A_STAGE
