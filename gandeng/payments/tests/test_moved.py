"""A family that moves between two regions of one stage is paid once, and stops nobody else in either."""

import pytest
from django.urls import reverse
from django_scopes import scopes_disabled

from gandeng.accounts.acting import in_territory
from gandeng.payments import actions
from gandeng.payments.actions import lists
from gandeng.payments.held_queries import held_by_cycle, held_totals
from gandeng.payments.models import HeldPayment, Payment
from gandeng.payments.refused import Refused
from gandeng.payments.tests.steps import HELD_DAY, People, families, listed, moved, opened, quiet
from gandeng.registry.models import Account
from gandeng.registry.tests.factories import EVERYWHERE

pytestmark = pytest.mark.django_db
HERE, THERE = "6371011001", "6201011001"


@pytest.fixture
def people(cast):
    return People(cast)


@pytest.fixture
def others(cast):
    """Of the province it moves to."""
    return People(cast, "62")


@pytest.fixture
def mover(people):
    """Listed in one province, at home in another by now; each has a family that stays."""
    mover, *_ = families((HERE, "BRI"), (HERE, "BRI"), (THERE, "BRI"))
    listed(people, opened(people))
    moved(mover.pk, THERE)
    return mover


def paid(cycle):
    with in_territory(EVERYWHERE), scopes_disabled():
        return set(Payment.objects.filter(cycle=cycle).values_list("family_id", flat=True))


def test_the_other_region_holds_it_and_lists_the_rest(others, mover):
    cycle = listed(others, opened(others, region="62"))
    assert len(paid(cycle)) == 1
    assert mover.pk not in paid(cycle)
    with in_territory(others.officer):
        assert held_totals(cycle) == [{"reason": "PAID_ELSEWHERE", "families": 1, "rupiah": 500_000}]
        assert held_by_cycle([cycle]) == {cycle.pk: (0, 0, 1)}


def test_it_is_told_so_whatever_else_holds_it(others, mover, client_of):
    with in_territory(EVERYWHERE), scopes_disabled():
        Account.objects.filter(family=mover).update(usable_from=HELD_DAY)
    cycle = listed(others, opened(others, region="62"))
    with in_territory(others.officer):
        assert list(HeldPayment.objects.values_list("reason", "usable_from")) == [("PAID_ELSEWHERE", None)]
    page = client_of(others.officer).get(reverse("payments:held", args=[cycle.pk])).content.decode()
    assert "Dibayar lewat daftar wilayah lain untuk tahap yang sama" in page
    assert "Tidak ada yang perlu dilakukan selama daftar wilayah itu memuatnya" in page


def test_it_is_listed_where_it_lives_once_the_other_region_made_its_lists_without_it(people, others, mover):
    cycle = listed(others, opened(others, region="62"))
    with in_territory(EVERYWHERE):
        before = Payment.objects.get(family=mover).cycle
    listed(people, before)
    assert mover.pk not in paid(before)
    with in_territory(others.officer):
        actions.make_lists(others.officer, cycle, quiet)
    assert mover.pk in paid(cycle)
    with in_territory(others.officer):
        assert held_totals(cycle) == []


def test_two_regions_that_list_it_at_once_are_told_in_words(others, mover, monkeypatch):
    monkeypatch.setattr(lists, "_HOLD_ELSEWHERE", "select %(cycle)s")  # the other commits after it was asked
    with pytest.raises(Refused, match="wilayah lain juga memasukkan"):
        listed(others, opened(others, region="62"))
