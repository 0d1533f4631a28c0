"""The office's pages: few questions, visits on the family's page, photos that nobody named."""

from datetime import date
from uuid import UUID

import pytest
from django.core.files.base import ContentFile
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from gandeng.accounts.acting import in_territory
from gandeng.accounts.models import Grant, Person
from gandeng.audit.models import AuditEntry
from gandeng.exports.tests.taking import taken
from gandeng.facilitators.actions.caseload import hand_over
from gandeng.facilitators.tests.factories import few_queries, make_staff
from gandeng.field.actions import tidying
from gandeng.field.actions.tidying import drop_unnamed
from gandeng.field.models import Entry, Photo
from gandeng.field.tests.factories import VILLAGE, a_visit, staff_of
from gandeng.field.tests.test_door import kept
from gandeng.privacy.breach import Leak, concerned
from gandeng.privacy.subject import read
from gandeng.registry.tests.factories import EVERYWHERE

pytestmark = pytest.mark.django_db
TODAY = date(2024, 9, 19)


@pytest.fixture
def waiting(phone):
    """An entry that waits, with a photo."""
    family = phone.carry()["families"][0]
    phone.send(phone.entry("field.visit", family, a_visit(note="Ibu sakit"), kv=9, photos=[phone.photo()]))
    return kept(Entry)[0]


def test_each_page_asks_few_questions(waiting, phone, coordinator, client_of):
    phone.send(phone.entry("field.visit", phone.carry()["families"][0], a_visit()))
    browser = client_of(coordinator)
    browser.get("/")
    for page in ("keputusan/", f"keputusan/{waiting.pk}/", "perangkat/", "kunjungan/"):
        with few_queries():
            assert browser.get(f"/lapangan/{page}").status_code == 200


def test_a_familys_page_leads_to_its_visits(phone, coordinator, client_of, cast):
    family = phone.carry()["families"][0]
    phone.send(phone.entry("field.visit", family, a_visit(note="Ibu sakit")))
    browser, part = client_of(coordinator), f"/lapangan/kunjungan/keluarga/{family['id']}/"
    assert part in browser.get(f"/keluarga/{family['id']}/").content.decode()
    assert "Ibu sakit" in browser.get(part, headers={"HX-Request": "true"}).content.decode()
    assert "Ibu sakit" in browser.get("/lapangan/kunjungan/").content.decode()
    assert "/unduhan/minta/kunjungan/?result=MET" in browser.get("/lapangan/kunjungan/?result=MET").content.decode()
    (line,) = taken(browser, "kunjungan", result="MET")[1:]
    assert line[3:6] == [timezone.localdate().isoformat(), "Kunjungan rutin", "Bertemu keluarga"]
    assert "Ibu sakit" not in str(line), "notes stay"
    assert browser.get("/unduhan/minta/kunjungan/?result=x").status_code == 400
    hers = cast("FACILITATOR", VILLAGE)
    Grant.objects.create(person_id=hers.person_id, role="FACILITATOR", region_code="6371021001", valid_from=TODAY)
    assert taken(client_of(hers), "kunjungan")[1:] == [line], "also who has two villages and not all between them"


def test_opening_a_photo_is_written_down(waiting, coordinator, client_of):
    address = f"/lapangan/keputusan/{waiting.pk}/foto/{waiting.photos[0]}/"
    answer = client_of(coordinator).post(address)
    assert ContentFile(answer.content).read(3) == b"\xff\xd8\xff"
    with in_territory(EVERYWHERE):
        assert AuditEntry.objects.filter(action="entry_photo.opened").count() == 1


@pytest.fixture
def visited(phone):
    """A visit that stands, with its photo."""
    family = phone.carry()["families"][0]
    entry = phone.entry("field.visit", family, a_visit(), photos=[phone.photo()])
    assert phone.send(entry)[0]["state"] == "ACCEPTED"
    return family, f"/lapangan/kunjungan/{entry['id']}/foto/{entry['photos'][0]}/"


