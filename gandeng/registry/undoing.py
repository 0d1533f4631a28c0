"""A list undone: each row it touched becomes what it was, by the copy taken before, as long as nobody came after.

An account or a collector of before that comes back in place of one that had waited its days waits as it does by any
other way: within those days nobody was paid by the new one, and all is as if the list had never been.
"""

from datetime import date
from typing import Any

from django.db import connection

from gandeng.audit.sealing import INDEX_VERSION, Kind, keys
from gandeng.audit.sealing_many import blind_all, unseal_all
from gandeng.registry.cooling import usable_from
from gandeng.registry.merging import REQUESTS_FOLLOW
from gandeng.registry.models import Intake
from gandeng.registry.recoding import to_codes_of_today

_HELD = """
select from registry_family f where f.id in (
    select row_id from first_images where table_name = 'registry_family'
    union select m.family_id from first_images r join registry_member m on m.id = r.row_id
        where r.table_name = 'registry_member'
    union select a.family_id from first_images r join registry_account a on a.id = r.row_id
        where r.table_name = 'registry_account')
order by f.id for no key update
"""
"""Who changes a member or an account locks its family first: what is untouched now stays so until it is undone."""

_TOUCHED = """
select (select count(*) from first_images r left join registry_family t on t.id = r.row_id
        where r.table_name = 'registry_family' and t.updated_at is distinct from %(at)s)
    + (select count(*) from first_images r left join registry_member t on t.id = r.row_id
        where r.table_name = 'registry_member' and t.updated_at is distinct from %(at)s)
    + (select count(*) from first_images r left join registry_account t on t.id = r.row_id
        where r.table_name = 'registry_account' and r.before is null and (t.id is null or t.valid_until is not null))
"""

_COLUMNS = {
    "registry_family": (
        "kk_sealed", "kk_index", "kk_last4", "village_code", "status", "status_reason", "collector_id",
        "collector_usable_from", "entered_on",
    ),
    "registry_member": (
        "family_id", "village_code", "nik_sealed", "nik_index", "nik_last4", "name", "birth_date", "sex",
        "school_level", "pregnancy_no", "severe_disability", "rights_victim", "deceased_on", "left_on",
    ),
    "registry_account": ("village_code", "valid_until"),
}  # fmt: skip

_BACK = """
create temp table back_at_once on commit drop as
select b.id, b.collector_usable_from as usable from first_images r, jsonb_populate_record(null::registry_family,
    r.before) b join registry_family t on t.id = b.id
where r.table_name = 'registry_family' and b.collector_id is not null and t.collector_id is not null
    and t.collector_usable_from is distinct from b.collector_usable_from and t.collector_usable_from <= %(on)s
union all
select b.id, b.usable_from from first_images r, jsonb_populate_record(null::registry_account, r.before) b
    join registry_account n on n.family_id = b.family_id and n.valid_until is null and n.usable_from <= %(on)s
    join first_images a on a.table_name = 'registry_account' and a.row_id = n.id and a.before is null
where r.table_name = 'registry_account' and b.valid_until is null
    and (b.account_index is not null or b.channel = 'POS') and (n.account_index is not null or n.channel = 'POS');
"""
"""Families and accounts of before whose collector, or which themselves, come in place of what is paid by already."""

_WAIT = """
update registry_family t set collector_usable_from = greatest(b.usable, %(usable)s)
    from back_at_once b where b.id = t.id;
update registry_account t set usable_from = greatest(b.usable, %(usable)s) from back_at_once b where b.id = t.id;
"""

_IDENTIFIERS: tuple[tuple[str, str, Kind], ...] = (("registry_family", "kk", "kk"), ("registry_member", "nik", "nik"))


class Touched(Exception):
    """Rows somebody changed after the list."""

    def __init__(self, count: int) -> None:
        super().__init__(str(count))
        self.count = count


def undo_rows(intake: Intake, on: date) -> None:
    """In the caller's transaction, of a list that says it is undone. Raises Touched, IntegrityError.

    The latter where something hangs on an added row. Codes a decree replaced meanwhile do not come back.
    """
    values: dict[str, Any] = {"intake": intake.pk, "at": intake.applied_at, "on": on, "usable": usable_from(on)}
    with connection.cursor() as cursor:
        cursor.execute("drop table if exists first_images, back_at_once")
        cursor.execute(
            """create temp table first_images on commit drop as select distinct on (table_name, row_id)
                table_name, row_id, before from registry_intakerow where intake_id = %(intake)s
                order by table_name, row_id, id""",
            values,
        )
        cursor.execute("create index on first_images (table_name, row_id); analyze first_images")
        cursor.execute(_HELD)
        cursor.execute(_TOUCHED, values)
        if count := cursor.fetchone()[0]:
            raise Touched(count)
        _index_anew(cursor)
        cursor.execute(_BACK, values)
        cursor.execute("delete from registry_stoppedbylist where intake_id = %(intake)s", values)
        for table in ("registry_decilereading", "registry_account", "registry_member", "registry_family"):
            cursor.execute(
                f"""delete from {table} t using first_images r
                    where r.table_name = '{table}' and r.row_id = t.id and r.before is null"""
            )
        for table, index in (("registry_member", "nik_index"), ("registry_family", "kk_index")):
            cursor.execute(_freed(table, index))
        for table, columns in _COLUMNS.items():
            cursor.execute(_restored(table, columns))
        cursor.execute(_WAIT, values)
        for table in _COLUMNS:
            to_codes_of_today(cursor, table, "first_images")
        touched = "select row_id from first_images where table_name = 'registry_family'"
        cursor.execute(REQUESTS_FOLLOW.format(families=touched))
        cursor.execute("set constraints all immediate")
        cursor.execute("set constraints all deferred")


def _index_anew(cursor: Any) -> None:
    """Copies from before the office's index keys were changed: their numbers are found by today's."""
    newest = keys().newest_index
    for table, column, kind in _IDENTIFIERS:
        index = f"(before->>'{column}_index')::bytea"
        cursor.execute(
            f"""select row_id::text, (before->>'{column}_sealed')::bytea from first_images
                where table_name = %s and {index} is not null and {INDEX_VERSION.format(index)} <> %s""",
            [table, newest],
        )
        if rows := cursor.fetchall():
            ids, sealed = zip(*rows, strict=True)
            anew = blind_all(kind, unseal_all(table, column, ids, (bytes(each) for each in sealed)), newest)
            cursor.execute(
                f"""update first_images r set before = jsonb_set(before, '{{{column}_index}}', to_jsonb(n.index::text))
                    from unnest(%s::uuid[], %s::bytea[]) n(id, index)
                    where r.table_name = %s and r.row_id = n.id""",
                [list(ids), anew, table],
            )


def _freed(table: str, index: str) -> str:
    """Identifiers that changed hands are let go before they are given back."""
    return f"""update {table} t set {index} = null from first_images r, jsonb_populate_record(null::{table}, r.before) b
        where r.table_name = '{table}' and r.row_id = t.id and r.before is not null and t.{index} is not null
          and b.{index} is distinct from t.{index}"""


def _restored(table: str, columns: tuple[str, ...]) -> str:
    values = ", ".join(f"{column} = b.{column}" for column in columns)
    stamp = "" if table == "registry_account" else ", updated_at = now()"
    return f"""update {table} t set {values}{stamp}
        from first_images r, jsonb_populate_record(null::{table}, r.before) b
        where r.table_name = '{table}' and r.row_id = t.id and r.before is not null"""
