"""A list of staff made so, by set: who is new, who changed from which day on, who left. Nobody leaves by being missing.

The list stands in the temporary table `incoming_staff` (importing), one row per person and post. `fitting` says what
does not fit, by row; `merge` does the rest in one statement per table, and tells what it did. With an import named, the
row before and after of everything it touched is kept, by which it is undone (unmerging).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

_GUARD = r"regexp_replace({0}, '^''(?=[\s]*[=+\-@＝＋－＠])', '')"
"""The apostrophe by which our own exports keep a cell from being a formula."""

_WANTED = f"""
alter table incoming_staff add column staff_id uuid, add column person_id uuid, add column known boolean,
    add column district text collate "C", add column first integer;
update incoming_staff set region_code = replace(region_code, '.', ''), home_code = replace(home_code, '.', ''),
    name = {_GUARD.format("name")}, service_no = {_GUARD.format("service_no")}, staff_no = {_GUARD.format("staff_no")};
update incoming_staff i set job_title = case education when 'SMA' then 'OPERATOR' when 'D3' then 'PENGELOLA'
    when 'S1' then 'PENATA' else '' end where employment = 'PPPK' and job_title = '';
update incoming_staff i set district = d.district, first = d.first from (
    select staff_no, max(left(region_code, 4)) as district,
        (array_agg(row order by valid_from, role, row))[1] as first from incoming_staff group by staff_no) d
where d.staff_no = i.staff_no;
update incoming_staff i set staff_id = s.id, person_id = s.person_id, known = true
    from facilitators_staff s where s.staff_no = i.staff_no;
create index on incoming_staff (staff_no);
analyze incoming_staff;
"""
"""`district` is where the record stands: the narrowest of her posts, without the sub-district. `first` is the row of
hers whose day is the first: terms begin on it, in whatever order the rows stand."""

IN_FORCE = "{0}.valid_from <= i.valid_from and ({0}.valid_until is null or {0}.valid_until > i.valid_from)"
_NUMBERED = """select n.row, i.staff_id, n.id from incoming_identity n join incoming_staff i on i.row = n.row
    and i.row = i.first where not exists (select from facilitators_identity e where e.staff_id = i.staff_id
        and e.ended_at is null and (e.nik_index = n.nik_index or e.kk_index = n.kk_index))"""
"""Numbers the list tells and the record does not have; what a list leaves empty stays."""
SAME_TERMS = "(e.kind, e.job_title, e.service_no) = (i.employment, i.job_title, i.service_no)"

_DIFFERS = f"""
create temporary table if not exists staff_differs (row bigint) on commit drop;
truncate staff_differs;
insert into staff_differs select i.row from incoming_staff i join facilitators_staff s on s.id = i.staff_id
    join accounts_person p on p.id = i.person_id
    where (s.region_code, s.home_code, s.education, s.joined_on, s.left_because, p.name)
            <> (i.district, i.home_code, i.education, i.joined_on, i.left_because, i.name)
        or s.left_on is distinct from i.left_on
        or not exists (select from facilitators_employment e where e.staff_id = i.staff_id and {IN_FORCE.format("e")}
            and {SAME_TERMS})
        or not exists (select from facilitators_post o where o.staff_id = i.staff_id and o.role = i.role
            and {IN_FORCE.format("o")} and o.region_code = i.region_code)
        or i.row in (select row from ({_NUMBERED}) d)
"""
"""Rows that would change something of somebody who is there."""


@dataclass(frozen=True)
class Merged:
    """What became of a list; people each count once a line."""

    listed: int
    added: int
    unchanged: int
    name: int
    record: int
    """Place, sub-district, education, day of joining, or leaving."""
    terms: int
    posts: int
    left: int
    moved: int
    """To another district."""
    identities: int
    """Another NIK or family card; numbers, not people."""


def prepare(people: Mapping[str, UUID] | None = None) -> None:
    """Who of the list is there already; `people` of it are known to the office, and keep the name they have there."""
    with connection.cursor() as cursor:
        cursor.execute(_WANTED)
        if people:
            cursor.execute(
                """update incoming_staff i set person_id = coalesce(i.person_id, n.person), name = p.name
                    from unnest(%s::text[], %s::uuid[])
                    n(number, person) join accounts_person p on p.id = n.person
                    where i.staff_no = n.number""",
                [list(people), list(people.values())],
            )
        cursor.execute(_DIFFERS)


def merge(import_id: UUID | None = None, region: str = "") -> Merged:
    """What the list says becomes so, in the caller's transaction; nothing of it was refused."""
    with connection.cursor() as cursor:
        cursor.execute(_TOUCHED)
        cursor.execute("select count(distinct staff_no) from incoming_staff")
        listed = cursor.fetchone()[0]
        cursor.execute(_NEW_IDS)
        cursor.execute("""select count(distinct i.staff_no) from incoming_staff i where i.known and not exists (
            select from staff_differs d join incoming_staff o on o.row = d.row where o.staff_no = i.staff_no)""")
        unchanged = cursor.fetchone()[0]
        done = {}
        for name, statements in _STEPS.items():
            for statement in statements:
                cursor.execute(statement)
            done[name] = cursor.rowcount
        if import_id is not None:
            for table in TABLES:
                cursor.execute(_kept(table), {"import": import_id, "region": region})
        return Merged(listed=listed, unchanged=unchanged, **done)


