import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django_scopes import scopes_disabled

from gandeng.accounts.acting import in_territory
from gandeng.payments import actions
from gandeng.payments.models import Payment, PaymentList
from gandeng.payments.refused import Refused
from gandeng.payments.tests.steps import families
from gandeng.reconciliation.actions.reissues import instruct_reissue_round
from gandeng.reconciliation.models import ExceptionCase, ReissueRequest
from gandeng.reconciliation.tests.after import (
    agreed,
    approve_round,
    case_of,
    closed,
    made,
    money,
    new_account,
    round_of,
    send_round,
    sent_again,
    supplementary,
)
from gandeng.reconciliation.tests.conftest import made_once
from gandeng.reconciliation.tests.world import BANJARMASIN, outcomes, payments_of, send, silent, told, withdraw
from gandeng.registry.models import Family
from gandeng.registry.tests.factories import EVERYWHERE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick")]


def _ordered(people):
    """Three families at BRI in Banjarmasin, ordered."""
    families(*[(BANJARMASIN, "BRI")] * 3)
    return made(people)


once, people, cycle = made_once(_ordered)


@pytest.fixture
def back(cycle, bank):
    """The first was paid, the second failed, the third was credited and returned."""
    first, second, third = payments_of(cycle)
    returned = told(third, "REVERSAL", day="2024-05-20")
    send(bank, cycle, [told(first), told(second, "FAILURE", "", reason="F14 pasif"), told(third), returned])
    return second, third


def test_it_works(people, cycle, back, bank, operator, coordinator):
    failed, returned = back
    assert money(cycle) == {"FUNDS": -1_500_000, "CREDITED": 500_000, "AT_CHANNEL": 500_000, "RETURNED": 500_000}
    for payment in back:
        agreed(operator, coordinator, payment)
    again = sent_again(people, cycle)
    assert [each.payment_id for each in again] == [f"{failed.pk}-U1", f"{returned.pk}-U1"]
    assert [each.reissue_of_id for each in again] == [failed.pk, returned.pk]
    assert money(cycle) == {"FUNDS": -1_500_000, "CREDITED": 500_000, "AT_CHANNEL": 1_000_000}
    assert [case_of(payment).state for payment in back] == ["SETTLED", "SETTLED"]
    assert outcomes(cycle)[again[0].pk] == "UNREPORTED"
    send(bank, cycle, [told(each, day="2024-07-03") for each in again], name="susulan.csv")
    assert [outcomes(cycle)[each.pk] for each in (failed, returned, *again)] == ["FAILED", "RETURNED", "PAID", "PAID"]
    assert money(cycle) == {"FUNDS": -1_500_000, "CREDITED": 1_500_000}
    assert [case_of(payment).state for payment in back] == ["SETTLED", "SETTLED"]


def test_it_goes_to_the_account_of_today(people, cycle, back, operator, coordinator):
    failed, _ = back
    agreed(operator, coordinator, failed)
    new_account(failed.family_id)
    (again,) = sent_again(people, cycle)
    assert (again.account_last3, again.amount_rupiah) == ("555", failed.amount_rupiah)
    assert bytes(again.account_index) != bytes(failed.account_index)


def test_one_that_fails_again_is_sent_a_third_time(people, cycle, back, bank, operator, coordinator):
    failed, _ = back
    agreed(operator, coordinator, failed)
    (again,) = sent_again(people, cycle)
    send(bank, cycle, [told(again, "FAILURE", "", reason="F14", day="2024-07-03")], name="susulan.csv")
    agreed(operator, coordinator, again)
    (third,) = sent_again(people, cycle)
    assert (third.payment_id, third.reissue_of_id) == (f"{failed.pk}-U2", again.pk)
    assert [each.payments for each in supplementary(cycle, 2)] == [1]
    assert money(cycle) == {"FUNDS": -1_500_000, "CREDITED": 500_000, "AT_CHANNEL": 500_000, "RETURNED": 500_000}


def test_made_again_it_holds_what_is_agreed_on_by_then(people, cycle, back, operator, coordinator):
    failed, returned = back
    agreed(operator, coordinator, failed)
    assert round_of(people, cycle) == 1
    agreed(operator, coordinator, returned)
    assert round_of(people, cycle) == 1
    (listed,) = supplementary(cycle, 1)
    assert (listed.payments, listed.total_rupiah) == (2, 1_000_000)


def test_what_is_held_back_is_told_and_not_sent(people, cycle, back, operator, coordinator):
    failed, returned = back
    for payment in back:
        agreed(operator, coordinator, payment)
    with in_territory(EVERYWHERE), scopes_disabled():
        Family.objects.filter(pk=failed.family_id).update(collector=None)
    again = sent_again(people, cycle)
    assert [each.reissue_of_id for each in again] == [returned.pk]
    with in_territory(EVERYWHERE):
        assert ReissueRequest.objects.get(payment=failed).held_reason == "NO_COLLECTOR"


