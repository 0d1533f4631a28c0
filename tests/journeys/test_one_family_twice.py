"""A family that stands in the registry twice, found out between the calculation and the money, is paid once."""

from typing import NamedTuple

import pytest
from django.db import transaction
from django_scopes import scopes_disabled

from gandeng.accounts.acting import Acting, in_territory
from gandeng.duplicates.actions import Said, Verdicts, judge
from gandeng.duplicates.tests.factories import NEXT_VILLAGE, REASON, a_child, found_in
from gandeng.payments.actions.lists import make_lists
from gandeng.payments.held_queries import held_by_cycle, held_totals, waiting_held
from gandeng.payments.models import Payment
from gandeng.payments.tests.steps import HELD_DAY, People, listed, opened
from gandeng.reconciliation.tests.after import agreed, made, round_of, supplementary
from gandeng.reconciliation.tests.world import payments_of, send, silent, told
from gandeng.registry.actions import Proof, Wanted, approve_change, request_change
from gandeng.registry.models import Account, ChangeRequest, Family, Member
from gandeng.registry.tests.factories import EVERYWHERE
from tests.journeys.verified import verified

pytestmark = pytest.mark.django_db
USABLE = "2024-01-01"


@pytest.fixture
def people(cast):
    return People(cast)


@pytest.fixture
def bank(cast):
    return cast("CHANNEL_OFFICER", "63", channel="BRI")


class Twice(NamedTuple):
    """Two families that look alike, and the office that ends the second as the double of the first."""

    stays: Family
    double: Family
    operator: Acting
    coordinator: Acting

    def usable(self, family, day):
        with in_territory(EVERYWHERE), scopes_disabled():
            Account.objects.filter(family=family).update(usable_from=day)

    def end(self):
        (pair,) = [each for each in found_in(self.operator) if {each.family, each.other} == {self.stays, self.double}]
        ends = Said.ENDS_FIRST if pair.family == self.double else Said.ENDS_OTHER
        with in_territory(self.operator), transaction.atomic():
            (kept,) = judge(self.operator, pair, Verdicts({}, REASON, ends))
        self._approve(ChangeRequest.objects, kept.change_id)

    def bring_back(self):
        again, proof = Wanted({"status": "ACTIVE"}), Proof("KK asli dilihat")
        with in_territory(self.operator):
            kept = Family.objects.get(pk=self.double.pk)
            back = request_change(self.operator, kept, "RESUME", None, again, REASON, proof)
        self._approve(ChangeRequest.objects, back.pk)

    def _approve(self, requests, key):
        with in_territory(self.coordinator):
            approve_change(self.coordinator, requests.get(pk=key), "")


@pytest.fixture
def twice(cast):
    stays, double = a_child()[0], a_child(NEXT_VILLAGE)[0]
    with in_territory(EVERYWHERE), scopes_disabled():
        Member.objects.filter(pk__in=[stays.collector_id, double.collector_id]).update(pregnancy_no=1)
    return Twice(stays, double, cast("DISTRICT_OPERATOR", "6371"), cast("DISTRICT_COORDINATOR", "6371"))


def _listed(people, cycle):
    """How many a supplementary list pays, made anew."""
    return sum(each.payments for each in supplementary(cycle, round_of(people, cycle)))


