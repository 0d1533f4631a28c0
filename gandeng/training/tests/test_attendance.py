"""Attendance: by the code on the wall, by hand, taken back; nothing else opens the door."""

import time
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from gandeng.accounts.acting import in_territory
from gandeng.accounts.models import Person
from gandeng.audit.models import AuditEntry
from gandeng.facilitators.tests.factories import few_queries, make_staff
from gandeng.training import day_queries, tries
from gandeng.training.actions import attendance as actions
from gandeng.training.actions.common import TrainingRefused
from gandeng.training.models import Attendance, Participant
from gandeng.training.tests.happening import happening
from gandeng.training.wall_codes import code_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def going_on(cast, operator):
    return happening(cast, operator)


def now_on(day):
    return code_at(day_queries.secret_of(day), time.time())


def test_it_works_on_a_phone(going_on, client_of):
    day, who = going_on.open_day(), going_on.people[0]
    office, phone = client_of(going_on.office), client_of(who)
    wall = office.get(reverse("training:wall", args=[going_on.event.pk, day.pk]))
    code = now_on(day)
    shown = wall.content.decode()
    assert f"{code[:4]} {code[4:]}" in shown and wall["Cache-Control"] == "no-store" and int(wall["Refresh"]) <= 15
    address = reverse("attend:scan", args=[day.code, code])
    first = phone.get(address)
    assert first.status_code == 200 and "Saya hadir" in first.content.decode()
    with in_territory(who):
        assert not Attendance.objects.exists(), "a look changes nothing"
    done = phone.post(address, follow=True)
    assert "Hadir" in done.content.decode() and done.redirect_chain
    assert phone.post(address).status_code == 302, "twice is once"
    with in_territory(going_on.office):
        assert Attendance.objects.get().how == "CODE"
        assert AuditEntry.objects.filter(action="training.attended").count() == 1
    assert "Peserta 00" in office.get(reverse("training:day", args=[going_on.event.pk, day.pk])).content.decode()


def test_letters_are_typed_where_no_camera_is(going_on, client_of):
    day, phone = going_on.open_day(), client_of(going_on.people[1])
    assert phone.post(reverse("attend:type"), {"typed": "AAAA2222"}).status_code == 422
    assert phone.post(reverse("attend:type"), {"typed": now_on(day).lower()}).status_code == 302
    with in_territory(going_on.office):
        assert Attendance.objects.count() == 1


def test_it_refuses_guesses_and_stops_listening(going_on):
    day, who = going_on.open_day(), going_on.people[0]
    with in_territory(who):
        for _ in range(tries.PER_PERSON):
            with pytest.raises(TrainingRefused, match="Kode ini salah"):
                actions.scanned(who, day.code, "AAAAAAAA", "10.0.0.1")
        with pytest.raises(TrainingRefused, match="Terlalu banyak"):
            actions.scanned(who, day.code, now_on(day), "10.0.0.2")
    other = going_on.people[1]
    with in_territory(other):
        assert actions.scanned(other, day.code, now_on(day), "10.0.0.1").already is None, "her neighbour may"
        for _ in range(tries.PER_NETWORK):
            tries.count("siapa saja", "10.0.0.1")
        with pytest.raises(TrainingRefused, match="Terlalu banyak"):
            actions.scanned(other, day.code, now_on(day), "10.0.0.1")


def test_a_late_code_is_no_guess(going_on):
    day, who = going_on.open_day(), going_on.people[0]
    old = code_at(day_queries.secret_of(day), time.time() - 600)
    with in_territory(who):
        for _ in range(tries.PER_PERSON + 1):
            with pytest.raises(TrainingRefused, match="sudah berganti"):
                actions.scanned(who, day.code, old, "10.0.0.1")


