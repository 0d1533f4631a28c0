from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django_scopes import scopes_disabled
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gandeng.accounts.acting import in_territory
from gandeng.payments.actions.journal import balances
from gandeng.payments.models import JournalEntry
from gandeng.payments.tests.factories import make_cycle
from gandeng.payments.tests.steps import families, opened
from gandeng.reconciliation.actions.exceptions import Act, NotPossible, act_on
from gandeng.reconciliation.actions.reissues import carry_over
from gandeng.reconciliation.actions.treasury import (
    Chosen,
    Receipt,
    decide_deposit,
    take_back_deposit,
    tell_deposit,
    void_deposit,
)
from gandeng.reconciliation.late_queries import booked_late
from gandeng.reconciliation.models import DepositedPayment, OutcomeInForce, TreasuryDeposit
from gandeng.reconciliation.places_of_money import IN_ACCOUNT
from gandeng.reconciliation.reissue_queries import closed_before
from gandeng.reconciliation.tests.after import agreed, case_of, closed, left_open, made, money, sent_again
from gandeng.reconciliation.tests.conftest import made_once
from gandeng.reconciliation.tests.world import BANJARMASIN, payments_of, send, told
from gandeng.reconciliation.treasury_queries import standing_of
from gandeng.registry.tests.factories import EVERYWHERE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick")]

BACK = ("RETURNED", "AT_CHANNEL")
DAY = date(2024, 7, 1)


@pytest.fixture
def operator(cast):
    return cast("DISTRICT_OPERATOR", "6371")


@pytest.fixture
def head(cast):
    return cast("PROVINCE_HEAD", "63")


def _ordered(people):
    """Four families at BRI in Banjarmasin, ordered; Rp500.000 each."""
    families(*[(BANJARMASIN, "BRI")] * 4)
    return made(people)


once, people, cycle = made_once(_ordered)


@pytest.fixture
def back(cycle, bank):
    """Paid and half drawn, failed, credited and returned, paid and drawn."""
    half, failed, returned, drawn = payments_of(cycle)
    rows = [told(half), told(half, "WITHDRAWAL", 200_000, day="2024-05-18"), told(failed, "FAILURE", "", reason="F14")]
    rows += [told(returned), told(returned, "REVERSAL", day="2024-05-20")]
    rows += [told(drawn), told(drawn, "WITHDRAWAL", day="2024-05-18")]
    send(bank, cycle, rows)
    return half, failed, returned, drawn


def tell(who, cycle, rupiah, *accounts, number="NTPN-7A", until=None, left_out=(), region="6371", on=DAY):
    cycle.refresh_from_db()
    chosen = Chosen(region, "BRI", accounts, until, tuple(each.pk for each in left_out))
    with in_territory(who):
        return tell_deposit(who, cycle, chosen, Receipt(number, on, rupiah), reason="Disetor bank, lampiran terlampir")


def decide(who, deposit, confirm=True):
    with in_territory(who):
        found = TreasuryDeposit.objects.select_related("cycle").get(pk=deposit.pk)
        decide_deposit(who, found, confirm=confirm, reason="Sesuai bukti setor")


def void(who, deposit):
    with in_territory(who):
        found = TreasuryDeposit.objects.select_related("cycle").get(pk=deposit.pk)
        void_deposit(who, found, reason="Bukti setor tahap lain")


def rows_of(deposit):
    with in_territory(EVERYWHERE):
        found = DepositedPayment.objects.filter(deposit=deposit).order_by("payment_id", "account")
        return list(found.values_list("payment_id", "account", "amount_rupiah"))


def test_it_works(cycle, back, bank, head):
    _, failed, returned, _ = back
    deposit = tell(bank, cycle, 1_000_000, *BACK)
    assert rows_of(deposit) == [(failed.pk, "AT_CHANNEL", 500_000), (returned.pk, "RETURNED", 500_000)]
    assert "TREASURY" not in money(cycle), "told is not booked"
    decide(head, deposit)
    assert money(cycle) == {"FUNDS": -2_000_000, "CREDITED": 300_000, "DRAWN": 700_000, "TREASURY": 1_000_000}
    assert [case_of(payment).state for payment in (failed, returned)] == ["SETTLED", "SETTLED"]


