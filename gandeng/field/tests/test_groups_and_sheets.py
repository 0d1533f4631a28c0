"""Meetings, absences, sheets of schools, decisions told, and complaints from a phone; what may go wrong with each."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from gandeng.accounts.acting import acting_for, in_territory
from gandeng.accounts.models import Person
from gandeng.commitments import judging
from gandeng.commitments.evidence import thin_sheets
from gandeng.commitments.models import Record, Sheet, Step, Verdict
from gandeng.commitments.origins import origins
from gandeng.commitments.queries import quarters
from gandeng.commitments.tests.factories import at_school, decided, make_facility, months, placed, recorded
from gandeng.facilitators.actions.caseload import hand_over, undo
from gandeng.facilitators.models import Accompaniment, CaseloadChange
from gandeng.facilitators.tests.factories import make_staff
from gandeng.family_sessions import actions as sessions
from gandeng.family_sessions.models import AbsenceNote, Attendance, Meeting, Picture
from gandeng.family_sessions.tests.factories import hold, make_group
from gandeng.field.actions.deciding import DecisionRefused, accept, reject
from gandeng.field.models import Entry
from gandeng.field.tests.factories import VILLAGE, Phone, a_meeting, a_sheet, staff_of
from gandeng.field.tests.test_door import kept
from gandeng.helpdesk.models import Case, CaseEvent
from gandeng.helpdesk.queries import cases, contact_of, words_of
from gandeng.policy.gaps import PolicyGap
from gandeng.registry.models import Member
from gandeng.registry.tests.factories import EVERYWHERE, make_family
from gandeng.web.templatetags.gandeng import tanggal

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


@pytest.fixture
def group(facilitator):
    return make_group(facilitator, staff_of(facilitator))


@pytest.fixture
def pupils(phone, operator, monkeypatch):
    """Two of her families with a child at one school."""
    monkeypatch.setattr(judging, "months_of", lambda _cycle: 3)
    with in_territory(EVERYWHERE):
        members = list(Member.objects.filter(village_code=VILLAGE, family__collector__isnull=False).order_by("pk"))
        found = [at_school(one) for one in list({one.family_id: one for one in members}.values())[:2]]
    school = make_facility(operator)
    for one in found:
        placed(operator, one, school, since=date(TODAY().year - 1, 1, 1))
    return school, found


def states(answers):
    return [one["state"] for one in answers]


def taken_away(facilitator, cast, coordinator):
    """All her families are another's from today."""
    other = make_staff("6371", person=Person.objects.get(pk=cast("FACILITATOR", VILLAGE).person_id))
    with in_territory(coordinator):
        hand_over(coordinator, staff_of(facilitator), other, day=TODAY(), reason="Pindah tugas")


def office(acting, act, entry, reason="Sudah saya periksa"):
    with in_territory(acting):
        return act(acting, Entry.objects.get(entry_id=entry["id"]), reason)


def _waiting(entry):
    return next(one for one in kept(Entry) if str(one.entry_id) == entry["id"])


# --- meetings


def test_a_meeting_with_its_photos(phone, group, client_of, facilitator):
    told = phone.carry()
    (carried,) = told["groups"]
    assert (carried["id"], len(carried["families"]), carried["next"]) == (str(group.pk), 3, None)
    assert {"code": "1.1", "free": False}.items() <= told["sessions"][0].items()
    states_told = ["PRESENT", "ABSENT", "EXCUSED"]
    entry = phone.about("family_sessions.meet", a_meeting(carried, states_told), photos=[phone.photo()])
    first = phone.send(entry)
    assert states(first) == ["ACCEPTED"], first
    assert phone.send(entry, entry) == first * 2
    (made,) = kept(Meeting)
    assert (str(made.pk), made.came, made.families, made.accepted_by_id) == (entry["id"], 1, 3, None)
    assert [one.kind for one in kept(Picture)] == ["SHEET"]
    assert client_of(facilitator).get(first[0]["result"]).status_code == 200
    again = phone.carry()
    assert again["groups"][0]["told"] == [{"session": "1.1", "on_day": TODAY().isoformat()}]
    assert {one["family"] for one in again["absences"]} == set(carried["families"][1:])


