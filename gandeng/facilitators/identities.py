"""NIK and family cards of a list of staff: sealed before a row of it is kept, opened only to be indexed.

Each number has an id of its own, drawn when the list is read, and is sealed for the row of `facilitators_identity` with
that id. The ids stand among the rows, which are held to their digest; the sealed values lie in a file a number, which
no digest covers: sealing them again with another key changes nothing that is held.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal
from uuid import uuid4

import pyarrow as pa
import pyarrow.parquet as pq
from django.db import connection

from gandeng.audit.sealing import NotOurs
from gandeng.audit.sealing_many import blind_all, seal_all, unseal_all
from gandeng.registry.staging import StagedOtherwise

type IdentityKind = Literal["nik", "kk"]
NUMBERS: tuple[IdentityKind, ...] = ("nik", "kk")
TABLE = "facilitators_identity"
_SCHEMA = pa.schema([("own", pa.string()), ("sealed", pa.binary())])

_INCOMING = """
drop table if exists incoming_identity;
create temporary table incoming_identity (row bigint, id uuid, nik_sealed bytea not null default '', nik_index bytea,
    nik_last4 text not null default '', kk_sealed bytea not null default '', kk_index bytea,
    kk_last4 text not null default '') on commit drop
"""


def seals_of(folder: Path, number: IdentityKind) -> Path:
    """The file of the sealed numbers of one kind, by the id they are sealed for."""
    return folder / f"{number}_seals.parquet"


def seal(rows: pa.Table, number: IdentityKind, folder: Path) -> pa.Table:
    """The rows with an id (`nik_id`) instead of the number; the sealed numbers go to their file."""
    texts = rows.column(number).to_pylist()
    own = [str(uuid4()) if text else "" for text in texts]
    told = [(one, text) for one, text in zip(own, texts, strict=True) if text]
    ids = [one for one, _ in told]
    sealed = seal_all(TABLE, number, ids, [text for _, text in told])
    pq.write_table(pa.table([ids, sealed], schema=_SCHEMA), seals_of(folder, number))
    return rows.drop_columns([number]).append_column(f"{number}_id", pa.array(own, pa.string()))


def lay_beside(rows: Path | None) -> None:
    """The temporary table `incoming_identity`: a row for each number of the list; without a list it is empty.

    Raises StagedOtherwise where a number is not the one that was sealed.
    """
    with connection.cursor() as cursor:
        cursor.execute(_INCOMING)
        if rows is not None:
            for number in NUMBERS:
                _put(cursor, rows, number)
        cursor.execute("create index on incoming_identity (row); analyze incoming_identity")


def _put(cursor: Any, rows: Path, number: IdentityKind) -> None:
    if f"{number}_id" not in pq.read_schema(rows).names:  # read before numbers were held
        return
    listed = pq.read_table(rows, columns=["row", f"{number}_id"]).to_pydict()
    places = {own: row for row, own in zip(listed["row"], listed[f"{number}_id"], strict=True) if own}
    held = pq.read_table(seals_of(rows.parent, number)).to_pydict()
    sealed = dict(zip(held["own"], held["sealed"], strict=True))
    if set(sealed) != set(places):
        raise StagedOtherwise(str(rows.parent.name))
    _insert(cursor, number, places, [sealed[own] for own in places])


def _insert(cursor: Any, number: IdentityKind, places: dict[str, int], sealed: Sequence[bytes]) -> None:
    try:
        texts = unseal_all(TABLE, number, places, sealed)
    except NotOurs as error:
        raise StagedOtherwise(number) from error
    cursor.execute(
        f"""insert into incoming_identity (row, id, {number}_sealed, {number}_index, {number}_last4)
            select * from unnest(%s::bigint[], %s::uuid[], %s::bytea[], %s::bytea[], %s::text[])""",
        [list(places.values()), list(places), list(sealed), blind_all(number, texts), [text[-4:] for text in texts]],
    )
