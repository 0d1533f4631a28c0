"""Events: made, changed, people named and invited, answering, taken off."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone

from gandeng.accounts.acting import in_territory
from gandeng.accounts.models import Person
from gandeng.audit.models import AuditEntry
from gandeng.facilitators.tests.factories import few_queries, make_staff
from gandeng.training.actions import courses, events, participants
from gandeng.training.actions.common import TrainingRefused
from gandeng.training.event_queries import access_event, access_own, access_run, participants_of
from gandeng.training.models import Course, Event, Participant, Problem
from gandeng.training.tests.factories import inviting, make_course, make_event, make_participant, make_skill

pytestmark = pytest.mark.django_db
SOON = timedelta(days=5)


@pytest.fixture
def draft(operator):
    """A draft of the district's office with two people on it."""
    event = make_event(operator, make_course(operator))
    for home in ("637101", "637102"):
        make_participant(operator, event, home=home)
    return event


def own(cast, region="6371"):
    """A facilitator who can sign in, with her record."""
    who = cast("FACILITATOR", f"{region}011001")
    return who, make_staff(region, person=Person.objects.get(pk=who.person_id), home=f"{region}01")


def test_it_works(operator, draft):
    until = timezone.localdate() + SOON
    with in_territory(operator):
        standing = access_run(operator, draft.pk)
        assert events.invite(operator, standing, until) == 2
        assert {one.state for one in Participant.objects.all()} == {"INVITED"}
        entry = AuditEntry.objects.get(action="training_event.invited")
        assert entry.facts["people"] == 2
        with pytest.raises(TrainingRefused, match="Belum ada calon"):
            events.invite(operator, standing, until)


def test_a_new_name_is_invited_later(operator, draft):
    inviting(draft)
    late = make_staff("6371")
    with in_territory(operator):
        standing = access_run(operator, draft.pk)
        participants.nominate(operator, standing, [late.pk])
        assert events.invite(operator, standing, timezone.localdate() + SOON) == 1


def test_she_answers_and_changes_her_mind(cast, operator, draft):
    who, staff = own(cast)
    mine = make_participant(operator, draft, staff)
    with in_territory(who), pytest.raises(Http404):
        access_own(who, draft.pk)
    inviting(draft)
    with in_territory(who):
        participants.answer(who, access_own(who, draft.pk).own, comes=True)
        assert Participant.objects.get(pk=mine.pk).state == "CONFIRMED"
        with pytest.raises(TrainingRefused):
            participants.answer(who, access_own(who, draft.pk).own, comes=False)
        participants.answer(who, access_own(who, draft.pk).own, comes=False, reason="Mendampingi verifikasi")
        assert Participant.objects.get(pk=mine.pk).state == "DECLINED"


def test_her_coordinator_answers_for_her_and_that_stays_known(cast, draft, operator):
    province = cast("PROVINCE_OFFICER", "63")
    event = make_event(province, make_course(province, "63"))
    one = make_participant(province, event)
    inviting(event)
    coordinator = cast("DISTRICT_COORDINATOR", "6371")
    with in_territory(coordinator):
        participants.answer(coordinator, Participant.objects.get(pk=one.pk), comes=True)
        assert Participant.objects.get(pk=one.pk).answered_by_id == coordinator.person_id
    with in_territory(province):
        assert AuditEntry.objects.get(action="training_participant.confirmed").facts["on_behalf"] is True
    stranger = cast("DISTRICT_COORDINATOR", "6372")
    with in_territory(stranger), pytest.raises(PermissionDenied):
        participants.answer(stranger, one, comes=True)


def test_it_refuses_a_seat_too_many_and_two_events_a_day(operator, draft):
    staff = make_staff("6371")
    full = make_event(operator, make_course(operator), capacity=1)
    make_participant(operator, full)
    make_participant(operator, make_event(operator, make_course(operator)), staff)
    with in_territory(operator):
        with pytest.raises(TrainingRefused, match="Tempat duduk"):
            participants.nominate(operator, access_run(operator, full.pk), [make_staff("6371").pk])
        with pytest.raises(TrainingRefused, match="kegiatan lain"):
            participants.nominate(operator, access_run(operator, draft.pk), [staff.pk])
        with pytest.raises(TrainingRefused, match="sudah berubah"):
            participants.nominate(operator, access_run(operator, draft.pk), [make_staff("6372").pk])