def test_the_next_session_of_the_plan_is_carried(phone, group, facilitator):
    day = TODAY()
    with in_territory(facilitator):
        sessions.plan(facilitator, group, day.year, [("1.1", day), ("1.2", day)])
    (carried,) = phone.carry()["groups"]
    assert carried["next"] == {"session": "1.1", "day": day.isoformat()}
    phone.send(phone.about("family_sessions.meet", a_meeting(carried)))
    assert phone.carry()["groups"][0]["next"]["session"] == "1.2"


@pytest.mark.parametrize(("changed", "field"), [
    ({"session_code": "99"}, "session_code"), ({"starts": "pagi"}, "starts"), ({"place": ""}, "place"),
    ({"ends": "08:00"}, "ends"), ({"session_code": "LOKAL"}, "topic"), ({"attendance": "x"}, "attendance"),
    ({"agreed": "NIK 6371014105900007"}, "agreed"), ({"on_day": "2001-01-01"}, "attendance"),
    ({"on_day": ""}, "on_day"),
])  # fmt: skip
def test_a_meeting_is_refused_as_the_page_refuses_it(phone, group, changed, field):
    carried = phone.carry()["groups"][0]
    (told,) = phone.send(phone.about("family_sessions.meet", a_meeting(carried) | changed))
    assert (told["state"], told["why"][0]["field"]) == ("REFUSED", field), told
    assert kept(Meeting) == []


def test_of_families_another_told_of_the_office_decides_and_what_was_told_stands(
    phone, group, facilitator, cast, coordinator, operator
):
    carried = phone.carry()["groups"][0]
    taken_away(facilitator, cast, coordinator)
    with in_territory(EVERYWHERE):
        other = acting_for(Accompaniment.objects.filter(valid_until=None).first().staff.person_id, TODAY())
    hold(other, group)
    with in_territory(coordinator):
        undo(coordinator, CaseloadChange.objects.get(kind="HAND_OVER"), reason="Uji")
    entry = phone.about("family_sessions.meet", a_meeting(carried, ["ABSENT"]))
    assert states(phone.send(entry)) == ["CONFLICT"]
    with pytest.raises(DecisionRefused, match="keluarga yang sama"):
        office(operator, accept, entry)
    assert [(one.by_id, one.came) for one in kept(Meeting)] == [(other.person_id, 3)]


def test_other_members_than_that_days_are_refused_and_a_mended_one_comes(phone, group):
    carried = phone.carry()["groups"][0]
    body = a_meeting(carried)
    wrong = phone.about("family_sessions.meet", body | {"attendance": body["attendance"][:2]})
    twice = phone.about("family_sessions.meet", body | {"attendance": body["attendance"][:1] * 3})
    stranger = [{"family": str(make_family("6371011002").pk), "state": "PRESENT"}]
    foreign = phone.about("family_sessions.meet", body | {"attendance": body["attendance"] + stranger})
    told = phone.send(wrong, twice, foreign)
    assert [(one["state"], one["why"][0]["field"]) for one in told] == [("REFUSED", "attendance")] * 3
    assert states(phone.send(phone.about("family_sessions.meet", body, mends=wrong["id"]))) == ["ACCEPTED"]