_WITH_HER = ("facilitators_employment", "facilitators_leave", "facilitators_equipment")
"""What goes along when somebody moves to another district."""
TABLES = ("accounts_person", "facilitators_staff", "facilitators_post", "facilitators_identity", *_WITH_HER)
_IMAGES = {"facilitators_identity": "jsonb_build_object('ended', t.ended_at is not null)"}
"""What is remembered of a row where that is not all of it: sealed bytes and indexes change with their keys."""


def image_of(table: str) -> str:
    """SQL: a row `t` of a table, as it is remembered."""
    return _IMAGES.get(table, "to_jsonb(t)")


_TOUCHED = """
drop table if exists staff_touched;
create temporary table staff_touched (table_name text, row_id uuid, before jsonb, unique (table_name, row_id))
    on commit drop;
"""

_NEW_IDS = """
with fresh as materialized (
    select staff_no, gen_random_uuid() as staff_id, gen_random_uuid() as person_id from incoming_staff
    where known is null group by staff_no)
update incoming_staff i set staff_id = f.staff_id, person_id = coalesce(i.person_id, f.person_id) from fresh f
where f.staff_no = i.staff_no
"""


def _touch(table: str, rows: str) -> str:
    """Remember rows of a table as they are, before they change; the first look counts."""
    return f"""insert into staff_touched select '{table}', t.id, {image_of(table)} from {table} t where t.id in ({rows})
        on conflict do nothing"""


def _began(table: str) -> str:
    return f"""insert into staff_touched select '{table}', t.id, null from {table} t join began b on b.id = t.id
        on conflict do nothing"""


_BEGAN = "drop table if exists began; create temporary table began (id uuid, row bigint) on commit drop"

_RENAMED = """select i.person_id from incoming_staff i join accounts_person p on p.id = i.person_id
    where i.known and i.row = i.first and p.name <> i.name"""
_RECORDS = """select s.id from incoming_staff i join facilitators_staff s on s.id = i.staff_id
    where i.known and i.row = i.first
        and ((s.region_code, s.home_code, s.education, s.joined_on, s.left_because)
                <> (i.district, i.home_code, i.education, i.joined_on, i.left_because)
            or s.left_on is distinct from i.left_on)"""
MOVED_KEPT = "Mutasi menurut daftar"
_MOVED = """select s.id from incoming_staff i join facilitators_staff s on s.id = i.staff_id
    where i.row = i.first and s.region_code <> i.district"""
_POSTS_BEHIND = f"""select t.id from facilitators_post t join ({_MOVED}) m on m.id = t.staff_id
    join incoming_staff i on i.staff_id = t.staff_id and i.row = i.first
    where not t.region_code ^@ i.district and (t.valid_until is null or t.valid_until > i.valid_from)
        and t.valid_until is distinct from t.valid_from"""
_BACK = """select t.id from {0} t join incoming_staff i on i.staff_id = t.staff_id and i.row = i.first and i.known
    join facilitators_staff s on s.id = t.staff_id
    where s.left_on is not null and i.left_on is null and t.valid_until = s.left_on and t.valid_from < t.valid_until"""
"""Rows that ended because she left, of somebody who did not leave after all."""
_OTHER_TERMS = f"""from incoming_staff i where i.row = i.first and not exists (
    select from facilitators_employment e where e.staff_id = i.staff_id and {IN_FORCE.format("e")}
        and {SAME_TERMS})"""
_OTHER_POST = f"""from incoming_staff i where not exists (
    select from facilitators_post o where o.staff_id = i.staff_id and o.role = i.role and {IN_FORCE.format("o")}
        and o.region_code = i.region_code)"""
_ENDED = """select t.id from {0} t join began b on true join incoming_staff i on i.row = b.row
    and i.staff_id = t.staff_id where t.valid_from <= i.valid_from
        and (t.valid_until is null or t.valid_until > i.valid_from) {1}"""
_OVERSTAYS = """select t.id from {0} t join incoming_staff i on i.staff_id = t.staff_id and i.row = i.first
    where i.left_on is not null and (t.valid_until is null or t.valid_until > i.left_on)
        and t.valid_until is distinct from greatest(t.valid_from, i.left_on)"""


_REPLACED = """select t.id from facilitators_identity t join numbered b on b.staff_id = t.staff_id
    join incoming_identity n on n.id = b.id
    where t.ended_at is null and (t.nik_last4 = '') = (n.nik_last4 = '')"""


def _dated(table: str, other: str, also: str, columns: str, values: str) -> tuple[str, ...]:
    """What differs on its day ends there, and what the list says begins; those who are there already are counted."""
    ended = _ENDED.format(table, also)
    return (
        _BEGAN,
        f"insert into began select gen_random_uuid(), i.row {other}",
        _touch(table, ended),
        f"""update {table} t set valid_until = i.valid_from from began b join incoming_staff i on i.row = b.row
            where i.staff_id = t.staff_id and t.valid_from <= i.valid_from
                and (t.valid_until is null or t.valid_until > i.valid_from) {also}""",
        f"""insert into {table} (id, staff_id, valid_from, valid_until, {columns})
            select b.id, i.staff_id, i.valid_from, i.left_on, {values}
            from began b join incoming_staff i using (row)""",
        _began(table),
        "select from began b join incoming_staff i on i.row = b.row where i.known",
    )


