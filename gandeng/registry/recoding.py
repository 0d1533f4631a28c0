"""Families go from a code to the one that replaced it, by set, with what stands under their own code."""

from typing import Any
from uuid import UUID

from django.db import connection

_NOTE = """
insert into registry_recodedfamily (recoding_id, family_id, old_code, new_code)
select r.id, f.id, f.village_code, p->>'new' from registry_recoding r, jsonb_array_elements(r.pairs) p,
    registry_family f
where r.id = %(recoding)s and (p->>'whole')::boolean and f.village_code = p->>'old' order by f.id
"""

_GO = """
update registry_family f set village_code = n.{to}, updated_at = now() from registry_recodedfamily n
where n.recoding_id = %(recoding)s and n.family_id = f.id and f.village_code = n.{since}
"""

_ALONG = (
    """update registry_member m set village_code = f.village_code, updated_at = now()
        from registry_recodedfamily n join registry_family f on f.id = n.family_id
        where n.recoding_id = %(recoding)s and m.family_id = f.id and m.village_code <> f.village_code""",
    """update registry_account a set village_code = f.village_code
        from registry_recodedfamily n join registry_family f on f.id = n.family_id
        where n.recoding_id = %(recoding)s and a.family_id = f.id and a.village_code <> f.village_code""",
    """update registry_changerequest c set village_code = f.village_code
        from registry_recodedfamily n join registry_family f on f.id = n.family_id
        where n.recoding_id = %(recoding)s and c.family_id = f.id and c.state = 'PENDING'
        and c.village_code <> f.village_code""",
)
"""What goes with a family that moves goes here too; what was paid, told or decided stays under the code of its day."""

_TODAY = """
update {table} t set village_code = c.new_code from registry_codechange c{named}
where c.old_code = t.village_code and c.whole and c.valid_until is null {of_them}
"""

_COUNTED = """
select f.village_code, count(*) from registry_family f
where f.village_code = any(%(codes)s) group by f.village_code
"""

_VILLAGES = """
with recursive village (code) as (
    (select f.village_code from registry_family f where f.village_code >= %(region)s
        and f.village_code < %(beyond)s order by 1 limit 1)
    union all
    select (select f.village_code from registry_family f where f.village_code > v.code
        and f.village_code < %(beyond)s order by 1 limit 1)
    from village v where v.code is not null)
select code from village where code is not null
"""
"""Each village once, by the index: families of a province are many, its villages few."""


def recode(recoding: UUID) -> int:
    """Families under codes that are wholly replaced stand under the new ones, noted for the undoing. Gives how many."""
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, {"recoding": recoding})
        return _move(cursor, recoding, _GO.format(since="old_code", to="new_code"))


def recode_back(recoding: UUID) -> int:
    """Of the noted families, those that still stand under the new code go back. Gives how many."""
    with connection.cursor() as cursor:
        return _move(cursor, recoding, _GO.format(since="new_code", to="old_code"))


def _move(cursor: Any, recoding: UUID, statement: str) -> int:
    cursor.execute(statement, {"recoding": recoding})
    moved: int = cursor.rowcount
    for along in _ALONG:
        cursor.execute(along, {"recoding": recoding})
    return moved


def to_codes_of_today(cursor: Any, table: str, which: str = "") -> None:
    """Villages of `table` stand under the codes of today.

    `which` is a table that names the rows it is about by `table_name` and `row_id`; without it, all of them. It is
    asked until nothing changes: a code may have changed twice.
    """
    named = f", {which} n" if which else ""
    of_them = f"and n.table_name = '{table}' and n.row_id = t.id" if which else ""
    cursor.execute(statement := _TODAY.format(table=table, named=named, of_them=of_them))
    while cursor.rowcount:
        cursor.execute(statement)


def families_under(codes: list[str]) -> dict[str, int]:
    """Code -> how many families of the territory stand under it, none where there are none."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTED, {"codes": codes})
        return dict(cursor.fetchall())


def villages_in(region: str) -> list[str]:
    """Codes of the villages of a region in which families of the territory live, whatever their status."""
    with connection.cursor() as cursor:
        cursor.execute(_VILLAGES, {"region": region, "beyond": f"{region}:"})
        return [code for (code,) in cursor.fetchall()]