def test_the_same_session_of_a_day_again_conflicts_and_the_offices_yes_tells_it_anew(
    phone, group, facilitator, coordinator, client_of
):
    second = Phone(client_of(facilitator))
    second.enter()
    carried = phone.carry()["groups"][0]
    first = phone.about("family_sessions.meet", a_meeting(carried))
    other = second.about("family_sessions.meet", a_meeting(carried, ["ABSENT", "PRESENT", "PRESENT"]))
    assert states(phone.send(first)) == ["ACCEPTED"]
    assert states(second.send(other, first)) == ["CONFLICT", "ACCEPTED"]
    waiting = client_of(coordinator).get(f"/lapangan/keputusan/{_waiting(other).pk}/").content.decode()
    assert tanggal(TODAY()) in waiting
    assert "Hadir" in waiting
    office(coordinator, accept, other)
    before, anew = sorted(kept(Meeting), key=lambda one: one.at)
    assert (anew.replaces_id, anew.came, anew.by_id) == (before.pk, 2, facilitator.person_id)
    assert anew.accepted_by_id == coordinator.person_id
    assert "Dari lapangan oleh" in anew.why
    assert len(phone.carry()["groups"][0]["told"]) == 1
    assert "Diterima kantor oleh" in client_of(coordinator).get(f"/p2k2/pertemuan/{anew.pk}/").content.decode()


def test_a_group_no_longer_hers_is_held_and_the_office_lets_it_stand(phone, group, facilitator, cast, coordinator):
    carried = phone.carry()["groups"][0]
    entry = phone.about("family_sessions.meet", a_meeting(carried), photos=[phone.photo()])
    far = phone.about("family_sessions.meet", a_meeting(carried) | {"group": str(uuid4())})
    taken_away(facilitator, cast, coordinator)
    told = phone.send(entry, far)
    assert states(told) == ["QUARANTINED"] * 2
    assert kept(Meeting) == []
    office(coordinator, accept, entry)
    (made,) = kept(Meeting)
    assert (made.by_id, made.accepted_by_id) == (facilitator.person_id, coordinator.person_id)
    assert len(kept(Picture)) == 1
    with pytest.raises(DecisionRefused):
        office(coordinator, accept, far)
    office(coordinator, reject, far)


def test_a_group_that_names_a_family_in_its_envelope_is_refused(phone, group):
    carried = phone.carry()
    entry = phone.entry("family_sessions.meet", carried["families"][0], a_meeting(carried["groups"][0]))
    (told,) = phone.send(entry)
    assert (told["state"], told["why"][0]["field"]) == ("REFUSED", "family")


def test_an_unknown_kind_without_a_family_is_kept(phone, coordinator, client_of):
    sent = {
        "on_day": "2026-01-05", "x_mark": "Pagar rumah rubuh", "group": str(uuid4()), "ticks": [{"y": True, "z": 3}],
        "where": {"lat": 1, "lon": 2, "m": 3},
    }  # fmt: skip
    entry = phone.about("masa.depan", sent)
    assert states(phone.send(entry)) == ["QUARANTINED"]
    browser = client_of(coordinator)
    waiting = browser.get("/lapangan/keputusan/").content.decode()
    assert "Jenis yang belum dikenal server" in waiting and "masa.depan" not in waiting
    (held,) = kept(Entry)
    page = browser.get(f"/lapangan/keputusan/{held.pk}/").content.decode()
    assert "1.0000, 2.0000 (kira-kira 3 m)" in page
    lines = [(line.label, line.sent) for line in browser.get(f"/lapangan/keputusan/{held.pk}/").context["lines"]]
    assert lines == [("Hari", "5 Januari 2026"), ("Isian lain 1", "Ya, 3"), ("Isian lain 2", "Pagar rumah rubuh")]
    assert not [name for name in ("masa.depan", "x_mark", "ticks", "True", sent["group"]) if name in page]
    assert 'value="reject"' in page and 'value="accept"' not in page, "it cannot be accepted"


@pytest.mark.parametrize("where", [7, {}, {"lat": "x", "lon": 1}, {"lat": 95, "lon": 1}, {"lat": True, "lon": 1}])
def test_a_place_that_is_none_is_not_told_and_harms_nothing(phone, where, client_of, coordinator):
    phone.send(phone.about("masa.depan", {"where": where}))
    page = client_of(coordinator).get(f"/lapangan/keputusan/{kept(Entry)[0].pk}/")
    assert page.status_code == 200
    assert "Tempat ponsel" not in page.content.decode()


