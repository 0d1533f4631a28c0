import random

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django_scopes import scopes_disabled

from gandeng.accounts.acting import in_territory
from gandeng.jobs.work import KINDS, ask_to_stop
from gandeng.payments.actions.closing import close_cycle, closing_digest
from gandeng.payments.models import Cycle
from gandeng.payments.queries import books_for
from gandeng.payments.refused import Refused
from gandeng.payments.tests.steps import families, opened
from gandeng.reconciliation.actions.exceptions import Act, act_on
from gandeng.reconciliation.actions.files import CameBefore, NotReceived, Typed, receive_file
from gandeng.reconciliation.actions.minutes import data_of
from gandeng.reconciliation.actions.reissues import carry_over
from gandeng.reconciliation.actions.statements import make_statement
from gandeng.reconciliation.late_queries import booked_late
from gandeng.reconciliation.models import CurrentOutcome, ExceptionCase, LateOutcome
from gandeng.reconciliation.queries import row_of_exception
from gandeng.reconciliation.reissue_queries import closed_before
from gandeng.reconciliation.suggestions import suggestions_for
from gandeng.reconciliation.tests.after import agreed, case_of, closed, in_force, left_open, made, money, sent_again
from gandeng.reconciliation.tests.conftest import made_once
from gandeng.reconciliation.tests.world import BANJARMASIN, csv_of, outcomes, payments_of, send, silent, told, withdraw
from gandeng.registry.tests.factories import EVERYWHERE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick")]

CLOSED_TABLES = (
    "reconciliation_resultfile where cycle_id", "reconciliation_reconciliation where cycle_id",
    "reconciliation_currentoutcome where cycle_id", "reconciliation_exceptioncase where cycle_id",
    "payments_journalentry where cycle_id", "payments_paymentlist where cycle_id", "payments_payment where cycle_id",
)  # fmt: skip


def _past(people):
    """Stage 2, closed: of three families two were paid, the last failed and nobody settled it."""
    families(*[(BANJARMASIN, "BRI")] * 3)
    cycle = made(people)
    first, second, third = payments_of(cycle)
    rows = [told(first), told(second), told(third, "FAILURE", "", reason="F14 pasif")]
    send(people.cast("CHANNEL_OFFICER", "6371", channel="BRI"), cycle, rows)
    return closed(people, cycle)


once, people, past = made_once(_past)


@pytest.fixture
def present(people, past):
    """Stage 3, open."""
    return opened(people, stage=3)


def everything(cycle):
    """Every row that names a cycle."""
    with scopes_disabled(), connection.cursor() as cursor:
        rows = {}
        for table in CLOSED_TABLES:
            cursor.execute(f"select t::text from {table.replace(' where', ' t where')} = %s order by 1", [cycle.pk])
            rows[table] = cursor.fetchall()
        return rows


def test_it_works(people, past, present, bank):
    first, _, _ = payments_of(past)
    with in_territory(EVERYWHERE):
        before, digest = everything(past), closing_digest(past)
        assert len(before["payments_payment where cycle_id"]) == 3
    file = send(bank, past, [told(first, "REVERSAL", day="2024-08-02", reason="F14 pasif")], name="retur.csv")
    assert (file.state, file.cycle, file.about_cycle) == ("TAKEN", present, past)
    with in_territory(EVERYWHERE):
        assert everything(past) == before
        assert closing_digest(Cycle.objects.get(pk=past.pk)) == digest == past.closing_digest
    assert (in_force(first).outcome, in_force(first).booked_in_id, outcomes(past)[first.pk]) == (
        "RETURNED",
        present.pk,
        "PAID",
    )
    assert money(past, later=False) == {"FUNDS": -1_500_000, "CREDITED": 1_000_000, "AT_CHANNEL": 500_000}
    assert money(past) == {"FUNDS": -1_500_000, "CREDITED": 500_000, "AT_CHANNEL": 500_000, "RETURNED": 500_000}
    assert money(present) == {}
    case = case_of(first)
    assert (case.cycle, case.kind, case.state, case.at_stake_rupiah) == (present, "RETURNED", "OPEN", 500_000)
    with in_territory(EVERYWHERE):
        assert booked_late(present) == [
            {"about": "2024-2", "district": "6371", "channel": "BRI", "account": account, "rupiah": rupiah}
            for account, rupiah in (("CREDITED", -500_000), ("RETURNED", 500_000))
        ]


def test_it_is_sent_again_with_the_open_cycle(people, past, bank, operator, coordinator):
    present = made(people, stage=3)
    first, _, _ = payments_of(past)
    send(bank, past, [told(first, "REVERSAL", day="2024-08-02")], name="retur.csv")
    agreed(operator, coordinator, first)
    (again,) = sent_again(people, present)
    assert (again.payment_id, again.cycle, again.amount_rupiah) == (f"{first.pk}-U1", present, 500_000)
    assert money(past) == {"FUNDS": -1_000_000, "CREDITED": 500_000, "AT_CHANNEL": 500_000}
    assert money(present) == {"FUNDS": -2_000_000, "AT_CHANNEL": 2_000_000}
    assert case_of(first).state == "SETTLED"
    send(bank, past, [told(first, "CREDIT", reference="LAGI", day="2024-08-09")], name="kredit.csv")
    assert case_of(first).kind == "REISSUE_UNFOUNDED"
    assert money(past) == {"FUNDS": -1_000_000, "CREDITED": 500_000, "AT_CHANNEL": 500_000}