def test_it_refuses_when_the_money_has_arrived_meanwhile(people, cycle, back, bank, operator, coordinator):
    failed, _ = back
    agreed(operator, coordinator, failed)
    number = round_of(people, cycle)
    approve_round(people, cycle, number)
    send(bank, cycle, [told(failed, day="2024-05-25")], name="telat.csv")
    with pytest.raises(Refused, match="tidak lagi kembali"):
        send_round(people, cycle, number)
    assert money(cycle) == {"FUNDS": -1_500_000, "CREDITED": 1_000_000, "RETURNED": 500_000}
    assert not any(each.state == "INSTRUCTED" for each in supplementary(cycle, number))
    for each in supplementary(cycle, number):
        with in_territory(people.officer):
            actions.refuse_list(people.officer, each, "Uangnya sudah sampai")
    assert round_of(people, cycle) == number
    assert supplementary(cycle, number) == []
    with in_territory(EVERYWHERE):
        assert ReissueRequest.objects.get(payment=failed).state == "TAKEN_BACK"


def test_credited_after_it_was_sent_again_is_worst_of_all(people, cycle, back, bank, operator, coordinator):
    failed, _ = back
    agreed(operator, coordinator, failed)
    (again,) = sent_again(people, cycle)
    late = send(bank, cycle, [told(failed, day="2024-05-25")], name="telat.csv")
    case = case_of(failed)
    assert (case.kind, case.at_stake_rupiah, case.state) == ("REISSUE_UNFOUNDED", 500_000, "OPEN")
    assert money(cycle) == {"FUNDS": -1_500_000, "CREDITED": 500_000, "AT_CHANNEL": 500_000, "RETURNED": 500_000}
    withdraw(people.cast("PROVINCE_OFFICER", "63"), late)
    assert case_of(failed).kind == "FAILED"
    assert outcomes(cycle)[again.pk] == "UNREPORTED"


def test_it_refuses_without_anything_agreed_on_and_while_one_is_under_way(people, cycle, back, operator, coordinator):
    with pytest.raises(Refused, match="disetujui dan menunggu"):
        round_of(people, cycle)
    agreed(operator, coordinator, back[0])
    number = round_of(people, cycle)
    (listed,) = supplementary(cycle, number)
    with pytest.raises(Refused, match="Belum semua"):
        send_round(people, cycle, number)
    with in_territory(people.officer):
        actions.submit_list(people.officer, listed)
    agreed(operator, coordinator, back[1])
    with pytest.raises(Refused, match="masih dalam persetujuan"):
        round_of(people, cycle)


def test_it_refuses_people_who_may_not(people, cycle, back, operator, coordinator, bank):
    agreed(operator, coordinator, back[0])
    for who in (operator, coordinator, bank):
        with in_territory(who), pytest.raises(PermissionDenied):
            instruct_reissue_round(who, cycle, 1, silent)


def test_the_cycle_closes_only_with_everything_decided_and_sent(people, cycle, back, operator, coordinator):
    from gandeng.reconciliation.actions.exceptions import Act, act_on

    with in_territory(operator):
        act_on(operator, case_of(back[0]), Act.REISSUE, reason="Rekening diganti", evidence="Retur 7/BRI")
    with pytest.raises(Refused, match="belum diputuskan"), transaction.atomic():
        closed(people, cycle)
    agreed(operator, coordinator, back[1])
    round_of(people, cycle)
    with pytest.raises(Refused, match="belum diperintahkan"), transaction.atomic():
        closed(people, cycle)


def test_ordering_it_twice_pays_once(people, cycle, back, operator, coordinator):
    agreed(operator, coordinator, back[0])
    sent_again(people, cycle)
    before = money(cycle)
    with pytest.raises(Refused):
        send_round(people, cycle, 1)
    assert money(cycle) == before


def test_the_database_itself_refuses(people, cycle, back, bank, operator, coordinator):
    failed, returned = back
    agreed(operator, coordinator, failed)
    number = round_of(people, cycle)
    approve_round(people, cycle, number)
    send(bank, cycle, [told(failed, day="2024-05-25")], name="telat.csv")
    with in_territory(EVERYWHERE), scopes_disabled():
        (listed,) = supplementary(cycle, number)
        with pytest.raises(IntegrityError, match="did not come back"), transaction.atomic():
            PaymentList.objects.filter(pk=listed.pk).update(state="INSTRUCTED")
        again = Payment.objects.get(reissue_of=failed)
        with pytest.raises(IntegrityError), transaction.atomic():
            Payment.objects.create(
                **{
                    field.attname: getattr(again, field.attname)
                    for field in Payment._meta.concrete_fields
                    if field.attname not in ("payment_id", "amount_rupiah")
                },
                payment_id="2024-2-LAIN",
                amount_rupiah=999,
            )
        assert ExceptionCase.objects.filter(payment=returned).exists()