# --- absences


def an_absence(phone, facilitator):
    carried = phone.carry()["groups"][0]
    phone.send(phone.about("family_sessions.meet", a_meeting(carried, ["ABSENT", "PRESENT", "PRESENT"])))
    (absence,) = phone.carry()["absences"]
    return absence, {"id": absence["family"], "version": ""}


def an_answer(absence, **changed):
    return {"attendance": absence["id"], "on_day": TODAY().isoformat(), "how": "VISIT", "why": "ILL",
            "conveyed": True, "note": ""} | changed  # fmt: skip


def test_an_absent_family_is_asked(phone, group, facilitator):
    absence, family = an_absence(phone, facilitator)
    entry = phone.entry("family_sessions.ask", family, an_answer(absence))
    first = phone.send(entry)
    assert states(first) == ["ACCEPTED"], first
    assert phone.send(entry) == first
    (note,) = kept(AbsenceNote)
    assert (str(note.pk), note.why, note.conveyed) == (entry["id"], "ILL", True)
    assert phone.carry()["absences"] == []


def test_an_absence_is_refused_as_the_page_refuses_it(phone, group, facilitator):
    absence, family = an_absence(phone, facilitator)
    present = next(one for one in kept(Attendance) if one.state == "PRESENT")
    early = (TODAY() - timedelta(days=3)).isoformat()
    told = phone.send(*(phone.entry("family_sessions.ask", family, an_answer(absence, **changed)) for changed in (
        {"why": "OTHER"}, {"on_day": early}, {"how": "X"}, {"attendance": str(uuid4())},
        {"attendance": str(present.pk)},
    )))  # fmt: skip
    assert [one["why"][0]["field"] for one in told] == ["note", "on_day", "how", "attendance", "attendance"]
    assert kept(AbsenceNote) == []


def test_a_meeting_told_anew_since_conflicts_and_a_family_no_longer_hers_is_held(
    phone, group, facilitator, coordinator, cast
):
    absence, family = an_absence(phone, facilitator)
    carried = phone.carry()["groups"][0]
    again = phone.about("family_sessions.meet", a_meeting(carried, ["ABSENT", "PRESENT", "PRESENT"]))
    phone.send(again)
    office(coordinator, accept, again)
    entry = phone.entry("family_sessions.ask", family, an_answer(absence))
    assert states(phone.send(entry)) == ["CONFLICT"]
    office(coordinator, accept, entry)
    assert "Dari lapangan oleh" in kept(AbsenceNote)[0].note
    (newer,) = phone.carry()["absences"]
    taken_away(facilitator, cast, coordinator)
    late = phone.entry("family_sessions.ask", family, an_answer(newer))
    assert states(phone.send(late)) == ["QUARANTINED"]
    office(coordinator, accept, late)
    assert len(kept(AbsenceNote)) == 2


# --- sheets


def test_a_sheet_comes_to_verdicts_and_is_seen_with_photos_and_place(phone, pupils, client_of, operator, facilitator):
    carried = phone.carry()["sheets"]
    assert [one["quarter"] for one in carried] == [one.key for one in quarters(TODAY(), most=2)]
    now = carried[0]
    assert (now["school"], now["base"], len(now["members"]), now["id"]) == (
        True, "", 2, f"{pupils[0].pk}/{now['quarter']}",
    )  # fmt: skip
    body = a_sheet(now, absent=0) | {"where": {"lat": -3.31861, "lon": 114.5944, "m": 12}}
    entry = phone.about("commitments.sheet", body, photos=[phone.photo()])
    first = phone.send(entry)
    assert states(first) == ["ACCEPTED"], first
    assert phone.send(entry, entry) == first * 2
    (sheet,) = kept(Sheet)
    assert str(sheet.pk) == entry["id"]
    assert len(kept(Record)) == 6
    assert {one.verdict for one in kept(Verdict)} == {"MET"}
    again = phone.carry()["sheets"][0]
    assert again["base"] == entry["id"]
    assert [one["recorded"] for one in again["members"]] == [True, True]
    family = client_of(operator).get(
        f"/komitmen/keluarga/{now['members'][0]['family']}/", headers={"HX-Request": "true"}
    ).content.decode()  # fmt: skip
    assert "dari lapangan" in family
    assert first[0]["result"] in family
    for who in (operator, facilitator):
        page = client_of(who).get(first[0]["result"]).content.decode()
        assert "-3.3186, 114.5944 (kira-kira 12 m)" in page
        shown = client_of(who).post(f"{first[0]['result']}foto/{entry['photos'][0]}/")
        assert shown.content[:3] == b"\xff\xd8\xff"