@pytest.mark.parametrize("due", [True, False])
def test_a_double_is_not_paid_beside_the_family_it_is(people, twice, due):
    """Held for its account when it is ended; `due`: the family that is left is calculated for the stage as well."""
    twice.usable(twice.double, HELD_DAY)
    with in_territory(EVERYWHERE), scopes_disabled():
        Family.objects.filter(pk=twice.stays.pk).update(status="ACTIVE" if due else "VALIDATED")
    found_in(twice.operator)
    a_child(NEXT_VILLAGE, name="Siti Lain Sekali", pregnancy_no=1)
    cycle = made(people)
    twice.end()
    twice.usable(twice.double, USABLE)
    listed = _listed(people, cycle)
    if not due:
        assert listed == 1, "its only money of the stage"
        return
    with in_territory(people.officer):
        (held,) = held_totals(cycle)
        assert (listed, held["reason"], held["families"]) == (0, "DOUBLE", 1)
        assert held_by_cycle([cycle])[cycle.pk] == (0, 0, 1) and not waiting_held(people.officer).exists()
    twice.bring_back()
    with in_territory(people.officer):
        assert waiting_held(people.officer).count() == 1, "it is a family again"
    assert _listed(people, cycle) == 1
    with in_territory(EVERYWHERE), scopes_disabled():
        paid = Payment.objects.select_related("list").get(family=twice.double)
    assert (paid.list.round, paid.amount_rupiah) == (1, held["rupiah"])
    assert verified() == {}


def test_what_was_listed_for_a_double_is_not_paid_again_to_the_family_that_is_left(people, twice):
    """It was held for its account while the other was on a list, and it was the other that was ended."""
    twice.usable(twice.stays, HELD_DAY)
    cycle = made(people)
    twice.end()
    twice.usable(twice.stays, USABLE)
    assert _listed(people, cycle) == 0
    with in_territory(people.officer):
        (held,) = held_totals(cycle)
        assert (held["reason"], held["families"]) == ("PAID_AS_DOUBLE", 1)
        assert held_by_cycle([cycle])[cycle.pk] == (0, 0, 1) and not waiting_held(people.officer).exists()
    twice.bring_back()
    with in_territory(people.officer):
        assert waiting_held(people.officer).count() == 1, "they are two families"
    assert _listed(people, cycle) == 1
    assert verified() == {}


@pytest.mark.parametrize("both", [False, True])
def test_what_came_back_of_a_double_is_sent_again_unless_the_family_that_is_left_was_listed(people, twice, bank, both):
    """`both` were on a list: then one has its money. Else what came back is all that was on its way."""
    if not both:
        twice.usable(twice.stays, HELD_DAY)
    cycle = made(people)
    (failed,) = [each for each in payments_of(cycle) if each.family_id == twice.double.pk]
    rest = [told(each) for each in payments_of(cycle) if each != failed]
    send(bank, cycle, [told(failed, "FAILURE", "", reason="F14 pasif"), *rest])
    twice.end()
    twice.usable(twice.stays, USABLE)
    agreed(twice.operator, twice.coordinator, failed)
    _listed(people, cycle)
    with in_territory(EVERYWHERE):
        again = Payment.objects.filter(cycle=cycle, list__round=1).values_list("family_id", flat=True)
        assert list(again) == ([] if both else [twice.double.pk])


def test_lists_that_are_made_anew_count_as_no_list(people, twice):
    """Both stood on drafts before it was found out."""
    cycle = listed(people, opened(people))
    twice.end()
    with in_territory(people.officer):
        make_lists(people.officer, cycle, silent)
    assert [each.family_id for each in payments_of(cycle)] == [twice.stays.pk]


def test_a_family_that_stood_there_three_times_is_paid_once(people, twice):
    """The first was listed and ended as the second, which was ended as the third; both were held for their accounts."""
    third, _ = a_child(NEXT_VILLAGE)
    with in_territory(EVERYWHERE), scopes_disabled():
        Member.objects.filter(pk=third.collector_id).update(pregnancy_no=1)
    for each in (twice.stays, third):
        twice.usable(each, HELD_DAY)
    cycle = made(people)
    twice.end()
    twice._replace(stays=third, double=twice.stays).end()
    for each in (twice.stays, third):
        twice.usable(each, USABLE)
    assert _listed(people, cycle) == 0
    with in_territory(people.officer):
        assert {each["reason"] for each in held_totals(cycle)} == {"DOUBLE", "PAID_AS_DOUBLE"}