def test_what_was_left_open_is_taken_up_and_sent_again(people, past, operator, coordinator):
    present = made(people, stage=3)
    *_, failed = payments_of(past)
    with in_territory(people.officer):
        assert left_open(closed_before(present)) == (1, 500_000)
        assert [carry_over(people.officer, present) for _ in range(2)] == [1, 0]
        assert left_open(closed_before(present)) == (0, 0)
    agreed(operator, coordinator, failed, present)
    (again,) = sent_again(people, present)
    assert again.reissue_of_id == failed.pk
    assert money(past) == {"FUNDS": -1_000_000, "CREDITED": 1_000_000}


def test_what_a_stage_took_up_and_left_open_in_its_turn_the_one_after_takes_up(people, past, bank):
    second = made(people, stage=3)
    with in_territory(people.officer):
        assert carry_over(people.officer, second) == 1
    send(bank, second, [told(each) for each in payments_of(second)])
    closed(people, second)
    third = opened(people, stage=4)
    with in_territory(people.officer):
        assert left_open(closed_before(third)) == (1, 500_000)
        assert [carry_over(people.officer, third) for _ in range(2)] == [1, 0]
        assert left_open(closed_before(third)) == (0, 0)


def test_a_late_row_of_nobody_may_be_of_the_stage_it_tells_of(people, past, bank, operator):
    present = made(people, stage=3)
    *_, failed = payments_of(past)
    send(bank, past, [told(failed, payment_id="LAIN", nik="", account_no="", day="2024-08-02")], name="telat.csv")
    with in_territory(operator):
        case = ExceptionCase.objects.select_related("file").get(cycle=present, kind="UNKNOWN")
        near = suggestions_for(case, row_of_exception(case))
        assert failed.pk in [each.payment_id for each in near]
        assert not {each.payment_id for each in near} & {each.pk for each in payments_of(present)}
        accepted = act_on(operator, case, Act.ACCEPT, reason="Namanya sama", evidence="surat 9", payment=failed)
    assert accepted.payment_id == failed.pk


def test_the_same_content_about_two_stages_is_two_files(people, past, bank, coordinator):
    present = made(people, stage=3)
    by_id = {"nik": "", "account_no": ""}  # of nobody in the other stage
    rows = [told(each, day="2024-08-05", **by_id) for each in payments_of(present)]

    def receive(cycle):
        sent = SimpleUploadedFile("bri.csv", csv_of(rows))
        with in_territory(bank):
            return receive_file(bank, cycle, sent, channel="BRI", region="6371", typed=Typed(3, 1_500_000))

    stopped = {cycle.pk: receive(cycle) for cycle in (present, past)}
    for _, job in stopped.values():
        ask_to_stop(job)
    for cycle in (past, present):
        assert receive(cycle)[0] == stopped[cycle.pk][0]
    for _, job in stopped.values():
        with in_territory(bank):
            KINDS[job.kind](bank, silent, job.arguments)
    with in_territory(coordinator):
        statement = make_statement(coordinator, present, "6371")
    withdraw(people.cast("PROVINCE_OFFICER", "63"), stopped[past.pk][0])
    with in_territory(EVERYWHERE):
        statement.refresh_from_db()
    assert statement.voided_at is None


def test_withdrawn_it_is_as_if_it_had_never_come(people, past, present, bank):
    first, _, _ = payments_of(past)
    before = money(past)
    file = send(bank, past, [told(first, "REVERSAL", day="2024-08-02")], name="retur.csv")
    assert money(past) != before
    withdraw(people.cast("PROVINCE_OFFICER", "63"), file)
    assert money(past) == before
    assert in_force(first).outcome == "PAID"
    assert case_of(first).state == "GONE"


def test_the_same_content_is_known_also_after_the_closing(people, past, present, bank):
    first, second, third = payments_of(past)
    old = [told(first), told(second), told(third, "FAILURE", "", reason="F14 pasif")]
    late = [told(first, "REVERSAL", day="2024-08-02")]
    with pytest.raises(CameBefore), transaction.atomic():
        send(bank, past, old, name="lain-nama.csv")
    send(bank, past, late)
    with pytest.raises(CameBefore), transaction.atomic():
        send(bank, past, late, name="lain-nama.csv")


def test_rows_told_again_change_nothing(past, present, bank):
    first, second, _ = payments_of(past)
    before = money(past)
    send(bank, past, [told(first), told(second, day="2024-05-17")], name="ulang.csv")
    assert money(past) == before
    with in_territory(EVERYWHERE):
        assert not LateOutcome.objects.exists()
        assert not ExceptionCase.objects.filter(cycle=present).exists()