def test_a_sheet_of_another_facilitator_and_one_typed_on_the_site_have_no_such_page(
    phone, pupils, client_of, operator, cast
):
    now = phone.carry()["sheets"][0]
    (told,) = phone.send(phone.about("commitments.sheet", a_sheet(now)))
    assert client_of(cast("FACILITATOR", VILLAGE)).get(told["result"]).status_code == 404
    typed = recorded(operator, pupils[0], {pupils[1][0]: months(0)}, quarter=quarters(TODAY())[0],
                     signed=_signed_today())  # fmt: skip
    assert client_of(operator).get(f"/lapangan/lembar/{typed.pk}/").status_code == 404


def _signed_today():
    from gandeng.commitments.actions import Signed

    return Signed("Ibu Kepala Uji", "Kepala sekolah", "Banjarmasin", TODAY())


@pytest.mark.parametrize(("changed", "field"), [
    ({"signer_name": ""}, "signer_name"), ({"signed_on": "2001-01-01"}, "signed_on"),
    ({"quarter": "2026-9"}, "quarter"),
    ({"rows": []}, "rows"), ({"rows": [{"member": "x"}]}, "rows"), ({"service": {}}, "service"),
    ({"days": {"1": "banyak", "2": 20, "3": 20}}, "days"), ({"place": "NIK 6371014105900007"}, "place"),
    ({"days": {"1": 1, "2": 1, "3": 1}}, ""),
])  # fmt: skip
def test_a_sheet_is_refused_as_the_page_refuses_it(phone, pupils, changed, field):
    (told,) = phone.send(phone.about("commitments.sheet", a_sheet(phone.carry()["sheets"][0], absent=4) | changed))
    assert (told["state"], told["why"][0]["field"]) == ("REFUSED", field), told
    assert kept(Sheet) == []


def test_a_member_who_is_not_expected_there_is_refused(phone, pupils):
    told = phone.carry()
    now = told["sheets"][0]
    other = next(one for family in told["families"] for one in family["members"]
                 if one["id"] not in {each["member"] for each in now["members"]})  # fmt: skip
    body = a_sheet(now)
    body["rows"][0]["member"] = other["id"]
    (answer,) = phone.send(phone.about("commitments.sheet", body))
    assert (answer["state"], answer["why"][0]["field"]) == ("REFUSED", "rows")


def test_a_sheet_no_figure_judges_is_kept_until_there_is_one(phone, pupils, operator, monkeypatch):
    def gap(cycle):
        raise PolicyGap("no_figure", figure="calendar/months_per_stage", day="2099-01-01")

    entry = phone.about("commitments.sheet", a_sheet(phone.carry()["sheets"][0], absent=9))
    with monkeypatch.context() as patch:
        patch.setattr(judging, "months_of", gap)
        assert states(phone.send(entry)) == ["CONFLICT"]
        with pytest.raises(DecisionRefused):
            office(operator, accept, entry)
    assert kept(Sheet) == []
    office(operator, accept, entry)
    assert len(kept(Sheet)) == 1


