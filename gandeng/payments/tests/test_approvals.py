import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django_scopes import scopes_disabled

from gandeng.accounts.acting import acting_for, in_territory
from gandeng.accounts.models import Grant
from gandeng.payments import actions
from gandeng.payments.models import Approval, Cycle, JournalEntry, Payment, PaymentList, Refusal
from gandeng.payments.refused import Refused
from gandeng.payments.tests.steps import People, approved, families, instructed, listed, lists_of, opened, quiet, today
from gandeng.registry.tests.factories import EVERYWHERE

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(cast):
    return People(cast)


@pytest.fixture
def one(people):
    """A list of two payments, in draft."""
    families(("6371011001", "BRI"), ("6371011001", "BRI"))
    return lists_of(listed(people, opened(people)))[0]


def act(who, function, *arguments):
    with in_territory(who):
        return function(who, *arguments)


def test_it_works(people, one):
    assert act(people.officer, actions.submit_list, one).state == "SUBMITTED"
    assert act(people.head("6371"), actions.approve_list, one, "DISTRICT").state == "DISTRICT"
    assert act(people.province, actions.approve_list, one, "PROVINCE").state == "PROVINCE"
    assert Cycle.objects.get().state == "APPROVED"
    assert JournalEntry.objects.get().source == f"list:{one.pk}:{one.root}"


def test_who_prepares_approves_at_no_level(people, one, cast):
    act(people.officer, actions.submit_list, one)
    both = cast("DISTRICT_HEAD", "6371", person=Grant.objects.get(person_id=people.officer.person_id).person)
    with pytest.raises(Refused, match="orang lain"):
        act(both, actions.approve_list, one, "DISTRICT")


def test_one_person_with_two_roles_approves_one_level(people, one, cast):
    act(people.officer, actions.submit_list, one)
    head = people.head("6371")
    act(head, actions.approve_list, one, "DISTRICT")
    both = cast("PROVINCE_HEAD", "63", person=Grant.objects.get(person_id=head.person_id).person)
    with pytest.raises(Refused, match="orang lain"):
        act(both, actions.approve_list, one, "PROVINCE")


def test_a_deputy_who_prepared_does_not_approve(people, one):
    act(people.officer, actions.submit_list, one)
    head = Grant.objects.get(person_id=people.head("6371").person_id)
    Grant.objects.create(
        person_id=people.officer.person_id,
        role="DISTRICT_HEAD",
        region_code="6371",
        valid_from="2024-01-01",
        stands_in_for=head,
    )
    deputy = acting_for(people.officer.person_id, today())
    with pytest.raises(Refused, match="orang lain"):
        act(deputy, actions.approve_list, one, "DISTRICT")


@pytest.mark.parametrize("level", ["PROVINCE", "CENTRE"])
def test_no_level_is_skipped(people, one, cast, level):
    act(people.officer, actions.submit_list, one)
    who = people.province if level == "PROVINCE" else cast("MINISTRY_HEAD", "")
    with pytest.raises(Refused, match="Diajukan"):
        act(who, actions.approve_list, one, level)


def test_it_refuses_others(people, one, cast):
    act(people.officer, actions.submit_list, one)
    for who in (cast("DISTRICT_HEAD", "6372"), cast("DISTRICT_COORDINATOR", "6371"), people.province, people.officer):
        with pytest.raises(PermissionDenied):
            act(who, actions.approve_list, one, "DISTRICT")


def test_the_nation_asks_the_centre_too(cast):
    families(("6371011001", "BRI"))
    people = People(cast)
    people.officer = cast("MINISTRY_OFFICER", "")
    cycle = approved(people, listed(people, opened(people, region="")))
    assert cycle.state == "LISTED"
    assert act(cast("MINISTRY_HEAD", ""), actions.approve_list, lists_of(cycle)[0], "CENTRE").state == "CENTRE"
    assert instructed(people, cycle).state == "INSTRUCTED"


def test_a_list_that_was_returned_is_approved_anew(people, one):
    cycle = approved(people, one.cycle)
    act(people.province, actions.refuse_list, one, "Ada yang pindah")
    again = lists_of(cycle)[0]
    assert (again.state, again.revision, again.root == one.root) == ("DRAFT", 1, False)
    assert Cycle.objects.get().state == "LISTED"
    with in_territory(people.officer):
        assert (Approval.objects.count(), Refusal.objects.get().root) == (3, one.root)
        assert actions.balances(cycle) == {("6371", "BRI"): {"FUNDS": 0, "NOT_SENT": 0}}
    cycle = instructed(people, approved(people, cycle))
    with in_territory(people.officer):
        assert Approval.objects.filter(root=again.root).count() == 3
    with pytest.raises(Refused):
        act(people.province, actions.refuse_list, one, "Terlambat")


def test_a_list_is_remade_in_draft_alone(people, one):
    act(people.officer, actions.submit_list, one)
    families(("6371011001", "BRI"))
    act(people.officer, actions.make_lists, one.cycle, quiet)
    assert lists_of(one.cycle)[0].payments == 2
    act(people.head("6371"), actions.refuse_list, one, "Belum lengkap")
    listed(people, one.cycle)
    assert lists_of(one.cycle)[0].payments == 3


