"""Rows of a result file without identifiers: the engine matches on blind indexes (docs/threats.md, 7.5 and 34).

A NIK becomes its index, an account the index of channel and number; equal before is equal after, so the contract's
rules give the same dispositions. An account of another channel is another account. Leading zeros of an account do not
count, on neither side: a file without a profile, whose spreadsheet dropped them, matches here.
"""

from collections.abc import Sequence
from pathlib import Path

import duckdb
import pyarrow as pa

from gandeng.audit.sealing_many import blind_accounts, blind_all
from gandeng.engine import quoted
from gandeng.files.digests import sha256_of
from gandeng.files.flushed import settle
from gandeng.files.layouts import RESULTS
from gandeng.files.taken import Taken

DAMAGED = "?"
"""Stands for a NIK that is not 16 digits: such a row is MALFORMED whatever the digits were."""

TOKEN_FROM = 10**15
"""Inside one run the indexes are numbered from here: the engine holds a NIK as a number of 16 digits."""

STRANGERS_FROM = 5 * 10**15
"""Added to the number of somebody whom a file's sender must not find: still of 16 digits, and of no payment."""

_NIK_OF_TEXT = "regexp_replace({name}, '(^|[^0-9])[0-9]{{12}}([0-9]{{4}})($|[^0-9])', '\\1••••\\2\\3', 'g')"


def write_blinded(taken: Taken, path: Path, con: duckdb.DuckDBPyConnection, version: int | None = None) -> str:
    """Write the file's rows with indexes in place of NIK and account; gives the SHA-256 of what was written.

    `version` of the key its payments are indexed with; None: the newest.
    """
    part = path.with_suffix(".part")
    con.execute(f"create table given as {taken.select}")
    con.register("niks", _niks(con, version))
    con.register("accounts", _accounts(con, version))
    con.execute(f"copy ({_blinded_sql()}) to '{quoted(part)}' (format parquet)")
    con.execute("drop table given")
    for name in ("niks", "accounts"):
        con.unregister(name)
    part.chmod(0o600)
    settle(part)
    digest = sha256_of(part)
    part.rename(path)
    settle(path.parent)
    return digest


def _niks(con: duckdb.DuckDBPyConnection, version: int | None) -> pa.Table:
    """Each distinct whole NIK once."""
    rows = con.execute("select distinct nik from given where regexp_full_match(nik, '[0-9]{16}')").fetchall()
    niks = [str(nik) for (nik,) in rows]
    return pa.table({"nik": pa.array(niks, pa.string()), "mark": _marks(blind_all("nik", niks, version))})


def _accounts(con: duckdb.DuckDBPyConnection, version: int | None) -> pa.Table:
    """Each distinct account of a channel once."""
    rows = con.execute("select distinct channel, account_no from given where account_no <> ''").fetchall()
    channels, numbers = [str(channel) for channel, _ in rows], [str(number) for _, number in rows]
    return pa.table(
        {
            "channel": pa.array(channels, pa.string()),
            "account_no": pa.array(numbers, pa.string()),
            "mark": _marks(blind_accounts(channels, numbers, version)),
        }
    )


def _marks(indexes: Sequence[bytes | None]) -> pa.Array:
    return pa.array([index.hex() if index else "" for index in indexes], pa.string())


def _blinded_sql() -> str:
    changed = {
        "nik": f"case when g.nik = '' then '' else coalesce(n.mark, '{DAMAGED}') end",
        "account_no": "case when g.account_no = '' then '' else a.mark end",
        "name": _NIK_OF_TEXT.format(name="g.name"),
        "reason": _NIK_OF_TEXT.format(name="g.reason"),
    }
    values = ", ".join(f"{changed.get(name, f'g.{name}')} as {name}" for name in RESULTS.names)
    district = "case when n.mark is null then '' else substr(g.nik, 1, 2) || '.' || substr(g.nik, 3, 2) end"
    return f"""select {values}, g.row, g.damage, {district} as nik_district from given g
        left join niks n on n.nik = g.nik
        left join accounts a on a.channel = g.channel and a.account_no = g.account_no order by g.row"""
