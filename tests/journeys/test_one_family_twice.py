"""A family that stands in the registry twice, found out between the calculation and the money, is paid once."""

import pytest
from django.db import transaction
from django_scopes import scopes_disabled

from gandeng.accounts.acting import in_territory
from gandeng.duplicates.actions import Said, Verdicts, judge
from gandeng.duplicates.tests.factories import NEXT_VILLAGE, REASON, a_child, found_in
from gandeng.payments.held_queries import held_by_cycle, held_totals, waiting_held
from gandeng.payments.models import Payment
from gandeng.payments.tests.steps import HELD_DAY, People
from gandeng.reconciliation.tests.after import made, round_of, supplementary
from gandeng.registry.actions import Proof, Wanted, approve_change, request_change
from gandeng.registry.models import Account, ChangeRequest, Family, Member
from gandeng.registry.tests.factories import EVERYWHERE
from tests.journeys.verified import verified

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(cast):
    return People(cast)


@pytest.mark.parametrize("due", [True, False])
def test_a_double_is_not_paid_beside_the_family_it_is(people, cast, due):
    """Held for its account when it is ended; `due`: the family that is left is calculated for the stage as well."""
    stays, double = a_child()[0], a_child(NEXT_VILLAGE)[0]
    with in_territory(EVERYWHERE), scopes_disabled():
        Member.objects.filter(pk__in=[stays.collector_id, double.collector_id]).update(pregnancy_no=1)
        Account.objects.filter(family=double).update(usable_from=HELD_DAY)
        Family.objects.filter(pk=stays.pk).update(status="ACTIVE" if due else "VALIDATED")
    operator, coordinator = cast("DISTRICT_OPERATOR", "6371"), cast("DISTRICT_COORDINATOR", "6371")
    (pair,) = found_in(operator)
    a_child(NEXT_VILLAGE, name="Siti Lain Sekali", pregnancy_no=1)
    cycle = made(people)
    with in_territory(operator), transaction.atomic():
        ends = Said.ENDS_FIRST if pair.family == double else Said.ENDS_OTHER
        (kept,) = judge(operator, pair, Verdicts({}, REASON, ends))
    with in_territory(coordinator):
        approve_change(coordinator, ChangeRequest.objects.get(pk=kept.change_id), "")
    with in_territory(EVERYWHERE), scopes_disabled():
        Account.objects.filter(family=double).update(usable_from="2024-01-01")
    number = round_of(people, cycle)
    listed = sum(each.payments for each in supplementary(cycle, number))
    if not due:
        assert listed == 1, "its only money of the stage"
        return
    with in_territory(people.officer):
        (told,) = held_totals(cycle)
        assert (listed, told["reason"], told["families"]) == (0, "DOUBLE", 1)
        assert held_by_cycle([cycle])[cycle.pk] == (0, 0, 1) and not waiting_held(people.officer).exists()
    with in_territory(operator):
        again = Wanted({"status": "ACTIVE"})
        back = request_change(
            operator, Family.objects.get(pk=double.pk), "RESUME", None, again, REASON, Proof("KK asli dilihat")
        )
    with in_territory(coordinator):
        approve_change(coordinator, back, "")
    with in_territory(people.officer):
        assert waiting_held(people.officer).count() == 1, "it is a family again"
    assert round_of(people, cycle) == number
    with in_territory(EVERYWHERE), scopes_disabled():
        paid = Payment.objects.select_related("list").get(family=double)
    assert (paid.list.round, paid.amount_rupiah) == (number, told["rupiah"])
    assert verified() == {}
