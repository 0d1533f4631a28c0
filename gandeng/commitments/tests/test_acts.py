"""From a sheet to a decision: who may, in what order, and what protects the family."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.utils import timezone

from gandeng.accounts.acting import in_territory
from gandeng.commitments import actions, judging
from gandeng.commitments.actions import CommitmentRefused
from gandeng.commitments.models import Recommendation, Record, Sheet, Verdict
from gandeng.commitments.queries import Quarter, chain, own_to_tell, speaking, to_decide
from gandeng.commitments.suspension_queries import Standing, suspended_in
from gandeng.commitments.tests.factories import (
    SIGNED,
    VILLAGE,
    answered,
    appealed,
    at_school,
    days_pass,
    decided,
    make_facility,
    make_pupil,
    months,
    recorded,
    told,
    tomorrow,
)
from gandeng.policy import PolicyGap
from gandeng.registry.models import Family, Member
from gandeng.registry.tests.factories import EVERYWHERE

pytestmark = pytest.mark.django_db


@pytest.fixture
def made(cast):
    """Who records, decides and answers; a pupil and her school."""

    class Made:
        operator = cast("DISTRICT_OPERATOR", "6371")
        coordinator = cast("DISTRICT_COORDINATOR", "6371")
        head = cast("DISTRICT_HEAD", "6371")
        pupil = make_pupil()

    Made.school = make_facility(Made.operator)
    return Made


def _breach(made):
    recorded(made.operator, made.school, {made.pupil: months(4)})
    return decided(made.coordinator)[0]


ELSEWHERE = "6372011001"
TERM = 14
"""Days to object: `commitment/appeal_days`."""


def _suspended(made, days=TERM + 1):
    """If the stage were frozen so many days from now; the term is over then."""
    with in_territory(made.coordinator):
        return suspended_in(2026, 4, timezone.localdate() + timedelta(days))


def _standing(made, days=0):
    """What the family's page goes by, the same number of days from now."""
    with in_territory(made.coordinator):
        (quarter,) = chain(Family.objects.get(pk=made.pupil.family_id))
        return quarter.suspension.standing(timezone.now() + timedelta(days))


def test_it_works(made):
    decision = _breach(made)
    assert _suspended(made) == [], "before the family was told nothing holds"
    told(made.operator, decision)
    assert _suspended(made) == [made.pupil.family_id]


@pytest.mark.parametrize(("days", "holds"), [(0, False), (TERM - 1, False), (TERM, False), (TERM + 1, True)])
def test_it_holds_from_the_day_after_the_last_to_object(made, days, holds):
    told(made.operator, _breach(made))
    assert _suspended(made, days) == ([made.pupil.family_id] if holds else [])
    assert _standing(made, days) == (Standing.HOLDS if holds else Standing.TERM_RUNS)


def test_the_term_is_that_of_the_day_each_family_was_told(made):
    mate = make_pupil()
    recorded(made.operator, made.school, {made.pupil: months(4), mate: months(4)})
    first, second = decided(made.coordinator)
    told(made.operator, first)
    with days_pass(3):
        told(made.operator, second)
    assert _suspended(made) == [first.family_id]
    assert _suspended(made, TERM + 4) == sorted([first.family_id, second.family_id])


def test_a_met_commitment_recommends_nothing(made):
    recorded(made.operator, made.school, {made.pupil: months(3)})
    with in_territory(made.coordinator):
        assert [each.verdict for each in Verdict.objects.all()] == ["MET"]
        assert not Recommendation.objects.exists()


@pytest.mark.parametrize("rows", [months(0, numbers=(1,)), months(0, service=False), months(0, days=0)])
def test_what_is_missing_harms_nobody(made, rows):
    recorded(made.operator, made.school, {made.pupil: rows})
    with in_territory(made.coordinator):
        assert not to_decide().exists()


@pytest.mark.parametrize("missing", ["signer_name", "signer_role", "place"])
def test_it_refuses_a_sheet_without_evidence(made, missing):
    with pytest.raises(CommitmentRefused):
        recorded(made.operator, made.school, {made.pupil: months(4)}, signed=replace(SIGNED, **{missing: " "}))
    with in_territory(made.operator):
        assert not Sheet.objects.exists()


def test_it_refuses_a_signature_of_another_time(made):
    for day in (date(2026, 6, 30), tomorrow()):
        with pytest.raises(CommitmentRefused):
            recorded(made.operator, made.school, {made.pupil: months(4)}, signed=replace(SIGNED, signed_on=day))


def test_it_refuses_more_absences_than_days(made):
    with pytest.raises(CommitmentRefused):
        recorded(made.operator, made.school, {made.pupil: months(21)})


