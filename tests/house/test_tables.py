"""What calculations are made of and what they give: the common subset of two engines, and no fraction of a rupiah."""

import re
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from gandeng.core.benefit import benefit
from gandeng.core.calculation import Calculation
from gandeng.core.cycle import Cycle
from gandeng.core.duplicates import duplicates
from gandeng.core.matching import reconciliation
from gandeng.files.layouts import FAMILIES, MEMBERS, PAYMENTS, RESULTS, VERDICTS
from gandeng.policy import benefit_policy
from gandeng.runs.entitle import entitle
from gandeng.runs.reconcile import reconcile, stage_days
from gandeng.runs.tests import samples

YEARS = range(2017, 2027)
TYPES = {pa.string(), pa.int64(), pa.date32(), pa.bool_()}
FORBIDDEN = {
    "division": r"/",
    "days between dates by name": r"\bdate_?diff\b",
    "places counted from 0": r"\bsubstr(?:ing)?\s*\([^()]*,\s*0\s*[,)]",
    "qualify": r"\bqualify\b",
    "a hash of one engine": r"(?<!xx)\bhash\s*\(|\bmd5\b|\bsha\d",
    "a clock": r"\b(?:now|today|current_date|current_timestamp|getdate)\b",
    "chance": r"\b(?:random|rand|uuid)\b",
    "fractions": r"\b(?:float|double|real|decimal|numeric)\b",
    "DuckDB alone": r"::|\blist_|\bstruct_|\b(?:group|order) by all\b|\bexclude\b|\*\s*replace\s*\(",
    "Spark alone": r"\bdatediff\b|\bexplode\b|\bcollect_",
}

OUTPUTS = {
    "outcomes": "payment_id stage family_id channel district_code amount outcome credited reversed withdrawn net reason"
    " first_on last_on",
    "dispositions": "source row event amount disposition payment_id matched_by evidence detail",
    "components": "family_id member_id component rate amount counted why",
    "entitlements": "family_id cycle months members_counted amount policy_digest",
}
"""Columns of the contracts; a table may have more after them."""


def calculations() -> list[Calculation]:
    made = [benefit(benefit_policy(Cycle(year, stage)), ids_proved_unique=proved)
            for year in YEARS for stage in (1, 2) for proved in (True, False)]  # fmt: skip
    return [*made, duplicates(), *(reconciliation((stage_days("2024-2"),), {}, parts=parts) for parts in (1, 3))]


def sql_of(calculation: Calculation) -> dict[str, str]:
    """Steps and checks by name, without what stands in quotes or comments."""
    texts = {step.name: step.sql for step in calculation.steps}
    texts |= {check.name: check.sql for check in calculation.checks}
    return {name: re.sub(r"'(?:[^']|'')*'|--[^\n]*", "''", sql).lower() for name, sql in texts.items()}


@pytest.mark.parametrize("construct", FORBIDDEN)
def test_steps_keep_to_what_both_engines_run_alike(construct: str) -> None:
    found = {
        (calculation.name, name)
        for calculation in calculations()
        for name, sql in sql_of(calculation).items()
        if re.search(FORBIDDEN[construct], sql)
    }
    assert found == set()


def test_every_calculation_proves_something_and_says_what_a_row_is() -> None:
    for calculation in calculations():
        assert calculation.checks
        assert all(table.row.startswith("one row") for table in (*calculation.reads, *calculation.gives))
        stored = {step.name for step in calculation.steps if step.stored}
        assert {table.name for table in calculation.gives} <= stored


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an entitlement and of a reconciliation."""
    home = tmp_path_factory.mktemp("runs")
    rows = {FAMILIES: samples.FAMILY, VERDICTS: samples.VERDICT, PAYMENTS: samples.PAID, RESULTS: samples.CREDIT}
    files = {layout: samples.write(home / f"{layout.name}.csv", layout, [row]) for layout, row in rows.items()}
    members = samples.write(home / "members.csv", MEMBERS, [samples.COLLECTOR, samples.PUPIL])
    entitle(files[FAMILIES], members, home / "out" / "due", cycle=Cycle(2024, 2), verdicts=files[VERDICTS])
    reconcile(files[PAYMENTS], [files[RESULTS]], home / "out" / "reconciled")
    return home / "out"


def test_no_table_of_a_run_has_a_fraction(runs: Path) -> None:
    schemas = {path.stem: pq.read_schema(path) for path in runs.rglob("*.parquet")}
    assert schemas.keys() >= OUTPUTS.keys() | {"recommendations"}
    assert [(name, field) for name, schema in schemas.items() for field in schema if field.type not in TYPES] == []


@pytest.mark.parametrize("table", OUTPUTS)
def test_tables_have_the_columns_of_the_contract(runs: Path, table: str) -> None:
    (path,) = runs.rglob(f"{table}.parquet")
    columns = OUTPUTS[table].split()
    assert pq.read_schema(path).names[: len(columns)] == columns
