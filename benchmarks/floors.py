"""The yardsticks: what DuckDB takes merely to read the same columns and join once on the key.

Text is read by the sum of its lengths: a maximum would come from a Parquet file's statistics. The columns are those
our run needs (no names in reconciliation), so the floor is as low as it honestly can be.
"""

from collections.abc import Sequence
from contextlib import closing

import duckdb

PAYMENTS = ("payment_id", "stage", "family_id", "nik", "channel", "account_no", "district_code")
RESULTS = ("bank_reference", "channel", "payment_id", "account_no", "nik", "event", "reason")
FAMILIES = ("family_id", "collector_member_id", "village_code", "status", "channel", "account_no")
MEMBERS = ("family_id", "member_id", "nik", "name", "school_level")


def reconcile(payments: str, results: str) -> int:
    """Rows of payments read and joined with results."""
    with closing(_connect()) as con:
        con.execute(f"select {_lengths(PAYMENTS)}, sum(amount) from '{payments}'").fetchall()
        con.execute(f"select {_lengths(RESULTS)}, sum(amount), {_days('occurred_on')} from '{results}'").fetchall()
        join = f"from '{payments}' p join '{results}' r on r.payment_id = p.payment_id"
        con.execute(f"select count(*) {join}").fetchall()
        return int(con.execute(f"select count(*) from '{payments}'").fetchall()[0][0])


def entitle(families: str, members: str) -> int:
    """Rows of families read and joined with members."""
    whole = "sum(pregnancy_no), count_if(severe_disability), count_if(rights_victim)"
    days = f"{_days('birth_date')}, {_days('deceased_on')}"
    with closing(_connect()) as con:
        con.execute(f"select {_lengths(FAMILIES)} from '{families}'").fetchall()
        con.execute(f"select {_lengths(MEMBERS)}, {whole}, {days} from '{members}'").fetchall()
        con.execute(f"select count(*) from '{families}' f join '{members}' m on m.family_id = f.family_id").fetchall()
        return int(con.execute(f"select count(*) from '{families}'").fetchall()[0][0])


def scan_csv(paths: Sequence[str]) -> int:
    """Rows of the first file; all are scanned as text, every cell looked at."""
    counts = []
    with closing(_connect()) as con:
        for path in paths:
            csv = f"read_csv('{path}', all_varchar = true, header = true)"
            names = [str(row[0]) for row in con.execute(f"describe select * from {csv}").fetchall()]
            counts.append(con.execute(f"select count(*), {_lengths(names)} from {csv}").fetchall()[0][0])
    return int(counts[0])


def write_again(folder: str, names: Sequence[str], out: str) -> int:
    """Rows of the files a run gave, read and written once more in the same formats, in no order and unchecked."""
    rows = 0
    with closing(_connect()) as con:
        for name in names:
            csv = name.endswith(".csv")
            given = f"read_csv('{folder}/{name}', all_varchar = true)" if csv else f"'{folder}/{name}'"
            written = con.execute(f"copy (from {given}) to '{out}/{name}' (format {'csv' if csv else 'parquet'})")
            rows += int(written.fetchall()[0][0])
    return rows


def _connect() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect(config={"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"})
    con.execute("set preserve_insertion_order = false")
    return con


def _lengths(names: Sequence[str]) -> str:
    return ", ".join(f"sum(strlen({name}))" for name in names)


def _days(name: str) -> str:
    return f"sum({name} - date '2000-01-01')"