def test_the_last_quarter_of_a_year_decides_about_the_first_stage_of_the_next(made):
    """Whatever is known of the next year: its figures usually come late."""
    quarter = Quarter(2026, 4)
    signed = replace(SIGNED, signed_on=max(timezone.localdate(), date(2026, 10, 1)))
    recorded(made.operator, made.school, {made.pupil: months(4)}, quarter=quarter, signed=signed)
    with in_territory(made.operator):
        (one,) = Recommendation.objects.filter(year=2026, quarter=4)
    assert (one.effect, one.cycle_year, one.cycle_stage) == ("SUSPEND", 2027, 1)


def test_it_refuses_a_sheet_no_figure_can_judge_and_keeps_nothing(made, monkeypatch):
    def gap(_cycle):
        raise PolicyGap("no_figure", figure="calendar/months_per_stage", day="2099-01-01")

    monkeypatch.setattr(judging, "months_of", gap)
    with pytest.raises(CommitmentRefused, match="Angka kebijakan"):
        _breach(made)
    with in_territory(made.operator):
        assert not Sheet.objects.exists()


def test_sent_twice_is_once(made):
    key = uuid4()
    for _ in range(2):
        recorded(made.operator, made.school, {made.pupil: months(4)}, sheet_id=key)
    with in_territory(made.operator):
        assert (Sheet.objects.count(), Record.objects.count(), Verdict.objects.count()) == (1, 3, 1)


def test_a_corrected_sheet_keeps_the_former_and_ends_the_decision(made):
    told(made.operator, _breach(made))
    recorded(made.operator, made.school, {made.pupil: months(0)})
    assert (_suspended(made), _standing(made, TERM + 1)) == ([], Standing.REPLACED)
    with in_territory(made.coordinator):
        assert Sheet.objects.count() == 2
        assert [each.effect for each in Recommendation.objects.order_by("number")] == ["SUSPEND", "NONE"]
        assert not to_decide().exists()


def test_nobody_is_told_of_a_suspension_that_was_replaced(made):
    _breach(made)
    with in_territory(made.operator):
        assert own_to_tell(made.operator).count() == 1
    recorded(made.operator, made.school, {made.pupil: months(0)})
    with in_territory(made.operator):
        assert not own_to_tell(made.operator).exists()


def test_the_same_breach_again_leaves_the_decision(made):
    told(made.operator, _breach(made))
    recorded(made.operator, made.school, {made.pupil: months(5)})
    assert _suspended(made) == [made.pupil.family_id]


@pytest.mark.parametrize(("absent", "holds"), [(0, False), (5, True)])
def test_a_sheet_from_where_a_family_lives_now_speaks_about_its_quarter_too(made, cast, absent, holds):
    """What was recorded before it moved is not seen there, and counts all the same: with the sheet, or ended by it."""
    told(made.operator, _breach(made))
    there = cast("DISTRICT_OPERATOR", "6372")
    _goes(made.pupil, family=None)
    recorded(there, make_facility(there, ELSEWHERE, name="SDN Baru"), {_now(made.pupil): months(absent)})
    with in_territory(EVERYWHERE):
        on = timezone.localdate() + timedelta(TERM + 1)
        assert suspended_in(2026, 4, on) == [made.pupil.family_id] * holds


@pytest.mark.parametrize("village", [VILLAGE, ELSEWHERE])
def test_a_child_that_lives_with_another_family_speaks_for_that_one_alone(made, cast, village):
    told(made.operator, _breach(made))
    there = cast("DISTRICT_OPERATOR", village[:4])
    _goes(made.pupil, family=make_pupil(village).family)
    recorded(there, make_facility(there, village, name="SDN Baru"), {_now(made.pupil): months(0)})
    with in_territory(EVERYWHERE):
        assert suspended_in(2026, 4, timezone.localdate() + timedelta(TERM + 1)) == []
        assert not to_decide().exists()


def test_whoever_decides_where_a_family_lives_now_reads_what_was_recorded_before(made, cast):
    """One child did not attend there, the other's sheet is corrected here: what is left rests on the former alone."""
    pupil = make_pupil(members=2)
    with in_territory(EVERYWHERE):
        sibling = at_school(Member.objects.exclude(pk=pupil.pk).get(family=pupil.family_id))
    recorded(made.operator, made.school, {pupil: months(4), sibling: months(5)})
    there = cast("DISTRICT_OPERATOR", "6372")
    _goes(pupil, family=None)
    recorded(there, make_facility(there, ELSEWHERE, name="SDN Baru"), {_now(sibling): months(0)})
    with in_territory(cast("DISTRICT_COORDINATOR", "6372")):
        rows = list(to_decide())
        assert [[one.member_id for one in each] for each in speaking(rows).values()] == [[pupil.pk]]