def test_the_photo_of_a_visit_is_seen_by_whoever_sees_the_visit_and_written_down(
    visited, facilitator, coordinator, client_of
):
    family, address = visited
    for number, who in enumerate((coordinator, facilitator), 1):
        browser = client_of(who)
        assert address in browser.get("/lapangan/kunjungan/").content.decode()
        assert address in browser.get(f"/lapangan/kunjungan/keluarga/{family['id']}/").content.decode()
        assert browser.get(address).status_code == 405, "looking is written down, so it is asked for by POST"
        answer = browser.post(address)
        assert ContentFile(answer.content).read(3) == b"\xff\xd8\xff"
        assert answer.headers["Content-Disposition"].startswith("attachment")
        with in_territory(EVERYWHERE):
            assert AuditEntry.objects.filter(action="entry_photo.opened").count() == number


def test_whoever_accompanies_the_family_today_sees_photos_of_before(visited, facilitator, coordinator, cast, client_of):
    """A colleague made the visit; since the family went to her it is hers to see, and no longer the colleague's."""
    family, address = visited
    successor = cast("FACILITATOR", VILLAGE)
    taker = make_staff("6371", person=Person.objects.get(pk=successor.person_id))
    with in_territory(coordinator):
        hand_over(coordinator, staff_of(facilitator), taker, day=timezone.localdate(), reason="Mutasi")
    browser = client_of(successor)
    with few_queries():
        assert address in browser.get("/lapangan/kunjungan/").content.decode()
    assert address in browser.get(f"/lapangan/kunjungan/keluarga/{family['id']}/").content.decode()
    assert ContentFile(browser.post(address).content).read(3) == b"\xff\xd8\xff"
    with in_territory(EVERYWHERE):
        (looked,) = AuditEntry.objects.filter(action="entry_photo.opened")
        assert looked.person_id == successor.person_id
        assert "entry_photo.opened" in {row["action"] for row in read(UUID(family["id"]))["audit_auditentry"]}
    leak = Leak(looked.at, timezone.now(), person_id=successor.person_id)
    assert [one.acts for one in concerned(leak, timezone.localdate())] == [["entry_photo.opened"]]
    assert client_of(facilitator).post(address).status_code in (403, 404)


def test_the_photo_of_a_visit_elsewhere_is_as_none(visited, cast, client_of):
    """In another district, and for a facilitator of the village who does not accompany the family."""
    _family, address = visited
    foreign = client_of(cast("DISTRICT_COORDINATOR", "6372")).post(address)
    colleague = client_of(cast("FACILITATOR", "6371011001")).post(address)
    assert (foreign.status_code, colleague.status_code) == (404, 404)
    with in_territory(EVERYWHERE):
        assert not AuditEntry.objects.filter(action="entry_photo.opened").exists()


def test_a_photo_no_visit_names_is_none_of_it(visited, phone, coordinator, client_of):
    _family, address = visited
    other = address.replace(address.split("/")[-2], phone.photo("blue"))
    assert client_of(coordinator).post(other).status_code == 404


def test_whoever_sent_it_does_not_decide_it(waiting, phone, facilitator, coordinator, client_of, cast):
    both = cast("DISTRICT_OPERATOR", "6371", person=Person.objects.get(pk=facilitator.person_id))
    assert client_of(both).get(f"/lapangan/keputusan/{waiting.pk}/").status_code == 404
    with in_territory(both), pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            """insert into field_entrydecision (entry_id, region_code, accepted, reason, result, by_id, authority, at)
                values (%s, %s, true, 'x', '', %s, 'x', now())""",
            [waiting.pk, waiting.region_code, both.person_id],
        )


def test_a_photo_nobody_names_goes_after_its_days(waiting, phone, monkeypatch):
    unnamed = phone.photo("blue")
    assert drop_unnamed() == 0, "young"
    monkeypatch.setattr(tidying, "DAYS", -1)
    assert drop_unnamed() == 1
    assert [one.sha256 for one in kept(Photo)] == waiting.photos
    assert phone.get(f"foto/{unnamed}").json()["kept"] is False
    with in_territory(EVERYWHERE), pytest.raises(DatabaseError), transaction.atomic():
        Photo.objects.all().delete()
