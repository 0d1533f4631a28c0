"""Families held back are paid on a supplementary list, in their stage or, once that is closed, in a later one."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django_scopes import scopes_disabled

from gandeng.accounts.acting import in_territory
from gandeng.facilitators.tests.factories import few_queries
from gandeng.jobs.models import Job
from gandeng.jobs.work import KINDS
from gandeng.payments.held_queries import held_in_force, held_totals, held_until_today, waiting_held
from gandeng.payments.models import Cycle, HeldPayment, Payment
from gandeng.payments.queries import money_of_family, totals_by_cycle
from gandeng.payments.refused import Refused
from gandeng.payments.tests.steps import HELD_DAY, People, families, moved
from gandeng.reconciliation.actions.reissues import make_reissue_round
from gandeng.reconciliation.reissue_queries import sent_again as told_again
from gandeng.reconciliation.tests.after import (
    agreed,
    approve_round,
    closed,
    made,
    money,
    new_account,
    round_of,
    send_round,
    sent_again,
    supplementary,
)
from gandeng.reconciliation.tests.world import BANJARBARU, BANJARMASIN, outcomes, payments_of, send, silent, told
from gandeng.registry.models import Account, Family, Member
from gandeng.registry.tests.factories import EVERYWHERE

OTHER_PROVINCE = "6201011001"

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick")]


@pytest.fixture
def three(people):
    """Two whose account may be used, and one whose account is new."""
    first, second, new = families(*[(BANJARMASIN, "BRI")] * 3)
    _usable(new, HELD_DAY)
    return first, second, new


@pytest.fixture
def cycle(people, three):
    return made(people)


def _usable(family, day):
    with in_territory(EVERYWHERE), scopes_disabled():
        Account.objects.filter(family=family).update(usable_from=day)


def _held(*cycles):
    with in_territory(EVERYWHERE), scopes_disabled():
        return [(each.family_id, each.reason) for each in held_in_force(*cycles)]


def _owed(people, cycle):
    with in_territory(people.officer):
        return make_reissue_round(people.officer, cycle, silent, owed=True)


def test_who_is_held_for_another_reason_by_now_keeps_no_other_family_from_its_money(people, bank):
    """The stage is closed, and what holds a family back is told on."""
    _, ready, other = families(*[(BANJARMASIN, "BRI")] * 3)
    for each in (ready, other):
        _usable(each, HELD_DAY)
    past = made(people)
    send(bank, past, [told(each) for each in payments_of(past)])
    closed(people, past)
    _usable(ready, date(2024, 6, 1))
    with in_territory(EVERYWHERE), scopes_disabled():
        Family.objects.filter(pk=other.pk).update(collector=None)
    present = made(people, stage=3)
    number = _owed(people, present)
    assert [each.payments for each in supplementary(present, number)] == [1]
    assert _held(past) == [(other.pk, "NO_COLLECTOR")]


def test_it_works(people, cycle, three, bank):
    new = three[2]
    assert _held(cycle) == [(new.pk, "ACCOUNT_NEW")]
    assert money(cycle) == {"FUNDS": -1_000_000, "AT_CHANNEL": 1_000_000}
    _usable(new, date(2024, 6, 1))
    (late,) = sent_again(people, cycle)
    assert (late.payment_id, late.family_id, late.amount_rupiah) == (f"2024-2-{new.family_no}", new.pk, 500_000)
    assert (late.reissue_of_id, late.owed_by_id) == (None, None)
    assert _held(cycle) == []
    assert money(cycle) == {"FUNDS": -1_500_000, "AT_CHANNEL": 1_500_000}
    with in_territory(EVERYWHERE):
        assert totals_by_cycle([cycle]) == {cycle.pk: (3, 1_500_000)}
        assert told_again(cycle) == []
    assert outcomes(cycle)[late.pk] == "UNREPORTED"
    send(bank, cycle, [told(late, day="2024-07-03")], name="susulan.csv")
    assert outcomes(cycle)[late.pk] == "PAID"
    assert money(cycle) == {"FUNDS": -1_500_000, "AT_CHANNEL": 1_000_000, "CREDITED": 500_000}


def test_it_stands_beside_what_came_back(people, cycle, three, bank, operator, coordinator):
    failed = payments_of(cycle)[0]
    send(bank, cycle, [told(failed, "FAILURE", "", reason="F14 pasif")])
    agreed(operator, coordinator, failed)
    _usable(three[2], date(2024, 6, 1))
    listed = sent_again(people, cycle)
    assert [each.reissue_of_id for each in listed] == [failed.pk, None]
    assert money(cycle) == {"FUNDS": -1_500_000, "AT_CHANNEL": 1_500_000}
    with in_territory(EVERYWHERE):
        assert [(each["payments"], each["rupiah"]) for each in told_again(cycle)] == [(1, 500_000)]
        assert totals_by_cycle([cycle]) == {cycle.pk: (3, 1_500_000)}


def test_what_still_holds_it_is_told_as_of_today(people, cycle, three):
    new = three[2]
    with in_territory(EVERYWHERE), scopes_disabled():
        Family.objects.filter(pk=new.pk).update(collector=None)
    round_of(people, cycle)
    assert supplementary(cycle, 1) == []
    assert _held(cycle) == [(new.pk, "NO_COLLECTOR")]
    round_of(people, cycle)
    with in_territory(EVERYWHERE):
        assert HeldPayment.objects.filter(family=new.pk).count() == 2
        assert [(row["reason"], row["families"], row["rupiah"]) for row in held_totals(cycle)] == [
            ("NO_COLLECTOR", 1, 500_000)
        ]


def test_a_reason_that_comes_back_is_the_one_told(people, cycle, three):
    new = three[2]
    with in_territory(EVERYWHERE), scopes_disabled():
        collector = Family.objects.get(pk=new.pk).collector
        Family.objects.filter(pk=new.pk).update(collector=None)
    round_of(people, cycle)
    with in_territory(EVERYWHERE), scopes_disabled():
        Family.objects.filter(pk=new.pk).update(collector=collector)
    round_of(people, cycle)
    assert _held(cycle) == [(new.pk, "ACCOUNT_NEW")]


def test_made_again_it_holds_what_is_usable_by_then(people, cycle, three):
    new = three[2]
    _usable(new, date(2024, 6, 1))
    assert round_of(people, cycle) == 1
    _usable(new, HELD_DAY)
    assert round_of(people, cycle) == 1
    assert supplementary(cycle, 1) == []
    assert _held(cycle) == [(new.pk, "ACCOUNT_NEW")]
    _usable(new, date(2024, 6, 1))
    assert round_of(people, cycle) == 1
    assert [each.payments for each in supplementary(cycle, 1)] == [1]
    assert _held(cycle) == []


def test_a_family_that_left_the_region_is_paid_where_it_stood(people, three, bank, operator, coordinator):
    """What came back and what was held: to the account of today, on the list of the place that owes it."""
    province = People(people.cast)
    cycle = made(province, region="6371")
    failed, other = payments_of(cycle)
    send(bank, cycle, [told(each, "FAILURE", "", reason="F14 pasif") for each in (failed, other)])
    for each in (failed, other):
        agreed(operator, coordinator, each)
    _usable(three[2], date(2024, 6, 1))
    for family_id in (failed.family_id, three[2].pk):
        moved(family_id, BANJARBARU)
    listed = sent_again(province, cycle)
    assert {each.reissue_of_id for each in listed} == {failed.pk, other.pk, None}
    assert {each.village_code for each in listed} == {BANJARMASIN}
    assert _held(cycle) == []


# -- a family that lives elsewhere by now --


def test_families_that_left_the_province_are_paid_by_it_and_told_by_their_number(
    people, cycle, three, bank, operator, coordinator, client_of
):
    failed, other = payments_of(cycle)
    send(bank, cycle, [told(other), told(failed, "FAILURE", "", reason="F14 pasif")])
    agreed(operator, coordinator, failed)
    for family_id in (failed.family_id, three[2].pk):
        moved(family_id, OTHER_PROVINCE)
    new_account(failed.family_id)
    officer = client_of(people.officer)
    assert failed.pk in _pages(officer, cycle)["reconciliation:reissues"]
    (again,) = sent_again(people, cycle)
    assert (again.reissue_of_id, again.account_last3, again.village_code) == (failed.pk, "555", BANJARMASIN)
    assert _held(cycle) == [(three[2].pk, "ACCOUNT_NEW")]
    shown = _pages(officer, cycle)
    assert three[2].family_no in shown["payments:held"]
    assert reverse("registry:family", args=[three[2].pk]) not in shown["payments:held"], "it is not theirs to open"


@pytest.mark.parametrize("again", [False, True])
def test_held_in_one_district_and_paid_or_held_in_another_is_the_same_to_all(people, cycle, three, operator, again):
    moved(three[2].pk, BANJARBARU)
    if again:
        with in_territory(EVERYWHERE), scopes_disabled():
            Family.objects.filter(pk=three[2].pk).update(collector=None)
        round_of(people, cycle)
    else:
        _usable(three[2], date(2024, 6, 1))
        sent_again(people, cycle)
    counted = {}
    for name, who in (("63", people.officer), ("6371", operator), ("6372", people.cast("DISTRICT_OPERATOR", "6372"))):
        with in_territory(who):
            counted[name] = [(row["reason"], row["families"], row["rupiah"]) for row in held_totals(cycle)]
            assert waiting_held(who).count() == 0
    there = [("NO_COLLECTOR", 1, 500_000)] if again else []
    assert counted == {"63": there, "6371": [], "6372": there}


def test_it_refuses_without_anybody_to_pay(people, cycle, three):
    _usable(three[2], date(2024, 6, 1))
    sent_again(people, cycle)
    with pytest.raises(Refused, match="tidak ada keluarga yang ditahan"):
        round_of(people, cycle)


def test_ordering_it_twice_pays_once(people, cycle, three):
    _usable(three[2], date(2024, 6, 1))
    sent_again(people, cycle)
    with pytest.raises(Refused):
        send_round(people, cycle, 1)
    assert money(cycle) == {"FUNDS": -1_500_000, "AT_CHANNEL": 1_500_000}


# -- a stage that is closed --


@pytest.fixture
def later(people, cycle, three, bank):
    """The stage is closed while the third is held; the next is ordered, in which all three are paid."""
    send(bank, cycle, [told(each) for each in payments_of(cycle)])
    closed(people, cycle)
    _usable(three[2], date(2024, 6, 1))
    return made(people, stage=3)


def test_a_later_stage_pays_what_a_closed_one_held(people, cycle, later, three, bank):
    new = three[2]
    before = money(cycle, later=False)
    number = _owed(people, later)
    approve_round(people, later, number)
    send_round(people, later, number)
    with in_territory(EVERYWHERE):
        owed = Payment.objects.get(list__cycle=later, list__round=number)
        assert (owed.payment_id, owed.owed_by_id) == (f"2024-2-{new.family_no}", cycle.pk)
        told_of = [(each.year, each.stage, each.payment_id) for each in money_of_family(new.pk)]
        assert told_of == [(2024, 3, f"2024-3-{new.family_no}"), (2024, 2, owed.payment_id)]
        assert totals_by_cycle([cycle, later]) == {cycle.pk: (2, 1_000_000), later.pk: (4, 2_000_000)}
    assert _held(cycle, later) == []
    assert money(cycle) == before
    assert money(later) == {"FUNDS": -2_000_000, "AT_CHANNEL": 2_000_000}
    send(bank, later, [told(owed, day="2024-08-01")], name="susulan.csv")
    assert outcomes(later)[owed.pk] == "PAID"
    with pytest.raises(Refused, match="tidak ada keluarga yang ditahan"):
        _owed(people, later)


def test_it_is_left_alone_where_nobody_asks_for_it(people, cycle, later):
    with pytest.raises(Refused, match="tidak ada keluarga yang ditahan"):
        round_of(people, later)
    assert len(_held(cycle)) == 1


# -- the database itself --


def _copy(payment, **changed):
    names = [field.attname for field in Payment._meta.concrete_fields]
    Payment.objects.create(**{name: getattr(payment, name) for name in names} | changed)


def test_the_database_refuses_what_was_not_held(people, cycle, three):
    first, _, new = three
    _usable(new, date(2024, 6, 1))
    round_of(people, cycle)
    with in_territory(EVERYWHERE), scopes_disabled():
        late = Payment.objects.get(family=new.pk)
        for changed in (
            {"payment_id": "2024-2-LAIN"},
            {"amount_rupiah": 500_001},
            {"payment_id": f"2024-2-{first.family_no}", "family_id": first.pk},
            {"owed_by_id": cycle.pk},
        ):
            with pytest.raises(IntegrityError), transaction.atomic():
                Payment.objects.filter(pk=late.pk).delete()
                _copy(late, **changed)
        own = Payment.objects.get(family=first.pk)
        with pytest.raises(IntegrityError), transaction.atomic():
            _copy(own, payment_id="2024-2-DUA", family_id=new.pk)


def test_the_database_refuses_money_owed_by_a_stage_that_is_open(people, cycle, later, three):
    _owed(people, later)
    with in_territory(EVERYWHERE), scopes_disabled():
        owed = Payment.objects.get(owed_by=cycle)
        with pytest.raises(IntegrityError, match="not what was held"), transaction.atomic():
            Payment.objects.filter(pk=owed.pk).delete()
            _copy(owed, owed_by_id=later.pk)


def test_the_database_refuses_held_money_that_is_not_due(cycle, three):
    first, _, new = three
    with in_territory(EVERYWHERE), scopes_disabled():
        run = Cycle.objects.get(pk=cycle.pk).run_id
        for family, rupiah, reason in (
            (new, 1, "ACCOUNT_NEW"),
            (new, 500_000, "LIFTED"),
            (first, 900_000, "LIFTED"),
        ):
            with pytest.raises(IntegrityError, match="not what it is due"), transaction.atomic():
                HeldPayment.objects.create(
                    cycle=cycle, run_id=run, family=family, village_code=BANJARMASIN, channel="BRI",
                    amount_rupiah=rupiah, reason=reason,
                )  # fmt: skip


# -- pages --


def _text(answer):
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def _pages(browser, cycle):
    names = ("reconciliation:reissues", "payments:held", "payments:cycle", "reconciliation:cycle", "payments:journal")
    return {name: _text(browser.get(reverse(name, args=[cycle.pk]))) for name in names}


def _worked(people):
    """What was asked for last is done; gives the page it ends at."""
    with in_territory(people.officer):
        asked = Job.objects.latest("created_at")
        return KINDS[asked.kind](people.officer, silent, asked.arguments)


def test_pages_say_who_is_held_and_how_they_come_to_be_paid(people, cycle, three, client_of, operator, bank):
    officer = client_of(people.officer)
    shown = _pages(officer, cycle)
    assert "Ditahan, belum pernah dibayar" in shown["reconciliation:reissues"]
    assert "Buat daftar susulan" in shown["reconciliation:reissues"]
    assert "bagian Susulan" in shown["payments:held"] and three[2].family_no in shown["payments:held"]
    assert "1 keluarga ditahan, Rp500.000" in shown["payments:cycle"]
    assert "Buat daftar susulan" not in _text(
        client_of(operator).get(reverse("reconciliation:reissues", args=[cycle.pk]))
    )
    assert "Ditahan, belum" not in _text(client_of(bank).get(reverse("reconciliation:reissues", args=[cycle.pk])))
    assert officer.post(reverse("reconciliation:reissues_make", args=[cycle.pk])).status_code == 302
    assert _worked(people) == reverse("payments:held", args=[cycle.pk]), "who is still held, where nothing was listed"
    _usable(three[2], date(2024, 6, 1))
    assert officer.post(reverse("reconciliation:reissues_make", args=[cycle.pk])).status_code == 302
    assert _worked(people) == reverse("reconciliation:reissues", args=[cycle.pk])
    shown = _pages(officer, cycle)
    assert "Susulan 1: Rp500.000" in shown["reconciliation:reissues"]
    assert "Buat ulang daftar susulan" in shown["reconciliation:reissues"], "as long as it is a draft"
    assert "Tidak ada keluarga yang ditahan" in shown["payments:held"]
    assert "dibayar ulang, dan keluarga yang tadinya ditahan" in shown["payments:cycle"]
    assert "Semua yang diperintahkan ada di tepat satu tempat" in shown["payments:journal"]


def test_pages_offer_what_a_closed_stage_held(people, cycle, later, three, client_of):
    officer = client_of(people.officer)
    assert "Dapat dibayar lewat susulan tahap berikutnya" in _pages(officer, cycle)["payments:held"]
    with few_queries():
        offered = _text(officer.get(reverse("reconciliation:reissues", args=[later.pk])))
    assert "Bayar juga 1 keluarga, Rp500.000, yang ditahan pada tahap yang sudah ditutup" in offered
    assert officer.post(reverse("reconciliation:reissues_make", args=[later.pk]), {"owed": "1"}).status_code == 302
    _worked(people)
    told_of = _text(officer.get(reverse("payments:payment", args=[f"2024-2-{three[2].family_no}"])))
    assert "Hak dari" in told_of and "Tahap 2 tahun 2024, yang sudah ditutup" in told_of
    assert "Jumlah berbeda" not in told_of
    family = _text(officer.get(reverse("registry:family", args=[three[2].pk])))
    assert "Tahap 2 tahun 2024" in family and "Ditahan" not in family


def test_the_page_explains_an_amount_by_the_stage_that_owes_it(people, cycle, three, bank, client_of):
    """The family is due nothing in the stage that pays it."""
    send(bank, cycle, [told(each) for each in payments_of(cycle)])
    closed(people, cycle)
    with in_territory(EVERYWHERE), scopes_disabled():
        Member.objects.filter(family=three[2].pk).update(pregnancy_no=None)
    _usable(three[2], date(2024, 6, 1))
    later = made(people, stage=3)
    _owed(people, later)
    page = _text(client_of(people.officer).get(reverse("payments:payment", args=[f"2024-2-{three[2].family_no}"])))
    assert "Jumlah berbeda" not in page and "Rp500.000" in page


def test_whoever_runs_the_stage_is_told_once_a_waiting_time_is_over(people, cycle, three, client_of, operator):
    def waits(who):
        with in_territory(who):
            return waiting_held(who).count(), sum(held_until_today(who, [cycle]).values())

    assert waits(people.officer) == (0, 0)
    with in_territory(EVERYWHERE), scopes_disabled():
        held = HeldPayment.objects.get(family=three[2].pk)
        HeldPayment.objects.create(
            **{field.attname: getattr(held, field.attname) for field in held._meta.concrete_fields[1:]}
            | {"usable_from": date(2024, 9, 1)}
        )
    assert waits(people.officer) == (1, 1)
    assert waits(operator) == (0, 0)
    officer = client_of(people.officer)
    assert "ditahan yang sekarang dapat dibayar" in _text(officer.get(reverse("home")))
    assert reverse("reconciliation:reissues", args=[cycle.pk]) in _text(officer.get(reverse("reconciliation:cycles")))
    _usable(three[2], date(2024, 6, 1))
    round_of(people, cycle)
    assert waits(people.officer) == (0, 0)


def test_so_it_is_once_an_account_that_was_missing_is_there_and_may_be_paid(people, three):
    new = three[2]
    with in_territory(EVERYWHERE), scopes_disabled():
        Account.objects.filter(family=new.pk).update(valid_until=date(2024, 1, 1))
    cycle = made(people)
    assert _held(cycle) == [(new.pk, "NO_ACCOUNT")]
    for changed, waits in (({"valid_until": None}, 0), ({"usable_from": date(2024, 6, 1)}, 1)):
        with in_territory(EVERYWHERE), scopes_disabled():
            Account.objects.filter(family=new.pk).update(**changed)
        with in_territory(people.officer):
            assert (waiting_held(people.officer).count(), held_until_today(people.officer, [cycle])) == (
                waits,
                {cycle.pk: waits} if waits else {},
            )
    round_of(people, cycle)
    with in_territory(people.officer):
        assert waiting_held(people.officer).count() == 0


def test_closing_a_later_stage_says_whom_closed_ones_still_owe(people, cycle, three, bank, client_of):
    send(bank, cycle, [told(each) for each in payments_of(cycle)])
    closed(people, cycle)
    _usable(three[2], date(2024, 6, 1))
    later, browser = made(people, stage=3), client_of(people.officer)

    def closing():
        with in_territory(EVERYWHERE):
            Cycle.objects.filter(pk=later.pk).update(state="SIGNED")
        with few_queries():
            return _text(browser.get(reverse("payments:close", args=[later.pk])))

    assert "1 keluarga yang haknya, Rp500.000, ditahan oleh tahap yang sudah ditutup" in closing()
    with in_territory(EVERYWHERE):
        Cycle.objects.filter(pk=later.pk).update(state="RECONCILING")
    _owed(people, later)
    assert "ditahan oleh tahap yang sudah ditutup" not in closing()


def test_closing_says_who_is_still_held(people, cycle, three, client_of):
    with in_territory(EVERYWHERE):
        Cycle.objects.filter(pk=cycle.pk).update(state="SIGNED")
    shown = _text(client_of(people.officer).get(reverse("payments:close", args=[cycle.pk])))
    assert "1 keluarga, Rp500.000" in shown and "masih ditahan" in shown


def test_what_another_region_has_paid_is_not_owed(people, bank):
    """Held in one district, moved to the next, paid there: the province that pays what is owed leaves it."""
    _, mover, still = families(*[(BANJARMASIN, "BRI")] * 3)
    families((BANJARBARU, "BRI"))
    for each in (mover, still):
        _usable(each, HELD_DAY)
    first = made(people, region="6371")
    send(bank, first, [told(each) for each in payments_of(first)])
    moved(mover.pk, BANJARBARU)
    for each in (mover, still):
        _usable(each, date(2024, 3, 1))
    made(people, region="6372")
    closed(people, first)
    later = made(people, stage=3)
    number = _owed(people, later)
    assert [each.payments for each in supplementary(later, number)] == [1]
    with in_territory(EVERYWHERE):
        assert Payment.objects.get(list__cycle=later, list__round=number).family_id == still.pk
    assert _held(first, later) == [(mover.pk, "PAID_ELSEWHERE")]
