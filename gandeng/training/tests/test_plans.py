"""Batches for whoever lacks a skill: shown, made, undone."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from gandeng.accounts.acting import in_territory
from gandeng.audit.models import AuditEntry
from gandeng.certificates.tests.factories import make_certificate
from gandeng.facilitators.models import Leave
from gandeng.facilitators.tests.factories import make_staff
from gandeng.training.actions import plans
from gandeng.training.actions.common import TrainingRefused
from gandeng.training.models import BatchPlan, Event, Participant
from gandeng.training.tests.factories import inviting, make_course, make_event, make_participant, make_skill

pytestmark = pytest.mark.django_db


def asked(*seats, office="63", region="63", absent_max=None, **how):
    """A batch a week, of so many seats, from a month on."""
    first = timezone.localdate() + timedelta(days=30)
    offered = [plans.Offered(first + timedelta(days=7 * week), f"Aula {week}", one) for week, one in enumerate(seats)]
    return plans.Asked(office, region, offered, absent_max, **how)


@pytest.fixture
def world(cast):
    """Four who lack a skill, in two sub-districts of one district and in another district."""
    officer = cast("PROVINCE_OFFICER", "63")
    skill = make_skill(officer)
    course = make_course(officer, "63", skill=skill)
    staff = [make_staff("6371", home=home) for home in ("637101", "637101", "637102")]
    staff.append(make_staff("6372", home="637201"))
    return officer, course, staff


def make(officer, course, question):
    """As the pages do: shown, then made."""
    with in_territory(officer):
        shown = plans.propose(officer, course, question, timezone.localdate())
        return plans.make(officer, course, question, shown.digest)


def test_it_works(world):
    officer, course, staff = world
    plan = make(officer, course, asked(2, 1, absent_max=1))
    with in_territory(officer):
        events = list(Event.objects.filter(plan=plan).order_by("starts_on"))
        assert [one.state for one in events] == ["DRAFT", "DRAFT"]
        assert [one.batch_no for one in events] == [1, 2]
        assert [one.participants.count() for one in events] == [2, 1]
        assert {one.state for one in Participant.objects.all()} == {"NOMINATED"}
        assert [one["why"] for one in plan.unseated] == ["SEATS"]
        assert plan.asked["needed"] == len(staff)
        entry = AuditEntry.objects.get(action="batch_plan.made")
    assert entry.facts["people"] == 3


def test_whoever_has_it_or_is_on_a_list_does_not_need_it(world, cast):
    officer, course, staff = world
    make_certificate(cast("DISTRICT_HEAD", "6371"), staff[0], course.skill)
    inviting(make_participant(officer, make_event(officer, course), staff[1]).event)
    with in_territory(officer):
        shown = plans.propose(officer, course, asked(9), timezone.localdate())
    assert {one.staff_id for one in shown.people} == {staff[2].pk, staff[3].pk}
    assert shown.on_a_list == 1


def test_leave_another_event_and_who_is_away_count(world):
    officer, course, staff = world
    first = timezone.localdate() + timedelta(days=30)
    with in_territory(officer):
        Leave.objects.create(
            staff=staff[0], region_code="6371", kind="ANNUAL", valid_from=first, valid_until=first + timedelta(days=1)
        )
    other = make_course(officer, "63")
    make_participant(officer, make_event(officer, other, first + timedelta(days=1)), staff[2])
    with in_territory(officer):
        shown = plans.propose(officer, course, asked(9, absent_max=1), timezone.localdate())
    why = {one.staff_id: reason for one, reason in shown.unseated}
    assert why == {staff[0].pk: "NOT_AVAILABLE", staff[2].pk: "NOT_AVAILABLE"}


def test_a_meeting_is_for_everybody_of_a_post(world):
    officer, _course, staff = world
    lead = make_staff("6371", role="SUB_DISTRICT_LEAD")
    meeting = make_course(officer, "63", kind="CONSOLIDATION")
    with in_territory(officer):
        shown = plans.propose(officer, meeting, asked(9, roles=["SUB_DISTRICT_LEAD"]), timezone.localdate())
        everybody = plans.propose(
            officer, meeting, asked(9, region="6371", roles=["FACILITATOR", "SUB_DISTRICT_LEAD"]), timezone.localdate()
        )
    assert [one.staff_id for one in shown.people] == [lead.pk]
    assert len(everybody.people) == len(staff)


def test_it_refuses_what_was_not_shown(world):
    officer, course, _staff = world
    with in_territory(officer):
        shown = plans.propose(officer, course, asked(9), timezone.localdate())
        make_staff("6371")
        with pytest.raises(TrainingRefused, match="sudah berubah"):
            plans.make(officer, course, asked(9), shown.digest)
        assert not BatchPlan.objects.exists()
        assert not Event.objects.exists()


def test_it_refuses_another_office(world, operator):
    officer, course, _staff = world
    with in_territory(operator), pytest.raises((TrainingRefused, PermissionDenied)):
        plans.propose(operator, course, asked(9), timezone.localdate())
    with in_territory(officer), pytest.raises(TrainingRefused):
        plans.propose(officer, course, asked(9, region="6471"), timezone.localdate())


def test_it_is_undone_as_a_whole_while_nobody_was_invited(world):
    officer, course, _staff = world
    plan = make(officer, course, asked(2, 2))
    with in_territory(officer):
        assert plans.undo(officer, plan) == 2
        assert {one.state for one in Event.objects.all()} == {"CANCELLED"}
        assert {one.state for one in Participant.objects.all()} == {"WITHDRAWN"}
        with pytest.raises(TrainingRefused, match="sudah dibatalkan"):
            plans.undo(officer, plan)
    again = make(officer, course, asked(4))
    with in_territory(officer):
        inviting(Event.objects.get(plan=again))
        with pytest.raises(TrainingRefused, match="sudah diundangkan"):
            plans.undo(officer, again)


def test_the_pages_lead_from_need_to_drafts(world, client_of):
    officer, course, _staff = world
    browser = client_of(officer)
    page = browser.get("/pelatihan/kebutuhan/")
    assert f"/pelatihan/katalog/{course.pk}/rencana/" in page.content.decode()
    address = f"/pelatihan/katalog/{course.pk}/rencana/"
    assert browser.get(address).status_code == 200
    first = (timezone.localdate() + timedelta(days=30)).isoformat()
    told = {"office": "63", "region": "63", "soon": "ya", "first_1": first, "venue_1": "Aula", "seats_1": "3"}
    page = browser.get(address, told)
    assert page.status_code == 200
    assert page.context["seated"] == 3
    answer = browser.post(f"{address}buat/", told | {"shown": "other"})
    assert answer.status_code == 422
    answer = browser.post(f"{address}buat/", told | {"shown": page.context["proposal"].digest}, follow=True)
    assert answer.status_code == 200
    assert answer.context["rows"][0]["people"] == 3
    browser.post(answer.redirect_chain[-1][0] + "batalkan/")
    with in_territory(officer):
        assert BatchPlan.objects.get().undone_at is not None


@pytest.mark.parametrize(
    "told", [{}, {"first_1": "2001-01-01", "venue_1": "A", "seats_1": "3"}, {"first_1": "x"}, {"venue_2": "Aula"}]
)
def test_it_refuses_half_a_batch_in_words(world, client_of, told):
    officer, course, _staff = world
    question = {"office": "63", "region": "63", "soon": "ya"} | told
    page = client_of(officer).get(f"/pelatihan/katalog/{course.pk}/rencana/", question)
    assert page.status_code == 422
    assert page.context["form"].errors
