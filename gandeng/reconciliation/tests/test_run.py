"""The run against the command line, against a naive oracle of money, and what it leaves behind."""

import pyarrow.parquet as pq
import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gandeng.accounts.acting import in_territory
from gandeng.core.matching_tables import OUTCOMES
from gandeng.files.layouts import PAYMENTS
from gandeng.payments.actions import balances as journal_balances
from gandeng.reconciliation.blinding import write_blinded
from gandeng.reconciliation.models import ExceptionCase, ResultRow, SummaryRow
from gandeng.reconciliation.places_of_money import ACCOUNTS, IN_ACCOUNT, moves
from gandeng.reconciliation.run_sql import OWN
from gandeng.reconciliation.snapshots import Blinded, run_inputs, write_payments
from gandeng.reconciliation.tests.world import BANJARMASIN, csv_of, identifiers, outcomes, payments_of, send, told
from gandeng.reconciliation.workplace import working_in
from gandeng.registry.tests.factories import EVERYWHERE
from gandeng.runs.reconcile import calculate_into, payments_select, reconcile, results_select
from gandeng.runs.tests.samples import write

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick")]
ONCE = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

events = st.sampled_from(["CREDIT", "CREDIT", "CREDIT", "FAILURE", "REVERSAL", "WITHDRAWAL", "ENTAH"])
amounts = st.sampled_from(["", "0", "1000", "225000", "750000", "1,5"])
niks = st.sampled_from(["own", "own", "", "other", "637", "9" * 16, "6371014101800001"])
accounts = st.sampled_from(["own", "own", "", "other", "000000000000999"])
ids = st.sampled_from(["own", "own", "", "other", "2024-2-LAIN"])


@st.composite
def result_rows(draw, people):
    """Rows true, false, doubled, damaged and misdirected."""
    rows = []
    for _ in range(draw(st.integers(5, 40))):
        own, other = draw(st.permutations(people))[:2]
        choose = {"own": own, "other": other}
        whom = {
            key: choose[chosen][key] if chosen in choose else chosen
            for key, chosen in (("payment_id", draw(ids)), ("account_no", draw(accounts)), ("nik", draw(niks)))
        }
        rows.append({
            "bank_reference": draw(st.sampled_from(["", "R1", "R2", "R3"])), "channel": own["channel"], **whom,
            "name": own["name"], "event": draw(events), "amount": draw(amounts),
            "occurred_on": draw(st.sampled_from(["2024-05-17", "2024-05-18", "2030-01-01", "x"])),
            "reason": draw(st.sampled_from(["", "F14 pasif"])),
        })  # fmt: skip
    return rows


def people_of(cycle):
    people = []
    for payment in payments_of(cycle):
        nik, account = identifiers(payment)
        people.append({"payment_id": payment.pk, "nik": nik, "account_no": account, "channel": payment.channel,
                       "name": payment.name, "district": f"{payment.village_code[:2]}.{payment.village_code[2:4]}",
                       "amount": payment.amount_rupiah})  # fmt: skip
    return people


def plain_run(people, files, folder):
    lines = [
        (
            p["payment_id"],
            "2024-2",
            p["payment_id"][-8:],
            p["nik"],
            p["name"],
            p["channel"],
            p["account_no"],
            p["district"],
            str(p["amount"]),
        )
        for p in people
    ]
    listed = write(folder / "payments.csv", PAYMENTS, lines)
    reconcile(listed, files, folder / "plain")
    return tables(folder / "plain")


def tables(out):
    rows = pq.read_table(out / "dispositions.parquet").to_pylist()
    keys = ("disposition", "payment_id", "matched_by", "amount", "event")
    judged = {(row["source"], row["row"]): tuple(row[key] for key in keys) for row in rows}
    outcome = {
        row["payment_id"]: tuple(
            row[key] for key in ("outcome", "credited", "reversed", "withdrawn", "net", "first_on", "last_on")
        )
        for row in pq.read_table(out / "outcomes.parquet").to_pylist()
    }
    return judged, outcome