@pytest.mark.parametrize("photographed", [True, False])
def test_a_sheet_from_a_phone_says_whether_a_photo_came_with_it(phone, pupils, photographed):
    photos = [phone.photo()] if photographed else []
    phone.send(phone.about("commitments.sheet", a_sheet(phone.carry()["sheets"][0]), photos=photos))
    (sheet,) = kept(Sheet)
    with in_territory(EVERYWHERE):
        assert origins([sheet.pk])[sheet.pk].photographed == photographed
        assert thin_sheets([sheet.pk]) == (set() if photographed else {sheet.pk})


def test_who_is_not_in_the_rows_is_not_recorded(phone, pupils):
    body = a_sheet(phone.carry()["sheets"][0])
    phone.send(phone.about("commitments.sheet", body | {"rows": body["rows"][:1]}))
    assert {str(one.member_id) for one in kept(Record)} == {body["rows"][0]["member"]}


def test_a_newer_sheet_about_the_same_member_conflicts_and_about_another_does_not(
    phone, pupils, operator, coordinator, client_of
):
    now = phone.carry()["sheets"][0]
    body = a_sheet(now)
    one = phone.about("commitments.sheet", body | {"rows": body["rows"][:1]})
    other = phone.about("commitments.sheet", body | {"rows": body["rows"][1:]})
    both = phone.about("commitments.sheet", a_sheet(now, absent=5))
    assert states(phone.send(one, other, both)) == ["ACCEPTED", "ACCEPTED", "CONFLICT"]
    held = next(each for each in kept(Entry) if str(each.entry_id) == both["id"])
    page = client_of(operator).get(f"/lapangan/keputusan/{held.pk}/").content.decode()
    assert "1: Alpa 5" in page
    with pytest.raises(DecisionRefused):
        office(coordinator, accept, both, "Tidak berwenang mencatat")
    office(operator, accept, both)
    assert len(kept(Sheet)) == 3
    assert {each.by_id for each in kept(Sheet)} == {operator.person_id, one_person(phone)}
    seen = phone.carry()["sheets"][0]
    assert seen["base"] == both["id"]
    anew = phone.about("commitments.sheet", a_sheet(seen, absent=1))
    assert states(phone.send(anew)) == ["ACCEPTED"], "she has seen that one"


def one_person(phone):
    from gandeng.field.models import Device

    return Device.objects.get(pk=phone.id).person_id


def test_a_sheet_with_a_family_no_longer_hers_is_held(phone, pupils, facilitator, cast, coordinator, operator):
    body = a_sheet(phone.carry()["sheets"][0])
    entry = phone.about("commitments.sheet", body)
    unknown = phone.about("commitments.sheet", body | {"facility": str(uuid4())})
    taken_away(facilitator, cast, coordinator)
    assert states(phone.send(entry, unknown)) == ["QUARANTINED"] * 2
    office(operator, accept, entry)
    assert [str(one.pk) for one in kept(Sheet)] == [entry["id"]]


# --- decisions told, and objections


@pytest.fixture
def suspended(phone, pupils, coordinator, operator):
    """One of her families whose stage a supervisor suspended."""
    now = phone.carry()["sheets"][1]
    body = a_sheet(now, absent=9, signed_on=TODAY())
    told = phone.send(phone.about("commitments.sheet", body | {"rows": body["rows"][:1]}))
    assert states(told) == ["ACCEPTED"], told
    (decision,) = decided(coordinator)
    return decision, {"id": str(decision.family_id), "version": ""}


def a_step(about, **changed):
    return {"decision": str(about.pk), "on_day": TODAY().isoformat(), "words": "Dibacakan di rumahnya"} | changed


