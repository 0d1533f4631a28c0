"""A list that came in, between reading and applying: its rows in Parquet with every identifier sealed and indexed.

Each row of a list has an id of its own, drawn when the list is staged, and its identifier is sealed for the row of the
registry with that id: a family or member who is new gets the row, and the sealed value goes where it belongs as it is.
Nothing of one list opens in another. For a member who is there already, a NIK that changed is sealed anew on the way.
The rows are held to their digest, which the database keeps, and each sealed value is opened before it is used; those
lie in files of their own, which no digest covers, for a new key seals them again. The list as it was sent is deleted.
"""

import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import pyarrow as pa
import pyarrow.parquet as pq
from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from gandeng.audit.sealing import NotOurs, keys
from gandeng.audit.sealing_many import blind_accounts, blind_all, seal_all, unseal_all
from gandeng.core.faults import FileRefused
from gandeng.engine import connect, parquet
from gandeng.engine.to_postgres import bytea, copy_into
from gandeng.files.digests import sha256_of
from gandeng.files.flushed import flush
from gandeng.files.intake import explain_refusal
from gandeng.files.layouts import FAMILIES, LISTED_FAMILIES, MEMBERS
from gandeng.files.taken import Taken
from gandeng.jobs.work import Report, WorkRefused
from gandeng.registry.merging import FAMILY_COLUMNS, MEMBER_COLUMNS, all_incoming, start_incoming
from gandeng.registry.snapshots import ACCOUNT_SEALS, NIK_SEALS
from gandeng.registry.snapshots import FAMILIES as FAMILIES_FILE
from gandeng.registry.snapshots import MEMBERS as MEMBERS_FILE

_ROWS = 20_000
_HEX = "lower(hex(coalesce({0}, ''::blob)))"


@dataclass(frozen=True)
class _Sealed:
    """One of the two files: the identifier it hides, what stands for it, and the file of its seals."""

    file: str
    names: tuple[str, ...]
    hidden: str
    added: tuple[tuple[str, pa.DataType], ...]
    seals: str
    owner: str
    place: tuple[str, str]
    """Table and column of the registry the values are sealed for; `owner` is the column of their row's id."""

    @property
    def column(self) -> str:
        """Of the sealed value."""
        return f"{self.place[1]}_sealed"

    @property
    def plain(self) -> list[str]:
        """Columns that stay as they came."""
        return [name for name in self.names if name != self.hidden]


_TEXT, _BINARY = pa.string(), pa.binary()
_FAMILY = _Sealed(
    FAMILIES_FILE, LISTED_FAMILIES.names, "account_no",
    (("own", _TEXT), ("account_uuid", _TEXT), ("account_index", _BINARY), ("account_last3", _TEXT)),
    ACCOUNT_SEALS, "account_uuid", ("registry_account", "account"),
)  # fmt: skip
_MEMBER = _Sealed(
    MEMBERS_FILE, MEMBERS.names, "nik", (("member_uuid", _TEXT), ("nik_index", _BINARY), ("nik_last4", _TEXT)),
    NIK_SEALS, "member_uuid", ("registry_member", "nik"),
)  # fmt: skip


class StagedOtherwise(Exception):
    """The staged rows are not those that were staged."""


def folder_of(intake_id: UUID) -> Path:
    """Where the staged rows of a list lie."""
    return Path(settings.DATA_DIR) / "lists" / str(intake_id)


def upload_folder(upload: str) -> Path:
    """Where a list lies as it was sent, until it is staged or refused; `upload` is a name of ours."""
    return Path(settings.DATA_DIR) / "uploads" / str(UUID(upload))


@contextmanager
def uploaded(upload: str) -> Iterator[Path]:
    """A list as it was sent, deleted when it was read; what is wrong with it is said in words. Raises WorkRefused."""
    folder = upload_folder(upload)
    if not folder.is_dir():
        raise WorkRefused(_("Berkasnya sudah tidak ada. Unggah lagi."))
    try:
        yield folder
    except FileRefused as refused:
        raise WorkRefused("\n".join(explain_refusal(refused))) from refused
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def stage(intake_id: UUID, taken: dict[str, Taken], report: Report) -> str:
    """Write the rows of both files and their seals; gives the digest of the rows."""
    folder = folder_of(intake_id)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with closing(connect(folder / "spill", memory_limit="600MB")) as con:
        _seal_file(con, taken["families"], _FAMILY, folder, report)
        _seal_file(con, taken["members"], _MEMBER, folder, report)
    shutil.rmtree(folder / "spill", ignore_errors=True)
    flush(folder)
    return _digest(folder)