def blind_run(cycle, files, folder):
    from gandeng.files.intake import take
    from gandeng.files.layouts import RESULTS

    out = folder / "blind"
    out.mkdir()
    with working_in(folder / "work") as work:
        with in_territory(EVERYWHERE):
            payments = write_payments(cycle.pk, work)
        blinded = []
        for path in files:
            taken = take(path, RESULTS, work.folder, source=path.name)
            rows = folder / f"{path.stem}.rows.parquet"
            blinded.append(Blinded(path.name, rows, write_blinded(taken, rows, work.con), taken.rows, 0))
        listed, given_rows = run_inputs(payments, blinded, work)
        sources = {"payments": payments_select(listed), "results": results_select(given_rows)}
        calculate_into(sources, listed.rows, out, work.folder)
    return tables(out)


def test_blind_indexes_give_what_plain_text_gives(cycle, tmp_path_factory):
    people = people_of(cycle)

    @ONCE
    @given(first=result_rows(people), second=result_rows(people))
    def holds(first, second):
        folder = tmp_path_factory.mktemp("equal")
        files = []
        for name, rows in (("a.csv", first), ("b.csv", second)):
            (folder / name).write_bytes(csv_of(rows))
            files.append(folder / name)
        assert blind_run(cycle, files, folder) == plain_run(people, files, folder)

    holds()


def test_an_account_that_lost_its_zeros_is_the_same_account(cycle, bank):
    one = payments_of(cycle)[0]
    _, account = identifiers(one)
    send(bank, cycle, [told(one, payment_id="", nik="", account_no=account.lstrip("0"))])
    assert outcomes(cycle)[one.pk] == "PAID"


def naive(outcome, amount, credited, back, drawn):
    """Where the rupiah of one payment are, as a clerk would say it."""
    net = credited - back
    where = dict.fromkeys(ACCOUNTS, 0)
    if outcome == "INCONSISTENT" or drawn > net:
        where["DISPUTED"] = amount
    elif outcome in ("UNREPORTED", "FAILED"):
        where["AT_CHANNEL"] = amount
    elif outcome == "RETURNED":
        where["RETURNED"] = amount
    else:
        left = amount
        for account, rupiah in (("DRAWN", drawn), ("CREDITED", net - drawn), ("RETURNED", back if net < amount else 0)):
            where[account] = min(left, rupiah)
            left -= where[account]
        where["AT_CHANNEL"] = left
    return where


def outcome_of(amount, credited, back, drawn, told_anything):
    net = credited - back
    if not told_anything:
        return "UNREPORTED"
    if net < 0 or drawn > credited:
        return "INCONSISTENT"
    if net == amount:
        return "PAID"
    if net > amount:
        return "OVERPAID"
    return "UNDERPAID" if net > 0 else "RETURNED" if credited > 0 else "FAILED"


money = st.integers(0, 12).map(lambda units: units * 75_000)


def test_every_rupiah_is_in_one_account_and_where_the_oracle_says(db):
    @settings(max_examples=300, deadline=None)
    @given(st.integers(1, 10).map(lambda units: units * 75_000), money, money, money, st.booleans())
    def holds(amount, credited, back, drawn, told_anything):
        if not told_anything:
            credited = back = drawn = 0
        outcome = outcome_of(amount, credited, back, drawn, told_anything)
        sums = ", ".join(IN_ACCOUNT[account] for account in ACCOUNTS)
        with connection.cursor() as cursor:
            cursor.execute(
                f"""select {sums} from (select %s::text as outcome, %s::bigint as amount_rupiah,
                    %s::bigint as reversed_rupiah,
                    %s::bigint as withdrawn_rupiah, %s::bigint as net_rupiah) o""",
                [outcome, amount, back, drawn, credited - back],
            )
            found = dict(zip(ACCOUNTS, cursor.fetchone(), strict=True))
        assert found == naive(outcome, amount, credited, back, drawn)
        assert sum(found.values()) == amount and min(found.values()) >= 0

    holds()


balances = st.lists(st.integers(0, 5), min_size=5, max_size=5)


@given(balances, st.permutations(range(5)), st.integers(0, 4))
def test_moves_lead_from_one_balance_to_the_other_and_keep_the_total(before, order, shift):
    place = ("6371", "BRI")
    was = dict(zip(ACCOUNTS, before, strict=True))
    now = dict(zip(ACCOUNTS, [before[index] for index in order], strict=True))
    for _, _, come_from, to, rupiah in moves({place: was}, {place: now}):
        assert rupiah > 0
        was[come_from] -= rupiah
        was[to] += rupiah
    assert was == now


