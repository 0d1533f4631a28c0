"""A family on its way out of the programme, from a phone: checklist, visit, statement and that it was told."""

import json
from types import SimpleNamespace

import pytest
from django.utils import timezone

from gandeng.accounts.acting import in_territory
from gandeng.accounts.models import Person
from gandeng.facilitators.actions.caseload import assign_unaccompanied, hand_over
from gandeng.facilitators.tests.factories import make_staff
from gandeng.field.actions.deciding import DecisionRefused, accept
from gandeng.field.models import Entry
from gandeng.field.tests.factories import VILLAGE, Phone, accompanying, staff_of
from gandeng.graduation import actions
from gandeng.graduation.actions.preparing import open_paper
from gandeng.graduation.models import Paper, Step
from gandeng.graduation.published import items_of
from gandeng.graduation.signing import drawn
from gandeng.graduation.tests.factories import (
    STROKES,
    WORDS,
    approved,
    do,
    opened,
    prepared,
    state_of,
    with_component,
)
from gandeng.registry.tests.factories import EVERYWHERE

pytestmark = pytest.mark.django_db


@pytest.fixture
def hers(cast, coordinator, client_of):
    """A family of its own will on its way out, its facilitator and her phone; who decides."""
    family, acting = with_component(), accompanying(cast, coordinator)
    case = opened(acting, family, "INDEPENDENT")
    phone = Phone(client_of(acting))
    phone.enter()
    (carried,) = phone.carry()["families"]
    return SimpleNamespace(
        family=family, acting=acting, phone=phone, case=case, carried=carried, head=cast("DISTRICT_HEAD", "6371")
    )


@pytest.fixture
def operator(cast):
    return cast("DISTRICT_OPERATOR", "6371")


def body(hers, kind, **changed):
    """Of that kind, as the app sends it."""
    graduation = hers.carried["graduation"]
    told = {
        "checklist": {"answers": dict.fromkeys(items_of("INDEPENDENT"), "YES")},
        "visit": {"result": "FITS"},
        "statement": {"signer": hers.carried["members"][0]["id"], "strokes": json.loads(STROKES)},
        "told": {"approval": graduation["approval"]},
    }[kind]
    day = timezone.localdate().isoformat()
    return {"case": graduation["case"], "on_day": day, "words": "Bertemu di rumahnya"} | told | changed


def entry(hers, kind, *, photos=(), **changed):
    return hers.phone.entry(f"graduation.{kind}", hers.carried, body(hers, kind, **changed), photos=list(photos))


def said(answers):
    return [(one["state"], [why["field"] for why in one["why"]]) for one in answers]


def steps():
    with in_territory(EVERYWHERE):
        return list(Step.objects.order_by("number"))


def test_it_works(hers):
    """What a proposal lacks comes from the phone in any order and counts once; then it can be proposed."""
    sent = [entry(hers, kind) for kind in ("statement", "visit", "checklist")]
    first = hers.phone.send(*sent)
    assert said(first) == [("ACCEPTED", [])] * 3, first
    assert hers.phone.send(*reversed(sent)) == list(reversed(first)), "again, in another order: the same"
    assert {str(one.pk) for one in steps()} == {one["id"] for one in sent}, "the steps have the ids of the entries"
    assert {one.by_id for one in steps()} == {hers.acting.person_id}
    assert first[0]["result"] == f"/graduasi/{hers.case.pk}/"
    signed, visit, checklist = steps()
    assert (visit.facts, checklist.facts["answers"]["voluntary"]) == ({"result": "FITS"}, "YES")
    assert signed.words.endswith("Catatan: Bertemu di rumahnya"), "beside what the family signed"
    assert hers.phone.carry()["families"][0]["graduation"]["missing"] == []
    do(actions.propose, hers.acting, hers.case, WORDS)
    assert state_of(hers.case) == "PROPOSED"


def test_the_signature_is_the_one_the_site_draws(hers):
    hers.phone.send(entry(hers, "statement"))
    (step,) = steps()
    assert (step.facts["how"], step.facts["sha256"]) == ("DRAWN", drawn(STROKES).sha256)


def test_the_photo_of_the_stamped_paper_is_the_statement(hers):
    """Also where something was scribbled on the screen first."""
    sha256 = hers.phone.photo()
    assert said(hers.phone.send(entry(hers, "statement", photos=[sha256]))) == [("ACCEPTED", [])]
    (step,) = steps()
    assert (step.facts["how"], step.facts["signer"]) == ("PHOTO", hers.family.collector.member_no)
    with in_territory(hers.head):
        assert open_paper(hers.head, hers.case, Paper.objects.get()).startswith(b"\xff\xd8\xff")


@pytest.mark.parametrize(
    ("kind", "changed", "field"),
    [
        ("checklist", {"answers": {"voluntary": "YES"}}, "item_understands"),
        ("checklist", {"answers": ["YES"]}, "item_voluntary"),
        ("checklist", {"answers": dict.fromkeys(items_of("INDEPENDENT"), "MAYBE")}, "item_voluntary"),
        ("checklist", {"on_day": "9999-01-01"}, "on_day"),
        ("visit", {"result": "X"}, "result"),
        ("visit", {"words": " "}, "words"),
        ("visit", {"words": "NIK 6371014105900007"}, "words"),
        ("visit", {"case": "keluarga lain"}, "case"),
        ("statement", {"strokes": []}, "photo"),
        ("statement", {"strokes": [[[1, 2], [3, 4]]]}, "photo"),
        ("statement", {"strokes": {"x": "garis"}}, "photo"),
        ("statement", {"signer": "tetangga"}, "signer"),
        ("told", {}, "case"),
    ],
)
def test_it_refuses_what_the_page_refuses(hers, kind, changed, field):
    (told,) = hers.phone.send(entry(hers, kind, **changed))
    assert told["state"] == "REFUSED"
    assert field in {one["field"] for one in told["why"]}
    assert steps() == []
    assert said(hers.phone.send(entry(hers, "checklist"))) == [("ACCEPTED", [])], "the case is as it was"


