"""What facilitators find out about money that did not arrive."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from gandeng.accounts.acting import in_territory
from gandeng.exports.tests.taking import taken
from gandeng.facilitators.actions.caseload import assign_unaccompanied
from gandeng.facilitators.models import Staff
from gandeng.facilitators.tests.factories import few_queries, make_staff
from gandeng.follow_up import queries
from gandeng.follow_up.actions import FollowUpRefused, Told, tell
from gandeng.follow_up.models import FollowUp
from gandeng.payments.tests.factories import make_cycle
from gandeng.payments.tests.steps import opened
from gandeng.reconciliation.actions.exceptions import Act, act_on
from gandeng.reconciliation.actions.reissues import carry_over
from gandeng.reconciliation.models import CurrentOutcome, ExceptionCase
from gandeng.reconciliation.tests.after import case_of, closed
from gandeng.reconciliation.tests.conftest import bank, cycle, people, quick  # noqa: F401 (fixtures)
from gandeng.reconciliation.tests.test_treasury import decide
from gandeng.reconciliation.tests.test_treasury import tell as tell_of_deposit
from gandeng.reconciliation.tests.world import BANJARMASIN, payments_of, send, told
from gandeng.reconciliation.words import kind_name, reason_name
from gandeng.registry.tests.factories import EVERYWHERE
from gandeng.words import say

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick")]


@pytest.fixture
def facilitator(cast, cycle, coordinator):  # noqa: F811
    """She accompanies every family of the village."""
    acting = cast("FACILITATOR", BANJARMASIN)
    staff = make_staff("6371", person=person_of(acting))
    with in_territory(coordinator):
        assign_unaccompanied(coordinator, BANJARMASIN, staff, day=timezone.localdate(), reason="Uji")
    return acting


def person_of(acting):
    from gandeng.accounts.models import Person

    return Person.objects.get(pk=acting.person_id)


@pytest.fixture
def failed(cycle, bank):  # noqa: F811
    """Of two families at the bank one failed; the other's money lies there, a third family has drawn its own."""
    first, second = [p for p in payments_of(cycle) if p.channel == "BRI" and p.village_code == BANJARMASIN]
    send(bank, cycle, [told(first, "FAILURE", "", reason="rekening pasif"), told(second, "CREDIT")])
    return first


def an_entry(**changed):
    return replace(Told(uuid4(), timezone.localdate(), "VISIT", "NEEDS_BANK", "F14", "Buku tabungan ada"), **changed)


def subject_of(acting, payment):
    return queries.access_subject(acting, payment.pk, timezone.localdate())


def do(acting, payment, entry):
    with in_territory(acting):
        return tell(acting, subject_of(acting, payment), entry)


def test_it_works(facilitator, failed, client_of, bank, coordinator):  # noqa: F811
    phone = client_of(facilitator)
    listed = phone.get(reverse("follow_up:mine")).content.decode()
    assert failed.name in listed and "Gagal salur" in listed and "Catat hasil" in listed
    page = reverse("follow_up:tell", args=[failed.pk])
    form = phone.get(page).context["form"]
    sent = {
        "entry_id": str(form["entry_id"].value()), "on_day": timezone.localdate().isoformat(), "how": "VISIT",
        "found": "NEEDS_BANK", "reason_code": "F14", "note": "Kartu di tangan keluarga",
    }  # fmt: skip
    assert phone.post(page, sent).status_code == 302 and phone.post(page, sent).status_code == 302
    with in_territory(EVERYWHERE):
        assert FollowUp.objects.count() == 1, "sent twice is once"
    case = _case(failed)
    for office in (bank, coordinator):
        browser = client_of(office)
        assert "Kartu di tangan keluarga" in browser.get(reverse("follow_up:reports")).content.decode()
        seen = browser.get(reverse("reconciliation:exception", args=[case.pk])).content.decode()
        assert "Kartu di tangan keluarga" in seen and "F14" in seen
        with in_territory(office):
            assert list(queries.for_the_bank(office).values_list("payment", flat=True)) == [failed.pk]
        (line,) = taken(browser, "kabar-lapangan", case="WAITING")[1:]
        assert line[:2] + line[3:5] == [failed.pk, failed.name, "BRI", "tahap 2 tahun 2024"]
        assert line[8].startswith("F14") and "Kartu" not in str(line), "notes stay"
    with in_territory(EVERYWHERE):
        assert CurrentOutcome.objects.get(payment=failed).outcome == "FAILED", "no figure changes by it"


def _case(payment):
    with in_territory(EVERYWHERE):
        return ExceptionCase.objects.get(payment=payment, row=None)


