"""Records to typed tables for the engine, and its tables back: by COPY, never one object per family."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import duckdb
from django.db import connection

from gandeng.audit.sealing import index_version
from gandeng.engine import parquet, quoted
from gandeng.engine.to_postgres import copy_into
from gandeng.files.layouts import PAYMENTS, RESULTS
from gandeng.files.taken import Taken
from gandeng.reconciliation.blinding import DAMAGED, STRANGERS_FROM, TOKEN_FROM
from gandeng.reconciliation.workplace import Workplace
from gandeng.words import say

_LISTS = "select id from payments_paymentlist where cycle_id = %s and state = 'INSTRUCTED' order by id"

_PAYMENTS = """select string_agg(concat_ws(',', {payment_id}, c.year || '-' || c.stage, p.family_id,
    encode(p.nik_index, 'hex'), '', {channel}, coalesce(encode(p.account_index, 'hex'), ''),
    substr(p.village_code, 1, 2) || '.' || substr(p.village_code, 3, 2), p.amount_rupiah, p.village_code), E'\n')
    from payments_payment p join payments_cycle c on c.id = p.cycle_id
    where p.list_id = %s and p.cycle_id = %s""".format(
    **{name: f"""'"' || replace(p.{name}, '"', '""') || '"'""" for name in ("payment_id", "channel")}
)
"""One list as lines of CSV: PostgreSQL sends every row of a COPY by itself, and taking each in costs more than this."""


@dataclass(frozen=True)
class Blinded:
    """Blinded rows of one file: its name in the run, and their Parquet; whose file it is, and of which region."""

    source: str
    path: Path
    sha256: str
    rows: int
    rupiah: int
    channel: str = ""
    region: str = ""


def write_payments(cycle_id: UUID, work: Workplace) -> Path:
    """Everything instructed in a cycle, as Parquet with blind indexes; read in the territory of the caller."""
    told, path = work.folder / "payments.csv", work.folder / "payments.parquet"
    with connection.cursor() as cursor, told.open("w", encoding="utf-8", newline="") as file:
        file.write(",".join((*PAYMENTS.names, "village_code")) + "\n")
        cursor.execute(_LISTS, [cycle_id])
        for (listed,) in cursor.fetchall():
            cursor.execute(_PAYMENTS, [listed, cycle_id])
            if lines := cursor.fetchone()[0]:
                file.write(lines + "\n")
    types = ", ".join(
        f"'{name}': '{'BIGINT' if name == 'amount' else 'VARCHAR'}'" for name in (*PAYMENTS.names, "village_code")
    )
    work.con.execute(
        f"""copy (select * replace ({", ".join(f"coalesce({name}, '') as {name}" for name in _TEXTS)}),
            row_number() over (order by payment_id) as row
            from read_csv('{quoted(told)}', hive_partitioning = false, header = true, columns = {{{types}}}))
            to '{quoted(path)}' (format parquet)"""
    )
    told.unlink()
    return path


def index_version_of(cycle_id: UUID) -> int | None:
    """Version of the key that the payments of a cycle are indexed with, all alike; None where it has none."""
    with connection.cursor() as cursor:
        cursor.execute("select nik_index from payments_payment where cycle_id = %s limit 1", [cycle_id])
        found = cursor.fetchone()
    return index_version(bytes(found[0])) if found else None


_TEXTS = tuple(name for name in PAYMENTS.names if name != "amount")


_NAMES = "{'payment_id': 'VARCHAR', 'stage': 'VARCHAR'}"


def named_elsewhere(cycle_id: UUID, payments: Path, rows: Sequence[Path], work: Workplace) -> Path:
    """Payment ids that rows name and that lists of another cycle have, as Parquet: payment_id, and its cycle's stage.

    Read in the territory of the caller, which is everything for a run: it tells rows apart, nobody is shown it.
    """
    found, path = work.folder / "elsewhere.csv", work.folder / "elsewhere.parquet"
    named = " union all ".join(f"select payment_id from {parquet(each)}" for each in rows)
    _load(
        "named_ids",
        "payment_id text not null",
        f"""select distinct n.payment_id from ({named}) n anti join {parquet(payments)} p using (payment_id)
            where n.payment_id <> '' and not contains(n.payment_id, chr(0))"""
        if rows
        else "",
        work,
        asked_by=("payment_id",),
    )
    with connection.cursor() as cursor, found.open("wb") as file, cursor.copy(_ELSEWHERE, [cycle_id]) as lines:
        for chunk in lines:
            file.write(chunk)
    read = f"read_csv('{quoted(found)}', hive_partitioning = false, header = true, columns = {_NAMES})"
    work.con.execute(f"copy (select * from {read}) to '{quoted(path)}' (format parquet)")
    found.unlink()
    return path


_ELSEWHERE = """copy (select p.payment_id, c.year || '-' || c.stage as stage
    from pg_temp.named_ids n join payments_payment p on p.payment_id = n.payment_id
    join payments_cycle c on c.id = p.cycle_id where p.cycle_id <> %s) to stdout (format csv, header, force_quote *)"""


_UNNAMED = """
with told as (select t.* from {rows} t anti join {elsewhere} using (payment_id) anti join {payments} using (payment_id)
    where t.bank_reference <> '' and not contains(t.bank_reference, chr(0))),