def _left(table: str) -> tuple[str, ...]:
    rows = _OVERSTAYS.format(table)
    return (
        _touch(table, rows),
        f"""update {table} t set valid_until = greatest(t.valid_from, i.left_on) from incoming_staff i
            where i.staff_id = t.staff_id and i.row = i.first and t.id in ({rows})""",
    )


def _back(table: str) -> tuple[str, ...]:
    rows = _BACK.format(table)
    return (_touch(table, rows), f"update {table} t set valid_until = null where t.id in ({rows})")


def _along(table: str) -> tuple[str, ...]:
    rows = f"select t.id from {table} t join ({_MOVED}) m on m.id = t.staff_id"
    return (
        _touch(table, rows),
        f"""update {table} t set region_code = i.district from incoming_staff i
            where i.staff_id = t.staff_id and i.row = i.first and t.id in ({rows})""",
    )


_STEPS: dict[str, tuple[str, ...]] = {
    "name": (
        _touch("accounts_person", _RENAMED),
        f"""update accounts_person p set name = i.name from incoming_staff i
            where p.id = i.person_id and i.row = i.first and p.id in ({_RENAMED})""",
    ),
    "added": (
        """insert into accounts_person (id, name) select i.person_id, i.name from incoming_staff i
            where i.known is null and i.row = i.first
                and not exists (select from accounts_person p where p.id = i.person_id)""",
        """insert into facilitators_staff
            (id, staff_no, person_id, region_code, home_code, education, joined_on, left_on, left_because)
            select staff_id, staff_no, person_id, district, home_code, education, joined_on, left_on, left_because
            from incoming_staff i where i.known is null and i.row = i.first""",
        """insert into staff_touched select 'facilitators_staff', i.staff_id, null from incoming_staff i
            where i.known is null and i.row = i.first on conflict do nothing""",
    ),
    "left": (
        *_back("facilitators_employment"), *_back("facilitators_post"),
        *_left("facilitators_employment"), *_left("facilitators_post"),
        """select from facilitators_staff s join incoming_staff i on i.staff_id = s.id
            where i.known and i.row = i.first and i.left_on is not null and s.left_on is distinct from i.left_on""",
    ),
    "moved": (
        *(statement for table in _WITH_HER for statement in _along(table)),
        _touch("facilitators_post", _POSTS_BEHIND),
        f"""update facilitators_post t set valid_until = greatest(t.valid_from, i.valid_from),
                ended_because = '{MOVED_KEPT}'
            from incoming_staff i where i.staff_id = t.staff_id and i.row = i.first and t.id in ({_POSTS_BEHIND})""",
        f"select from incoming_staff i join ({_MOVED}) m on m.id = i.staff_id where i.row = i.first",
    ),
    "record": (
        _touch("facilitators_staff", _RECORDS),
        f"""update facilitators_staff s set region_code = i.district, home_code = i.home_code,
                education = i.education, joined_on = i.joined_on, left_on = i.left_on, left_because = i.left_because
            from incoming_staff i where s.id = i.staff_id and i.row = i.first and s.id in ({_RECORDS})""",
    ),
    "terms": _dated(
        "facilitators_employment", _OTHER_TERMS, "", "region_code, kind, job_title, service_no",
        "i.district, i.employment, i.job_title, i.service_no",
    ),
    "posts": _dated(
        "facilitators_post", _OTHER_POST, "and t.role = i.role", "region_code, role, ended_because",
        "i.region_code, i.role, ''",
    ),
    "identities": (
        "drop table if exists numbered",
        f"create temporary table numbered on commit drop as {_NUMBERED}",
        _touch("facilitators_identity", _REPLACED),
        f"update facilitators_identity t set ended_at = now() where t.id in ({_REPLACED})",
        """insert into facilitators_identity (id, staff_id, nik_sealed, nik_index, nik_last4, kk_sealed, kk_index,
                kk_last4, recorded_at)
            select b.id, b.staff_id, n.nik_sealed, n.nik_index, n.nik_last4, n.kk_sealed, n.kk_index, n.kk_last4, now()
            from numbered b join incoming_identity n on n.id = b.id""",
        "insert into staff_touched select 'facilitators_identity', id, null from numbered on conflict do nothing",
        "select from numbered b join incoming_staff i on i.row = b.row where i.known",
    ),
}  # fmt: skip
"""In this order; the last statement of each tells how many rows it was."""


def _kept(table: str) -> str:
    return f"""insert into facilitators_importrow (of_import_id, region_code, table_name, row_id, before, after)
        select %(import)s, %(region)s, '{table}', t.id, k.before, {image_of(table)} from staff_touched k
        join {table} t on t.id = k.row_id where k.table_name = '{table}'"""
