"""What may go wrong between a phone and the server, and what the contract says then (docs/field-sync.md)."""

import hashlib
import json
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from gandeng.accounts.acting import in_territory
from gandeng.accounts.models import Grant, Person
from gandeng.audit.models import AuditEntry
from gandeng.facilitators.actions.caseload import hand_over
from gandeng.facilitators.tests.factories import make_staff
from gandeng.field import answers, kinds
from gandeng.field.actions.deciding import DecisionRefused, accept, reject
from gandeng.field.actions.sending import body_of
from gandeng.field.kinds import visit
from gandeng.field.models import Device, Entry, Photo, Visit
from gandeng.field.pictures import opened
from gandeng.field.tests.factories import VILLAGE, Phone, a_change, a_visit, picture, staff_of
from gandeng.field.tests.test_door import a_follow_up, kept
from gandeng.follow_up.models import FollowUp
from gandeng.reconciliation.tests.world import send
from gandeng.reconciliation.tests.world import told as bank_tells
from gandeng.registry.models import ChangeRequest, Member
from gandeng.registry.tests.factories import EVERYWHERE, make_family

pytestmark = pytest.mark.django_db


@pytest.fixture
def family(phone):
    return phone.carry()["families"][0]


@pytest.fixture
def other_facilitator(cast):
    """She works in the same village and accompanies nobody."""
    return cast("FACILITATOR", VILLAGE)


def states(answers):
    return [one["state"] for one in answers]


def test_a_refused_entry_is_told_why_and_a_mended_one_comes(phone, family):
    wrong = phone.entry("field.visit", family, a_visit(result="OTHER", purpose="X"))
    (told,) = phone.send(wrong)
    assert told["state"] == "REFUSED"
    assert {one["field"] for one in told["why"]} == {"purpose", "note"}
    mended = phone.entry("field.visit", family, a_visit(), mends=wrong["id"])
    assert states(phone.send(mended)) == ["ACCEPTED"]
    assert phone.send(wrong) == [told], "the same answer as the first time"
    assert len(kept(Visit)) == 1
    assert len(kept(Entry)) == 2, "the refused one's text stays"


def test_no_long_number_in_what_others_read(phone, family):
    (told,) = phone.send(phone.entry("field.visit", family, a_visit(note="NIK 6371014105900007")))
    assert told["state"] == "REFUSED"
    assert told["why"][0]["field"] == "note"


def test_other_content_under_one_id_is_quarantined_and_both_are_kept(phone, family, coordinator):
    first = phone.entry("field.visit", family, a_visit())
    other = first | {"body": a_visit(note="lain")}
    assert states(phone.send(first, other, first | {"seq": 99}, other)) == [
        "ACCEPTED", "QUARANTINED", "ACCEPTED", "QUARANTINED",
    ]  # fmt: skip
    assert len(kept(Entry)) == 2
    assert len(kept(Visit)) == 1
    held = next(one for one in kept(Entry) if not one.first)
    with in_territory(coordinator):
        accept(coordinator, Entry.objects.get(pk=held.pk), "Dua kunjungan pada hari itu")
    assert {one.note for one in kept(Visit)} == {"", "lain"}, "let stand, it has an id of its own"


def test_anothers_id_is_quarantined(phone, family, other_facilitator, client_of):
    entry = phone.entry("field.visit", family, a_visit())
    phone.send(entry)
    theirs = Phone(client_of(other_facilitator))
    theirs.enter()
    (told,) = theirs.send(entry)
    assert told["state"] == "QUARANTINED"
    assert told["why"][0]["field"] == "id"


@pytest.mark.parametrize("changed", [{"kind": "commitments.attend"}, {"kv": 2}])
def test_a_kind_or_version_nobody_knows_is_kept(phone, family, changed, coordinator):
    entry = phone.entry("field.visit", family, a_visit()) | changed
    (told,) = phone.send(entry)
    assert told["state"] == "QUARANTINED"
    with in_territory(coordinator):
        waiting = Entry.objects.get(entry_id=entry["id"])
        with pytest.raises(DecisionRefused):
            accept(coordinator, waiting, "Baik saja")
        reject(coordinator, waiting, "Aplikasi belum resmi")
    assert phone.send(entry)[0]["decided"]["accepted"] is False
    (decided,) = phone.get(f"jawaban?device={phone.id}").json()["entries"]
    assert decided["decided"]["words"] == "Aplikasi belum resmi"


