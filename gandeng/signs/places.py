"""Where records were made, opened for the length of one look and kept nowhere.

Places lie sealed in the entries of phones. A look opens those of a district's year, puts them beside their entries in a
temporary table that goes with the transaction, and what is found says distances and counts, never a position.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from gandeng.audit.sealing_many import unseal_all
from gandeng.field.kinds.places import position_told
from gandeng.signs.kinds import MADE

KINDS_WITH_PLACES = ("field.visit", "follow_up.tell", "family_sessions.meet", "commitments.sheet")
"""Entries that are opened for their place. What a family complains of is not among them."""
_AT_ONCE = 2_000
_DEGREES = 6
"""Decimals. A phone keeps four; a number made up to be minute would stop the arithmetic of the database."""
_ENTRIES = f"""
select e.id, e.person_id, e.region_code, {MADE.format("e")}, e.body_sealed from field_entry e
where e.region_code ^@ %(district)s and e.state = 'ACCEPTED' and e.kind = any(%(kinds)s) and e.made_at is not null
    and {MADE.format("e")} >= %(since)s and {MADE.format("e")} < %(until)s and e.id > %(after)s
order by e.id limit {_AT_ONCE}
"""
_TABLE = """
drop table if exists pg_temp.signs_noted;
create temporary table signs_noted (entry_id uuid, person_id uuid, village text, made timestamptz, lat float8,
    lon float8, metres float8) on commit drop
"""
_PUT = """
insert into signs_noted select * from unnest(%s::uuid[], %s::uuid[], %s::text[], %s::timestamptz[], %s::float8[],
    %s::float8[], %s::float8[])
"""
_SEEN = """
drop table if exists pg_temp.signs_seen;
create temporary table signs_seen on commit drop as
    select s.kind, r as row from signs_sign s cross join unnest(s.rows) r where s.district_code = %s
"""


@dataclass(frozen=True)
class Noted:
    """One record with its place; `metres` is how far off the phone thought it might be."""

    entry_id: UUID
    person_id: UUID
    village: str
    made: datetime
    lat: float
    lon: float
    metres: float


def lay_out(district: str, since: datetime, until: datetime) -> int:
    """Make `signs_noted` and `signs_seen` of a district; gives how many records have a place."""
    noted = list(_opened(district, since, until))
    put_noted(noted)
    with connection.cursor() as cursor:
        cursor.execute(_SEEN, [district])
        cursor.execute("analyze signs_seen")
    return len(noted)


def put_noted(noted: list[Noted]) -> None:
    """The temporary table `signs_noted`, of these."""
    columns: list[Any] = [
        [one.entry_id for one in noted], [one.person_id for one in noted], [one.village for one in noted],
        [one.made for one in noted], [round(one.lat, _DEGREES) for one in noted],
        [round(one.lon, _DEGREES) for one in noted],
        [one.metres for one in noted],
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_TABLE)
        cursor.execute(_PUT, columns)
        cursor.execute("analyze signs_noted")


def _opened(district: str, since: datetime, until: datetime) -> Iterator[Noted]:
    asked: dict[str, Any] = {
        "district": district, "since": since, "until": until, "kinds": list(KINDS_WITH_PLACES), "after": UUID(int=0),
    }  # fmt: skip
    while True:
        with connection.cursor() as cursor:
            cursor.execute(_ENTRIES, asked)
            rows = cursor.fetchall()
        bodies = unseal_all("field_entry", "body", [str(row[0]) for row in rows], [bytes(row[4]) for row in rows])
        for (key, person, village, made, _sealed), body in zip(rows, bodies, strict=True):
            told = json.loads(body).get("body")
            if place := position_told(told):
                yield Noted(key, person, village, made, *place)
        if len(rows) < _AT_ONCE:
            return
        asked["after"] = rows[-1][0]