def test_somebody_is_taken_off_replaced_and_named_again(operator, draft):
    other = make_staff("6371")
    with in_territory(operator):
        standing = access_run(operator, draft.pk)
        gone = participants_of(standing).first()
        participants.replace(operator, standing, gone, other.pk, "Pindah tugas")
        gone.refresh_from_db()
        assert (gone.state, gone.reason) == ("WITHDRAWN", "Pindah tugas")
        with pytest.raises(TrainingRefused, match="sudah dicoret"):
            participants.withdraw(operator, standing, gone, "Lagi")
        assert participants.nominate(operator, standing, [gone.staff_id]) == 1
        gone.refresh_from_db()
        assert gone.state == "NOMINATED"
        assert participants_of(standing).filter(state="NOMINATED").count() == 3


def test_a_draft_changes_what_was_invited_to_stays(operator, draft):
    with in_territory(operator):
        standing = access_run(operator, draft.pk)
        later = draft.starts_on + timedelta(days=9)
        text = events.Text("Judul baru", "Gedung baru", later, later, 2)
        events.change(operator, standing, text)
        assert {one.starts_on for one in Participant.objects.all()} == {later}
        with pytest.raises(TrainingRefused, match="calon peserta"):
            events.change(operator, standing, events.Text("Judul", "Gedung", later, later, 1))
        events.invite(operator, standing, timezone.localdate())
        with pytest.raises(TrainingRefused):
            events.change(operator, standing, text)
        events.move(operator, standing, events.Place("Hotel", "Jalan Uji 1", timezone.localdate() + SOON))
        assert Event.objects.get().venue == "Hotel"


def test_cancelled_takes_everybody_off_for_the_same_reason(operator, draft):
    with in_territory(operator):
        standing = access_run(operator, draft.pk)
        events.cancel(operator, standing, "Banjir")
        assert {(one.state, one.reason) for one in Participant.objects.all()} == {("WITHDRAWN", "Banjir")}
        with pytest.raises(TrainingRefused, match="selesai atau dibatalkan"):
            events.cancel(operator, standing, "Lagi")
        with pytest.raises(TrainingRefused, match="selesai atau dibatalkan"):
            participants.nominate(operator, standing, [make_staff("6371").pk])


def test_who_sees_whom(cast, operator, stranger, draft):
    province = cast("PROVINCE_OFFICER", "63")
    event = make_event(province, make_course(province, "63"))
    here = make_participant(province, event)
    make_participant(province, event, region="6372", home="637201")
    lead, facilitator = cast("SUB_DISTRICT_LEAD", "637101"), own(cast)[0]
    with in_territory(province):
        assert participants_of(access_run(province, event.pk)).count() == 2
    for who in (operator, lead):
        with in_territory(who):
            assert [one.pk for one in participants_of(access_event(who, event.pk))] == [here.pk]
            with pytest.raises(Http404):
                access_run(who, event.pk)
    with in_territory(facilitator), pytest.raises(Http404):
        access_event(facilitator, event.pk)
    with in_territory(stranger), pytest.raises(Http404):
        access_event(stranger, draft.pk)