def test_news_counts_until_the_family_was_met(facilitator, failed):
    def waiting():
        with in_territory(facilitator):
            return queries.own_waiting(facilitator).count()

    before = waiting()
    do(facilitator, failed, an_entry(found="NOT_MET", reason_code=""))
    assert waiting() == before, "not met is still to do"
    do(facilitator, failed, an_entry())
    assert waiting() == before - 1


def test_a_colleague_and_other_places_do_not_find_it(cast, facilitator, failed, client_of, stranger):
    make_staff("6371", person=person_of(colleague := cast("FACILITATOR", BANJARMASIN)))
    do(facilitator, failed, an_entry())
    page = reverse("follow_up:tell", args=[failed.pk])
    for other in (colleague, stranger, cast("CHANNEL_OFFICER", "6371", channel="POS")):
        with in_territory(other):
            assert FollowUp.objects.count() == 0
            with pytest.raises(Http404):
                subject_of(other, failed)
        assert client_of(other).get(page).status_code in (403, 404)
    assert failed.name not in client_of(colleague).get(reverse("follow_up:mine")).content.decode()
    with in_territory(facilitator):
        found = subject_of(facilitator, failed)
    with in_territory(colleague), pytest.raises((FollowUpRefused, PermissionDenied)):
        tell(colleague, found, an_entry())


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"on_day": "future"}, "on_day"), ({"found": "OTHER", "note": " "}, "note"),
        ({"reason_code": "F25"}, "reason_code"),
    ],
)  # fmt: skip
def test_it_refuses_what_does_not_fit(facilitator, failed, changed, field):
    if changed.get("on_day"):
        changed = {"on_day": timezone.localdate() + timedelta(days=1)}
    with pytest.raises(FollowUpRefused) as refused:
        do(facilitator, failed, an_entry(**changed))
    assert refused.value.field == field


def test_it_refuses_numbers_of_cards_on_the_page(facilitator, failed, client_of):
    page = reverse("follow_up:tell", args=[failed.pk])
    sent = {"entry_id": str(uuid4()), "on_day": timezone.localdate().isoformat(), "how": "VISIT", "found": "GUIDED",
            "note": "kartu 5221 8400 1234 5678"}  # fmt: skip
    answer = client_of(facilitator).post(page, sent)
    assert answer.status_code == 422 and "Jangan menulis NIK" in answer.content.decode()


def test_one_entry_is_not_used_for_another_payment(cycle, facilitator, failed, operator):  # noqa: F811
    entry = an_entry()
    do(facilitator, failed, entry)
    with pytest.raises(FollowUpRefused):
        do(operator, failed, entry)


def test_the_database_holds_it_too(facilitator, failed):
    made = do(facilitator, failed, an_entry())
    wrong = {"channel": "POS", "by_id": "00000000-0000-0000-0000-000000000001", "village_code": "6371011002"}
    for column, value in wrong.items():
        with in_territory(facilitator), pytest.raises(Exception) as refused, transaction.atomic():
            row = FollowUp.objects.get(pk=made.pk)
            setattr(row, column, value)
            row.pk = uuid4()
            row.save(force_insert=True)
        assert isinstance(refused.value, IntegrityError) or "row-level security" in str(refused.value)
    never = pytest.raises(Exception, match=r"permission denied|never")
    with connection.cursor() as cursor, never, transaction.atomic():
        cursor.execute("update follow_up_followup set note = 'lain'")


def test_money_that_lies_there_is_told_where_drawing_is_told(cycle, bank, facilitator, client_of):  # noqa: F811
    first, second = [p for p in payments_of(cycle) if p.channel == "BRI" and p.village_code == BANJARMASIN]
    page, phone = reverse("follow_up:undrawn"), client_of(facilitator)
    send(bank, cycle, [told(first), told(second)])
    assert first.name not in phone.get(page).content.decode(), "nobody told of drawing: nothing is known"
    send(bank, cycle, [told(first, "WITHDRAWAL", day="2024-05-20")], name="tarik.csv")
    shown = phone.get(page).content.decode()
    assert second.name in shown and reverse("follow_up:tell", args=[second.pk]) in shown
    assert reverse("follow_up:tell", args=[first.pk]) not in shown
    made = do(facilitator, second, an_entry(found="GUIDED", reason_code="F13"))
    assert made.case_id is None


@pytest.fixture
def blocked(cycle, bank, facilitator):  # noqa: F811
    """Credited and not drawn, while the neighbour's was: the card is blocked, says the family."""
    neighbour, payment = [p for p in payments_of(cycle) if p.channel == "BRI" and p.village_code == BANJARMASIN]
    send(bank, cycle, [told(neighbour), told(neighbour, "WITHDRAWAL", day="2024-05-20"), told(payment)])
    do(facilitator, payment, an_entry(found="GUIDED", reason_code="F13"))
    assert do(facilitator, payment, an_entry(reason_code="F13", note="PIN lupa")).case_id is None
    return payment


