"""A list that came in, between reading and applying: its rows in Parquet with every identifier sealed and indexed.

The seal of a staged value is bound to its list and number, so nothing of one list opens in another; on the way into the
registry a value is sealed anew for its row. The list as it was sent is deleted once it is staged.
"""

import shutil
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pyarrow as pa
import pyarrow.parquet as pq
from django.conf import settings
from django.db import connection

from gandeng.audit.sealing import Place, blind, blind_account, seal, unseal
from gandeng.engine import connect
from gandeng.files.layouts import FAMILIES, MEMBERS
from gandeng.files.taken import Taken
from gandeng.jobs.work import Report
from gandeng.registry.merging import FAMILY_COLUMNS, MEMBER_COLUMNS, all_incoming, filling, start_incoming

_ROWS = 20_000
_HEX = "lower(hex(coalesce({0}, ''::blob)))"
_BINARY = pa.binary()
_SEALED_FAMILY = {"account_index": _BINARY, "account_sealed": _BINARY, "account_last3": pa.string()}
_SEALED_MEMBER = {"nik_index": _BINARY, "nik_sealed": _BINARY, "nik_last4": pa.string()}


def folder_of(intake_id: UUID) -> Path:
    """Where the staged rows of a list lie."""
    return Path(settings.DATA_DIR) / "lists" / str(intake_id)


def upload_folder(upload: str) -> Path:
    """Where a list lies as it was sent, until it is staged or refused; `upload` is a name of ours."""
    return Path(settings.DATA_DIR) / "uploads" / str(UUID(upload))


def stage(intake_id: UUID, taken: dict[str, Taken], report: Report) -> None:
    """Write the sealed rows of both files."""
    folder = folder_of(intake_id)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with closing(connect(folder / "spill", memory_limit="600MB")) as con:
        _seal_file(con, taken["families"], FAMILIES.names, "account_no", intake_id, report)
        _seal_file(con, taken["members"], MEMBERS.names, "nik", intake_id, report)
    shutil.rmtree(folder / "spill", ignore_errors=True)


def _seal_file(con: Any, taken: Taken, names: tuple[str, ...], hidden: str, intake_id: UUID, report: Report) -> None:
    families = hidden == "account_no"
    plain = [name for name in names if name != hidden]
    rows = con.execute(f"select {', '.join(names)} from ({taken.select}) t order by row").to_arrow_reader(_ROWS)
    path = folder_of(intake_id) / ("families.parquet" if families else "members.parquet")
    schema = pa.schema(
        [(name, rows.schema.field(name).type) for name in plain]
        + list((_SEALED_FAMILY if families else _SEALED_MEMBER).items())
    )
    done = 0
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for batch in rows:
            told = batch.to_pydict()
            seals = _family_seals(told, intake_id) if families else _member_seals(told, intake_id)
            columns = [batch.column(name) for name in plain]
            columns += [pa.array(column, schema.field(len(plain) + place).type) for place, column in enumerate(seals)]
            writer.write_batch(pa.record_batch(columns, schema=schema))
            done += batch.num_rows
            report("Menyegel identitas", done, taken.rows)


def _family_seals(told: dict[str, list[Any]], intake_id: UUID) -> list[list[Any]]:
    rows = list(zip(told["family_id"], told["channel"], told["account_no"], strict=True))
    return [
        [blind_account(channel, number) for _, channel, number in rows],
        [seal(number, _staged(intake_id, "account", family)) for family, _, number in rows],
        [number[-3:] for _, _, number in rows],
    ]


def _member_seals(told: dict[str, list[Any]], intake_id: UUID) -> list[list[Any]]:
    rows = list(zip(told["member_id"], told["nik"], strict=True))
    return [
        [blind("nik", nik) for _, nik in rows],
        [seal(nik, _staged(intake_id, "nik", member)) for member, nik in rows],
        [nik[-4:] for _, nik in rows],
    ]


def _staged(intake_id: UUID, column: str, number: str) -> Place:
    return Place("registry_intake", column, f"{intake_id}|{number}")


