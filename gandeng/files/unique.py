"""Does a column repeat a value? Most lists come in the order of their ids; a look at neighbours then proves it."""

import duckdb

from gandeng.files.canonical import Canonical

RUNS_MOST = 1_000
"""Ascending stretches a file may consist of; one that is in no order at all has more."""


def repeats(con: duckdb.DuckDBPyConnection, canonical: Canonical, key: str) -> int:
    """Rows beyond the first of their key; rows without one do not count."""
    if _ascends(con, canonical, key) or not _suspects(con, canonical, key):
        return 0
    grouped = f"select count(*) - 1 as more from ({canonical.cells}) where {key} <> '' group by {key}"
    return int(con.execute(f"select coalesce(sum(more), 0) from ({grouped}) where more > 0").fetchall()[0][0])


def _ascends(con: duckdb.DuckDBPyConnection, canonical: Canonical, key: str) -> bool:
    """Nothing repeats where the file is a few ascending stretches that do not overlap; anything else proves nothing.

    Stretches do not overlap where, both in order, each ends before the next begins.
    """
    beside = f"select {key} as key, lag({key}) over () as before, lead({key}) over () as after from ({canonical.cells})"
    first, last = "before is null or before >= key", "after is null or after <= key"
    ends = con.execute(
        f"select key, {first}, {last} from ({beside}) where {first} or {last} limit {2 * RUNS_MOST + 1:d}"
    ).fetchall()
    if len(ends) > 2 * RUNS_MOST:
        return False
    begins, stops = (sorted(row[0] for row in ends if row[place]) for place in (1, 2))
    return all(stop < begin for stop, begin in zip(stops, begins[1:], strict=False))


def _suspects(con: duckdb.DuckDBPyConnection, canonical: Canonical, key: str) -> bool:
    """Do two rows share the digest of their key? Digests are small; the texts are compared only where some do."""
    grouped = f"select 1 from ({canonical.cells}) group by hash({key}) having count(*) > 1 limit 1"
    return bool(con.execute(grouped).fetchall())