by_account as (select t.row, p.family_id from told t join {payments} p on p.channel = t.channel
    and p.account_no = t.account_no and t.account_no <> ''),
by_nik as (select t.row, p.family_id from told t anti join by_account a on a.row = t.row
    join {payments} p on p.channel = t.channel and p.nik = t.nik and t.nik <> '')
select distinct t.row, f.family_id, t.channel, t.event, t.bank_reference, t.amount, t.occurred_on
from told t join (from by_account union all from by_nik) f on f.row = t.row"""
"""Rows that find a family by account or NIK and name no payment of any stage."""

_COUNTED = """
select t.row, max(c.year || '-' || c.stage) from pg_temp.unnamed t
join payments_payment p on p.family_id = t.family_id and p.cycle_id <> %s
join payments_cycle c on c.id = p.cycle_id
join reconciliation_resultrow r on r.payment_id = p.payment_id and r.disposition = 'ACCEPTED'
    and (r.channel, r.event, r.bank_reference, r.occurred_on) = (t.channel, t.event, t.bank_reference, t.occurred_on)
    and r.amount_rupiah is not distinct from t.amount
    and not exists (select from reconciliation_resultrow l where (l.file_id, l.row) = (r.file_id, r.row)
        and l.number > r.number)
join reconciliation_resultfile f on f.id = r.file_id and f.state = 'TAKEN'
group by t.row order by t.row"""


def counted_elsewhere(
    cycle_id: UUID, payments: Path, rows: Path, elsewhere: Path, work: Workplace
) -> list[tuple[int, str]]:
    """Rows that tell once more what was counted for the same family in another cycle, and its stage.

    By account or NIK alone an event fits every stage of its family: without this one credit would pay two.
    """
    found = _UNNAMED.format(rows=parquet(rows), payments=parquet(payments), elsewhere=parquet(elsewhere))
    _load(
        "unnamed",
        "row bigint, family_id uuid, channel text, event text, bank_reference text, amount bigint, occurred_on date",
        found,
        work,
        asked_by=("family_id",),
    )
    with connection.cursor() as cursor:
        cursor.execute(_COUNTED, [cycle_id])
        return [(int(row), str(stage)) for row, stage in cursor.fetchall()]


def run_inputs(
    payments: Path, files: Sequence[Blinded], work: Workplace, elsewhere: Path | None = None
) -> tuple[Taken, list[Taken]]:
    """The payments and the files' rows with every index as a number of 16 digits, the same number for the same index.

    The numbers hold within this run alone. Rows that name a payment of another cycle (`elsewhere`) are about that one:
    they go on without account and NIK, which would find the same family's payment of this cycle. A NIK that other
    channels alone pay, outside the file's region, is a stranger's number: what comes of a file tells its sender of
    nobody there.
    """
    paths = [payments, *(each.path for each in files)]
    indexes = " union all ".join(f"select nik from {parquet(path)}" for path in paths)
    con = work.con
    con.execute(
        f"""create table tokens as select nik,
            cast({TOKEN_FROM:d} + row_number() over (order by nik) as varchar) as token
            from (select distinct nik from ({indexes})) given where nik not in ('', '{DAMAGED}')"""
    )
    con.execute(f"create view payable as select nik, channel, village_code from {parquet(payments)}")
    listed = _numbered(con, payments, PAYMENTS.names, work.folder / "list.parquet", "")
    told = [
        _numbered(
            con, each.path, RESULTS.names, work.folder / f"told-{place}.parquet", ", g.damage", elsewhere, _far(each)
        )
        for place, each in enumerate(files)
    ]
    rows = con.execute(f"select count(*) from {parquet(listed)}").fetchall()[0][0]
    con.execute("drop view payable; drop table tokens")
    taken = [
        Taken(each.source, each.sha256, each.rows, each.rupiah, f"select * from {parquet(path)}", (), (path,))
        for each, path in zip(files, told, strict=True)
    ]
    return Taken("payments", "", int(rows), None, f"select * from {parquet(listed)}", (), (listed,)), taken


def _far(file: Blinded) -> str:
    """SQL: indexes of NIKs that no payment of the file's region or channel has."""
    channel, region = file.channel.replace("'", "''"), file.region.replace("'", "''")
    ours = f"channel = '{channel}' or starts_with(village_code, '{region}')"
    return f"select nik from payable group by nik having not bool_or({ours})"