def test_the_journal_follows_files_in_and_out(cycle, bank, coordinator):
    from gandeng.reconciliation.tests.world import withdraw

    one, two = [p for p in payments_of(cycle) if p.channel == "BRI" and p.village_code == BANJARMASIN]

    def at(account):
        with in_territory(EVERYWHERE):
            return journal_balances(cycle)["6371", "BRI"].get(account, 0)

    first = send(bank, cycle, [told(one), told(one, "WITHDRAWAL", amount=100_000)])
    assert (at("DRAWN"), at("CREDITED"), at("AT_CHANNEL")) == (100_000, 125_000, 750_000)
    send(bank, cycle, [told(two), told(two, "REVERSAL", reason="salah")], name="dua.csv")
    assert (at("RETURNED"), at("AT_CHANNEL")) == (750_000, 0)
    withdraw(coordinator, first)
    assert (at("DRAWN"), at("CREDITED"), at("RETURNED"), at("AT_CHANNEL")) == (0, 0, 750_000, 225_000)


def test_the_summary_is_complete_in_every_run(cycle, bank):
    one = payments_of(cycle)[0]
    send(bank, cycle, [told(one)])
    with in_territory(EVERYWHERE):
        rows = list(SummaryRow.objects.all())
    assert sum(row.payments for row in rows) == 4
    assert all(sum(row.counts.values()) == row.payments and set(row.counts) == set(OUTCOMES) for row in rows)


def test_exceptions_come_go_and_come_back(cycle, bank, coordinator):
    from gandeng.reconciliation.tests.world import withdraw

    one, two = [p for p in payments_of(cycle) if p.channel == "BRI" and p.village_code == BANJARMASIN]

    def cases():
        with in_territory(EVERYWHERE):
            return {
                (c.payment_id, c.kind): (c.state, c.at_stake_rupiah, c.reason_code) for c in ExceptionCase.objects.all()
            }

    send(
        bank,
        cycle,
        [
            told(one, "FAILURE", "", reason="F14 REKENING PASIF"),
            told(one, payment_id="X", nik="", account_no="", reference="R0"),
        ],
    )
    assert cases() == {
        (one.pk, "FAILED"): ("OPEN", 225_000, "F14"),
        (two.pk, "UNREPORTED"): ("OPEN", 750_000, ""),
        (None, "UNKNOWN"): ("OPEN", 225_000, ""),
    }
    second = send(bank, cycle, [told(one), told(two)], name="dua.csv")
    assert {state for (payment, _), (state, _, _) in cases().items() if payment} == {"GONE"}
    withdraw(coordinator, second)
    assert cases()[one.pk, "FAILED"][0] == "OPEN"


def test_a_broken_identity_keeps_nothing(cycle, bank, monkeypatch):
    from gandeng.reconciliation.actions import run

    monkeypatch.setitem(run.OWN.proofs, "never", "select 'x' where %(number)s > 0")
    with pytest.raises(run.IdentityBroken, match="never"):
        send(bank, cycle, [told(payments_of(cycle)[0])])
    assert not outcomes(cycle)
    with in_territory(EVERYWHERE):
        assert not ResultRow.objects.exists()


@pytest.mark.parametrize("broken", ["delete from {t}", "update {t} set amount_rupiah = amount_rupiah + 1"])
def test_a_payment_without_its_outcome_or_of_another_amount_is_noticed(cycle, bank, broken):
    one, two = payments_of(cycle)[:2]
    send(bank, cycle, [told(one), told(two)])
    proof = OWN.proofs["every instructed payment has one outcome in force, of the same rupiah"]
    with in_territory(EVERYWHERE), connection.cursor() as cursor:
        cursor.execute(proof, {"about": cycle.pk})
        assert cursor.fetchone() is None
        change = broken.format(t="reconciliation_currentoutcome")
        cursor.execute(f"{change} where payment_id = %s", [two.pk])
        cursor.execute(proof, {"about": cycle.pk})
        assert cursor.fetchone() == (two.pk,)


def test_odd_texts_of_a_bank_arrive_whole(cycle, bank):
    one = payments_of(cycle)[0]
    names = ["Ma'ruf \"D'On\", satu;dua", "\\N", "baris\nbaru", "=HYPERLINK(1)"]
    send(
        bank,
        cycle,
        [
            told(one, payment_id=f"X{n}", nik="", account_no="", name=name, reference=f"R{n}")
            for n, name in enumerate(names)
        ],
    )
    with in_territory(EVERYWHERE):
        assert sorted(ResultRow.objects.values_list("name", flat=True)) == sorted(names)