@pytest.mark.parametrize("days", [366, -366, 5000])
def test_a_clock_wrong_by_years_loses_nothing(client_of, facilitator, days):
    phone = Phone(client_of(facilitator), ahead=timedelta(days=days))
    phone.enter()
    family = phone.carry()["families"][0]
    today = timezone.localdate()
    shown = (today + timedelta(days=days)).isoformat() if days > 0 else today.isoformat()
    assert states(phone.send(phone.entry("field.visit", family, a_visit(on_day=shown)))) == ["ACCEPTED"]
    (visit,) = kept(Visit)
    (entry,) = kept(Entry)
    assert visit.on_day == today
    assert abs(entry.clock_offset_seconds + days * 86_400) < 60
    assert abs((entry.made_at - entry.received_at).days - days) <= 1, "told as the phone had it"


def test_a_future_no_clock_explains_is_refused(phone, family):
    far = (timezone.now() + timedelta(days=40)).isoformat()
    day = (timezone.localdate() + timedelta(days=40)).isoformat()
    told = phone.send(
        phone.entry("field.visit", family, a_visit(), made_at=far),
        phone.entry("field.visit", family, a_visit(on_day=day)),
    )
    assert states(told) == ["REFUSED"] * 2
    assert [one["why"][0]["field"] for one in told] == ["made_at", "on_day"]


@pytest.mark.parametrize("clock", ["", "gestern", "9999-12-31T23:59:59+00:00", "0001-01-01T00:00:00+14:00"])
def test_a_clock_that_is_none_breaks_nothing(phone, family, clock):
    entry = phone.entry("field.visit", family, a_visit())
    answer = phone.post("kirim", {"device": phone.id, "entries": [entry]}, **{"X-Gandeng-Clock": clock})
    assert answer.status_code == 200
    assert answer.json()["entries"][0]["state"] in ("ACCEPTED", "REFUSED")


def test_a_family_no_longer_hers_is_held_and_the_office_lets_it_stand(
    phone, family, facilitator, other_facilitator, coordinator, client_of
):
    successor = make_staff("6371", person=Person.objects.get(pk=other_facilitator.person_id))
    with in_territory(coordinator):
        hand_over(coordinator, staff_of(facilitator), successor, day=timezone.localdate(), reason="Pindah tugas")
    entry = phone.entry("field.visit", family, a_visit(note="sebelum pindah"))
    (told,) = phone.send(entry)
    assert (told["state"], told["why"][0]["field"]) == ("QUARANTINED", "family")
    assert Phone(client_of(facilitator)).enter().status_code == 403, "with her last family her right is gone"
    page = client_of(coordinator).get("/lapangan/keputusan/").content.decode()
    assert "Kunjungan rumah" in page
    held = next(one for one in kept(Entry))
    browser = client_of(coordinator)
    assert "sebelum pindah" in browser.get(f"/lapangan/keputusan/{held.pk}/").content.decode()
    done = browser.post(f"/lapangan/keputusan/{held.pk}/", {"decision": "accept", "reason": "Kunjungan itu benar"})
    assert done.status_code == 302
    again = browser.post(f"/lapangan/keputusan/{held.pk}/", {"decision": "reject", "reason": "Berubah pikiran"})
    assert again.status_code == 422
    (visit,) = kept(Visit)
    assert (visit.by_id, visit.accepted_by_id) == (facilitator.person_id, coordinator.person_id)
    (told,) = phone.get(f"jawaban?device={phone.id}").json()["entries"]
    assert told["decided"]["accepted"] is True


def test_whoever_gave_her_families_away_keeps_her_share_and_carries_nothing(
    phone, family, facilitator, coordinator, cycle
):
    """What waits on her phone can be read and sent; what the phone had of families is told to be gone."""
    first, tag = phone.enter().json(), phone.get(f"muatan?device={phone.id}").headers["ETag"]
    with in_territory(coordinator):
        hand_over(
            coordinator, staff_of(facilitator), make_staff("6371"), day=timezone.localdate(), reason="Mengundurkan diri"
        )
    assert phone.post(f"perangkat/{phone.id}/bagian", {}).json()["share"] == first["share"]
    answer = phone.get(f"muatan?device={phone.id}", **{"If-None-Match": tag})
    told = answer.json()
    assert [told[name] for name in ("families", "groups", "absences", "sheets")] == [[]] * 4
    assert family["name"].encode() not in answer.content
    assert family["id"].encode() not in answer.content


