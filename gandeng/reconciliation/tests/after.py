"""A cycle from its lists to its closing, and what comes after, for tests."""

from datetime import date

from django.db import transaction
from django_scopes import scopes_disabled

from gandeng.accounts.acting import in_territory
from gandeng.payments import actions
from gandeng.payments.models import Cycle, Payment, PaymentList
from gandeng.payments.tests.steps import approved, instructed, listed, opened
from gandeng.reconciliation.actions.exceptions import Act, act_on, decide_reissue
from gandeng.reconciliation.actions.reissues import instruct_reissue_round, make_reissue_round
from gandeng.reconciliation.models import ExceptionCase, OutcomeInForce, ReissueRequest
from gandeng.reconciliation.reissue_queries import left_behind
from gandeng.reconciliation.tests.world import silent
from gandeng.registry.models import Account
from gandeng.registry.tests.factories import EVERYWHERE


def made(people, **stage):
    """A cycle that has been instructed, of the families there are."""
    return instructed(people, approved(people, listed(people, opened(people, **stage))))


def closed(people, cycle):
    """Signed and closed, by whoever may."""
    with in_territory(people.officer):
        actions.set_signed(cycle)
        actions.close_cycle(people.officer, cycle)
    return Cycle.objects.get(pk=cycle.pk)


def case_of(payment, cycle=None):
    with in_territory(EVERYWHERE):
        found = ExceptionCase.objects.select_related("cycle", "payment").filter(payment=payment, row=None)
        return found.get(cycle=cycle) if cycle else found.get()


def agreed(operator, coordinator, payment, cycle=None):
    """Two people agree to send its money again."""
    with in_territory(operator):
        act_on(operator, case_of(payment, cycle), Act.REISSUE, reason="Rekening diganti", evidence="Retur 7/BRI")
    with in_territory(coordinator):
        asked = ReissueRequest.objects.select_related("exception").get(payment=payment, state="ASKED")
        decide_reissue(coordinator, asked, approve=True, reason="Sesuai surat bank")


def round_of(people, cycle):
    """Lists of what is agreed on, as drafts."""
    with in_territory(people.officer):
        return make_reissue_round(people.officer, cycle, silent)


def supplementary(cycle, number):
    with in_territory(EVERYWHERE), scopes_disabled():
        found = PaymentList.objects.filter(cycle=cycle, round=number, payments__gt=0).select_related("cycle")
        return list(found.order_by("district_code", "channel"))


def approve_round(people, cycle, number):
    for each in supplementary(cycle, number):
        with in_territory(people.officer):
            actions.submit_list(people.officer, each)
        head = people.head(each.district_code)
        with in_territory(head):
            actions.approve_list(head, each, "DISTRICT")
        with in_territory(people.province):
            actions.approve_list(people.province, each, "PROVINCE")


def send_round(people, cycle, number):
    with in_territory(people.officer):
        return instruct_reissue_round(people.officer, cycle, number, silent, execute_on=date(2024, 7, 1))


def sent_again(people, cycle):
    """Made, approved, ordered; gives the new payments."""
    number = round_of(people, cycle)
    approve_round(people, cycle, number)
    send_round(people, cycle, number)
    with in_territory(EVERYWHERE):
        return list(Payment.objects.filter(list__cycle=cycle, list__round=number).order_by("payment_id"))


def left_open(closed, state="OPEN"):
    """Payments that closed cycles left behind in that state, and the rupiah at stake."""
    return left_behind(closed).get(state, (0, 0))


def money(cycle, *, later=True):
    """Account -> rupiah of the cycle, nothing for nothing; `later`: with what later cycles booked about it."""
    told = {}
    with in_territory(EVERYWHERE):
        for there in actions.balances(cycle, with_corrections=later).values():
            for account, rupiah in there.items():
                told[account] = told.get(account, 0) + rupiah
    return {account: rupiah for account, rupiah in told.items() if rupiah}


def in_force(payment):
    with in_territory(EVERYWHERE):
        return OutcomeInForce.objects.get(payment=payment)


def new_account(family_id, account_no="7999888777666555"):
    """A family's account, replaced in one go and usable at once."""
    from gandeng.audit.sealing import Place, blind_account, seal

    with in_territory(EVERYWHERE), scopes_disabled(), transaction.atomic():
        account = Account.objects.get(family=family_id)
        account.account_sealed = seal(account_no, Place("registry_account", "account", str(account.pk)))
        account.account_index = blind_account(account.channel, account_no)
        account.account_last3 = account_no[-3:]
        account.save()
