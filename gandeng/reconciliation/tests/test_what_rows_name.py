"""What rows of a province name is asked by triggers, once per statement: nothing that is not there, or may still go."""

from contextlib import contextmanager
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django_scopes import scopes_disabled

from gandeng.accounts.acting import in_territory
from gandeng.payments.models import Payment, PaymentList
from gandeng.payments.tests.factories import make_cycle, make_supplementary
from gandeng.reconciliation.models import ResultFile
from gandeng.registry.tests.factories import EVERYWHERE, make_family

pytestmark = pytest.mark.django_db

OUTCOME = """insert into reconciliation_outcomerow (payment_id, number, village_code, channel, outcome, amount_rupiah,
    credited_rupiah, reversed_rupiah, withdrawn_rupiah, net_rupiah, reason)
    values (%s, 1, '6371011001', 'BRI', 'PAID', 225000, 225000, 0, 0, 225000, '')"""
IN_FORCE = """insert into reconciliation_currentoutcome (payment_id, cycle_id, number, village_code, channel, outcome,
    amount_rupiah, credited_rupiah, reversed_rupiah, withdrawn_rupiah, net_rupiah, at_stake_rupiah, reason)
    values (%s, %s, 1, '6371011001', 'BRI', 'PAID', 225000, 225000, 0, 0, 225000, 0, '')"""
ROW = """insert into reconciliation_resultrow (file_id, payment_id, row, number, region_code, channel, event,
    amount_rupiah, bank_reference, name, disposition, matched_by, evidence, detail)
    values (%s, %s, 1, 1, '6371011001', 'BRI', 'CREDIT', 225000, '', '', 'APPLIED', '', '', '')"""


@contextmanager
def everywhere():
    with in_territory(EVERYWHERE), scopes_disabled(), transaction.atomic(), connection.cursor() as cursor:
        yield cursor


@pytest.fixture
def told():
    """A cycle, its one payment, one that is on a list in DRAFT, and a file."""
    cycle = make_cycle()
    with in_territory(EVERYWHERE), scopes_disabled():
        payment = Payment.objects.get(cycle=cycle)
        draft = Payment.objects.get(list=make_supplementary(cycle, payment))
        file = ResultFile.objects.create(
            cycle=cycle, channel="BRI", region_code="63", name="a.csv", sha256="0", size_bytes=1, path="a",
            typed_rows=1, typed_rupiah=1, sent_by_id=cycle.opened_by_id,
        )  # fmt: skip
    return cycle, payment, draft, file


def test_it_works(told):
    cycle, payment, _, file = told
    with everywhere() as cursor:
        cursor.execute(OUTCOME, [payment.pk])
        cursor.execute(IN_FORCE, [payment.pk, cycle.pk])
        cursor.execute(ROW, [file.pk, payment.pk])
        cursor.execute(ROW.replace("1, 1,", "2, 1,"), [file.pk, None])


@pytest.mark.parametrize("statement", [OUTCOME, IN_FORCE, ROW])
def test_it_refuses_a_payment_that_is_not_there_or_not_instructed(told, statement):
    cycle, _, draft, file = told
    for payment in ("2024-2-LAIN", draft.pk):
        values = {OUTCOME: [payment], IN_FORCE: [payment, cycle.pk], ROW: [file.pk, payment]}[statement]
        with pytest.raises(IntegrityError, match="no payment that was instructed"), everywhere() as cursor:
            cursor.execute(statement, values)


def test_it_refuses_an_outcome_in_force_of_another_cycle(told):
    other = make_cycle((("6372011001", "BRI", 225_000),), stage=3)
    with pytest.raises(IntegrityError, match="no payment that was instructed"), everywhere() as cursor:
        cursor.execute(IN_FORCE, [told[1].pk, other.pk])


def test_it_refuses_a_row_of_no_file(told):
    with pytest.raises(IntegrityError, match="no file"), everywhere() as cursor:
        cursor.execute(ROW, [uuid4(), told[1].pk])


def test_it_refuses_a_payment_of_no_list_or_of_another_cycle(told):
    cycle, payment, *_ = told
    other = make_cycle((("6371011001", "BRI", 225_000),), stage=3)
    copied = """insert into payments_payment (payment_id, cycle_id, list_id, family_id, village_code, channel, name,
        nik_sealed, nik_index, nik_last4, account_sealed, account_last3, amount_rupiah, collector_deceased)
        select '2024-2-LAIN', %s, %s, %s, village_code, channel, name, nik_sealed, nik_index, nik_last4,
            account_sealed, account_last3, amount_rupiah, false from payments_payment where payment_id = %s"""
    with in_territory(EVERYWHERE), scopes_disabled():
        family = make_family("6371011001")
        listed = PaymentList.objects.create(
            cycle=cycle, district_code="6371", channel="BRI", round=7, payments=1, total_rupiah=1, root="0" * 64
        )
    for cycle_id, list_id in ((cycle.pk, uuid4()), (other.pk, listed.pk), (uuid4(), listed.pk)):
        with pytest.raises(IntegrityError, match="takes no such change"), everywhere() as cursor:
            cursor.execute(copied, [cycle_id, list_id, family.pk, payment.pk])


def test_what_is_named_stays():
    make_cycle()
    for table in ("payments_paymentlist", "reconciliation_resultfile", "registry_intake", "accounts_person"):
        with pytest.raises(DatabaseError, match="permission denied"), everywhere() as cursor:
            cursor.execute(f"delete from {table}")
    with pytest.raises(IntegrityError, match="never changed"), everywhere() as cursor:
        cursor.execute("update accounts_person set id = gen_random_uuid()")


def test_it_refuses_history_of_no_list_and_accounts_of_no_person(told):
    with pytest.raises(IntegrityError, match="intake_id of registry_intakerow names nothing"), everywhere() as cursor:
        cursor.execute(
            """insert into registry_intakerow (intake_id, region_code, table_name, row_id)
                values (gen_random_uuid(), '63', 'registry_family', gen_random_uuid())"""
        )
    for column in ("requested_by_id", "approved_by_id"):
        with pytest.raises(IntegrityError, match=f"{column} of registry_account names nothing"), everywhere() as cursor:
            cursor.execute(f"update registry_account set {column} = gen_random_uuid()")