def fill_incoming(intake_id: UUID, report: Report, *, sealed: bool) -> None:
    """The staged rows into the temporary tables of `merging`; `sealed` with the identifiers, for applying."""
    start_incoming()
    folder = folder_of(intake_id)
    for name, table, columns, rows_of in (
        ("families.parquet", "incoming_family", FAMILY_COLUMNS, _families),
        ("members.parquet", "incoming_member", MEMBER_COLUMNS, _members),
    ):
        file = pq.ParquetFile(folder / name)
        done = 0
        for batch in file.iter_batches(_ROWS):
            rows = list(rows_of(batch.to_pydict(), intake_id, sealed))
            with filling(table, columns) as copy:
                for row in rows:
                    copy.write_row(row)
            done += batch.num_rows
            report("Membaca daftar", done, file.metadata.num_rows)
    all_incoming()


_KNOWN_FAMILIES = """select f.family_no, f.id, a.account_index from registry_family f
    left join registry_account a on a.family_id = f.id and a.valid_until is null where f.family_no = any(%s)"""
_KNOWN_MEMBERS = "select member_no, id, nik_index from registry_member where member_no = any(%s)"


def _known(sql: str, numbers: Iterable[str]) -> dict[str, tuple[UUID, bytes | None]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [list(numbers)])
        rows = cursor.fetchall()
    return {number: (row_id, None if index is None else bytes(index)) for number, row_id, index in rows}


_FAMILY = ("family_id", "collector_member_id", "village_code", "status", "channel", *_SEALED_FAMILY)
_MEMBER = (
    "member_id", "family_id", "name", "birth_date", "sex", "school_level", "pregnancy_no", "severe_disability",
    "rights_victim", "deceased_on", *_SEALED_MEMBER,
)  # fmt: skip


def _families(told: dict[str, list[Any]], intake_id: UUID, sealed: bool) -> Iterator[tuple[Any, ...]]:
    known = _known(_KNOWN_FAMILIES, told["family_id"])
    columns = (told[name] for name in _FAMILY)
    for family, collector, village, status, channel, index, staged, last3 in zip(*columns, strict=True):
        own, own_index = known.get(family, (None, None))
        account_own, value = uuid4(), b""
        if sealed and index is not None and index != own_index:
            number = unseal(staged, _staged(intake_id, "account", family))
            value = seal(number, Place("registry_account", "account", str(account_own)))
        yield (
            own or uuid4(), family, collector, village.replace(".", ""), status, channel, account_own, value, index,
            last3, b"", None, "",
        )  # fmt: skip


def _members(told: dict[str, list[Any]], intake_id: UUID, sealed: bool) -> Iterator[tuple[Any, ...]]:
    known = _known(_KNOWN_MEMBERS, told["member_id"])
    columns = (told[name] for name in _MEMBER)
    for (member, family, name, born, sex, level, pregnancy, disability, victim, died, index, staged,
         last4) in zip(*columns, strict=True):  # fmt: skip
        own, own_index = known.get(member, (None, None))
        own, value = own or uuid4(), b""
        if sealed and index is not None and index != own_index:
            nik = unseal(staged, _staged(intake_id, "nik", member))
            value = seal(nik, Place("registry_member", "nik", str(own)))
        yield (
            own, member, family, value, index, last4, name, born, sex, level, pregnancy, disability, victim, died,
        )  # fmt: skip


def staged_selects(intake_id: UUID) -> dict[str, str]:
    """`families` and `members` of the list as DuckDB SQL for `core.benefit`."""
    folder = str(folder_of(intake_id)).replace("'", "''")
    families = ", ".join(
        _HEX.format("account_index") + " as account_no" if name == "account_no" else name for name in FAMILIES.names
    )
    members = ", ".join(
        f"left({_HEX.format('nik_index')}, 16) as nik" if name == "nik" else name for name in MEMBERS.names
    )
    return {
        "families": f"select {families} from '{folder}/families.parquet'",
        "members": f"select {members} from '{folder}/members.parquet'",
    }