def test_a_right_taken_away_empties_the_phone_too(phone, family, facilitator, cast):
    """The rows that say whom she accompanies stand as before, and she sees the district as its operator."""
    with in_territory(EVERYWHERE):
        Grant.objects.filter(person_id=facilitator.person_id).delete()
        cast("DISTRICT_OPERATOR", "6371", person=Person.objects.get(pk=facilitator.person_id))
    assert phone.carry()["families"] == []


def test_a_family_of_elsewhere_is_as_one_that_is_not_there(phone, family):
    far = make_family("6272011001")
    told = phone.send(
        phone.entry("field.visit", family | {"id": str(far.pk)}, a_visit()),
        phone.entry("field.visit", family | {"id": str(uuid4())}, a_visit()),
    )
    shown = [{key: one[key] for key in ("state", "why", "result")} for one in told]
    assert shown[0] == shown[1]
    assert {one.family_id for one in kept(Entry)} == {None}


def test_a_change_seen_as_it_no_longer_stands_conflicts(phone, family, operator, coordinator):
    member = family["members"][0]
    with in_territory(EVERYWHERE):
        Member.objects.filter(pk=member["id"]).update(school_level="SD")
    level, pregnant = (
        phone.entry("registry.change", family, a_change(member)),
        phone.entry("registry.change", family, a_change(
            member, kind="PREGNANCY", fields={"member": member["id"], "pregnancy_no": 2})),
    )  # fmt: skip
    told = phone.send(level, pregnant)
    assert states(told) == ["CONFLICT", "ACCEPTED"], "what the request does not touch is none of its business"
    with in_territory(coordinator), pytest.raises(DecisionRefused):
        accept(coordinator, Entry.objects.get(entry_id=level["id"]), "Baik saja")
    with in_territory(operator):
        accept(operator, Entry.objects.get(entry_id=level["id"]), "Data di lapangan benar")
    asked = next(one for one in kept(ChangeRequest) if one.kind == "SCHOOL_LEVEL")
    assert asked.requested_by_id == operator.person_id
    assert "Dari lapangan oleh" in asked.reason
    assert asked.state == "PENDING", "decided by another person"


@pytest.mark.parametrize("yes", [True, False])
def test_what_the_registry_decides_later_is_told(phone, family, coordinator, facilitator, cast, yes):
    from gandeng.registry.actions import approve_change, refuse_change

    entry = phone.entry("registry.change", family, a_change(family["members"][0]))
    (first,) = phone.send(entry)
    assert phone.get(f"jawaban?device={phone.id}").json()["entries"] == [], "nobody has decided"
    successor = make_staff("6371", person=Person.objects.get(pk=cast("FACILITATOR", VILLAGE).person_id))
    with in_territory(coordinator):
        (approve_change if yes else refuse_change)(coordinator, ChangeRequest.objects.get(), "Rapor sudah dilihat")
        staff, half = staff_of(facilitator), successor
        make_family()
        hand_over(coordinator, staff, half, day=timezone.localdate(), reason="Pindah tugas")
    (told,) = phone.get(f"jawaban?device={phone.id}").json()["entries"]
    assert (told["id"], told["state"]) == (entry["id"], "ACCEPTED")
    shown = {name: told["decided"][name] for name in ("accepted", "words", "result")}
    assert shown == {"accepted": yes, "words": "Rapor sudah dilihat", "result": first["result"]}
    assert phone.send(entry) == [first]


def test_the_same_change_asked_for_already_conflicts(phone, family):
    member = family["members"][0]
    told = phone.send(*(phone.entry("registry.change", family, a_change(member)) for _ in range(2)))
    assert states(told) == ["ACCEPTED", "CONFLICT"]
    assert len(kept(ChangeRequest)) == 1


