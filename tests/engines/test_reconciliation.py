"""The reconciliation calculation against a naive oracle, and against itself told differently."""

import random
import tempfile
from contextlib import closing
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gandeng.core.calculation import CheckFailed
from gandeng.core.matching import reconciliation
from gandeng.core.matching_tables import DETAILS, OUTCOMES, StageDays
from gandeng.engine import calculate, open_engine, quoted
from tests.engines import reconciliation_cases as cases
from tests.engines import reconciliation_oracle as oracle

STAGES = (
    StageDays("2024-2", date(2024, 3, 1), date(2025, 4, 5)), StageDays("2024-3", date(2024, 5, 1), date(2025, 6, 5)),
)  # fmt: skip
WORDS = {code: code for code in (*DETAILS, "amount_unreadable")}


def run(payments, rows, *, parts=1, engine="duckdb", workdir=None):
    with tempfile.TemporaryDirectory(dir=workdir) as folder:
        work = Path(folder)
        tables = {"payments": cases.payments_table(payments), "results": cases.results_table(rows)}
        for name, table in tables.items():
            pq.write_table(table, work / f"{name}_in.parquet")
        sources = {name: f"select * from '{quoted(work / f'{name}_in.parquet')}'" for name in tables}
        listed = {payment.stage for payment in payments}
        days = tuple(stage for stage in STAGES if stage.stage in listed) or STAGES[:1]
        calculation = reconciliation(days, WORDS, parts=parts)
        with closing(open_engine(engine, work / "engine")) as opened:
            calculate(opened, calculation, sources, work)
        return {table.name: pq.read_table(work / f"{table.name}.parquet").to_pylist() for table in calculation.gives}


def by(rows, *keys):
    return sorted(rows, key=lambda row: tuple(str(row[key]) for key in keys))


def test_it_works():
    payment = oracle.Payment("P1", "2024-2", "F1", cases.NIKS[0], "SITI", "BRI", "123", "63.71", 750_000)
    credit = oracle.Row("R1", "BRI", "P1", "123", cases.NIKS[0], "SITI", "CREDIT", 750_000, date(2024, 5, 17), "")
    found = run([payment], [credit])
    assert [row["outcome"] for row in found["outcomes"]] == ["PAID"]
    assert found["dispositions"][0]["evidence"] == "payment_id+account_no+nik"
    assert found["summary"][0]["paid_amount"] == 750_000


@settings(deadline=None, max_examples=40)
@given(payments=cases.payments(), rows=cases.rows, parts=st.sampled_from([1, 3]))
def test_it_agrees_with_the_contract_read_row_by_row(payments, rows, parts):
    agrees(run(payments, rows, parts=parts), payments, rows)


@pytest.mark.parametrize("parts", [1, 3])
def test_a_thousand_small_worlds_beside_each_other_agree_with_it_too(parts):
    chance = random.Random(parts)
    worlds = [cases.world(number, chance) for number in range(1_000)]
    payments, rows = ([each for made in worlds for each in made[what]] for what in (0, 1))
    found = run(payments, rows, parts=parts)
    outcome = {row["payment_id"]: row for row in found["outcomes"]}
    disposition = by_number(found["dispositions"])
    start = 0
    for listed, told in worlds:
        own = {"outcomes": [outcome[each.payment_id] for each in listed]}
        agrees(own | {"dispositions": disposition[start : start + len(told)]}, listed, told)
        start += len(told)
    assert (len(outcome), len(disposition)) == (len(payments), start)
    assert by(found["summary"], "district_code", "channel") == list(summed(found["outcomes"]))


def summed(outcomes):
    """The summary, added up payment by payment."""
    areas = sorted({(row["district_code"], row["channel"]) for row in outcomes})
    for district, channel in areas:
        own = [row for row in outcomes if (row["district_code"], row["channel"]) == (district, channel)]
        total = {name: sum(row[name] for row in own) for name in ("amount", "net", "withdrawn")}
        summary = {"district_code": district, "channel": channel, "payments": len(own), "instructed": total["amount"]}
        summary |= {"net": total["net"], "withdrawn": total["withdrawn"]}
        for outcome in OUTCOMES:
            amounts = [row["amount"] for row in own if row["outcome"] == outcome]
            summary |= {f"{outcome.lower()}_count": len(amounts), f"{outcome.lower()}_amount": sum(amounts)}
        yield summary


def by_number(dispositions):
    return sorted(dispositions, key=lambda row: row["row"])


def agrees(found, payments, rows):
    """Hold what was found of the payments and rows against the contract, read row by row."""
    placed = oracle.place(payments, rows)
    for expected, row, given_row in zip(placed, by_number(found["dispositions"]), rows, strict=True):
        assert row["disposition"] == expected.disposition
        assert (row["payment_id"], row["matched_by"], row["evidence"]) == (
            expected.payment_id,
            expected.matched_by,
            expected.evidence,
        )
        assert (row["event"], row["amount"]) == (given_row.event, given_row.amount)
        if row["disposition"] == "ACCEPTED":
            assert row["detail"] == _of_the_day(payments, row["payment_id"], given_row.occurred_on)
    expected_outcomes = oracle.outcomes(payments, rows, placed)
    for row in found["outcomes"]:
        expected = expected_outcomes[row["payment_id"]]
        assert row["outcome"] == expected.outcome
        assert (row["credited"], row["reversed"], row["withdrawn"]) == (
            expected.credited,
            expected.reversed,
            expected.withdrawn,
        )
        assert row["net"] == expected.credited - expected.reversed
        assert row["reason"] == expected.reason
        assert row["first_on"] == (expected.days[0] if expected.days else None)
        assert row["last_on"] == (expected.days[-1] if expected.days else None)