def waiting_at(acting, client_of):
    """Payments that wait for the bank: as many as the first page counts, in the list it opens."""
    first = client_of(acting).get(reverse("home")).context["waiting"]
    (counted,) = [one for one in first if one.url.startswith(reverse("follow_up:reports"))]
    listed = [row["row"].payment_id for row in client_of(acting).get(counted.url).context["rows"]]
    assert counted.count == len(listed)
    return set(listed)


def states_of(acting, client_of, payment):
    """Under which states the page of news lists entries about a payment, and how many."""
    browser, page = client_of(acting), reverse("follow_up:reports")
    found = {state: browser.get(page, {"case": state}).context["rows"] for state in queries.CASE_STATES}
    return {state: sum(row["row"].payment_id == payment.pk for row in rows) for state, rows in found.items()}


def test_a_blocked_card_waits_for_the_bank_of_its_channel_and_place(cast, client_of, blocked, bank, operator):  # noqa: F811
    assert waiting_at(bank, client_of) == waiting_at(operator, client_of) == {blocked.pk}
    assert states_of(bank, client_of, blocked) == {"WAITING": 1, "OPEN": 2, "OVER": 0}
    for other in (cast("CHANNEL_OFFICER", "6371", channel="POS"), cast("CHANNEL_OFFICER", "6372", channel="BRI")):
        assert waiting_at(other, client_of) == set()
        assert states_of(other, client_of, blocked) == {"WAITING": 0, "OPEN": 0, "OVER": 0}


@pytest.mark.parametrize("event", ["WITHDRAWAL", "REVERSAL"])
def test_it_is_over_once_the_money_was_drawn_or_sent_back(client_of, cycle, blocked, bank, event):  # noqa: F811
    send(bank, cycle, [told(blocked, event, day="2024-05-24")], name="kemudian.csv")
    assert waiting_at(bank, client_of) == set()
    assert states_of(bank, client_of, blocked) == {"WAITING": 0, "OPEN": 0, "OVER": 2}


def test_a_part_that_was_drawn_leaves_it_open(client_of, cycle, blocked, bank):  # noqa: F811
    send(bank, cycle, [told(blocked, "WITHDRAWAL", 100_000, day="2024-05-24")], name="sebagian.csv")
    assert waiting_at(bank, client_of) == {blocked.pk}


def test_it_is_over_at_the_treasury_once_two_people_said_so(client_of, cycle, blocked, bank, cast):  # noqa: F811
    deposit = tell_of_deposit(bank, cycle, blocked.amount_rupiah, "CREDITED")
    assert waiting_at(bank, client_of) == {blocked.pk}, "told is not confirmed"
    decide(cast("PROVINCE_HEAD", "63"), deposit)
    assert waiting_at(bank, client_of) == set()
    assert states_of(bank, client_of, blocked) == {"WAITING": 0, "OPEN": 0, "OVER": 2}


def test_what_the_bank_said_ends_the_waiting_and_not_the_matter(client_of, blocked, bank, operator):  # noqa: F811
    page = reverse("follow_up:tell", args=[blocked.pk])
    assert page in client_of(operator).get(reverse("follow_up:reports")).content.decode()
    assert page not in client_of(bank).get(reverse("follow_up:reports")).content.decode()
    do(operator, blocked, an_entry(how="BANK", found="GUIDED", note="Blokir dibuka, PIN diatur ulang di cabang"))
    assert waiting_at(bank, client_of) == set()
    assert states_of(bank, client_of, blocked) == {"WAITING": 0, "OPEN": 3, "OVER": 0}


def test_a_failed_payment_waits_until_its_exception_is_settled(client_of, facilitator, failed, bank, coordinator):  # noqa: F811
    do(facilitator, failed, an_entry())
    assert waiting_at(bank, client_of) == {failed.pk}
    with in_territory(coordinator):
        act_on(coordinator, case_of(failed), Act.SETTLE, reason="Rekening aktif lagi", evidence="Surat 7/BRI")
    assert waiting_at(bank, client_of) == set()
    assert states_of(bank, client_of, failed) == {"WAITING": 0, "OPEN": 0, "OVER": 1}