def test_it_refuses_who_was_not_invited_and_when_it_is_not_open(cast, going_on, client_of):
    day = going_on.open_day()
    stranger = cast("FACILITATOR", "6371011001")
    make_staff("6371", person=Person.objects.get(pk=stranger.person_id))
    with in_territory(stranger), pytest.raises(TrainingRefused, match="tidak tercatat sebagai peserta"):
        actions.scanned(stranger, day.code, now_on(day), "")
    who = going_on.people[0]
    with in_territory(who), pytest.raises(TrainingRefused, match="tidak dikenal"):
        actions.scanned(who, "tidakada", now_on(day), "")
    with in_territory(going_on.office):
        actions.shut_day(going_on.office, going_on.run(), day)
    answer = client_of(who).post(reverse("attend:scan", args=[day.code, now_on(day)]))
    assert answer.status_code == 422 and "sudah ditutup" in answer.content.decode()
    with in_territory(going_on.office):
        actions.shut_day(going_on.office, going_on.run(), day, again=True)
        with pytest.raises(TrainingRefused, match="sudah dibuka"):
            actions.open_day(going_on.office, going_on.run(), going_on.event.starts_on)
        with pytest.raises(TrainingRefused, match="belum tiba"):
            actions.open_day(going_on.office, going_on.run(), timezone.localdate() + timedelta(days=1))
    going_on.attend(who, day)


def test_by_hand_with_a_reason_never_for_oneself(cast, going_on, client_of):
    day = going_on.open_day()
    url = reverse("training:day", args=[going_on.event.pk, day.pk])
    browser = client_of(going_on.office)
    with in_territory(going_on.office):
        people = list(day_queries.expected(going_on.run()))
    told = {"people": [str(one.pk) for one in people[:2]], "reason": "Telepon rusak"}
    assert browser.post(url, told | {"reason": ""}).status_code == 422
    assert browser.post(url, told).status_code == 302
    assert browser.post(url, told).status_code == 422, "they are on record"
    with in_territory(going_on.office):
        mark = Attendance.objects.filter(participant=people[0]).get()
        assert (mark.how, mark.by_id) == ("HAND", going_on.office.person_id)
        actions.take_back(going_on.office, going_on.run(), mark, "Ternyata orang lain")
        with pytest.raises(TrainingRefused):
            actions.take_back(going_on.office, going_on.run(), mark, "Lagi")
        actions.by_hand(going_on.office, going_on.run(), day, [people[0]], "Benar hadir")
    coming = cast("DISTRICT_OPERATOR", "6371", person=Person.objects.get(pk=going_on.people[2].person_id))
    with in_territory(coming), pytest.raises(TrainingRefused, match="Kehadiran Anda sendiri"):
        mine = Participant.objects.select_related("staff").get(staff__person_id=coming.person_id)
        actions.by_hand(coming, going_on.run(), day, [mine], "Saya ada")


def test_the_database_holds_it_too(going_on):
    day = going_on.open_day()
    who, other = going_on.people[:2]
    rows = """insert into training_attendance (id, day_id, participant_id, person_id, region_code, how, reason, by_id,
        at, taken_back_because) select gen_random_uuid(), %s, p.id, s.person_id, p.region_code, %s, 'x', %s, now(), ''
        from training_participant p join facilitators_staff s on s.id = p.staff_id where s.person_id = %s"""
    for acting, how, by, person in (
        (who, "CODE", who, other), (who, "HAND", who, who), (going_on.office, "CODE", going_on.office, who),
    ):  # fmt: skip
        refused = pytest.raises(Exception, match=r"hand|policy|invited")
        with in_territory(acting), refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(rows, [day.pk, how, by.person_id, person.person_id])
    going_on.attend(who, day)
    with in_territory(other):
        assert not Attendance.objects.exists(), "a colleague's attendance is not there"


def test_others_do_not_find_it(cast, going_on, stranger, client_of):
    day = going_on.open_day()
    with in_territory(stranger), pytest.raises(Http404):
        day_queries.access_day(stranger, going_on.event.pk, day.pk)
    with in_territory(going_on.office):
        standing = going_on.run()
    head = cast("DISTRICT_HEAD", "6371")
    with in_territory(head), pytest.raises(PermissionDenied):
        actions.open_day(head, standing, going_on.event.starts_on)
    assert client_of(head).get(reverse("training:wall", args=[going_on.event.pk, day.pk])).status_code == 403


def test_lists(going_on, client_of):
    day, browser = going_on.open_day(), client_of(going_on.office)
    going_on.attend(going_on.people[0], day)
    key = [going_on.event.pk]
    with few_queries():
        shown = browser.get(reverse("training:attendance", args=key)).content.decode()
    assert "1 dari 3" in shown
    assert "Tanda tangan" in browser.get(reverse("training:sheet", args=key)).content.decode()
    table = browser.post(reverse("training:export_attendance", args=key), {"form": "csv"}).content.decode("utf-8-sig")
    assert table.count("hadir") == 1 and "Peserta 02" in table