def test_what_nobody_drew_goes_by_the_day_of_the_last_event(cycle, back, bank, head):
    half = back[0]
    with pytest.raises(NotPossible, match=r"Rp0 dari 0 pembayaran"):
        tell(bank, cycle, 300_000, "CREDITED", until=date(2024, 5, 17))
    deposit = tell(bank, cycle, 300_000, "CREDITED", until=date(2024, 5, 18))
    assert rows_of(deposit) == [(half.pk, "CREDITED", 300_000)]
    decide(head, deposit)
    assert money(cycle)["DRAWN"] == 700_000
    assert "CREDITED" not in money(cycle)


def test_another_run_leaves_it_there(cycle, back, bank, head):
    decide(head, tell(bank, cycle, 1_000_000, *BACK))
    before = money(cycle)
    send(bank, cycle, [told(back[0], "WITHDRAWAL", 100_000, day="2024-07-02", reference="W-2")], name="lagi.csv")
    assert money(cycle) == {**before, "CREDITED": 200_000, "DRAWN": 800_000}


def test_it_refuses_another_sum_and_says_ours(cycle, back, bank):
    with pytest.raises(NotPossible, match=r"Rp999\.999.*Rp1\.000\.000 dari 2 pembayaran"):
        tell(bank, cycle, 999_999, *BACK)
    tell(bank, cycle, 500_000, *BACK, left_out=back[1:2])


def test_a_receipt_counts_once(cycle, back, bank):
    tell(bank, cycle, 500_000, "RETURNED")
    with pytest.raises(NotPossible, match="sudah dicatat"):
        tell(bank, cycle, 500_000, "AT_CHANNEL")


def test_it_refuses_one_s_own_yes_a_day_to_come_and_who_has_no_right(cycle, back, bank, head, operator, cast):
    deposit = tell(bank, cycle, 500_000, "RETURNED")
    with pytest.raises(PermissionDenied):
        decide(bank, deposit)
    with pytest.raises(PermissionDenied):
        tell(operator, cycle, 500_000, "AT_CHANNEL", number="NTPN-8")
    with pytest.raises(NotPossible, match="belum tiba"):
        tell(bank, cycle, 500_000, "AT_CHANNEL", number="NTPN-8", on=date(2099, 1, 1))
    both = cast("PROVINCE_OFFICER", "63")
    own = tell(both, cycle, 500_000, "AT_CHANNEL", number="NTPN-9", region="63")
    with pytest.raises(NotPossible, match="orang lain"):
        decide(cast("PROVINCE_HEAD", "63", person=_person(both)), own)


def _person(acting):
    from gandeng.accounts.models import Person

    return Person.objects.get(pk=acting.person_id)


def test_the_same_money_goes_once(cycle, back, bank, head):
    one = tell(bank, cycle, 500_000, "RETURNED")
    two = tell(bank, cycle, 500_000, "RETURNED", number="NTPN-8")
    decide(head, one)
    with pytest.raises(NotPossible, match="tidak lagi di tempat itu"):
        decide(head, two)
    decide(head, two, confirm=False)
    assert money(cycle)["TREASURY"] == 500_000


def test_a_payment_goes_once_whatever_accounts_it_stood_in(cycle, back, bank, head):
    """Told while undrawn, deposited when it had come back, credited once more before the first is decided."""
    half = back[0]
    undrawn = tell(bank, cycle, 300_000, "CREDITED")
    send(bank, cycle, [told(half, "REVERSAL", 300_000, day="2024-06-01", reference="R-2")], name="kembali.csv")
    decide(head, tell(bank, cycle, 300_000, "RETURNED", number="NTPN-8", left_out=back[2:3]))
    send(bank, cycle, [told(half, amount=300_000, day="2024-07-02", reference="C-2")], name="lagi.csv")
    with pytest.raises(NotPossible, match="tidak lagi di tempat itu"):
        decide(head, undrawn)
    assert money(cycle)["TREASURY"] == 300_000