@pytest.mark.parametrize("body", [
    {"kind": "ACCOUNT", "fields": {"channel": "BRI", "account_no": "700000000000007"}},
    {"kind": "NIK", "fields": {"nik": "6371014105900007"}}, {"kind": "END", "fields": {}},
    {"kind": "BIRTH", "fields": {"name": "Bayi", "birth_date": "2026-01-01", "sex": "F", "nik": "6371014105900007"}},
    {"kind": "BIRTH", "fields": []}, {"kind": ["x"], "fields": {}}, {"kind": "DEATH", "fields": {"day": 7}},
])  # fmt: skip
def test_what_is_not_asked_for_from_a_phone_is_refused(phone, family, body):
    assert states(phone.send(phone.entry("registry.change", family, {"reason": "Uji coba saja"} | body))) == ["REFUSED"]
    assert kept(ChangeRequest) == []


def test_photos_become_the_evidence_of_a_change(phone, family):
    member = family["members"][0]
    body = a_change(member, kind="DEATH", fields={"member": member["id"], "day": a_visit()["on_day"]})
    entry = phone.entry("registry.change", family, body, photos=[phone.photo("red"), phone.photo("blue")])
    assert states(phone.send(phone.entry("registry.change", family, body), entry)) == ["REFUSED", "ACCEPTED"]
    (change,) = kept(ChangeRequest)
    with in_territory(EVERYWHERE):
        assert change.evidence.media_type == "application/pdf"


def test_photos_that_are_not_there_are_asked_for_and_nothing_is_kept(phone, family):
    sha256 = "ab" * 32
    entry = phone.entry("field.visit", family, a_visit(), photos=[sha256])
    (told,) = phone.send(entry)
    assert (told["state"], told["photos"]) == ("MISSING", [sha256])
    assert kept(Entry) == []


