"""The registry as typed tables for the core: frozen for one cycle, without a NIK or an account number in the open.

Sealed bytes lie in files of their own, which no digest covers: a new key seals them again (office.resealing). The
blind indexes are covered, and an order to pay proves each opened identifier against its index.
"""

import hashlib
import shutil
from collections.abc import Mapping, Sequence
from contextlib import closing, nullcontext
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import UUID

import duckdb

from gandeng.engine import connect, parquet, quoted
from gandeng.registry.copying import as_copied, copy_out

FAMILIES, MEMBERS = "families.parquet", "members.parquet"
ACCOUNT_SEALS, NIK_SEALS = "account-seals.parquet", "nik-seals.parquet"
SEALS = (ACCOUNT_SEALS, NIK_SEALS)

_CHUNK = 1 << 20


@dataclass(frozen=True)
class Frozen:
    """Rows of the two files, and the SHA-256 over the bytes of both, families first."""

    families: int
    members: int
    digest: str


@dataclass(frozen=True)
class _Frozen:
    """One file and that of its seals: what PostgreSQL gives as CSV, and what each column becomes."""

    name: str
    sql: str
    columns: Mapping[str, str]
    order: str
    seals: str
    sealed: tuple[str, str]
    """Whose seal it is, and the column that has it."""


_DOTTED = "substr({0}, 1, 2) || '.' || substr({0}, 3, 2) || '.' || substr({0}, 5, 2) || '.' || substr({0}, 7)"

_FAMILIES = _Frozen(
    FAMILIES,
    f"""
    select f.family_no as family_id, c.member_no as collector_member_id,
        {_DOTTED.format("f.village_code")} as village_code,
        case when f.status = 'ACTIVE' and f.id = any(%(suspended)s::uuid[]) then 'SUSPENDED' else f.status end
            as status,
        a.channel,
        encode(a.account_index, 'hex') as account_no, f.id as family_uuid, a.id as account_uuid,
        encode(a.account_sealed, 'hex') as account_sealed, a.account_last3, a.usable_from, f.collector_usable_from
    from registry_family f
    left join registry_member c on c.id = f.collector_id
    left join lateral (
        select * from registry_account a where a.family_id = f.id and a.valid_from <= %(on)s
            and (a.valid_until is null or a.valid_until > %(on)s) order by a.valid_from desc, a.id limit 1
    ) a on true
    where f.village_code ^@ %(region)s""",
    {
        "family_id": "text", "collector_member_id": "text", "village_code": "text", "status": "text",
        "channel": "text", "account_no": "text", "family_uuid": "text", "account_uuid": "text",
        "account_sealed": "bytes", "account_last3": "text", "usable_from": "date", "collector_usable_from": "date",
    },
    "family_id",
    ACCOUNT_SEALS,
    ("account_uuid", "account_sealed"),
)  # fmt: skip

_MEMBERS = _Frozen(
    MEMBERS,
    """
    select f.family_no as family_id, m.member_no as member_id, encode(m.nik_index, 'hex') as nik, m.name,
        m.birth_date, m.sex, m.school_level, m.pregnancy_no, m.severe_disability, m.rights_victim, m.deceased_on,
        m.id as member_uuid, encode(m.nik_sealed, 'hex') as nik_sealed, m.nik_last4
    from registry_member m join registry_family f on f.id = m.family_id
    where m.village_code ^@ %(region)s and (m.left_on is null or m.left_on > %(on)s)""",
    {
        "family_id": "text", "member_id": "text", "nik": "text", "name": "text", "birth_date": "date", "sex": "text",
        "school_level": "text", "pregnancy_no": "bigint", "severe_disability": "boolean", "rights_victim": "boolean",
        "deceased_on": "date", "member_uuid": "text", "nik_sealed": "bytes", "nik_last4": "text",
    },
    "member_id",
    NIK_SEALS,
    ("member_uuid", "nik_sealed"),
)  # fmt: skip

_CASTS = {
    "text": "coalesce({0}, '')",
    "bytes": "unhex(coalesce({0}, ''))",
    "date": "cast({0} as date)",
    "bigint": "cast({0} as bigint)",
    "boolean": "{0} = 't'",
}