def _of_the_day(payments, payment_id, day):
    """What is said of an accepted row: its day beside those of its payment's own stage."""
    stage = next(payment.stage for payment in payments if payment.payment_id == payment_id)
    (days,) = (one for one in STAGES if one.stage == stage)
    return "before_stage" if day < days.starts_on else "late" if day > days.late_after else None


@settings(deadline=None, max_examples=25)
@given(payments=cases.payments(), rows=cases.rows, seed=st.integers())
def test_the_order_of_rows_changes_no_outcome(payments, rows, seed):
    shuffled = random.Random(seed).sample(rows, len(rows))
    assert by(run(payments, rows)["outcomes"], "payment_id") == by(run(payments, shuffled)["outcomes"], "payment_id")


@settings(deadline=None, max_examples=25)
@given(payments=cases.payments(), rows=cases.rows)
def test_a_file_told_twice_changes_no_outcome(payments, rows):
    once, twice = run(payments, rows), run(payments, rows + rows)
    assert by(once["outcomes"], "payment_id") == by(twice["outcomes"], "payment_id")
    assert once["summary"] == [] or by(once["summary"], "district_code", "channel") == by(
        twice["summary"], "district_code", "channel"
    )


def test_a_day_outside_the_stage_is_told_and_still_counts():
    payment = oracle.Payment("P1", "2024-2", "F1", cases.NIKS[0], "SITI", "BRI", "123", "63.71", 1)
    early = oracle.Row("R1", "BRI", "P1", "", "", "", "CREDIT", 1, date(202, 5, 17), "")
    late = oracle.Row("R2", "BRI", "P1", "", "", "", "WITHDRAWAL", 1, date(2025, 4, 6), "")
    found = run([payment], [early, late])
    assert [row["detail"] for row in by(found["dispositions"], "row")] == ["before_stage", "late"]
    assert found["outcomes"][0]["outcome"] == "PAID"


BROKEN = (
    ("every stage of the list has its days", "delete from stages"),
    ("payments in and rupiah instructed equal the outcomes'", "update summary set payments = payments - 1"),
    ("payments in and rupiah instructed equal the outcomes'", "update summary set instructed = instructed - 1"),
    ("every district's outcomes add up to what was instructed there", "update summary set failed_count = 1"),
    ("every district's outcomes add up to what was instructed there", "update summary set failed_amount = 1"),
    ("result rows in and their rupiah per event equal the dispositions'", "delete from dispositions where row = 3"),
    ("result rows in and their rupiah per event equal the dispositions'", "update dispositions set amount = 1"),
    ("result rows in and their rupiah per event equal the dispositions'", "update dispositions set event = 'REVERSAL'"),
    ("net over payments equals accepted credits minus accepted reversals", "update summary set net = net - 1"),
    ("every row that is not plainly accepted says why", "update dispositions set disposition = 'UNKNOWN'"),
)
"""Identities of the contract, each with what an engine at fault could leave behind."""


def test_an_identity_that_breaks_is_named():
    payment = oracle.Payment("P1", "2024-2", "F1", cases.NIKS[0], "SITI", "BRI", "123", "63.71", 750_000)
    told = (("CREDIT", 750_000), ("REVERSAL", 50_000), ("FAILURE", None))
    rows = [oracle.Row("", "BRI", "P1", "", "", "", event, amount, date(2024, 5, 17), "") for event, amount in told]
    tables = {name: pa.Table.from_pylist(found) for name, found in run([payment], rows).items()}
    tables |= {"payments": cases.payments_table([payment]), "results": cases.results_table(rows)}
    with closing(duckdb.connect()) as con:
        con.execute("create table stages as select '2024-2' as stage")
        for name, table in tables.items():
            con.from_arrow(table).create(name)
        checks = {check.name: check.sql for check in reconciliation(STAGES, WORDS).checks}
        assert checks.keys() == {name for name, _ in BROKEN}
        assert [name for name, sql in checks.items() if con.sql(sql).fetchall()] == []
        for name, fault in BROKEN:
            con.begin()
            con.execute(fault)
            assert con.sql(checks[name]).fetchall(), fault
            con.rollback()


def test_it_refuses_to_publish_when_a_stage_has_no_days():
    payment = oracle.Payment("P1", "2031-1", "F1", cases.NIKS[0], "SITI", "BRI", "123", "63.71", 1)
    with pytest.raises(CheckFailed, match="every stage"):
        run([payment], [])


def test_it_refuses_to_publish_when_a_payment_is_listed_twice():
    payment = oracle.Payment("P1", "2024-2", "F1", cases.NIKS[0], "SITI", "BRI", "123", "63.71", 1)
    credit = oracle.Row("R1", "BRI", "P1", "", "", "", "CREDIT", 1, date(2024, 5, 17), "")
    with pytest.raises(CheckFailed):
        run([payment, payment], [credit])
