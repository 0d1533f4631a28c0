"""What the database itself refuses of money: amounts out of bounds, and a family paid twice for one stage."""

import threading

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django_scopes import scopes_disabled

from conftest import Cast
from gandeng.accounts.acting import in_territory
from gandeng.payments import actions
from gandeng.payments.models import Cycle, Payment, PaymentList
from gandeng.payments.refused import Refused
from gandeng.payments.tests.factories import make_cycle
from gandeng.payments.tests.steps import People, families, opened, quiet
from gandeng.registry.tests.factories import EVERYWHERE


def raw(table, **changed):
    """A copy of the newest row of a table with other values, past every model and action."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select column_name from information_schema.columns where table_name = %s", [table])
        names = [name for (name,) in cursor.fetchall()]
        picked = ", ".join("%s" if name in changed else f'"{name}"' for name in names)
        into = ", ".join(f'"{name}"' for name in names)
        values = [changed[name] for name in names if name in changed]
        cursor.execute(f"insert into {table} ({into}) select {picked} from {table} limit 1", values)


@pytest.fixture
def draft(db):
    """A list that is still a draft, and its one payment."""
    cycle = make_cycle(state="APPROVED")
    with in_territory(EVERYWHERE), scopes_disabled():
        person = Payment.objects.get().family
        other = PaymentList.objects.create(
            cycle=cycle, district_code="6371", channel="POS", payments=1, total_rupiah=1, root="0" * 64
        )
        yield cycle, other, person


@pytest.mark.parametrize("amount", [0, -1, -225_000, 1_000_000_000, 2**62])
def test_an_amount_out_of_bounds_is_refused(draft, amount):
    _, other, family = draft
    with pytest.raises(IntegrityError, match="payment_amount"):
        raw("payments_payment", payment_id="2024-2-K639999999", list_id=other.pk, channel="POS", amount_rupiah=amount,
            family_id=None if family is None else family.pk)  # fmt: skip


@pytest.mark.parametrize(("payments", "total"), [(-1, 1), (1, -1), (1, 10**15), (1, 2**63 - 1)])
def test_a_list_out_of_bounds_is_refused(draft, payments, total):
    cycle, _, _ = draft
    with pytest.raises(IntegrityError, match="list_total"), transaction.atomic():
        PaymentList.objects.create(
            cycle=cycle, district_code="6372", channel="BRI", payments=payments, total_rupiah=total, root="0" * 64
        )


def test_a_list_just_below_the_bound_is_kept(draft):
    cycle, _, _ = draft
    PaymentList.objects.create(
        cycle=cycle, district_code="6372", channel="BRI", payments=1, total_rupiah=10**15 - 1, root="0" * 64
    )


def test_a_family_is_paid_once_in_a_stage_whatever_the_channel(draft):
    _, other, family = draft
    with pytest.raises(IntegrityError, match="payment_once"):
        raw("payments_payment", payment_id="2024-2-K639999999", list_id=other.pk, channel="POS", family_id=family.pk)


def test_two_builds_at_once_make_one_payment_a_family(own_database, django_db_blocker):
    with django_db_blocker.unblock():
        people = People(Cast())
        families(*(("6371011001", "BRI"), ("6371011001", "POS"), ("6372011001", "BRI")))
        cycle = opened(people)
        with in_territory(people.officer):
            for step in (actions.freeze, actions.calculate):
                step(people.officer, cycle, quiet)
        gate, ended = threading.Barrier(2), []

        def build():
            try:
                with in_territory(people.officer), transaction.atomic():
                    gate.wait(10)
                    actions.make_lists(people.officer, Cycle.objects.get(pk=cycle.pk), quiet)
                ended.append("made")
            except Refused as refused:
                ended.append(refused.code)
            except Exception as error:  # noqa: BLE001 (what a second build ends with is what we look at)
                ended.append(type(error).__name__)
            finally:
                connections.close_all()

        both = [threading.Thread(target=build) for _ in range(2)]
        for one in both:
            one.start()
        for one in both:
            one.join(60)
        with in_territory(EVERYWHERE), scopes_disabled():
            paid = list(Payment.objects.filter(cycle=cycle).values_list("family_id", flat=True))
            totals = sum(PaymentList.objects.filter(cycle=cycle).values_list("payments", flat=True))
        connections.close_all()
    assert len(ended) == 2 and "made" in ended
    assert len(paid) == len(set(paid)) == totals == 3
