from collections import defaultdict

import pytest
from django.db import IntegrityError, connection, transaction
from django_scopes import scopes_disabled
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gandeng.accounts.acting import in_territory
from gandeng.payments.actions import balances, book
from gandeng.payments.models import Cycle, JournalEntry, JournalLine
from gandeng.registry.tests.factories import EVERYWHERE

pytestmark = pytest.mark.django_db

ACCOUNTS = [account.value for account in JournalLine.Account]
PLACES = [("6371", "BRI"), ("6371", "POS"), ("6372", "BRI")]
LINE = st.tuples(
    st.sampled_from(PLACES), st.permutations(ACCOUNTS).map(lambda some: some[:2]), st.integers(0, 10**12)
).map(lambda told: (*told[0], *told[1], told[2]))
BOOKING = st.tuples(st.integers(0, 5), st.lists(LINE, max_size=5), st.booleans())


@pytest.fixture
def officer(cast):
    return cast("PROVINCE_OFFICER", "63")


def make(officer, stage=2):
    return Cycle.objects.create(year=2024, stage=stage, months=2, region_code="63", opened_by_id=officer.person_id)


def test_it_works(officer):
    cycle = make(officer)
    with in_territory(officer):
        entry = book(officer, cycle, "APPROVED", "uji", [("6371", "BRI", "FUNDS", "NOT_SENT", 225_000)])
        assert book(officer, cycle, "APPROVED", "uji", [("6371", "BRI", "FUNDS", "NOT_SENT", 1)]) == entry
        assert balances(cycle) == {("6371", "BRI"): {"FUNDS": -225_000, "NOT_SENT": 225_000}}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(bookings=st.lists(BOOKING, max_size=8))
def test_any_bookings_sum_to_nothing_and_are_the_sums_of_a_naive_book(officer, bookings):
    """The same cause books once; what is about another cycle is that one's money."""
    with transaction.atomic(), in_territory(officer):
        cycle, closed = make(officer, 2), make(officer, 1)
        naive, seen, about_closed = defaultdict(int), set(), defaultdict(int)
        for cause, lines, about in bookings:
            book(officer, cycle, "RECONCILED", f"{cycle.pk}:{cause}", lines, about_cycle=closed if about else None)
            if cause in seen:
                continue
            seen.add(cause)
            for district, channel, leaves, reaches, rupiah in lines:
                told = about_closed if about else naive
                told[district, channel, leaves] -= rupiah
                told[district, channel, reaches] += rupiah
        for got, wanted in ((balances(cycle), naive), (balances(closed, with_corrections=True), about_closed)):
            flat = {
                (*place, account): rupiah for place, sums in got.items() for account, rupiah in sums.items() if rupiah
            }
            assert flat == {where: rupiah for where, rupiah in wanted.items() if rupiah}
            assert all(sum(sums.values()) == 0 for sums in got.values())
        with connection.cursor() as cursor:
            cursor.execute("set constraints all immediate")
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    "line",
    [
        ("6371", "BRI", "FUNDS", "FUNDS", 1),
        ("6371", "BRI", "FUNDS", "NOT_SENT", -1),
        ("6371", "BRI", "FUNDS", "MATTRESS", 1),
    ],
)
def test_it_refuses_what_is_no_movement(officer, line):
    with in_territory(officer), pytest.raises(ValueError):
        book(officer, make(officer), "APPROVED", "uji", [line])


def test_the_database_refuses_an_entry_that_does_not_balance(officer):
    with (
        in_territory(EVERYWHERE),
        scopes_disabled(),
        pytest.raises(IntegrityError, match="does not balance"),
        transaction.atomic(),
    ):
        entry = JournalEntry.objects.create(
            cycle=make(officer), kind="APPROVED", source="uji", made_by_id=officer.person_id
        )
        JournalLine.objects.create(entry=entry, district_code="6371", channel="BRI", account="FUNDS", amount_rupiah=-1)
        with connection.cursor() as cursor:
            cursor.execute("set constraints all immediate")


@pytest.mark.parametrize("statement", [
    "update payments_journalline set amount_rupiah = 1", "delete from payments_journalline",
    "update payments_journalentry set reason = 'x'", "delete from payments_journalentry",
    "truncate payments_journalline",
])  # fmt: skip
def test_nobody_changes_an_entry(officer, statement):
    with in_territory(officer):
        book(officer, make(officer), "APPROVED", "uji", [("6371", "BRI", "FUNDS", "NOT_SENT", 225_000)])
        with (
            pytest.raises(Exception, match=r"permission denied|never changed"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def test_the_next_district_sees_nothing_of_it(officer, cast):
    cycle = make(officer)
    with in_territory(officer):
        book(
            officer,
            cycle,
            "APPROVED",
            "uji",
            [("6371", "BRI", "FUNDS", "NOT_SENT", 5), ("6372", "BRI", "FUNDS", "NOT_SENT", 7)],
        )
    with in_territory(cast("DISTRICT_HEAD", "6372")):
        assert balances(cycle) == {("6372", "BRI"): {"FUNDS": -7, "NOT_SENT": 7}}


def test_a_closed_cycle_takes_no_entry_and_no_line(officer):
    cycle = make(officer)
    with in_territory(officer):
        entry = book(officer, cycle, "APPROVED", "uji", [("6371", "BRI", "FUNDS", "NOT_SENT", 5)])
        Cycle.objects.filter(pk=cycle.pk).update(state="CLOSED")
        with pytest.raises(IntegrityError, match="closed"), transaction.atomic():
            book(officer, cycle, "APPROVED", "lagi", [("6371", "BRI", "FUNDS", "NOT_SENT", 5)])
        with pytest.raises(IntegrityError, match="closed"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                """insert into payments_journalline (entry_id, district_code, channel, account, amount_rupiah)
                    values (%s, '6371', 'BRI', 'FUNDS', 5), (%s, '6371', 'BRI', 'DRAWN', -5)""",
                [entry.pk, entry.pk],
            )