def test_it_is_taken_back_by_who_told_it(cycle, back, bank, head):
    deposit = tell(bank, cycle, 500_000, "RETURNED")
    with pytest.raises(NotPossible, match="Hanya yang mencatat"), in_territory(head):
        take_back_deposit(head, deposit, reason="keliru")
    with in_territory(bank):
        take_back_deposit(bank, deposit, reason="keliru")
    with pytest.raises(NotPossible, match="sudah diputuskan"):
        decide(head, deposit)
    tell(bank, cycle, 500_000, "RETURNED")


def test_what_is_in_the_treasury_is_not_sent_again(cycle, back, bank, head, operator, coordinator):
    _, failed, returned, _ = back
    agreed(operator, coordinator, returned)
    deposit = tell(bank, cycle, 500_000, *BACK)
    assert rows_of(deposit) == [(failed.pk, "AT_CHANNEL", 500_000)], "what is to be sent again is left out"
    with in_territory(operator):
        act_on(operator, case_of(failed), Act.REISSUE, reason="Rekening diganti", evidence="Retur 8")
    with pytest.raises(NotPossible, match="dibayar ulang"):
        decide(head, deposit)


def test_nor_is_it_asked_for(cycle, back, bank, head, operator):
    failed = back[1]
    decide(head, tell(bank, cycle, 1_000_000, *BACK))
    with in_territory(operator):
        act_on(operator, case_of(failed), Act.REOPEN, reason="Keluarga bertanya")
        with pytest.raises(NotPossible, match="kas negara"):
            act_on(operator, case_of(failed), Act.REISSUE, reason="Rekening diganti", evidence="Retur 8")


def test_credited_after_all_it_is_disputed_until_it_is_voided(cycle, back, bank, head):
    failed = back[1]
    deposit = tell(bank, cycle, 1_000_000, *BACK)
    decide(head, deposit)
    send(bank, cycle, [told(failed, day="2024-07-02")], name="lagi.csv")
    assert money(cycle)["TREASURY"] == 1_000_000
    assert "DISPUTED" not in money(cycle), "all of it is in the treasury, nothing is left to dispute"
    case = case_of(failed)
    assert (case.kind, case.state, case.at_stake_rupiah) == ("DEPOSIT_UNFOUNDED", "OPEN", 500_000)
    void(head, deposit)
    assert money(cycle) == {"FUNDS": -2_000_000, "CREDITED": 800_000, "DRAWN": 700_000, "RETURNED": 500_000}
    with in_territory(EVERYWHERE):
        entry = JournalEntry.objects.get(source=f"deposit:{deposit.pk}:void")
    assert (entry.kind, entry.corrects.source) == ("CORRECTION", f"deposit:{deposit.pk}")


def test_a_part_that_was_drawn_after_all_is_disputed(cycle, back, bank, head):
    half = back[0]
    decide(head, tell(bank, cycle, 300_000, "CREDITED", until=date(2024, 5, 18)))
    send(bank, cycle, [told(half, "WITHDRAWAL", 100_000, day="2024-06-30", reference="W-2")], name="lagi.csv")
    assert (money(cycle)["TREASURY"], money(cycle)["DISPUTED"]) == (300_000, 200_000)
    assert case_of(half).kind == "DEPOSIT_UNFOUNDED"


def test_of_a_closed_cycle_the_next_one_books_it(people, cycle, back, bank, head):
    closed(people, cycle)
    kept = _whole(cycle)
    deposit = tell(bank, cycle, 1_000_000, *BACK)
    with pytest.raises(NotPossible, match="tahap berikutnya"):
        decide(head, deposit)
    later = made(people, stage=4)
    decide(head, deposit)
    with in_territory(EVERYWHERE):
        entry = JournalEntry.objects.get(source=f"deposit:{deposit.pk}")
        assert (entry.cycle_id, entry.about_cycle_id) == (later.pk, cycle.pk)
        told_of = balances(cycle, with_corrections=True)["6371", "BRI"]
    assert (told_of["TREASURY"], told_of["RETURNED"], told_of["AT_CHANNEL"]) == (1_000_000, 0, 0)
    with in_territory(EVERYWHERE):
        assert booked_late(later) == [], "what people sign says what banks reported"
    assert _whole(cycle) == kept
    void(head, deposit)
    with in_territory(EVERYWHERE):
        assert balances(cycle, with_corrections=True)["6371", "BRI"]["TREASURY"] == 0