def freeze(
    region: str,
    folder: Path,
    *,
    on: date,
    only: Sequence[UUID] | None = None,
    suspended: Sequence[UUID] = (),
    con: duckdb.DuckDBPyConnection | None = None,
) -> Frozen:
    """Write the families of a region (digits, "" for all one sees) and their members as of that day into `folder`.

    `only` names the families wanted, where not all are; `suspended` those whose money a decision keeps back this once:
    they are frozen as SUSPENDED, and stay what they are in the registry. `con` writes the files where one is open.

    The first columns of `families.parquet` and `members.parquet` are the entitlement contract's, in its order, with
    blind indexes (hexadecimal) where it has a NIK or an account; the rest is what the payment list needs, but
    for the sealed bytes: those are in `account-seals.parquet` and `nik-seals.parquet`, by the id of their row.
    Members who left are not there; those who died are, with the day, for the contract decides by its reference day.
    A family whose account belongs to another has a channel, no `account_no` and a `usable_from` in the year 9999; one
    whose account is not opened yet has an earlier one.
    The same registry gives the same bytes, and the same digest also where it was sealed again.
    """
    folder.mkdir(parents=True, exist_ok=True)
    values: dict[str, object] = {"region": region, "on": on, "suspended": list(suspended)}
    if only is not None:
        values["only"] = list(only)
    spill = folder / "frozen.spill"
    own = nullcontext(con) if con else closing(connect(spill, memory_limit="800MB", threads=1))
    with own as writes:
        families, members = (_write(writes, each, folder, values) for each in (_FAMILIES, _MEMBERS))
    shutil.rmtree(spill, ignore_errors=True)
    return Frozen(families, members, _digest(folder / FAMILIES, folder / MEMBERS))


def as_active(frozen: Path, families: Sequence[UUID], folder: Path) -> None:
    """These families of a frozen folder once more, in a folder of their own, those frozen as SUSPENDED as ACTIVE."""
    folder.mkdir(parents=True)
    wanted = ", ".join(f"'{family}'" for family in families)
    told, members = (parquet(frozen / name) for name in (FAMILIES, MEMBERS))
    active = "if(status = 'SUSPENDED', 'ACTIVE', status) as status"
    with closing(connect(folder / "frozen.spill", memory_limit="800MB", threads=1)) as con:
        con.execute(f"""create view wanted as select * replace ({active}) from {told}
            where family_uuid in ({wanted})""")
        theirs = f"select m.* from {members} m semi join wanted w on w.family_id = m.family_id order by member_id"
        for name, rows in ((FAMILIES, "select * from wanted order by family_id"), (MEMBERS, theirs)):
            con.execute(f"copy ({rows}) to '{quoted(folder / name)}' (format parquet, compression zstd)")
    shutil.rmtree(folder / "frozen.spill", ignore_errors=True)


def contract_selects(folder: Path) -> dict[str, str]:
    """`families` and `members` of a frozen folder as DuckDB SQL for `core.benefit`, which wants 16 signs of a NIK."""
    families = ", ".join([*_FAMILIES.columns][:6])
    members = ", ".join("left(nik, 16) as nik" if name == "nik" else name for name in [*_MEMBERS.columns][:11])
    return {
        "families": f"select {families} from {parquet(folder / FAMILIES)}",
        "members": f"select {members} from {parquet(folder / MEMBERS)}",
    }


def _write(con: duckdb.DuckDBPyConnection, frozen: _Frozen, folder: Path, values: dict[str, object]) -> int:
    told = folder / f"{frozen.name}.csv"
    try:
        wanted = " and f.id = any(%(only)s)" if "only" in values else ""
        copy_out(f"{frozen.sql}{wanted}", frozen.columns, values, told)
        return _to_parquet(con, told, folder / frozen.name, frozen)
    finally:
        told.unlink(missing_ok=True)


def _to_parquet(con: duckdb.DuckDBPyConnection, told: Path, out: Path, frozen: _Frozen) -> int:
    read = as_copied(told, frozen.columns)
    owner, sealed = frozen.sealed
    written = {
        out: ([name for name in frozen.columns if name != sealed], "true", frozen.order),
        out.parent / frozen.seals: ([owner, sealed], f"{sealed} <> ''", owner),
    }
    for path, (names, wanted, order) in written.items():
        cells = ", ".join(f"{_CASTS[frozen.columns[name]].format(name)} as {name}" for name in names)
        con.execute(f"""copy (select {cells} from {read} where {wanted} order by {order})
            to '{quoted(path)}' (format parquet, compression zstd)""")
    return int(con.sql(f"select count(*) from {parquet(out)}").fetchall()[0][0])


def _digest(*paths: Path) -> str:
    digest = hashlib.sha256()
    for path in paths:
        with path.open("rb") as file:
            while block := file.read(_CHUNK):
                digest.update(block)
    return digest.hexdigest()