def _digest(folder: Path) -> str:
    return f"{sha256_of(folder / FAMILIES_FILE)} {sha256_of(folder / MEMBERS_FILE)}"


def _seal_file(con: Any, taken: Taken, of: _Sealed, folder: Path, report: Report) -> None:
    rows = con.sql(f"select {', '.join(of.names)} from ({taken.select}) t order by row").to_arrow_reader(_ROWS)
    schema = pa.schema([(name, rows.schema.field(name).type) for name in of.plain] + list(of.added))
    sealed_schema = pa.schema([(of.owner, _TEXT), (of.column, _BINARY)])
    done = 0
    with (
        pq.ParquetWriter(folder / of.file, schema, compression="zstd") as told,
        pq.ParquetWriter(folder / of.seals, sealed_schema, compression={of.owner: "zstd", of.column: "none"}) as seals,
    ):
        for batch in rows:
            numbers = batch.column(of.hidden).to_pylist()
            added = _of_accounts(batch.column("channel").to_pylist(), numbers) if of is _FAMILY else _of_niks(numbers)
            columns = [batch.column(name) for name in of.plain]
            columns += [pa.array(added[name], type_) for name, type_ in of.added]
            told.write_batch(pa.record_batch(columns, schema=schema))
            sealed = seal_all(*of.place, added[of.owner], numbers)
            pairs = [(owner, value) for owner, value in zip(added[of.owner], sealed, strict=True) if value]
            sides = {of.owner: [owner for owner, _ in pairs], of.column: [value for _, value in pairs]}
            seals.write_table(pa.table(sides, schema=sealed_schema))
            done += batch.num_rows
            report("Menyegel identitas", done, taken.rows)


def _of_accounts(channels: list[str], numbers: list[str]) -> dict[str, list[Any]]:
    return {
        "own": _fresh_ids(len(numbers)), "account_uuid": _fresh_ids(len(numbers)),
        "account_index": blind_accounts(channels, numbers), "account_last3": [number[-3:] for number in numbers],
    }  # fmt: skip


def _of_niks(niks: list[str]) -> dict[str, list[Any]]:
    return {
        "member_uuid": _fresh_ids(len(niks)), "nik_index": blind_all("nik", niks),
        "nik_last4": [nik[-4:] for nik in niks],
    }  # fmt: skip


def _fresh_ids(count: int) -> list[str]:
    """So many ids of version 7, each greater than the one before: what is inserted in their order stays in order."""
    first, drawn = time.time_ns() // 1_000_000 << 12, secrets.token_hex(8 * count)
    ids = []
    for place in range(count):
        moment, at = f"{first + place:015x}", 16 * place
        variant = _VARIANT[drawn[at]]
        ids.append(
            f"{moment[:8]}-{moment[8:12]}-7{moment[12:]}-{variant}{drawn[at + 1 : at + 4]}-{drawn[at + 4 : at + 16]}"
        )
    return ids


_VARIANT = {f"{drawn:x}": f"{0b1000 | drawn & 0b11:x}" for drawn in range(16)}
"""RFC 9562: 48 bits of time with 12 that count on, then two of the variant and 62 at random."""


def fill_incoming(intake_id: UUID, report: Report, *, digest: str = "") -> None:
    """The staged rows into the temporary tables of `merging`; with their `digest` also the identifiers, for applying.

    Rows of families and members who are there get the id they have. Raises StagedOtherwise.
    """
    folder = folder_of(intake_id)
    if digest and _digest(folder) != digest:
        raise StagedOtherwise(str(intake_id))
    start_incoming()
    with closing(connect(folder / "spill", memory_limit="600MB")) as con, connection.cursor() as cursor:
        con.execute("set preserve_insertion_order = true")
        for place, (of, table, columns, values) in enumerate(_FILLED):
            report("Membaca daftar", place, len(_FILLED))
            rows, seals = (parquet(folder / name) for name in (of.file, of.seals))
            told = values | {of.column: f"coalesce({bytea('s.' + of.column)}, '')" if digest else "''"}
            told |= _lacking(folder, of, columns)
            select = f"select {', '.join(told.get(column, f'r.{column}') for column in columns)} from {rows} r"
            if digest:
                _refuse_what_does_not_open(con, folder, of)
                select += f" left join {seals} s on s.{of.owner} = r.{of.owner} order by r.{of.owner}"
            copy_into(cursor, f"{table} ({', '.join(columns)})", con, select, folder / f"{table}.csv")
        all_incoming()
        cursor.execute(_KNOWN)
        if digest:
            _seal_anew(cursor)
    shutil.rmtree(folder / "spill", ignore_errors=True)