def test_the_catalogue(cast, operator):
    province = cast("PROVINCE_OFFICER", "63")
    skill = make_skill(province)
    text = courses.Text(
        "Diklat P2K2", "DIKLAT", 10, 30, units=["Modul 1", "Modul 2"], skill_id=skill.pk, pass_percent=70
    )
    with in_territory(province):
        course = courses.enter(province, "63", text)
        with pytest.raises(TrainingRefused, match="judul itu"):
            courses.enter(province, "63", text)
    with in_territory(operator):
        mine = courses.take_over(operator, Course.objects.get(pk=course.pk), "6371")
        assert (mine.units, mine.region_code) == (["Modul 1", "Modul 2"], "6371")
        courses.change(operator, mine, courses.Text("Diklat P2K2 singkat", "DIKLAT", 3, 30))
        with pytest.raises(PermissionDenied):
            courses.change(operator, course, text)
        courses.end(operator, mine, "Tidak dipakai lagi")
        with pytest.raises(TrainingRefused, match="diakhiri"):
            courses.end(operator, mine, "Lagi")
        with pytest.raises(TrainingRefused, match="tidak dapat diselenggarakan"):
            first = timezone.localdate() + SOON
            events.enter(operator, Course.objects.get(pk=mine.pk), "6371", events.Text("x", "y", first, first, 3))


def test_the_pages_of_an_office(operator, draft, client_of):
    browser, base = client_of(operator), f"/pelatihan/kegiatan/{draft.pk}/"
    course, first = draft.course_id, (timezone.localdate() + SOON).isoformat()
    for address in (
        "/pelatihan/", "/pelatihan/?year=2026&state=DRAFT&kind=BIMTEK", "/pelatihan/katalog/",
        "/pelatihan/katalog/baru/",
        f"/pelatihan/katalog/{course}/", f"/pelatihan/katalog/{course}/ubah/",
        f"/pelatihan/katalog/{course}/kegiatan/", base, f"{base}peserta/", f"{base}calon/", f"{base}ubah/",
        f"{base}acara/", f"{base}acara/baru/", f"{base}surat/", "/pelatihan/saya/",
    ):  # fmt: skip
        with few_queries():
            assert browser.get(address).status_code == 200, address
    assert browser.post(f"{base}undang/", {"reply_until": "2001-01-01"}).status_code == 422
    assert browser.post(f"{base}undang/", {"reply_until": first}).status_code == 302
    with in_territory(operator):
        one = Participant.objects.first()
    person = f"{base}peserta/{one.pk}/"
    assert browser.get(person).status_code == 200
    assert browser.post(person, {"comes": "tidak"}).status_code == 422
    assert browser.post(person, {"comes": "ya"}).status_code == 302
    assert browser.post(f"{person}coret/", {"reason": ""}).status_code == 422
    staff = make_staff("6371", name="Calon Pengganti")
    page = browser.get(f"{base}calon/", {"q": "Calon", "ganti": str(one.pk)})
    assert "Calon Pengganti" in page.content.decode()
    replace = f"{base}calon/?ganti={one.pk}"
    assert browser.post(replace, {"staff": [str(staff.pk)]}).status_code == 422
    assert browser.post(replace, {"staff": [str(staff.pk)], "reason": "Cuti panjang"}).status_code == 302
    answer = browser.post(f"{base}peserta/unduh/", {"form": "csv"})
    assert "Calon Pengganti" in answer.content.decode("utf-8-sig")
    assert browser.post(f"{base}peserta/unduh/", {"form": "xlsx", "state": "NOMINATED"}).content[:2] == b"PK"
    assert browser.get(f"{base}surat/").status_code == 200
    assert browser.get(f"{base}ubah/").status_code == 200
    assert browser.post(f"{base}batalkan/", {"reason": "Ditunda tahun depan"}).status_code == 302


def test_the_pages_of_a_course(operator, client_of):
    browser = client_of(operator)
    told = {"title": "Bimtek penyaluran", "kind": "BIMTEK", "days": "1", "capacity": "40", "units": "Satu\n\nDua"}
    assert browser.post("/pelatihan/katalog/baru/", told | {"days": "0"}).status_code == 422
    assert browser.post("/pelatihan/katalog/baru/", told).status_code == 302
    assert browser.post("/pelatihan/katalog/baru/", told).status_code == 422
    with in_territory(operator):
        course = Course.objects.get()
    assert course.units == ["Satu", "Dua"]
    first = (timezone.localdate() + SOON).isoformat()
    event = {
        "office": "6371",
        "title": "Bimtek",
        "starts_on": first,
        "ends_on": first,
        "venue": "Aula",
        "capacity": "5",
    }
    address = f"/pelatihan/katalog/{course.pk}/kegiatan/"
    assert browser.post(address, event | {"ends_on": "2001-01-01"}).status_code == 422
    assert browser.post(address, event).status_code == 302
    assert browser.post(f"/pelatihan/katalog/{course.pk}/akhiri/", {"reason": "Selesai dipakai"}).status_code == 302