def test_voided_after_the_closing_it_is_worked_where_that_is_booked(
    people, cycle, back, bank, head, operator, coordinator
):
    _, failed, returned, _ = back
    deposit = tell(bank, cycle, 1_000_000, *BACK)
    decide(head, deposit)
    closed(people, cycle)
    later = made(people, stage=4)
    void(head, deposit)
    cases = [case_of(each, later) for each in (failed, returned)]
    assert [(each.kind, each.state, each.at_stake_rupiah) for each in cases] == [
        ("FAILED", "OPEN", 500_000),
        ("RETURNED", "OPEN", 500_000),
    ]
    assert [case_of(each, cycle).state for each in (failed, returned)] == ["SETTLED", "SETTLED"], "closed, it stays"
    agreed(operator, coordinator, failed, later)
    (again,) = sent_again(people, later)
    assert again.reissue_of_id == failed.pk
    decide(head, tell(bank, cycle, 500_000, "RETURNED", number="NTPN-9"))
    assert [case_of(each, later).state for each in (failed, returned)] == ["SETTLED", "SETTLED"]
    assert money(cycle) == {"FUNDS": -1_500_000, "CREDITED": 300_000, "DRAWN": 700_000, "TREASURY": 500_000}


def test_voided_it_is_taken_up_once(people, cycle, back, bank, head):
    """Taken up by a stage that was closed in its turn, deposited there, voided by the one after."""
    failed = back[1]
    closed(people, cycle)
    second = made(people, stage=4)
    with in_territory(people.officer):
        assert carry_over(people.officer, second) == 2
    deposit = tell(bank, cycle, 1_000_000, *BACK)
    decide(head, deposit)
    void(head, deposit)
    assert case_of(failed, second).state == "OPEN"
    deposit = tell(bank, cycle, 1_000_000, *BACK, number="NTPN-9")
    decide(head, deposit)
    with in_territory(people.officer):
        send(bank, second, [told(each) for each in payments_of(second)])
    closed(people, second)
    third = opened(people, stage=5)
    void(head, deposit)
    assert (case_of(failed, second).state, case_of(failed, third).state) == ("SETTLED", "OPEN")


def test_contradicted_and_left_open_the_next_stage_takes_it_up(people, cycle, back, bank, head):
    failed = back[1]
    deposit = tell(bank, cycle, 1_000_000, *BACK)
    decide(head, deposit)
    send(bank, cycle, [told(failed, day="2024-07-02")], name="lagi.csv")
    closed(people, cycle)
    later = opened(people, stage=4)
    with in_territory(people.officer):
        assert left_open(closed_before(later)) == (1, 500_000)
        assert [carry_over(people.officer, later) for _ in range(2)] == [1, 0]
    case = case_of(failed, later)
    assert (case.kind, case.state, case.at_stake_rupiah) == ("DEPOSIT_UNFOUNDED", "OPEN", 500_000)


def _whole(cycle):
    with in_territory(EVERYWHERE), scopes_disabled():
        return balances(cycle), list(OutcomeInForce.objects.filter(cycle=cycle).order_by("payment_id").values_list())


def test_the_database_itself_refuses(cycle, back, bank, head):
    deposit = tell(bank, cycle, 500_000, "RETURNED")
    for statement in (
        "update reconciliation_treasurydeposit set amount_rupiah = 1",
        "update reconciliation_treasurydeposit set state = 'VOIDED'",
        "update reconciliation_treasurydeposit set state = 'CONFIRMED'",
        "delete from reconciliation_treasurydeposit",
        "update reconciliation_depositedpayment set amount_rupiah = 1",
        "delete from reconciliation_depositedpayment",
    ):
        with pytest.raises(DatabaseError), in_territory(head), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    decide(head, deposit)
    more = """insert into reconciliation_depositedpayment (deposit_id, payment_id, account, amount_rupiah, village_code,
        channel) values (%s, %s, 'AT_CHANNEL', 1, %s, 'BRI')"""
    with pytest.raises(DatabaseError), in_territory(head), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(more, [deposit.pk, back[1].pk, back[1].village_code])