def _lacking(folder: Path, of: _Sealed, columns: tuple[str, ...]) -> dict[str, str]:
    """Nothing for what a release before ours did not stage."""
    there = pq.read_schema(folder / of.file).names
    return {name: "null" for name in of.names if name in columns and name not in there and name != of.hidden}


_FILLED: tuple[tuple[_Sealed, str, tuple[str, ...], dict[str, str]], ...] = (
    (_FAMILY, "incoming_family", FAMILY_COLUMNS, {
        "id": "r.own", "family_no": "r.family_id", "collector_no": "r.collector_member_id",
        "village_code": "replace(r.village_code, '.', '')", "account_id": "r.account_uuid",
        "account_index": bytea("r.account_index"), "kk_sealed": "''", "kk_index": "null", "kk_last4": "''",
    }),
    (_MEMBER, "incoming_member", MEMBER_COLUMNS, {
        "id": "r.member_uuid", "member_no": "r.member_id", "family_no": "r.family_id",
        "nik_index": bytea("r.nik_index"),
    }),
)  # fmt: skip


def _refuse_what_does_not_open(con: Any, folder: Path, of: _Sealed) -> None:
    """Raises StagedOtherwise where a sealed value is missing, or was moved or changed."""
    missing = con.execute(
        f"""select exists (from {parquet(folder / of.file)} r anti join {parquet(folder / of.seals)} s
            on s.{of.owner} = r.{of.owner} where r.{of.place[1]}_index is not null)"""
    ).fetchall()[0][0]
    if missing:
        raise StagedOtherwise(of.seals)
    with pq.ParquetFile(folder / of.seals) as seals:
        for batch in seals.iter_batches(_ROWS):
            rows, values = (batch.column(name).to_pylist() for name in (of.owner, of.column))
            try:
                unseal_all(*of.place, rows, values)
            except NotOurs as error:
                raise StagedOtherwise(of.seals) from error


_KNOWN = """
update incoming_family i set id = f.id from registry_family f where f.family_no = i.family_no;
update incoming_member i set id = m.id, staged_as = i.id,
    nik_sealed = case when m.nik_index is not distinct from i.nik_index then '' else i.nik_sealed end
    from registry_member m where m.member_no = i.member_no;
"""
"""A NIK that stays is kept as the registry has it, and what was staged for another row goes nowhere."""

_OTHER_NIKS = """
select member_no, coalesce(staged_as, id)::text, id::text, nik_sealed from incoming_member
where nik_sealed <> '' and (staged_as is not null or substr(nik_sealed, 1, 2) <> %s)"""
_OTHER_ACCOUNTS = """
select family_no, account_id::text, account_id::text, account_sealed from incoming_family
where account_sealed <> '' and substr(account_sealed, 1, 2) <> %s"""


def _seal_anew(cursor: Any) -> None:
    """What goes to another row than it was staged for, or was sealed before the office changed its key."""
    newest = keys().newest.to_bytes(2, "big")
    for select, of, number in ((_OTHER_NIKS, _MEMBER, "member_no"), (_OTHER_ACCOUNTS, _FAMILY, "family_no")):
        cursor.execute(select, [newest])
        if not (rows := cursor.fetchall()):
            continue
        numbers, staged, own, sealed = zip(*rows, strict=True)
        anew = seal_all(*of.place, own, unseal_all(*of.place, staged, (bytes(one) for one in sealed)))
        cursor.execute(
            f"""update incoming_{number.removesuffix("_no")} i set {of.column} = n.sealed
                from unnest(%s::text[], %s::bytea[]) n(number, sealed) where i.{number} = n.number""",
            [list(numbers), anew],
        )


def staged_selects(intake_id: UUID) -> dict[str, str]:
    """`families` and `members` of the list as DuckDB SQL for `core.benefit`."""
    folder = folder_of(intake_id)
    families = ", ".join(
        _HEX.format("account_index") + " as account_no" if name == "account_no" else name for name in FAMILIES.names
    )
    members = ", ".join(
        f"right({_HEX.format('nik_index')}, 16) as nik" if name == "nik" else name for name in MEMBERS.names
    )
    return {
        "families": f"select {families} from {parquet(folder / FAMILIES_FILE)}",
        "members": f"select {members} from {parquet(folder / MEMBERS_FILE)}",
    }