def test_a_decision_is_told_and_objected_to(phone, suspended, client_of, coordinator):
    decision, family = suspended
    carried = next(one for one in phone.carry()["families"] if one["id"] == family["id"])["decisions"]
    assert [(one["id"], one["told_on"], one["appeal_until"]) for one in carried] == [(str(decision.pk), "", "")]
    early = phone.entry("commitments.appeal", family, a_step(decision))
    told = phone.entry("commitments.told", family, a_step(decision))
    assert states(phone.send(early)) == ["CONFLICT"], "it may be on its way that it was told"
    first = phone.send(told)
    assert states(first) == ["ACCEPTED"], first
    assert phone.send(told) == first
    carried = next(one for one in phone.carry()["families"] if one["id"] == family["id"])["decisions"]
    assert carried[0]["told_on"] == TODAY().isoformat()
    assert carried[0]["appeal_until"] > carried[0]["told_on"]
    appeal = phone.entry("commitments.appeal", family, a_step(decision, words="Anaknya dirawat di rumah sakit"))
    assert states(phone.send(appeal)) == ["ACCEPTED"]
    assert next(one for one in phone.carry()["families"] if one["id"] == family["id"])["decisions"] == []
    assert [one.kind for one in sorted(kept(Step), key=lambda one: one.at)] == ["TOLD", "APPEALED"]
    assert client_of(coordinator).get(first[0]["result"]).status_code == 200


def test_a_suspension_that_was_replaced_is_told_to_nobody(phone, suspended):
    """The school's corrected sheet came before she told the family."""
    _decision, family = suspended
    body = a_sheet(phone.carry()["sheets"][1], absent=0, signed_on=TODAY())
    assert states(phone.send(phone.about("commitments.sheet", body | {"rows": body["rows"][:1]}))) == ["ACCEPTED"]
    assert next(one for one in phone.carry()["families"] if one["id"] == family["id"])["decisions"] == []


def test_an_early_objection_stands_once_the_office_says_yes(phone, suspended, operator):
    decision, family = suspended
    early = phone.entry("commitments.appeal", family, a_step(decision))
    phone.send(early)
    with pytest.raises(DecisionRefused):
        office(operator, accept, early)
    phone.send(phone.entry("commitments.told", family, a_step(decision)))
    office(operator, accept, early)
    assert {one.kind for one in kept(Step)} == {"TOLD", "APPEALED"}
    assert "Dari lapangan oleh" in next(one.words for one in kept(Step) if one.kind == "APPEALED")


def test_a_step_is_refused_as_the_page_refuses_it(phone, suspended):
    decision, family = suspended
    before = (TODAY() - timedelta(days=2)).isoformat()
    entries = [
        phone.entry("commitments.told", family, a_step(decision, **changed))
        for changed in ({"words": ""}, {"on_day": before}, {"decision": str(uuid4())}, {})
    ]
    told = phone.send(*entries, phone.entry("commitments.told", family, a_step(decision)))
    assert states(told) == ["REFUSED"] * 3 + ["ACCEPTED", "REFUSED"]
    assert [one["why"][0]["field"] for one in told if one["why"]] == ["words", "on_day", "decision", ""]
    assert len(kept(Step)) == 1


def test_a_decision_about_a_family_no_longer_hers_is_held(phone, suspended, facilitator, cast, coordinator, operator):
    decision, family = suspended
    taken_away(facilitator, cast, coordinator)
    entry = phone.entry("commitments.told", family, a_step(decision))
    assert states(phone.send(entry)) == ["QUARANTINED"]
    office(operator, accept, entry)
    assert [one.by_id for one in kept(Step)] == [operator.person_id]


# --- complaints


def a_complaint(kind="NOT_RECEIVED"):
    return {"kind": kind, "words": "Uang bulan ini belum masuk ke kartunya"}


def seen_by(acting):
    with in_territory(acting):
        return list(cases(acting))


def test_a_complaint_becomes_a_case_of_the_family(phone, facilitator, coordinator, client_of):
    told = phone.carry()
    family = told["families"][0]
    assert told["words"]["case_kinds"]["LEVY"]
    entry = phone.entry("helpdesk.tell", family, a_complaint())
    first = phone.send(entry)
    assert states(first) == ["ACCEPTED"], first
    assert phone.send(entry) == first
    (case,) = seen_by(coordinator)
    assert (str(case.pk), case.came, str(case.family_id)) == (entry["id"], "FACILITATOR", family["id"])
    assert family["family_no"] in contact_of(case)
    assert client_of(facilitator).get(first[0]["result"]).status_code == 200
    with in_territory(coordinator):
        assert [one.what for one in CaseEvent.objects.order_by("number")] == ["OPENED", "LINKED"]


