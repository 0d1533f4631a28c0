"""Cases at the desk: who sees them, what may follow what, two at once, the clock."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gandeng.accounts.acting import in_territory
from gandeng.facilitators.tests.factories import few_queries
from gandeng.helpdesk import queries
from gandeng.helpdesk.actions import cases as deeds
from gandeng.helpdesk.actions.asking import escalate_due
from gandeng.helpdesk.forms import AnswerForm
from gandeng.helpdesk.models import Case, CaseEvent
from gandeng.helpdesk.published import Clock, answers, kinds
from gandeng.helpdesk.tests.factories import WHAT, answered, do, filed, found_by, late, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(cast):
    return cast("HELPDESK", "6371")


@pytest.fixture
def head(cast):
    return cast("DISTRICT_HEAD", "6371")


def test_its_times_are_told_in_the_hours_of_whoever_reads(desk, cast, client_of):
    made = filed(region="6371")
    case = found_by(desk, made)
    for reader, zone, hours in (desk, "WITA", 8), (cast("MINISTRY_OFFICER", ""), "WIB", 7):
        page = client_of(reader).get(reverse("helpdesk:case", args=[case.pk])).content.decode()
        assert f"{case.opened_at + timedelta(hours=hours):%H.%M} {zone}" in page
        assert set(re.findall(r"\b[0-9]{2}\.[0-9]{2} (WI\w+)", page)) == {zone}


def test_it_works(desk, client_of):
    browser = client_of(desk)
    sent = {"came": "PHONE", "kind": "CARD", "place": "6371", "what": WHAT, "contact": "Siti Uji"}
    page = browser.post(reverse("helpdesk:new"), sent).content.decode()
    with in_territory(desk):
        made = Case.objects.get()
    assert made.number in page and made.state == "NEW" and made.level == 2
    with few_queries():
        listed = browser.get(reverse("helpdesk:cases")).content.decode()
    assert made.number in listed
    page = reverse("helpdesk:case", args=[made.pk])
    with few_queries():
        shown = browser.get(page).content.decode()
    assert WHAT in shown and "Siti Uji" in shown and "Mulai kerjakan" in shown
    acts = [("mulai", {}), ("catat", {"text": "Sudah ditelepon"}), ("jawab", {"text": "Kartu dapat diganti di bank"})]
    for move, told in acts:
        address = reverse("helpdesk:act", args=[made.pk, move])
        assert browser.get(address).status_code == 200
        assert browser.post(address, told | {"x": "1"}).status_code == 302, move
    shown = browser.get(page).content.decode()
    assert "Sudah ditelepon" in shown and "Kartu dapat diganti" in shown and "Dijawab" in shown
    assert (
        browser.post(reverse("helpdesk:act", args=[made.pk, "catat"]), {"text": "6371010101010001"}).status_code == 422
    )


ROLES = ("FACILITATOR", "SUB_DISTRICT_LEAD", "DISTRICT_OPERATOR", "DISTRICT_COORDINATOR", "PROVINCE_OFFICER",
         "MINISTRY_OFFICER", "AUDITOR", "HELPDESK", "ADMINISTRATOR", "CHANNEL_OFFICER")  # fmt: skip
PLACE = {"FACILITATOR": "6371011001", "SUB_DISTRICT_LEAD": "637101", "PROVINCE_OFFICER": "63", "MINISTRY_OFFICER": ""}


@pytest.mark.parametrize("role", ROLES)
def test_a_sensitive_case_is_not_there_for(role, cast, client_of, head):
    who = cast(role, PLACE.get(role, "6371"), channel="BRI" if role == "CHANNEL_OFFICER" else "")
    made = filed(kind="LEVY")
    case = found_by(head, made)
    with in_territory(who):
        assert Case.objects.count() == 0 and CaseEvent.objects.count() == 0
    browser = client_of(who)
    there = browser.get(reverse("helpdesk:case", args=[case.pk]))
    nowhere = browser.get(reverse("helpdesk:case", args=["00000000-0000-4000-8000-000000000000"]))
    assert there.status_code == nowhere.status_code and there.status_code in (403, 404)
    assert _without_address(there, case.pk) == _without_address(nowhere, "00000000-0000-4000-8000-000000000000")


def _without_address(answer, key):
    import re

    body = answer.content.decode().replace(str(key), "")
    return re.sub(r'(nonce|value|csrf[^=]*)="[^"]*"', "", body)


@pytest.mark.parametrize("role", ["DISTRICT_HEAD", "HELPDESK", "DISTRICT_COORDINATOR"])
def test_whoever_is_complained_of_never_finds_it(role, cast, client_of):
    province = cast("PROVINCE_HEAD", "63")
    accused, made = cast(role, "6371"), filed(kind="CARD_HELD")
    do(province, made, deeds.accuse, person(accused))
    case = found_by(province, made)
    assert case.accused_id == accused.person_id and found_by(accused, made) is None
    assert client_of(accused).get(reverse("helpdesk:case", args=[case.pk])).status_code == 404
    with pytest.raises(deeds.CaseRefused):
        do(province, made, deeds.hand_on, person(accused))
    with in_territory(accused), pytest.raises(PermissionDenied):
        deeds.note(accused, case, "Bukan saya")


def test_nobody_complained_of_finds_it_when_another_is_named_too(cast, head):
    """A head who keeps a card and the facilitator who brought it: each of them is never told."""
    province, facilitator = cast("PROVINCE_HEAD", "63"), cast("FACILITATOR", "6371011001")
    made = filed(kind="CARD_HELD")
    do(province, made, deeds.accuse, person(head))
    do(province, made, deeds.accuse, person(facilitator))
    case = found_by(province, made)
    assert found_by(head, made) is None
    with in_territory(province):
        assert {one.pk for one in queries.people_for(case, accused=False)} == {province.person_id}
    with pytest.raises(deeds.CaseRefused):
        do(province, made, deeds.hand_on, person(head))
    with in_territory(head), pytest.raises(DatabaseError), transaction.atomic():
        CaseEvent.objects.create(case=case, number=case.steps + 1, what="NOTE", by_id=head.person_id)


def test_naming_somebody_makes_an_ordinary_case_sensitive(cast, desk, head):
    made, worker = filed(), cast("FACILITATOR", "6371011001")
    do(desk, made, deeds.hand_on, person(worker))
    assert found_by(worker, made).assigned_id == worker.person_id
    do(desk, made, deeds.accuse, person(worker))
    assert found_by(desk, made) is None and found_by(worker, made) is None
    case = found_by(head, made)
    assert case.sensitive and case.assigned_id is None


def test_a_higher_level_keeps_it_from_the_lower(cast, head):
    province, made = cast("PROVINCE_HEAD", "63"), filed(kind="LEVY")
    do(head, made, deeds.escalate, "Menyangkut kantor kami")
    assert found_by(head, made) is None and found_by(province, made).level == 3


def test_the_facilitator_finds_what_she_was_handed_and_no_more(cast, desk, stranger):
    worker, one, other = cast("FACILITATOR", "6371011001"), filed(), filed()
    do(desk, one, deeds.hand_on, person(worker))
    assert found_by(worker, one) and found_by(worker, other) is None
    assert found_by(stranger, one) is None
    answered(worker, one)
    assert found_by(desk, one).state == "ANSWERED"


def test_two_at_once_are_one_and_a_refusal(cast, desk):
    made, colleague = filed(), cast("HELPDESK", "6371")
    stale = found_by(desk, made)
    do(colleague, made, deeds.start)
    with in_territory(desk), pytest.raises(deeds.CaseRefused):
        deeds.start(desk, stale)
    assert found_by(desk, made).assigned_id == colleague.person_id and found_by(desk, made).steps == 2


def test_merging_keeps_both_trails(desk):
    one, other = filed(), filed()
    do(desk, one, deeds.note, "Yang pertama")
    with in_territory(desk):
        into, goes = (Case.objects.get(number=each.number) for each in (one, other))
        deeds.merge(desk, goes, into)
        trails = [[row["row"].what for row in queries.trail(each)] for each in (into, goes)]
    assert trails == [["OPENED", "NOTE", "MERGED"], ["OPENED", "MERGED"]]
    gone = found_by(desk, other)
    assert gone.merged_into_id == into.pk and gone.state == "CLOSED"
    with pytest.raises(deeds.CaseRefused):
        do(desk, other, deeds.reopen, "Belum selesai")


def test_a_merge_across_districts_is_refused(cast):
    officer, one, other = cast("PROVINCE_OFFICER", "63"), filed(), filed(region="6372")
    with in_territory(officer), pytest.raises(deeds.CaseRefused):
        deeds.merge(officer, Case.objects.get(number=one.number), Case.objects.get(number=other.number))


def test_the_clock_escalates_once(desk, monkeypatch):
    made = filed(desk)
    assert escalate_due() == 0, "its time is not over"
    late(monkeypatch)
    made = filed(desk)
    assert escalate_due() == 1 and escalate_due() == 0
    case = found_by(desk, made)
    assert (case.state, case.level, case.steps) == ("ESCALATED", 3, 2) and case.due_at is not None


def at(hours):
    """So many hours from now, as near as a test runs."""
    return pytest.approx((timezone.now() + timedelta(hours=hours)).timestamp(), abs=60)


def clock(acting, made):
    """Until when the step has time, and until when the answer is to be there."""
    case = found_by(acting, made)
    return case.due_at.timestamp(), case.answer_by.timestamp()


def test_each_step_has_its_clock(desk, cast, client_of):
    card, worker, browser = kinds()["CARD"], cast("FACILITATOR", "6371011001"), client_of(desk)
    made = filed(kind="CARD")
    page = reverse("helpdesk:case", args=[found_by(desk, made).pk])
    assert clock(desk, made) == (at(card.start), at(card.hours[1])) and card.start < card.hours[1]
    assert "Mulai kerjakan: " in (shown := browser.get(page).content.decode()) and "Dijawab paling lambat" in shown
    do(desk, made, deeds.start)
    assert clock(desk, made) == (at(card.hours[1]), at(card.hours[1]))
    assert "Jawab: " in (shown := browser.get(page).content.decode()) and "Dijawab paling lambat" not in shown
    do(desk, made, deeds.hand_on, person(worker))
    assert clock(desk, made) == (at(card.start), at(card.hours[1]))
    do(desk, made, deeds.escalate, "Perlu provinsi")
    assert clock(desk, made) == (at(card.start), at(card.hours[2]))
    with in_territory(desk):
        raised = CaseEvent.objects.get(what="ESCALATED")
    assert raised.due_at < raised.answer_by


def test_handing_on_gives_no_time_beyond_the_answer(desk, cast):
    """What was told days ago and written down today has time for its answer from the day it was told."""
    made, worker = filed_days_ago(desk, 2), cast("FACILITATOR", "6371011001")
    assert clock(desk, made) == (at(24), at(24)), "a step never ends after the answer is to be there"
    for _again in range(2):
        do(desk, made, deeds.hand_on, person(worker))
        assert clock(desk, made) == (at(24), at(24))


def filed_days_ago(acting, days):
    told = deeds.Told("CARD", "6371", WHAT, "PHONE", "Siti Uji", ago=timedelta(days=days))
    with in_territory(acting):
        return deeds.file_case(acting, told)


def test_who_does_not_begin_loses_it_to_the_level_above_who_began_does_not(desk, monkeypatch):
    """Both were told at the same moment; the time to begin is over, that for the answer is not."""
    now = timezone.now()
    short = Clock(now - timedelta(minutes=1), now + timedelta(days=1))
    monkeypatch.setattr(deeds, "clock_of", lambda _kind, _level, **_ago: short)
    begun, left = filed(), filed()
    do(desk, begun, deeds.start)
    assert escalate_due() == 1
    assert (found_by(desk, begun).level, found_by(desk, left).level) == (2, 3)
    above = kinds()["NOT_RECEIVED"]
    assert clock(desk, left) == (at(above.start), at(above.hours[2]))


def test_killed_while_escalating_nothing_or_all_is_done(desk, monkeypatch):
    late(monkeypatch)
    made = [filed(desk) for _each in range(3)]
    with pytest.raises(KeyboardInterrupt), transaction.atomic():
        assert escalate_due() == 3
        raise KeyboardInterrupt
    assert {found_by(desk, each).level for each in made} == {2}
    assert escalate_due() == 3 and {found_by(desk, each).steps for each in made} == {2}


def test_nobody_changes_a_case_or_its_trail_by_hand(desk, head):
    made = filed()
    for query in (
        "update helpdesk_case set state = 'CLOSED'", "delete from helpdesk_case",
        "update helpdesk_caseevent set told = false", "delete from helpdesk_caseevent",
    ):  # fmt: skip
        with in_territory(head), pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(query)
    assert found_by(desk, made).state == "NEW"


MOVES = ("start", "answer", "note", "escalate", "close", "reopen")


@given(st.lists(st.sampled_from(MOVES), max_size=8))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_order_of_acts_keeps_level_clock_and_trail(desk, moves):
    """Levels rise, answered cases have no clock, every act that went through is one event, and no other."""
    made, done, level = filed(), 1, 2
    for move in moves:
        before = found_by(desk, made)
        values = () if move in ("start", "close") else ("Kata yang cukup panjang",)
        try:
            do(desk, made, getattr(deeds, move), *values)
            done += 1
        except deeds.CaseRefused:
            assert found_by(desk, made).state == before.state
        case = found_by(desk, made)
        assert case.steps == done and case.level >= level
        assert (case.due_at is None) == (case.answer_by is None) == (case.state in ("ANSWERED", "CLOSED"))
        assert case.due_at is None or (case.due_at < case.answer_by) == (case.state != "IN_PROGRESS")
        level = case.level
    with in_territory(desk):
        assert [row["row"].number for row in queries.trail(case if moves else found_by(desk, made))] == [
            *range(1, done + 1)
        ]


def test_every_kind_has_clocks_and_a_first_level():
    assert {"NOT_RECEIVED", "CARD_HELD", "LEVY", "VIOLENCE"} <= set(kinds())
    assert {code for code, kind in kinds().items() if kind.sensitive} == {"CARD_HELD", "LEVY", "VIOLENCE"}


def test_an_answer_begins_with_a_text_that_fits_and_is_changed(desk, client_of):
    made, browser = filed(kind="CARD"), client_of(desk)
    do(desk, made, deeds.start)
    address = reverse("helpdesk:act", args=[found_by(desk, made).pk, "jawab"])
    texts = browser.get(address).context["texts"]
    assert texts[0][0] == "CARD_NEW" and len(texts) == len(answers())
    form = browser.get(address, {"contoh": "CARD_NEW"}).context["form"]
    assert "mengganti kartu" in form.initial["text"]
    assert browser.post(address, {"text": form.initial["text"] + " Cabang buka sampai pukul tiga."}).status_code == 302
    assert found_by(desk, made).state == "ANSWERED"


def test_every_kind_has_a_text_and_no_text_is_longer_than_an_answer():
    assert {kind for one in answers().values() for kind in one.fits} | {"OTHER"} == set(kinds())
    for one in answers().values():
        assert AnswerForm({"text": one.text.id}).is_valid()
