"""Closing: results are the count of what is on record, the report stays as it was, certificates follow from it."""

import io
from datetime import timedelta

import pypdf
import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import Cast
from gandeng.accounts.acting import in_territory
from gandeng.accounts.models import Person
from gandeng.certificates.actions import revoke
from gandeng.certificates.models import Certificate
from gandeng.documents.event_report import write_event_report
from gandeng.facilitators.models import Staff
from gandeng.facilitators.tests.factories import few_queries
from gandeng.registry.tests.factories import EVERYWHERE
from gandeng.training.actions import attendance, closing, problems
from gandeng.training.actions.common import TrainingRefused
from gandeng.training.actions.problems import Raised
from gandeng.training.closing_queries import before_closing, to_certify
from gandeng.training.models import Attendance, Event, EventDay, Paper, Participant, Report, Result, Sitting
from gandeng.training.problem_queries import access_problem
from gandeng.training.report_content import digest_of
from gandeng.training.tests.happening import happening
from gandeng.words import speaking

pytestmark = pytest.mark.django_db


@pytest.fixture
def going_on(cast, operator):
    """Three people: one meets everything, one failed the test, one was never there."""
    made = happening(cast, operator, 3)
    day, paper = made.open_day(), made.paper("POST", made.bank(5))
    for who, right in zip(made.people, (4, 1), strict=False):
        made.attend(who, day)
        made.sit(who, paper, right)
    return made


def close(going_on) -> Report:
    with in_territory(going_on.office):
        return closing.close(going_on.office, going_on.run())


def test_who_works_elsewhere_by_now_keeps_nobody_from_a_certificate(cast, operator):
    """The office above issues hers, under its own name."""
    made = happening(cast, operator, 2)
    day, paper = made.open_day(), made.paper("POST", made.bank(5))
    for who in made.people:
        made.attend(who, day)
        made.sit(who, paper, 5)
    close(made)
    gone, stayed = (who.person_id for who in made.people)
    with in_territory(EVERYWHERE):
        Staff.objects.filter(person_id=gone).update(region_code="6372")
    head, province = cast("DISTRICT_HEAD", "6371"), cast("PROVINCE_HEAD", "63")
    with in_territory(head):
        assert [one.person_id for one in to_certify(head, made.event)] == [stayed]
    with in_territory(province):
        closing.certify(province, Event.objects.get(pk=made.event.pk))
        issued = dict(Certificate.objects.values_list("staff__person_id", "office_code"))
    assert issued == {gone: "63", stayed: "6371"}


def test_it_works(cast, going_on, client_of):
    office = client_of(going_on.office)
    url = reverse("training:closing", args=[going_on.event.pk])
    shown = office.get(url).content.decode()
    assert "masih terbuka" in shown and "Tutup kegiatan" in shown
    assert office.post(reverse("training:close", args=[going_on.event.pk])).status_code == 302
    with in_territory(going_on.office):
        told = {one.participant.staff.person.name: (one.qualifies, one.lacks) for one in Result.objects.all()}
        assert told == {
            "Peserta 00": (True, []), "Peserta 01": (False, ["BELOW"]), "Peserta 02": (False, ["ABSENT", "NO_TEST"]),
        }  # fmt: skip
    with few_queries():
        assert "tes akhir di bawah syarat" in office.get(url).content.decode()
    head = cast("DISTRICT_HEAD", "6371", name="Kepala Uji")
    browser = client_of(head)
    assert "1 orang memenuhi syarat" in browser.get(url).content.decode()
    certify = reverse("training:certify", args=[going_on.event.pk])
    assert office.post(certify).status_code == 403
    assert browser.post(certify).status_code == 302
    with in_territory(head):
        made = Certificate.objects.get()
        assert (made.holder_name, made.from_event) == ("Peserta 00", going_on.event.pk)
        with pytest.raises(TrainingRefused, match="Tidak ada lagi"):
            closing.certify(head, Event.objects.get(pk=going_on.event.pk))
    assert made.number in browser.get(url).content.decode()
    assert reverse("certificates:certificate", args=[made.pk]) in browser.get(url).content.decode()
    with in_territory(head):
        revoke(head, made, "Tes akhir dikerjakan orang lain")
        assert to_certify(head, going_on.event) == [], "what was revoked does not come back with the others"
    paper = office.get(reverse("training:report", args=[going_on.event.pk]))
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(paper.content)).pages)
    assert going_on.event.number in text and "1 dari 3" in text and "Peserta 0" not in text
    mine = client_of(going_on.people[0]).get(reverse("training:own_event", args=[going_on.event.pk])).content.decode()
    assert "Lulus" in mine
    assert client_of(going_on.people[0]).get(reverse("training:report", args=[going_on.event.pk])).status_code in (
        403,
        404,
    )