def test_a_sensitive_one_is_found_by_heads_alone_and_the_entry_names_no_family(
    phone, facilitator, coordinator, operator, cast
):
    family = phone.carry()["families"][0]
    (told,) = phone.send(phone.entry("helpdesk.tell", family, a_complaint("LEVY")))
    assert (told["state"], told["result"]) == ("ACCEPTED", "")
    assert [seen_by(one) for one in (facilitator, coordinator, operator)] == [[], [], []]
    (case,) = seen_by(cast("DISTRICT_HEAD", "6371"))
    assert case.sensitive
    assert words_of(case) == a_complaint()["words"]
    assert family["family_no"] in contact_of(case)
    assert str(case.pk) != kept(Entry)[0].entry_id
    assert [(one.family_id, one.result) for one in kept(Entry)] == [(None, "")]


def test_a_sensitive_one_is_not_held_because_of_its_family(phone, facilitator, cast, coordinator):
    family = phone.carry()["families"][0]
    taken_away_later = phone.entry("helpdesk.tell", family, a_complaint("VIOLENCE"))
    held = phone.entry("helpdesk.tell", family, a_complaint())
    with in_territory(coordinator):
        other = make_staff("6371", person=Person.objects.get(pk=cast("FACILITATOR", VILLAGE).person_id))
        hand_over(coordinator, staff_of(facilitator), other, day=TODAY(), reason="Pindah tugas")
    make_family()
    from gandeng.facilitators.actions.caseload import assign_unaccompanied

    with in_territory(coordinator):
        assign_unaccompanied(coordinator, VILLAGE, staff_of(facilitator), day=TODAY(), reason="Uji")
    assert states(phone.send(taken_away_later, held)) == ["ACCEPTED", "QUARANTINED"]
    office(coordinator, accept, held)
    with in_territory(EVERYWHERE):
        assert Case.objects.count() == 1, "of those a ministry officer sees"


def test_what_is_held_of_a_sensitive_one_is_read_by_nobody_at_the_office(phone, coordinator, client_of):
    family = phone.carry()["families"][0]
    entry = phone.entry("helpdesk.tell", family, a_complaint("LEVY"), kv=9, photos=[phone.photo()])
    assert states(phone.send(entry)) == ["QUARANTINED"]
    held, browser = kept(Entry)[0], client_of(coordinator)
    page = browser.get(f"/lapangan/keputusan/{held.pk}/").content.decode()
    assert "belum masuk" not in page
    assert "Unduh foto" not in page
    assert browser.post(f"/lapangan/keputusan/{held.pk}/foto/{entry['photos'][0]}/").status_code == 404


def test_a_complaint_is_refused_as_the_page_refuses_it(phone):
    family = phone.carry()["families"][0]
    told = phone.send(*(phone.entry("helpdesk.tell", family, a_complaint() | changed) for changed in (
        {"kind": "X"}, {"words": "pendek"}, {"words": "NIK 6371014105900007 tidak terbaca"},
    )))  # fmt: skip
    assert states(told) == ["REFUSED"] * 3
    assert [one["why"][0]["field"] for one in told] == ["kind", "words", "words"]


# --- what is carried


def test_nothing_of_other_peoples_families_is_carried(phone, group, pupils, cast, coordinator, operator):
    stranger = make_family("6371011002", name="Kanari Tetangga")
    placed(operator, stranger.collector, pupils[0], since=date(2025, 1, 1))
    told = phone.carry()
    own = {one["id"] for one in told["families"]}
    assert {one["family"] for sheet in told["sheets"] for one in sheet["members"]} <= own
    assert {family for one in told["groups"] for family in one["families"]} <= own
    assert "Kanari Tetangga" not in str(told)
