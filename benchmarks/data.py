"""The files everything is measured on: made once by the simulator, kept in a folder outside the repository.

Payments are the list our entitlement gives for simulated families; results are one row per payment, in no order, with
the simulator's usual defects (docs/simulation.md). Shares of 10, 20, 50 and 100 in a hundred are files of their own.
"""

import json
import shutil
from contextlib import closing
from math import ceil
from pathlib import Path

import duckdb

from gandeng.core.cycle import Cycle
from gandeng.runs.entitle import entitle
from gandeng.simulation.registry import simulate_registry
from gandeng.simulation.results import simulate_results

CYCLE = Cycle(2024, 2)
SMALL = 100_000
SPARE = 1.12
"""About 92 in 100 simulated families are due money; so many times the families make enough payments."""

ONE_PROVINCE, NATION, NATION_FROM = "63", "ID", 150_000
RATES = {"withdrawn": 0.0, "withdrawn_in_part": 0.0}
"""No withdrawals: about one result row per payment, as the targets are worded. All other rates are the usual ones."""

MADE = "made.json"


def file(folder: Path, table: str, share: int = 100, suffix: str = "parquet") -> Path:
    """The file of a table (families, members, payments, results) at a share of the rows."""
    return folder / f"{table}-{share}.{suffix}"


def shares(rows: int) -> tuple[int, ...]:
    """Sizes in hundredths of the rows asked for; fewer where the sizes would be too small to tell growth."""
    return (10, 20, 50, 100) if rows >= SMALL else (50, 100)


def region_of(families: int) -> str:
    """The nation, or one province where so few families would be lost in it."""
    return NATION if families >= NATION_FROM else ONE_PROVINCE


def _slices(rows: int) -> int:
    """The list is answered in so many pieces, which the shares are put together from."""
    return 10 if rows >= SMALL else 2


def make(folder: Path, rows: int) -> int:
    """Write every file of `rows` families and payments into `folder`, unless it is there; gives `rows`."""
    if (folder / MADE).is_file():
        return rows
    shutil.rmtree(folder, ignore_errors=True)
    work = folder / "work"
    work.mkdir(parents=True)
    families = ceil(rows * SPARE)
    simulate_registry(work / "registry", region=region_of(families), families=families)
    registry = [work / "registry" / f"{name}.parquet" for name in ("families", "members")]
    entitle(registry[0], registry[1], work / "due", cycle=CYCLE)
    with closing(_connect(work)) as con:
        _write_registry(con, folder, registry, rows)
        _write_payments(con, folder, work, rows)
        for part in range(_slices(rows)):
            simulate_results(work / f"slice-{part}.parquet", work / f"results-{part}", rates=RATES, layouts="canonical")
        _write_results(con, folder, work, rows)
        counts = _counts(con, folder)
    shutil.rmtree(work)
    (folder / MADE).write_text(json.dumps({"rows": rows, "cycle": CYCLE.key, "files": counts}, indent=2) + "\n")
    return rows


def _connect(work: Path) -> duckdb.DuckDBPyConnection:
    con = duckdb.connect(config={"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"})
    con.execute(f"set temp_directory = '{work / 'spill'}'")
    con.execute("set memory_limit = '6GB'")
    con.execute("set enable_progress_bar = false")
    return con


def _write_registry(con: duckdb.DuckDBPyConnection, folder: Path, registry: list[Path], rows: int) -> None:
    """The first `rows` families, and of them every tenth, fifth, second: each share is spread over the nation.

    Both tables stand in the order of their ids, as `gandeng simulate` writes them.
    """
    families, members = registry
    con.execute(f"""create table chosen as select family_id, file_row_number % {_slices(rows)} as part
        from read_parquet('{families}', file_row_number = true) where file_row_number < {rows}""")
    for share in shares(rows):
        kept = f"(select family_id from chosen where part < {share * _slices(rows) // 100})"
        for name, source, key in (("families", families, "family_id"), ("members", members, "member_id")):
            rows_kept = f"select t.* from '{source}' t semi join {kept} k on k.family_id = t.family_id order by {key}"
            con.execute(f"copy ({rows_kept}) to '{file(folder, name, share)}' (format parquet)")
    con.execute("drop table chosen")


def _write_payments(con: duckdb.DuckDBPyConnection, folder: Path, work: Path, rows: int) -> None:
    """The list in the order our own run gives it, its shares, and the slices the results are made from."""
    numbered = work / "numbered.parquet"
    listed = f"read_csv('{work / 'due' / 'payments.csv'}', all_varchar = true, nullstr = '\x01')"
    con.execute(f"""copy (select * replace (cast(amount as bigint) as amount) from {listed} limit {rows})
        to '{numbered}' (format parquet)""")
    unnumbered = f"select * exclude (file_row_number) from read_parquet('{numbered}', file_row_number = true)"
    for share in shares(rows):
        kept = f"{unnumbered} where file_row_number % {_slices(rows)} < {share * _slices(rows) // 100}"
        con.execute(f"copy ({kept}) to '{file(folder, 'payments', share)}' (format parquet)")
    for part in range(_slices(rows)):
        kept = f"{unnumbered} where file_row_number % {_slices(rows)} = {part}"
        con.execute(f"copy ({kept}) to '{work / f'slice-{part}.parquet'}' (format parquet)")
    con.execute(f"copy (from '{file(folder, 'payments')}') to '{file(folder, 'payments', suffix='csv')}' (header)")


def _write_results(con: duckdb.DuckDBPyConnection, folder: Path, work: Path, rows: int) -> None:
    """One file a share, its rows in no order at all: by a hash of where the simulator put them."""
    for share in shares(rows):
        slices = " union all ".join(
            f"""select *, {part} as part
                from read_parquet('{work}/results-{part}/results-*.parquet', file_row_number = true)"""
            for part in range(share * _slices(rows) // 100)
        )
        con.execute(f"""copy (select * exclude (part, file_row_number) from ({slices})
            order by hash(part || '/' || channel || '/' || file_row_number))
            to '{file(folder, "results", share)}' (format parquet)""")
    con.execute(f"copy (from '{file(folder, 'results')}') to '{file(folder, 'results', suffix='csv')}' (header)")


def _counts(con: duckdb.DuckDBPyConnection, folder: Path) -> dict[str, int]:
    paths = sorted(folder.glob("*.parquet"))
    return {path.name: int(con.execute(f"select count(*) from '{path}'").fetchall()[0][0]) for path in paths}
