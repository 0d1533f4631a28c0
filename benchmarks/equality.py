"""Are two runs' files the same, row by row?"""

from contextlib import closing
from pathlib import Path

import duckdb


def differing_rows(left: Path, right: Path, names: list[str]) -> dict[str, tuple[int, int]]:
    """By file name: its rows, and how many stand in one folder's file and not (as often) in the other's."""
    with closing(duckdb.connect(config={"preserve_insertion_order": "false"})) as con:
        return {name: _compared(con, left / name, right / name) for name in names}


def _compared(con: duckdb.DuckDBPyConnection, left: Path, right: Path) -> tuple[int, int]:
    here, there = _read(left), _read(right)
    columns = ", ".join(str(row[0]) for row in con.execute(f"describe from {here}").fetchall())
    one, other = f"select {columns} from {here}", f"select {columns} from {there}"
    rows = con.execute(f"select count(*) from {here}").fetchall()[0][0]
    both_ways = f"({one} except all {other}) union all ({other} except all {one})"
    return int(rows), int(con.execute(f"select count(*) from ({both_ways})").fetchall()[0][0])


def _read(path: Path) -> str:
    return f"read_csv('{path}', all_varchar = true)" if path.suffix == ".csv" else f"read_parquet('{path}')"