def test_the_two_ways_to_say_where_money_stands_agree(db):
    """`reconciliation_in_account` of the database and the table the journal follows, for any outcome there can be."""
    cases = """select o.* from (select null::text as payment_id, null::uuid as cycle_id, null::uuid as booked_in_id,
        1 as number, '' as village_code, '' as channel, k as outcome, 100::bigint as amount_rupiah,
        c as credited_rupiah, r as reversed_rupiah, w as withdrawn_rupiah, c - r as net_rupiah, '' as reason,
        null::date as first_on, null::date as last_on, 0::bigint as at_stake_rupiah
        from unnest(array['PAID', 'OVERPAID', 'UNDERPAID', 'RETURNED', 'FAILED', 'INCONSISTENT']) k,
        unnest(array[0, 40, 100, 130]::bigint[]) c, unnest(array[0, 30, 100]::bigint[]) r,
        unnest(array[0, 20, 100, 120]::bigint[]) w where r <= c and (k <> 'UNDERPAID' or c - r < 100)) o"""
    with connection.cursor() as cursor:
        for account in ("RETURNED", "AT_CHANNEL", "CREDITED"):
            cursor.execute(
                f"""select count(*), count(*) filter (where reconciliation_in_account(%s,
                        row(o.*)::reconciliation_outcomeinforce) is distinct from greatest({IN_ACCOUNT[account]}, 0))
                    from ({cases}) o""",
                [account],
            )
            total, wrong = cursor.fetchone()
            assert total > 150
            assert wrong == 0, account


EVENTS = st.sampled_from(("silent", "paid", "half", "failed", "back", "over"))


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    first=st.lists(EVENTS, min_size=5, max_size=5), later=st.lists(EVENTS, min_size=5, max_size=5), accounts=st.data()
)
def test_whatever_comes_before_and_after_each_rupiah_is_in_one_place(cast, first, later, accounts):
    """Deposits of whatever stands there, then any other report: all that was ordered is somewhere, once."""
    with transaction.atomic():
        cycle = make_cycle([(BANJARMASIN, "BRI", 300_000)] * 5, stage=1)
        bank, head = cast("CHANNEL_OFFICER", "6371", channel="BRI"), cast("PROVINCE_HEAD", "63")
        payments = payments_of(cycle)
        send(bank, cycle, _rows(payments, first, "A", "2024-05-17"))
        taken = 0
        for account in ("RETURNED", "AT_CHANNEL", "CREDITED"):
            there = money(cycle).get(account, 0) - (first.count("silent") * 300_000 if account == "AT_CHANNEL" else 0)
            if there > 0 and accounts.draw(st.booleans()):
                decide(head, tell(bank, cycle, there, account, number=f"N-{account}"))
                taken += there
        send(bank, cycle, _rows(payments, later, "B", "2024-06-01"), name="lagi.csv")
        found = money(cycle)
        assert found.pop("FUNDS") == -1_500_000
        assert sum(found.values()) == 1_500_000
        assert min(found.values()) >= 0
        assert found.get("TREASURY", 0) == taken
        for account in ("RETURNED", "CREDITED"):
            assert _standing(cycle, account) == found.get(account, 0)
        transaction.set_rollback(True)


def _standing(cycle, account):
    """Rupiah the treasury's page has in an account."""
    with in_territory(EVERYWHERE):
        told_of = standing_of(cycle, date(2024, 8, 1))
    return sum(each.rupiah for each in told_of if each.account == account)


def _rows(payments, events, mark, day):
    rows = []
    for payment, event in zip(payments, events, strict=True):
        reference = f"{mark}-{payment.pk}"
        match event:
            case "paid":
                rows.append(told(payment, reference=reference, day=day))
            case "half":
                rows.append(told(payment, amount=100_000, reference=reference, day=day))
            case "failed":
                rows.append(told(payment, "FAILURE", "", reason="F14", reference=reference, day=day))
            case "back":
                rows.append(told(payment, reference=reference, day=day))
                rows.append(told(payment, "REVERSAL", reference=f"{reference}-R", day=day))
            case "over":
                rows.append(told(payment, amount=350_000, reference=reference, day=day))
    return rows or [told(payments[0], "WITHDRAWAL", 1, reference=f"{mark}-W", day=day)]