def _goes(pupil, family):
    """With its family to another district, or into another family."""
    with in_territory(EVERYWHERE):
        if family is None:
            Family.objects.filter(pk=pupil.family_id).update(village_code=ELSEWHERE)
            Member.objects.filter(family=pupil.family_id).update(village_code=ELSEWHERE)
        else:
            Member.objects.filter(pk=pupil.pk).update(family=family, village_code=family.village_code)


def _now(pupil):
    with in_territory(EVERYWHERE):
        return Member.objects.get(pk=pupil.pk)


def test_it_refuses_a_decision_by_whoever_recorded(made, cast):
    both = cast("DISTRICT_COORDINATOR", "6371")
    recorded(made.operator, made.school, {made.pupil: months(4)})
    with in_territory(both), transaction.atomic(), connection.cursor() as cursor:
        waiting = to_decide().get()
        cursor.execute("select set_config('gandeng.person', %s, true)", [str(made.operator.person_id)])
        with pytest.raises(CommitmentRefused, match="tidak memutuskannya"):
            actions.decide(replace(both, person_id=made.operator.person_id), [waiting], "SUSPEND", "Alasan uji")


def test_it_refuses_the_wrong_person(made):
    recorded(made.operator, made.school, {made.pupil: months(4)})
    with in_territory(made.operator), pytest.raises(PermissionDenied):
        actions.decide(made.operator, list(to_decide()), "SUSPEND", "Alasan uji")


def test_it_refuses_a_second_decision(made):
    recorded(made.operator, made.school, {made.pupil: months(4)})
    with in_territory(made.coordinator):
        waiting = list(to_decide())
    with in_territory(made.coordinator):
        actions.decide(made.coordinator, waiting, "NONE", "Alasan uji")
        with pytest.raises(CommitmentRefused, match="sudah diputuskan"):
            actions.decide(made.coordinator, waiting, "SUSPEND", "Alasan uji")


def test_an_objection_holds_the_effect_until_it_is_answered(made):
    decision = _breach(made)
    told(made.operator, decision)
    appealed(made.operator, decision)
    assert (_suspended(made), _suspended(made, 400), _standing(made, 400)) == ([], [], Standing.OBJECTED)
    answered(made.head, decision, upheld=False)
    assert _suspended(made, 0) == [made.pupil.family_id], "it was heard: nothing is left to wait for"
    assert _standing(made) == Standing.HOLDS


def test_an_upheld_objection_ends_it(made):
    decision = _breach(made)
    told(made.operator, decision)
    appealed(made.operator, decision)
    answered(made.head, decision, upheld=True)
    assert (_suspended(made), _standing(made, TERM + 1)) == ([], Standing.UPHELD)


def test_whoever_decided_does_not_answer(made):
    decision = _breach(made)
    told(made.operator, decision)
    appealed(made.operator, decision)
    with pytest.raises(CommitmentRefused, match="orang lain"):
        answered(made.coordinator, decision, upheld=False)


def test_no_time_to_object_is_over_when_it_is_written_down(made):
    """Told on a day so long ago that nobody could object any more: told again, and that day is recorded."""
    decision, today = _breach(made), timezone.localdate()
    with days_pass(TERM + 1), pytest.raises(CommitmentRefused, match="Beri tahu keluarganya lagi"):
        told(made.operator, decision, today)
    with days_pass(TERM):
        step = told(made.operator, decision, today)
        appealed(made.operator, decision)
    assert step.written_later


def test_it_refuses_a_late_objection(made):
    decision = _breach(made)
    told(made.operator, decision)
    later = timezone.localdate() + timedelta(days=15)
    with pytest.raises(CommitmentRefused, match="lewat"):
        appealed(made.operator, decision, later)


def test_it_refuses_an_objection_before_the_family_was_told(made):
    with pytest.raises(CommitmentRefused):
        appealed(made.operator, _breach(made))


def test_a_stranger_sees_nothing(made, cast):
    _breach(made)
    with in_territory(cast("DISTRICT_COORDINATOR", "6372")):
        assert not (Sheet.objects.exists() or Verdict.objects.exists() or Recommendation.objects.exists())


def test_rows_stay(made):
    _breach(made)
    with in_territory(made.operator), pytest.raises(ProgrammingError), transaction.atomic():
        Record.objects.update(absent=0)


def test_a_record_speaks_of_a_member_of_its_family(made):
    other = make_pupil()
    sheet = recorded(made.operator, made.school, {made.pupil: months(0)})
    with in_territory(made.operator), pytest.raises(IntegrityError), transaction.atomic():
        Record.objects.create(
            sheet=sheet, member=other, family_id=made.pupil.family_id, village_code=other.village_code,
            obligation="EDUCATION", month=1, service=True, days=1, absent=0, leave=0, sick=0, visits=0,
        )  # fmt: skip