def test_half_a_photo_is_not_kept(phone):
    data = picture()
    sha256 = hashlib.sha256(data).hexdigest()
    assert phone.put(sha256, data[: len(data) // 2]).status_code == 422
    assert phone.get(f"foto/{sha256}").json()["kept"] is False
    assert [phone.put(sha256, data).status_code for _ in range(2)] == [201, 200]
    assert phone.get(f"foto/{sha256}").json()["kept"] is True
    (photo,) = kept(Photo)
    assert b"rahasia" in data
    assert b"rahasia" not in opened(photo)


def test_a_photo_too_large_or_none_is_not_kept(phone):
    for data, status in ((b"\xff\xd8\xff" + bytes(1024 * 1024), 413), (b"bukan foto", 422), (b"", 422)):
        assert phone.put(hashlib.sha256(data).hexdigest(), data).status_code == status
    assert kept(Photo) == []


def test_a_photo_of_another_person_is_not_there(phone, family, other_facilitator, client_of):
    theirs = Phone(client_of(other_facilitator))
    theirs.enter()
    sha256 = theirs.photo()
    assert phone.get(f"foto/{sha256}").json()["kept"] is False
    assert states(phone.send(phone.entry("field.visit", family, a_visit(), photos=[sha256]))) == ["MISSING"]


def test_money_settled_since_conflicts(phone, failed, bank, cycle):
    family = next(one for one in phone.carry()["families"] if one["tasks"])
    send(
        bank, cycle, [bank_tells(failed, "CREDIT"), bank_tells(failed, "WITHDRAWAL", reference="W-1")], name="lagi.csv"
    )
    answers = phone.send(
        phone.entry("follow_up.tell", family, a_follow_up(failed.pk)),
        phone.entry("follow_up.tell", family, a_follow_up("2024-2-K999999999")),
    )
    assert states(answers) == ["CONFLICT", "REFUSED"]
    assert kept(FollowUp) == []


def test_two_phones_of_one_person(phone, family, client_of, facilitator):
    second = Phone(client_of(facilitator))
    second.enter()
    entry = phone.entry("field.visit", family, a_visit())
    assert phone.send(entry) == second.send(entry | {"seq": 7})
    assert len(kept(Visit)) == 1
    assert second.enter().status_code == 200
    assert Phone(phone.browser).enter().status_code == 201
    assert Phone(phone.browser).enter().status_code == 409, "a fourth"


def test_a_revoked_phone_is_told_to_empty_itself_everywhere(phone, family, coordinator, client_of):
    browser = client_of(coordinator)
    assert phone.id in browser.get("/lapangan/perangkat/").content.decode()
    assert browser.post(f"/lapangan/perangkat/{phone.id}/cabut/", {"reason": "Hilang"}).status_code == 302
    assert bytes(Device.objects.get().share_sealed) == b""
    answers = [
        phone.enter(), phone.post(f"perangkat/{phone.id}/bagian", {}), phone.get(f"muatan?device={phone.id}"),
        phone.post("kirim", {"device": phone.id, "entries": [phone.entry("field.visit", family, a_visit())]}),
        phone.get(f"jawaban?device={phone.id}"),
    ]  # fmt: skip
    assert [(one.status_code, one.json()["wipe"]) for one in answers] == [(410, True)] * 5
    assert kept(Entry) == []


def test_anothers_phone_and_none_are_one_answer(phone, other_facilitator, client_of):
    theirs = Phone(client_of(other_facilitator))
    for device in (phone.id, str(uuid4()), "x", ""):
        answers = [
            theirs.get(f"muatan?device={device}"), theirs.get(f"jawaban?device={device}"),
            theirs.post("kirim", {"device": device, "entries": []}),
        ]  # fmt: skip
        for one in answers:
            assert one.status_code == 409
            assert one.json().keys() == {"other", "words", "server_time", "v"}
    theirs.id = phone.id
    assert theirs.enter().status_code == 409, "entered by another person"
    assert theirs.post(f"perangkat/{phone.id}/bagian", {}).json()["other"] is True, "and nothing is emptied"


def test_the_share_is_the_same_and_runs_on(phone):
    first = phone.enter().json()
    again = phone.post(f"perangkat/{phone.id}/bagian", {}).json()
    assert first["share"] == again["share"]
    assert again["share_until"] >= first["share_until"]


def test_fifty_entries_and_one(phone, family):
    entries = [phone.entry("field.visit", family, a_visit()) for _ in range(51)]
    answer = phone.post("kirim", {"device": phone.id, "entries": entries})
    assert answer.status_code == 400
    assert kept(Entry) == []
    assert states(phone.send(*entries[:50])) == ["ACCEPTED"] * 50


def test_an_app_of_another_version_keeps_its_entries(phone):
    for app in ("0", "2", "", "x"):
        phone.app = app
        answer = phone.get(f"muatan?device={phone.id}")
        assert (answer.status_code, answer.json()["knows"]) == (426, [1])


def test_an_old_app_still_syncs_with_a_server_that_knows_two_versions(phone, family, monkeypatch):
    """Of the contract and of a kind: an old phone is taken as it meant it, a new one as the new."""

    def taken_newer(acting, given):
        return visit.take(acting, replace(given, body=given.body | {"note": f"baru: {given.body['words']}"}))

    monkeypatch.setattr(answers, "KNOWS", (1, 2))
    monkeypatch.setitem(kinds._KINDS, ("field.visit", 2), replace(visit.KIND, version=2, take=taken_newer, many=None))
    assert phone.enter().status_code == 200
    assert phone.post(f"perangkat/{phone.id}/bagian", {}).status_code == 200
    old = phone.entry("field.visit", phone.carry()["families"][0], a_visit(note="lama"), photos=[phone.photo()])
    new = phone.entry("field.visit", family, a_visit(words="isi", note=""), kv=2)
    assert states(phone.send(old)) == ["ACCEPTED"]
    phone.app = "2"
    assert states(phone.send(new, old)) == ["ACCEPTED"] * 2
    assert phone.get(f"jawaban?device={phone.id}").status_code == 200
    assert sorted(one.note for one in kept(Visit)) == ["baru: isi", "lama"]
    phone.app = "3"
    answer = phone.get(f"muatan?device={phone.id}")
    assert (answer.status_code, answer.json()["knows"]) == (426, [1, 2])


def test_whoever_is_signed_out_is_told_so(client, phone):
    phone.browser = client
    for answer in (phone.get(f"muatan?device={phone.id}"), phone.post("kirim", {})):
        assert (answer.status_code, answer.json()["login"]) == (401, True)


HOSTILE = {
    "no JSON": b"{", "no object": b"[]", "not UTF-8": b'{"a":"\xff"}', "NaN": b'{"device":NaN}',
    "Infinity": b'{"device":-Infinity}', "endless": b'{"seq":1e999}', "huge": b'{"seq":' + b"9" * 5000 + b"}",
    "twice": b'{"device":"a","device":"b"}', "deep": b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "deep enough": b'{"a":' + b"[" * 20 + b"]" * 20 + b"}", "NUL": b'{"a":"\\u0000"}', "half": b'{"a":"\\ud800"}',
    "empty": b"",
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_json_is_refused_whole(phone, name):
    for path in ("kirim", "perangkat"):
        assert phone.post(path, HOSTILE[name]).status_code == 400


def test_five_megabytes_are_too_long(phone):
    assert phone.post("kirim", b'{"a":"' + b"x" * 5_000_000 + b'"}').status_code == 413


@pytest.mark.parametrize("changed", [
    {"made_at": "kemarin"}, {"made_at": 7}, {"family": "x"}, {"family": None}, {"body": []}, {"body": None},
    {"kind": 7}, {"kv": "1"}, {"kv": True}, {"mends": "x"}, {"photos": ["x"]}, {"photos": "x"},
    {"photos": [f"{n:064x}" for n in range(5)]}, {"body": {"note": "x" * 17_000}}, {"seq": "x" * 100},
])  # fmt: skip
def test_a_misshapen_entry_is_refused_and_kept(phone, family, changed):
    entry = phone.entry("field.visit", family, a_visit()) | changed
    (told,) = phone.send(entry)
    assert told["state"] == ("ACCEPTED" if "seq" in changed else "REFUSED"), told
    assert len(kept(Entry)) == 1


@pytest.mark.parametrize("sent", [None, 7, {}, [None], [[]], [{"id": 7}], [{"id": "x"}]])
def test_an_envelope_that_is_none_keeps_nothing(phone, sent):
    assert phone.post("kirim", {"device": phone.id, "entries": sent}).status_code == 400


def test_one_entry_that_goes_wrong_takes_no_other_with_it(phone, family, monkeypatch):
    entries = [phone.entry("field.visit", family, a_visit(note=f"{n}")) for n in range(3)]
    real = visit.record_all

    def breaks(acting, lines):
        if "1" in {one.thing.note for one in lines}:
            raise RuntimeError("uji")
        real(acting, lines)

    with monkeypatch.context() as patch:
        patch.setattr(visit, "record_all", breaks)
        assert states(phone.send(*entries)) == ["ACCEPTED", "FAULT", "ACCEPTED"]
    assert len(kept(Visit)) == len(kept(Entry)) == 2
    assert states(phone.send(*entries)) == ["ACCEPTED"] * 3, "sent again, it stands"


def test_fifty_visits_ask_little_more_than_one(phone, family):
    """What a delivery needs is asked for once: an entry adds no question of its own."""
    counts = []
    for many in (2, 50):
        entries = [phone.entry("field.visit", family, a_visit(note=f"{n}")) for n in range(many)]
        with CaptureQueriesContext(connection) as asked:
            assert set(states(phone.send(*entries))) == {"ACCEPTED"}
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 24
    with in_territory(EVERYWHERE):
        assert AuditEntry.objects.filter(action="visit.told").count() == 52


def test_kinds_mixed_in_one_delivery_are_answered_in_its_order(phone, family):
    one = phone.entry("field.visit", family, a_visit())
    wrong = phone.entry("field.visit", family, a_visit(purpose="X"))
    change = phone.entry("registry.change", family, a_change(family["members"][0]))
    told = phone.send(one, change, wrong, one, phone.entry("masa.depan", family, {}), phone.entry(
        "field.visit", family, a_visit(note="lagi")))  # fmt: skip
    assert states(told) == ["ACCEPTED", "ACCEPTED", "REFUSED", "ACCEPTED", "QUARANTINED", "ACCEPTED"]
    assert told[0] == told[3]
    assert len(kept(Entry)) == 5


def test_what_came_is_kept_sealed_as_it_came(phone, family):
    entry = phone.entry("field.visit", family, a_visit(note="Ibu sakit"))
    phone.send(entry)
    (row,) = kept(Entry)
    assert body_of(row) == json.loads(json.dumps(entry))
    assert b"Ibu sakit" not in bytes(row.body_sealed)