def _numbered(
    con: duckdb.DuckDBPyConnection,
    path: Path,
    names: Sequence[str],
    out: Path,
    more: str,
    elsewhere: Path | None = None,
    far: str = "",
) -> Path:
    token, beside = "t.token", ""
    if far:
        token = f"if(f.nik is null, t.token, cast(cast(t.token as bigint) + {STRANGERS_FROM:d} as varchar))"
        beside = f"left join ({far}) f on f.nik = g.nik "
    changed = {"nik": f"coalesce({token}, g.nik)"}
    if elsewhere:
        beside += f"left join {parquet(elsewhere)} e on e.payment_id = g.payment_id"
        whole = f"e.payment_id is not null and g.nik <> '{DAMAGED}'"
        changed = {
            "nik": f"case when {whole} then '' else {changed['nik']} end",
            "account_no": "case when e.payment_id is not null then '' else g.account_no end",
        }
    values = ", ".join(f"{changed.get(name, f'g.{name}')} as {name}" for name in names)
    con.execute(
        f"""copy (select {values}, g.row{more} from {parquet(path)} g
            left join tokens t on t.nik = g.nik {beside} order by g.row) to '{quoted(out)}' (format parquet)"""
    )
    return out


OUTCOMES = (
    """payment_id, outcome, credited, reversed, withdrawn, net, coalesce(reason, '') as reason, first_on, last_on"""
)


def load_outcomes(folder: Path, work: Workplace) -> None:
    """The engine's outcomes into the temporary table `new_outcomes`."""
    _load(
        "new_outcomes",
        """payment_id text primary key, outcome text not null, credited bigint, reversed bigint, withdrawn bigint,
        net bigint, reason text, first_on date, last_on date""",
        f"select {OUTCOMES} from {parquet(folder / 'outcomes.parquet')} order by payment_id",
        work,
        asked_by=("payment_id",),
    )


def load_rows(folder: Path, files: Sequence[Taken], results: str, elsewhere: Path, work: Workplace) -> None:
    """The engine's dispositions, with what the rows said, into the temporary table `new_rows`.

    A row that names a payment of another cycle is told so: the engine knows one cycle alone.
    """
    words = say("details.other_list", stage="{stage}", year="{year}").replace("'", "''")
    _load(
        "new_rows",
        """file_id uuid not null, row bigint not null, channel text, event text, amount bigint, occurred_on date,
        bank_reference text, name text, disposition text not null, payment_id text, matched_by text, evidence text,
        detail text, primary key (file_id, row)""",
        f"""select d.source, d.row, r.channel, r.event, r.amount, r.occurred_on, r.bank_reference, r.name,
            d.disposition, d.payment_id, coalesce(d.matched_by, ''), coalesce(d.evidence, ''),
            case when d.disposition = 'UNKNOWN' and e.payment_id is not null
                then replace(replace('{words}', '{{stage}}', split_part(e.stage, '-', 2)), '{{year}}',
                    split_part(e.stage, '-', 1)) else coalesce(d.detail, '') end
            from {parquet(folder / "dispositions.parquet")} d
            join ({results}) r on r.source = d.source and r.row = d.row
            left join {parquet(elsewhere)} e on e.payment_id = r.payment_id order by d.source, d.row"""
        if files
        else "",
        work,
        asked_by=("file_id", "payment_id", "disposition"),
    )


def _load(table: str, columns: str, select: str, work: Workplace, *, asked_by: Sequence[str]) -> None:
    """Rows of a DuckDB select into a fresh temporary table, through a file of CSV; joined by the columns `asked_by`."""
    with connection.cursor() as cursor:
        cursor.execute(f"drop table if exists pg_temp.{table}")
        cursor.execute(f"create temp table {table} ({columns}) on commit drop")
        if not select:
            return
        work.con.execute("set preserve_insertion_order = true")
        copy_into(cursor, f"pg_temp.{table}", work.con, select, work.folder / f"{table}.csv")
        work.con.execute("set preserve_insertion_order = false")
        cursor.execute(f"analyze pg_temp.{table} ({', '.join(asked_by)})")