def test_her_own_pages_on_a_phone(cast, operator, draft, client_of):
    who, staff = own(cast)
    make_participant(operator, draft, staff)
    browser = client_of(who)
    assert browser.get(f"/pelatihan/saya/{draft.pk}/").status_code == 404
    inviting(draft)
    assert "Jawab undangan" in browser.get("/pelatihan/saya/").content.decode()
    mine = f"/pelatihan/saya/{draft.pk}/"
    with few_queries():
        assert browser.get(mine).status_code == 200
    assert browser.post(mine, {"comes": "tidak"}).status_code == 422
    assert browser.post(mine, {"comes": "ya"}).status_code == 302
    assert "Bersedia hadir" in browser.get("/pelatihan/saya/").content.decode()
    assert browser.get(f"/pelatihan/kegiatan/{draft.pk}/").status_code == 403


def test_agenda_and_files(cast, operator, draft, client_of):
    base, browser = f"/pelatihan/kegiatan/{draft.pk}/", client_of(operator)
    hour = {"day": draft.starts_on.isoformat(), "starts_at": "08:00", "ends_at": "09:30", "title": "Pembukaan"}
    assert browser.post(f"{base}acara/baru/", hour | {"ends_at": "07:00"}).status_code == 422
    assert browser.post(f"{base}acara/baru/", hour).status_code == 302
    with in_territory(operator):
        item = draft.agenda.get()
    assert browser.post(f"{base}acara/{item.pk}/", hour | {"title": "Pembukaan resmi"}).status_code == 302
    assert "Pembukaan resmi" in browser.get(f"{base}acara/").content.decode()
    assert browser.post(f"{base}acara/{item.pk}/hapus/").status_code == 302
    file, wrong = BytesIO(b"%PDF-1.7 bahan"), BytesIO(b"MZ")
    file.name, wrong.name = "modul.pdf", "modul.pdf"
    assert browser.post(f"{base}bahan/", {"label": "Modul", "file": wrong}).status_code == 422
    assert browser.post(f"{base}bahan/", {"label": "Modul", "file": file}).status_code == 302
    with in_territory(operator):
        material = draft.materials.get()
    assert b"%PDF" not in bytes(material.content_sealed)
    who, staff = own(cast)
    make_participant(operator, draft, staff)
    participant, uninvited = client_of(who), client_of(own(cast)[0])
    assert participant.get(f"/pelatihan/bahan/{material.pk}/").status_code == 404
    inviting(draft)
    assert participant.get(f"/pelatihan/bahan/{material.pk}/").content == b"%PDF-1.7 bahan"
    assert uninvited.get(f"/pelatihan/bahan/{material.pk}/").status_code == 404
    assert browser.post(f"{base}bahan/{material.pk}/lepas/").status_code == 302
    assert participant.get(f"/pelatihan/bahan/{material.pk}/").status_code == 404


def test_an_unsolved_problem_comes_back(operator, client_of):
    earlier = make_event(operator, make_course(operator), timezone.localdate())
    with in_territory(operator):
        problem = Problem.objects.create(
            event=earlier, region_code="6371", about="DATA", text="Data ganda", raised_by_id=operator.person_id
        )
    event = make_event(operator, make_course(operator))
    base, browser = f"/pelatihan/kegiatan/{event.pk}/acara/", client_of(operator)
    assert "Data ganda" in browser.get(base).content.decode()
    hour = {"day": event.starts_on.isoformat(), "starts_at": "10:00", "ends_at": "11:00", "title": "Pembahasan"}
    assert browser.post(f"{base}baru/", hour | {"problem": str(problem.pk)}).status_code == 302
    page = browser.get(base)
    assert not page.context["unsolved"]
    assert "Data ganda" in page.content.decode()
