"""Files for the office: a province paid by one bank, as the ministry's list and the bank's one result file in CSV.

One bank, so that the province's result is one file. Made once per size and kept.
"""

import json
import shutil
import tempfile
from contextlib import closing
from pathlib import Path

import duckdb

from benchmarks.data import CYCLE, MADE, ONE_PROVINCE, RATES
from gandeng.files.intake import take
from gandeng.files.layouts import FAMILIES, MEMBERS, RESULTS
from gandeng.runs.entitle import PAYMENTS_CSV, entitle
from gandeng.simulation.registry import simulate_registry
from gandeng.simulation.results import simulate_results

BANK = "BRI"
_ACCOUNT = "lpad(((row_number() over (order by family_id)) * 687194767361 % 1000000000000000)::text, 15, '0')"
"""A number of BRI's length per family, none twice."""


def make(folder: Path, families: int) -> int:
    """Write families and members (CSV and Parquet) and results.csv into `folder`, unless it is there."""
    if (folder / MADE).is_file():
        return families
    shutil.rmtree(folder, ignore_errors=True)
    work = folder / "work"
    work.mkdir(parents=True)
    simulate_registry(work / "registry", region=ONE_PROVINCE, families=families)
    with closing(duckdb.connect()) as con:
        _write_registry(con, folder, work / "registry")
        entitle(folder / "families.parquet", folder / "members.parquet", work / "due", cycle=CYCLE)
        simulate_results(work / "due" / PAYMENTS_CSV, work / "results", rates=RATES, layouts="canonical")
        told = next((work / "results").glob("results-*.parquet"))
        con.execute(f"copy (select {', '.join(RESULTS.names)} from '{told}') to '{folder}/results.csv' (header)")
    with tempfile.TemporaryDirectory() as read:
        taken = take(folder / "results.csv", RESULTS, Path(read))
    shutil.rmtree(work)
    facts = {"families": families, "result_rows": taken.rows, "result_rupiah": taken.total_rupiah}
    (folder / MADE).write_text(json.dumps(facts) + "\n")
    return families


def _write_registry(con: duckdb.DuckDBPyConnection, folder: Path, registry: Path) -> None:
    one_bank = f"select * replace ('{BANK}' as channel, {_ACCOUNT} as account_no) from '{registry}/families.parquet'"
    tables = {"families": (one_bank, FAMILIES.names, "family_id"),
              "members": (f"from '{registry}/members.parquet'", MEMBERS.names, "member_id")}  # fmt: skip
    for name, (rows, names, key) in tables.items():
        con.execute(f"copy (select {', '.join(names)} from ({rows}) order by {key}) to '{folder}/{name}.parquet'")
        con.execute(f"copy (from '{folder}/{name}.parquet') to '{folder}/{name}.csv' (header)")


def make_province(folder: Path, families: int) -> tuple[Path, list[Path]]:
    """Registry and result files of a whole province with all its channels, as the try-out gets them."""
    simulate_registry(folder / "registry", region=ONE_PROVINCE, families=families)
    registry = [folder / "registry" / f"{name}.parquet" for name in ("families", "members")]
    entitle(*registry, folder / "due", cycle=CYCLE)
    simulate_results(folder / "due" / PAYMENTS_CSV, folder / "reports")
    return folder / "registry", sorted((folder / "reports").glob("results-*"))