def test_it_refuses_the_case_of_another_family(hers, coordinator):
    another = with_component()
    with in_territory(coordinator):
        assign_unaccompanied(coordinator, VILLAGE, staff_of(hers.acting), day=timezone.localdate(), reason="Uji")
    other = opened(hers.acting, another, "INDEPENDENT")
    assert said(hers.phone.send(entry(hers, "visit", case=str(other.pk)))) == [("REFUSED", ["case"])]


def test_more_than_one_paper_is_refused(hers):
    photos = [hers.phone.photo("red"), hers.phone.photo("blue")]
    assert said(hers.phone.send(entry(hers, "statement", photos=photos))) == [("REFUSED", ["photo"])]


def test_a_step_after_it_was_proposed_waits_and_stands_once_it_was_given_back(hers, operator):
    """What she found at the family's is not lost: whoever decides sees it, and the office lets it stand."""
    sent = entry(hers, "visit", result="DIFFERS", words="Ada bayi baru di rumah itu")
    prepared(hers.acting, hers.case)
    do(actions.propose, hers.acting, hers.case, WORDS)
    before = len(steps())
    (told,) = hers.phone.send(sent)
    assert (told["state"], len(steps())) == ("CONFLICT", before)
    assert "Menunggu keputusan" in told["why"][0]["words"]
    with in_territory(operator):
        waiting = Entry.objects.get(entry_id=sent["id"])
        with pytest.raises(DecisionRefused, match="Menunggu keputusan"):
            accept(operator, waiting, "Perlu dibaca")
    do(actions.give_back, hers.head, hers.case, "Kunjungan baru menyebut bayi")
    with in_territory(operator):
        accept(operator, waiting, "Sudah dikembalikan")
    last = steps()[-1]
    assert (last.kind, last.facts, str(last.pk)) == ("VISIT", {"result": "DIFFERS"}, sent["id"])
    assert last.by_id == operator.person_id
    assert "Dari lapangan oleh" in last.words


def test_a_step_of_a_case_that_is_over_is_refused(hers):
    sent = [entry(hers, kind) for kind in ("checklist", "visit", "statement")]
    do(actions.withdraw, hers.acting, hers.case, timezone.localdate(), WORDS)
    answers = hers.phone.send(*sent)
    assert said(answers) == [("REFUSED", ["case"])] * 3
    assert "Ditarik keluarga" in answers[0]["why"][0]["words"]


def _told_from(hers):
    """An entry of what the phone carries now."""
    hers.carried = hers.phone.carry()["families"][0]
    return entry(hers, "told")


def test_the_family_is_told_once(hers):
    prepared(hers.acting, hers.case)
    do(actions.propose, hers.acting, hers.case, WORDS)
    approved(hers.head, hers.case)
    sent, other = _told_from(hers), _told_from(hers)
    assert said(hers.phone.send(sent, other, sent)) == [("ACCEPTED", []), ("REFUSED", ["case"]), ("ACCEPTED", [])]
    assert (state_of(hers.case), str(steps()[-1].pk)) == ("TOLD", sent["id"])


def test_what_was_told_of_an_approval_that_was_taken_back_does_not_stand(hers):
    """Neither while it is prepared anew, nor of the approval after that."""
    prepared(hers.acting, hers.case)
    do(actions.propose, hers.acting, hers.case, WORDS)
    approved(hers.head, hers.case)
    early, late = _told_from(hers), _told_from(hers)
    do(actions.give_back, hers.head, hers.case, WORDS)
    assert said(hers.phone.send(early)) == [("REFUSED", ["case"])]
    do(actions.propose, hers.acting, hers.case, WORDS)
    approved(hers.head, hers.case)
    assert said(hers.phone.send(late)) == [("REFUSED", ["case"])]
    assert said(hers.phone.send(_told_from(hers))) == [("ACCEPTED", [])]


def test_of_a_family_no_longer_hers_it_is_held_and_shown_beside_what_stands(
    hers, coordinator, operator, cast, client_of
):
    do(actions.check, hers.acting, hers.case, timezone.localdate(), dict.fromkeys(items_of("INDEPENDENT"), "NO"))
    sent = [entry(hers, "checklist"), entry(hers, "statement", photos=[hers.phone.photo()])]
    successor = make_staff("6371", person=Person.objects.get(pk=cast("FACILITATOR", VILLAGE).person_id))
    with in_territory(coordinator):
        hand_over(coordinator, staff_of(hers.acting), successor, day=timezone.localdate(), reason="Pindah tugas")
    assert said(hers.phone.send(*sent)) == [("QUARANTINED", ["family"])] * 2
    desk = client_of(operator)
    pages = []
    for one in sent:
        with in_territory(operator):
            held = Entry.objects.get(entry_id=one["id"])
        pages.append(desk.get(f"/lapangan/keputusan/{held.pk}/").content.decode())
        assert (
            desk.post(f"/lapangan/keputusan/{held.pk}/", {"decision": "accept", "reason": "Benar"}).status_code == 302
        )
    assert "Keluarga memilihnya sendiri, tanpa disuruh siapa pun: Ya" in pages[0]
    assert "Keluarga memilihnya sendiri, tanpa disuruh siapa pun: Tidak" in pages[0], "what stands"
    assert f"Foto pernyataan bermeterai, oleh anggota {hers.family.collector.member_no}" in pages[1]
    assert [one.kind for one in steps()] == ["CHECKLIST", "CHECKLIST", "STATEMENT"]
