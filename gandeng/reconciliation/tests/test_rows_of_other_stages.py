"""A row that names a payment of another stage is about that one, whosever account and NIK stand beside."""

import pytest
from django_scopes import scopes_disabled

from gandeng.accounts.acting import in_territory
from gandeng.payments.tests.factories import make_cycle
from gandeng.payments.tests.steps import moved
from gandeng.reconciliation.actions.run import rows_path
from gandeng.reconciliation.models import ExceptionCase, ResultRow
from gandeng.reconciliation.tests.world import BANJARBARU, BANJARMASIN, outcomes, payments_of, send, told
from gandeng.registry.models import Family
from gandeng.registry.tests.factories import EVERYWHERE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick")]
DAY = "2024-06-10"


@pytest.fixture
def stages(db):
    """Stage 2 and stage 3 of the same two families; the second lived in another district before."""
    past = make_cycle(((BANJARMASIN, "BRI", 225_000), (BANJARBARU, "BRI", 225_000)))
    with in_territory(EVERYWHERE), scopes_disabled():
        both = list(Family.objects.select_related("collector").order_by("village_code"))
        moved(both[1].pk, BANJARMASIN)
        both[1].refresh_from_db()
    return past, make_cycle(((BANJARMASIN, "BRI", 225_000),) * 2, stage=3, of=both)


def judged(file):
    with in_territory(EVERYWHERE):
        rows = ResultRow.objects.filter(file=file).order_by("row", "number")
        return {row.row: (row.disposition, row.payment_id, row.region_code, row.detail) for row in rows}


OTHER = (
    "UNKNOWN",
    None,
    "6371",
    "nomor pembayaran ini dari daftar lain, tahap 2 tahun 2024; kirim barisnya untuk tahap itu",
)


def failed_now_paid_before(stages):
    past, present = stages
    now = [told(each, "FAILURE", "", day=DAY, reason="F14") for each in payments_of(present)]
    return now + [told(each, day="2024-04-10", reference=f"DULU-{each.pk}") for each in payments_of(past)]


def test_it_pays_nobody_and_says_where_it_belongs(stages, bank):
    present = stages[1]
    file = send(bank, present, failed_now_paid_before(stages), name="dua-tahap.csv")
    assert file.state == "TAKEN"
    assert set(outcomes(present).values()) == {"FAILED"}
    assert [judged(file)[row] for row in (3, 4)] == [OTHER, OTHER]
    with in_territory(bank):
        waits = ExceptionCase.objects.filter(file=file, kind="UNKNOWN")
        assert [(each.payment_id, each.detail) for each in waits] == [(None, OTHER[3])] * 2


def test_nor_does_it_when_the_file_is_read_again(stages, bank):
    present = stages[1]
    file = send(bank, present, failed_now_paid_before(stages))
    rows_path(file).unlink()
    late = told(payments_of(present)[0], day="2024-06-20", reference="SUSULAN")
    send(bank, present, [late], name="susulan.csv")
    assert sorted(outcomes(present).values()) == ["FAILED", "PAID"]
    assert [judged(file)[row] for row in (3, 4)] == [OTHER, OTHER]


def test_sent_about_its_own_stage_it_counts_there(stages, bank):
    past, present = stages
    one = next(each for each in payments_of(past) if each.village_code == BANJARMASIN)
    file = send(bank, past, [told(one, day="2024-04-10")])
    assert [each[:2] for each in judged(file).values()] == [("ACCEPTED", one.pk)]
    assert outcomes(present) == {}


@pytest.mark.parametrize("known_by", ["account_no", "nik"])
def test_one_event_without_our_number_counts_for_one_stage(stages, bank, known_by):
    """By account or NIK alone it fits every stage of its family: the file of the stage before would pay this one."""
    past, present = stages
    one = next(each for each in payments_of(past) if each.village_code == BANJARMASIN)
    row = told(one, day="2024-05-17", reference="REF-7") | {"payment_id": "", "account_no": "", "nik": ""}
    row[known_by] = told(one)[known_by]
    assert send(bank, past, [row]).state == "TAKEN"
    other = told(payments_of(present)[1], day=DAY)
    file = send(bank, present, [other, row], name="lama.csv")
    assert (file.state, outcomes(present)) == ("REFUSED", {})
    (fault,) = file.faults
    assert fault["words"].startswith("Baris data 2: kejadian ini sudah dihitung untuk tahap 2 tahun 2024.")
    again = row | {"occurred_on": DAY}
    assert send(bank, present, [other, again], name="hari-lain.csv").state == "TAKEN", "another event of that number"


def test_a_number_nobody_knows_goes_by_account_as_the_contract_has_it(stages, bank):
    present = stages[1]
    one = payments_of(present)[0]
    send(bank, present, [told(one, payment_id="2024-2-LAIN", day=DAY)])
    assert outcomes(present)[one.pk] == "PAID"


def test_a_damaged_nik_stays_malformed(stages, bank):
    past, present = stages
    file = send(bank, present, [told(payments_of(past)[0], nik="637", day=DAY)])
    assert judged(file)[1][0] == "MALFORMED"