def test_it_refuses_without_a_reason(people, one):
    act(people.officer, actions.submit_list, one)
    with pytest.raises(Refused, match="alasan"):
        act(people.head("6371"), actions.refuse_list, one, "  ")


STATEMENTS = (
    "update payments_payment set amount_rupiah = 999999 where list_id = %s",
    "update payments_payment set account_index = '\\x00' where list_id = %s",
    "delete from payments_payment where list_id = %s",
    "update payments_paymentlist set total_rupiah = 1 where id = %s",
    "update payments_paymentlist set root = 'x' where id = %s",
    "update payments_paymentlist set state = 'PROVINCE' where id = %s",
    "update payments_paymentlist set state = 'DRAFT' where id = %s",
    "update payments_approval set level = 'CENTRE' where list_id = %s",
    "delete from payments_approval where list_id = %s",
)


@pytest.mark.parametrize("statement", STATEMENTS)
def test_the_database_refuses_changes_of_a_list_handed_in(people, one, statement):
    act(people.officer, actions.submit_list, one)
    with (
        in_territory(EVERYWHERE),
        pytest.raises(Exception, match=r"never changed|takes no|in DRAFT|does not go|is another|denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, [one.pk])


@pytest.mark.parametrize("level", ["DISTRICT", "PROVINCE", "CENTRE", "PREPARE"])
def test_the_database_refuses_an_approval_out_of_order(people, one, level):
    """Whatever our code does: only what the list waits for, of the content it has."""
    wanted = {"PREPARE": one.root}.get(level)
    for root in {one.root, "0" * 64}:
        if root == wanted:
            continue
        with in_territory(EVERYWHERE), pytest.raises(IntegrityError, match="waits for"), transaction.atomic():
            Approval.objects.create(
                list=one, root=root, level=level, person_id=people.province.person_id, authority="uji"
            )


CLOSED = {
    """insert into payments_approval (id, list_id, root, level, person_id, authority, at)
        select gen_random_uuid(), l.id, l.root, 'CENTRE', c.opened_by_id, '', now()
        from payments_paymentlist l join payments_cycle c on c.id = l.cycle_id""": "the cycle is closed",
    "update payments_paymentlist set state = state": "the cycle is closed",
    "delete from payments_paymentlist": "permission denied",
    "update payments_payment set name = 'x'": "a payment is never changed",
    "delete from payments_payment": "in cycle CLOSED and takes no such change",
    """insert into payments_payment select (jsonb_populate_record(p, jsonb_build_object('payment_id', '2024-2-KBARU',
        'family_id', gen_random_uuid()))).* from payments_payment p
        where p.payment_id = (select min(payment_id) from payments_payment)
    """: "in cycle CLOSED and takes no such change",
    "update payments_instruction set downloads = 9": "the cycle is closed",
    "delete from payments_instruction": "the cycle is closed",
    "update payments_cycle set state = 'OPEN'": "the cycle is closed",
    "delete from payments_cycle": "the cycle is closed",
    """insert into payments_heldpayment
        (cycle_id, run_id, family_id, village_code, channel, amount_rupiah, reason, at)
        select cycle_id, run_id, family_id, p.village_code, p.channel, 1, 'ACCOUNT_NEW', now()
        from payments_payment p join payments_cycle c on c.id = p.cycle_id""": "is not what it is due",
    """insert into payments_refusal (id, list_id, root, person_id, authority, reason, at)
        select gen_random_uuid(), l.id, l.root, c.opened_by_id, '', 'x', now()
        from payments_paymentlist l join payments_cycle c on c.id = l.cycle_id""": "there is nothing to refuse",
    "update payments_journalline set amount_rupiah = 1": "permission denied",
}
"""What is tried, and what the database says to it."""


@pytest.mark.parametrize("statement", CLOSED)
def test_nothing_reaches_a_closed_cycle(people, one, statement):
    cycle = instructed(people, approved(people, one.cycle))
    Cycle.objects.filter(pk=cycle.pk).update(state="CLOSED")
    with (
        in_territory(EVERYWHERE),
        pytest.raises(Exception, match=CLOSED[statement]),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_acts_on_a_closed_cycle_are_refused_in_words(people, one):
    cycle = instructed(people, approved(people, one.cycle))
    Cycle.objects.filter(pk=cycle.pk).update(state="CLOSED")
    for function, arguments in (
        (actions.freeze, (cycle, quiet)),
        (actions.make_lists, (cycle, quiet)),
        (actions.instruct, (cycle, quiet)),
        (actions.submit_list, (one,)),
    ):
        with pytest.raises(Refused, match="Ditutup"):
            act(people.officer, function, *arguments)


def test_payments_are_put_where_they_belong_alone(people, one):
    """Neither in another district's list nor in another channel's."""
    with in_territory(EVERYWHERE), scopes_disabled():
        other = PaymentList.objects.create(
            cycle=one.cycle, district_code="6372", channel="BNI", payments=0, total_rupiah=0, root=""
        )
        payment = Payment.objects.first()
        payment.payment_id, payment.list, payment.reissue_of_id = "lain", other, payment.payment_id
        with pytest.raises(IntegrityError, match="takes no"), transaction.atomic():
            payment.save(force_insert=True)