def test_it_refuses_twice_too_early_and_others(cast, going_on):
    with in_territory(going_on.office):
        standing = going_on.run()
    head = cast("DISTRICT_HEAD", "6371")
    with in_territory(head), pytest.raises(PermissionDenied):
        closing.close(head, standing)
    with in_territory(head), pytest.raises(TrainingRefused, match="setelah kegiatan ditutup"):
        closing.certify(head, going_on.event)
    close(going_on)
    with in_territory(going_on.office), pytest.raises(TrainingRefused, match="sudah ditutup"):
        closing.close(going_on.office, standing)
    longer = happening(cast, going_on.office, 1, days=3)
    with in_territory(longer.office):
        assert before_closing(longer.run().event).early
        with pytest.raises(TrainingRefused, match="hari terakhirnya"):
            closing.close(longer.office, longer.run())


def test_nothing_happens_after_it(going_on):
    day = EventDay.objects
    close(going_on)
    with in_territory(going_on.office):
        opened = day.get()
        assert opened.closed_at and Paper.objects.get().closed_at
        people = list(Participant.objects.select_related("staff"))
        with pytest.raises(TrainingRefused):
            attendance.by_hand(going_on.office, going_on.run(), opened, people[2:], "Terlambat dicatat")
        with pytest.raises(TrainingRefused):
            attendance.open_day(going_on.office, going_on.run(), going_on.event.starts_on)
    who = going_on.people[2]
    with in_territory(who), pytest.raises(TrainingRefused):
        attendance.scanned(who, opened.code, "AAAAAAAA", "")


def test_the_report_stays_as_it_was(going_on):
    who = going_on.people[0]
    with in_territory(who):
        made = problems.raise_problem(who, going_on.own(who), Raised("6371", "SESSION", "Modul belum sampai"))
    report = close(going_on)
    with speaking("id"):
        first = write_event_report(report.content, report.content_sha256)
    with in_territory(going_on.office):
        problems.answer(going_on.office, access_problem(going_on.office, made.pk), "Modul sudah dikirim")
        found = Report.objects.get()
        assert digest_of(found.content) == found.content_sha256 == report.content_sha256
    with speaking("id"):
        again = write_event_report(found.content, found.content_sha256)
    assert first == again, "the same content, the same bytes"
    assert found.content["problems"][0]["state"] == "OPEN" and found.content["problems"][0]["answer"] == ""
    with speaking("en"):
        assert write_event_report(found.content, found.content_sha256).startswith(b"%PDF-")


def test_a_certificate_is_not_issued_to_oneself(cast, going_on):
    close(going_on)
    head = cast("DISTRICT_HEAD", "6371", person=Person.objects.get(pk=going_on.people[0].person_id))
    with in_territory(head):
        event = Event.objects.get(pk=going_on.event.pk)
        assert to_certify(head, event) == []
        with pytest.raises(TrainingRefused):
            closing.certify(head, event)


def lacks_plainly(event, participant) -> list[str]:
    """By hand, from the rows."""
    days = list(EventDay.objects.filter(event=event))
    here = [day for day in days if Attendance.objects.filter(day=day, participant=participant, taken_back_at=None)]
    sitting = Sitting.objects.filter(paper__kind="POST", participant=participant, handed_in_at__isnull=False).first()
    told = []
    if (days and not here) or (
        event.attendance_percent_min and (not days or len(here) / len(days) * 100 < event.attendance_percent_min)
    ):
        told.append("ABSENT")
    if event.pass_percent is not None:
        if sitting is None:
            told.append("NO_TEST")
        elif (sitting.right_count or 0) / (sitting.question_count or 1) * 100 < event.pass_percent:
            told.append("BELOW")
    return told


@settings(max_examples=6, deadline=None)
@given(
    demands=st.tuples(st.sampled_from([None, 50, 100]), st.sampled_from([None, 40, 100])),
    did=st.lists(
        st.tuples(st.sets(st.integers(0, 1)), st.none() | st.integers(0, 5), st.booleans()), min_size=3, max_size=3
    ),
    held=st.integers(0, 2),
)
def test_a_result_is_the_count_of_its_rows(demands, did, held):
    with transaction.atomic():
        point = transaction.savepoint()
        cast = Cast()
        office = cast("DISTRICT_OPERATOR", "6371")
        made = happening(cast, office, 3, began=1, days=2, attendance_percent_min=demands[0], pass_percent=demands[1])
        event = made.event
        with in_territory(office):
            days = _days(made, held)
            paper = made.paper("POST", made.bank(5))
            people = list(Participant.objects.select_related("staff").order_by("staff__person__name"))
            for one, (there, _right, _handed) in zip(people, did, strict=True):
                for day in [day for place, day in enumerate(days) if place in there]:
                    attendance.by_hand(office, made.run(), day, [one], "Daftar kertas")
        for who, (_there, right, handed) in zip(made.people, did, strict=True):
            if right is not None:
                made.sit(who, paper, right, hand_in=handed)
        close(made)
        with in_territory(office):
            event.refresh_from_db()
            for one in people:
                result = Result.objects.get(participant=one)
                assert result.days_attended == Attendance.objects.filter(participant=one, taken_back_at=None).count()
                assert result.days_held == held
                assert result.lacks == lacks_plainly(event, one)
                assert result.qualifies == (not result.lacks)
        transaction.savepoint_rollback(point)


def _days(made, held) -> list[EventDay]:
    """Today, and yesterday for an event that began then."""
    today = timezone.localdate()
    return [made.open_day(today - timedelta(days=back)) for back in range(held)]
