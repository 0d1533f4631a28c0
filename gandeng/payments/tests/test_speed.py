"""The pages that gather what many packages know ask no more of the database than any other."""

import pytest
from django.db import connection
from django.urls import reverse

from gandeng.accounts.acting import in_territory
from gandeng.payments import queries
from gandeng.payments.models import Payment
from gandeng.payments.tests.steps import HELD_DAY, People, approved, families, instructed, listed, opened
from gandeng.registry.models import Account

pytestmark = pytest.mark.django_db

MOST = 12
_OF_THE_TEST = ("SAVEPOINT", "RELEASE SAVEPOINT")


@pytest.fixture
def payment(cast):
    """Of stage 2; what the family is due for stage 3 is held back."""
    people = People(cast)
    families(("6371011001", "BRI"), ("6372011001", "POS"))
    instructed(people, approved(people, listed(people, opened(people))))
    with in_territory(people.officer):
        payment = Payment.objects.get(village_code="6371011001")
        Account.objects.filter(family=payment.family_id).update(usable_from=HELD_DAY)
    listed(people, opened(people, stage=3))
    return payment


@pytest.mark.parametrize("role", ["DISTRICT_OPERATOR", "AUDITOR"])
def test_a_family_and_its_payment(cast, client_of, payment, role):
    browser = client_of(cast(role, "6371"))
    browser.get(reverse("payments:cycles"))
    for page in (
        reverse("registry:families"),
        reverse("registry:family", args=[payment.family_id]),
        reverse("payments:payment", args=[payment.pk]),
    ):
        asked = []

        def count(execute, sql, params, many, context, asked=asked):
            if not sql.startswith(_OF_THE_TEST):
                asked.append(sql)
            return execute(sql, params, many, context)

        with connection.execute_wrapper(count):
            assert browser.get(page).status_code == 200, page
        assert len(asked) <= MOST, "\n".join([page, *(sql[:90] for sql in asked)])


def test_the_family_s_page_tells_paid_and_held_money(operator, client_of, payment):
    page = client_of(operator).get(reverse("registry:family", args=[payment.family_id])).content.decode()
    held, paid = page.index("Tahap 3 tahun 2024"), page.index(reverse("payments:payment", args=[payment.pk]))
    assert held < page.index("masa tunggu") < paid
    assert page.count("Ditahan") == 1


@pytest.mark.parametrize("page_of_disk", [1.1, 4, 40, 4000])
def test_a_page_of_a_list_is_read_by_the_list_whatever_a_disk_costs(cast, payment, page_of_disk):
    """With the index of all payments, which also gives their order, every list would be read to show one."""
    with in_territory(cast("PROVINCE_OFFICER", "63")), connection.cursor() as cursor:
        for told in ("seqscan", "bitmapscan", "sort", "incremental_sort"):
            cursor.execute(f"set local enable_{told} = off")
        cursor.execute(f"set local random_page_cost = {page_of_disk}")
        rows = queries.rows_of(payment.list, {}).filter(payment_id__gt="2024-2")
        plan = rows.order_by(*queries.LIST_ORDER)[:51].explain()
    assert "payment_list_id" in plan and "Sort" not in plan, plan