def test_each_kind_of_trouble_is_a_task_with_its_reason_and_next_step(cast, bank, coordinator, client_of):  # noqa: F811
    cycle = make_cycle(((BANJARMASIN, "BRI", 225_000),) * 5)  # noqa: F811
    failed, card, silent, lying, drawn = payments_of(cycle)
    acting = cast("FACILITATOR", BANJARMASIN)
    with in_territory(coordinator):
        staff = make_staff("6371", person=person_of(acting))
        assign_unaccompanied(coordinator, BANJARMASIN, staff, day=timezone.localdate(), reason="Uji")
    failures = [told(failed, "FAILURE", "", reason="F14 rekening pasif"), told(card, "FAILURE", "", reason="F12")]
    send(bank, cycle, [*failures, told(lying), told(drawn), told(drawn, "WITHDRAWAL", day="2024-05-20")])
    phone = client_of(acting)

    def shown(page, **filters):
        rows = phone.get(reverse(f"follow_up:{page}"), filters).context["rows"]
        return {row["payment"].pk: (row.get("what", ""), row["reason"], row["step"]) for row in rows}

    assert shown("mine") == {
        failed.pk: (kind_name("FAILED"), reason_name("F14"), say("follow_up.F14")),
        card.pk: (kind_name("FAILED"), reason_name("F12"), say("follow_up.F12")),
        silent.pk: (kind_name("UNREPORTED"), "", say("follow_up.UNREPORTED")),
    }
    assert set(shown("mine", code="F12")) == {card.pk}
    assert shown("undrawn") == {lying.pk: ("", "", say("follow_up.UNDRAWN"))}
    do(acting, lying, an_entry(reason_code="F13"))
    assert shown("undrawn") == {lying.pk: ("", reason_name("F13"), say("follow_up.F13"))}
    for payment, code in ((failed, "F14"), (card, "F12"), (silent, "UNREPORTED"), (lying, "UNDRAWN")):
        page = phone.get(reverse("follow_up:tell", args=[payment.pk])).content.decode()
        assert say(f"follow_up.{code}") in page, "the page where the result is written tells the step too"
    assert phone.get(reverse("follow_up:tell", args=[drawn.pk])).status_code == 404
    with in_territory(acting):
        assert queries.own_waiting(acting).count() == 3
    do(acting, silent, an_entry(found="RECEIVED", reason_code=""))
    assert set(shown("mine", state="TODO")) == {failed.pk, card.pk} and set(shown("mine", state="DONE")) == {silent.pk}


def test_offices_see_who_has_to_ask_and_why(facilitator, failed, client_of, coordinator):
    browser = client_of(coordinator)
    for name in ("people", "causes", "reports"):
        browser.get(reverse(f"follow_up:{name}"))
        with few_queries():
            assert browser.get(reverse(f"follow_up:{name}")).status_code == 200
    rows = browser.get(reverse("follow_up:people")).context["rows"]
    with in_territory(coordinator):
        under_way = ExceptionCase.objects.filter(row=None, state="OPEN").count()
    assert sum(row.tasks for row in rows) == under_way and rows[0].staff_id
    causes = browser.get(reverse("follow_up:causes"))
    for row in causes.context["by_code"] + causes.context["by_district"]:
        listed = browser.get(row["url"]).context["page"].rows
        assert len(listed) == row["cause"].under_way, "the figure is what its link opens"
    told_csv = browser.post(reverse("follow_up:export_causes")).content.decode("utf-8-sig")
    assert told_csv.splitlines()[0].startswith("menurut;kode atau tempat")


def test_what_came_after_the_closing_is_asked_of_nobody(facilitator, failed, cycle, bank, people, coordinator):  # noqa: F811
    """There the exception stays open for good, as it was signed."""
    day = timezone.localdate()

    def asked():
        with in_territory(coordinator):
            doers = sum(row.tasks for row in queries.doers(coordinator, "6371", day))
            news = queries.reports(coordinator, {"case": "OPEN"}).count()
        with in_territory(facilitator):
            tasks = queries.tasks(Staff.objects.filter(person_id=facilitator.person_id), day)
            assert tasks.count() == doers
            return list(tasks.filter(payment=failed).values_list("cycle__stage", flat=True)), news

    do(facilitator, failed, an_entry())
    closed(people, cycle)
    assert asked() == ([2], 1)
    present = opened(people, stage=3)
    with in_territory(people.officer):
        carry_over(people.officer, present)
    assert asked() == ([3], 1)
    send(bank, cycle, [told(failed, reference="LAGI", day="2024-07-05")], name="kredit.csv")
    assert asked() == ([], 0)


def test_an_exception_with_news_asks_few_questions(facilitator, failed, client_of, coordinator):
    do(facilitator, failed, an_entry())
    browser, page = client_of(coordinator), reverse("reconciliation:exception", args=[_case(failed).pk])
    browser.get(page)
    with few_queries():
        assert "Dari lapangan" in browser.get(page).content.decode()


def test_pages_of_a_facilitator_ask_few_questions(facilitator, failed, client_of):
    phone = client_of(facilitator)
    for page in (reverse("follow_up:mine"), reverse("follow_up:undrawn"), reverse("follow_up:tell", args=[failed.pk])):
        phone.get(page)
        with few_queries():
            assert phone.get(page).status_code == 200
    assert phone.get(reverse("follow_up:mine"), {"state": "DONE"}).status_code == 200
    assert phone.get(reverse("follow_up:mine"), {"state": "X"}).status_code == 400