def test_the_open_cycles_own_files_leave_what_came_late_alone(people, past, bank):
    present = made(people, stage=3)
    first, _, _ = payments_of(past)
    send(bank, past, [told(first, "REVERSAL", day="2024-08-02")], name="retur.csv")
    before = money(past)
    send(bank, present, [told(each, day="2024-08-05") for each in payments_of(present)], name="tahap3.csv")
    assert money(past) == before
    assert case_of(first).state == "OPEN"
    assert set(outcomes(present).values()) == {"PAID"}


def test_it_refuses_while_no_later_cycle_is_open(past, bank):
    first, _, _ = payments_of(past)
    with pytest.raises(NotReceived, match="berikutnya"):
        send(bank, past, [told(first, "REVERSAL")])


def test_the_database_itself_refuses(past, present):
    first, _, _ = payments_of(past)
    with in_territory(EVERYWHERE), scopes_disabled():
        row = CurrentOutcome.objects.get(payment=first)
        late = {name: getattr(row, name) for name in (
            "village_code", "channel", "outcome", "amount_rupiah", "credited_rupiah", "reversed_rupiah",
            "withdrawn_rupiah", "net_rupiah",
        )}  # fmt: skip
        with pytest.raises(IntegrityError, match="closed"), transaction.atomic():
            LateOutcome.objects.create(cycle=past, payment=first, number=9, **late)
        kept = LateOutcome.objects.create(cycle=present, payment=first, number=9, **late)
        with pytest.raises(ProgrammingError, match="denied"), transaction.atomic():
            LateOutcome.objects.filter(pk=kept.pk).update(outcome="FAILED")


def test_the_statement_and_its_minutes_say_what_was_sent_again_and_what_belongs_to_closed_stages(
    people, past, bank, operator, coordinator, cast
):
    present = made(people, stage=3)
    first, *_ = payments_of(past)
    send(bank, past, [told(first, "REVERSAL", day="2024-08-02")], name="retur.csv")
    agreed(operator, coordinator, first)
    (again,) = sent_again(people, present)
    send(bank, present, [told(each, day="2024-08-05") for each in payments_of(present)], name="tahap3.csv")
    with in_territory(coordinator):
        statement = make_statement(coordinator, present, "6371")
    assert statement.figures["sent_again"] == [
        {"district": "6371", "channel": "BRI", "payments": 1, "rupiah": again.amount_rupiah}
    ]
    moved = {row["account"]: row["rupiah"] for row in statement.figures["corrections"]}
    assert moved == {"CREDITED": -500_000, "FUNDS": 500_000}
    with in_territory(EVERYWHERE):
        told_there = [
            (each.district, each.what, each.rupiah) for each in data_of(statement, [], "https://x.test").moved
        ]
    assert told_there[0] == ("63.71", "Dibayar ulang: 1 pembayaran", 500_000)
    assert ("63.71", "Koreksi tahap 2 tahun 2024: Tersalur, belum ditarik", -500_000) in told_there


def test_a_late_report_voids_what_was_signed_above_it(people, past, bank, coordinator):
    present = made(people, stage=3)
    send(bank, present, [told(each, day="2024-08-05") for each in payments_of(present)], name="tahap3.csv")
    with in_territory(coordinator):
        statement = make_statement(coordinator, present, "6371")
    first, *_ = payments_of(past)
    send(bank, past, [told(first, "REVERSAL", day="2024-08-02")], name="retur.csv")
    with in_territory(EVERYWHERE):
        statement.refresh_from_db()
    assert statement.voided_at is not None
    assert "koreksi" in statement.voided_reason


def test_a_stage_does_not_close_over_a_file_that_nobody_has_read(people, past, present, bank):
    first, *_ = payments_of(past)
    sent = SimpleUploadedFile("retur.csv", csv_of([told(first, "REVERSAL", day="2024-08-02")]))
    with in_territory(bank):
        receive_file(bank, past, sent, channel="BRI", region="6371", typed=Typed(1, 500_000))
    with in_territory(EVERYWHERE), scopes_disabled():
        Cycle.objects.filter(pk=present.pk).update(state="SIGNED")
    with in_territory(people.officer), pytest.raises(Refused, match="menunggu dibaca"):
        close_cycle(people.officer, Cycle.objects.get(pk=present.pk))


@pytest.mark.parametrize("seed", range(8))
def test_a_cycle_takes_up_just_the_closed_ones_that_it_books(people, seed):
    drawn = random.Random(seed)
    with in_territory(EVERYWHERE), scopes_disabled():
        cycles = [
            Cycle.objects.create(
                year=2017 + stage // 4, stage=1 + stage % 4, months=3,
                region_code=drawn.choice(["", "63", "6371", "62"]),
                state=drawn.choice(["CLOSED", "CLOSED", "OPEN", "SIGNED"]), opened_by_id=people.officer.person_id,
            )
            for stage in range(20)
        ]  # fmt: skip
        books = {cycle: books_for(cycle) for cycle in cycles if cycle.state == "CLOSED"}
        assert any(books.values())
        for cycle in cycles:
            assert set(closed_before(cycle)) == {closed for closed, by in books.items() if by == cycle}
