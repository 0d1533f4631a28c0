"""Whom a leak concerns (UU 27/2022, article 46): families by what was looked at or taken away, by whom, between when.

Asked of the log and of the tables themselves, by set, in one statement each: a nation's families in minutes. What names
one family is certain. What names a region and a filter - a list somebody took away - may concern every family that
lives or has lived there; the list itself was never kept.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection, transaction
from django_scopes import scopes_disabled

from gandeng.accounts.acting import in_territory
from gandeng.accounts.machine import MACHINE
from gandeng.audit.actions import Machine, record
from gandeng.exports.models import ExportRequest
from gandeng.privacy.register import register
from gandeng.privacy.subject import LISTS_OF_FAMILIES, LISTS_OF_PAYMENTS, sql_list


@dataclass(frozen=True)
class Leak:
    """What leaked: all a person looked at or took, one long export, or one table. Half-open in time."""

    since: datetime
    until: datetime
    person_id: UUID | None = None
    export_id: UUID | None = None
    table: str = ""


@dataclass(frozen=True)
class Concerned:
    """A family, what of it leaked how, how often, and who can bring it the notice."""

    family_no: str
    village_code: str
    certain: bool
    acts: list[str]
    times: int
    first_at: datetime
    last_at: datetime
    facilitator: str


class LeakUnknown(ValueError):
    """`code` is a word of `breach`, `facts` its arguments: no such person, export or table."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code, self.facts = code, facts


_TAKEN = sql_list((*LISTS_OF_FAMILIES, *LISTS_OF_PAYMENTS, "instruction.downloaded"))

_ENTRIES = """
drop table if exists leak_entries, leak_rows;
create temporary table leak_entries on commit drop as
select id, at, action || coalesce('.' || (facts ->> 'column'), '') as act, action, object_type, object_id, region_code
from audit_auditentry
where at >= %(since)s and at < %(until)s and (person_id = %(person)s or (object_type = 'ExportRequest'
    and object_id = %(export)s and action in ('export.made', 'export.downloaded')));
create temporary table leak_rows (family_id uuid, act text, at timestamptz, certain boolean) on commit drop;
"""

_THING = "case when e.object_type = '{0}' and e.object_id ~ '^[0-9a-f-]{{36}}$' then e.object_id::uuid end"
"""SQL: the id of what an act was about, where it is of that kind: one look into an index of a large table."""

_BY_NAME = f"""
insert into leak_rows
select f.family_id, e.act, e.at, true from leak_entries e join lateral (
    select e.object_id::uuid as family_id where e.object_type in ('Family', 'registry_family')
    union all select m.family_id from registry_member m
        where e.object_type in ('Member', 'registry_member') and m.id::text = e.object_id
    union all select a.family_id from registry_account a
        where e.object_type in ('Account', 'registry_account') and a.id::text = e.object_id
    union all select c.family_id from registry_changerequest c
        where e.object_type = 'ChangeRequest' and c.id::text = e.object_id
    union all select p.family_id from payments_payment p
        where e.object_type = 'Payment' and p.payment_id = e.object_id
    union all select p.family_id from reconciliation_exceptioncase x join payments_payment p using (payment_id)
        where e.object_type = 'ExceptionCase' and x.id::text = e.object_id
    union all select r.family_id from privacy_familyreport r
        where e.object_type = 'FamilyReport' and r.id::text = e.object_id
    union all select n.family_id from field_entry n
        where n.id = {_THING.format("Entry")}
    union all select g.family_id from graduation_case g
        where g.id = {_THING.format("Case")}
    union all select h.family_id from helpdesk_case h
        where h.id = {_THING.format("Case")} and h.family_id is not null
    union all select a.family_id from facilitators_accompaniment a
        join facilitators_caseloadchange h on h.id in (a.began_by_id, a.ended_by_id)
        where e.action = 'hand_over.exported' and h.id::text = e.object_id) f on true
where e.object_id <> '' and e.action not in {_TAKEN}
"""

_BY_REGION = f"""
insert into leak_rows
with taken as (
    select distinct e.act, e.at, e.region_code, coalesce(x.arguments ->> 'list',
        case when e.object_type = 'PaymentList' then e.object_id end, '') as list_id
    from leak_entries e
    left join exports_exportrequest x on e.object_type = 'ExportRequest' and x.id::text = e.object_id
    where e.action in {_TAKEN} or e.action = 'export.made')
select f.id, t.act, t.at, false from taken t
    join registry_family f on f.village_code ^@ t.region_code where t.list_id = ''
union select p.pgh_obj_id, t.act, t.at, false from taken t
    join registry_familyevent p on p.village_code ^@ t.region_code where t.list_id = ''
union select p.family_id, t.act, t.at, true from taken t
    join payments_payment p on p.list_id::text = t.list_id
"""
"""Families that live or lived in the region of a list; of a list of payments, those it pays, which is certain."""

_ANSWER = """
select f.family_no, f.village_code, bool_or(l.certain), array_agg(distinct l.act order by l.act),
    count(*), min(l.at), max(l.at), coalesce(min(p.name), '')
from leak_rows l join registry_family f on f.id = l.family_id
left join facilitators_accompaniment a on a.family_id = f.id
    and daterange(a.valid_from, a.valid_until) @> %(today)s::date
left join facilitators_staff s on s.id = a.staff_id left join accounts_person p on p.id = s.person_id
group by f.id, f.family_no, f.village_code order by f.village_code, f.family_no
"""

_LEADS = {
    "family_id": ("t.family_id", ""),
    "pgh_obj_id": ("t.pgh_obj_id", ""),
    "payment_id": ("p.family_id", "join payments_payment p on p.payment_id = t.payment_id"),
    "change_id": ("c.family_id", "join registry_changerequest c on c.id = t.change_id"),
    "achievement_id": ("a.family_id", "join achievements_achievement a on a.id = t.achievement_id"),
}
"""Columns by which a table leads to a family, the nearest first, and what must be joined."""

_BESIDE = "other_id"
"""A second family in the same row."""


def concerned(leak: Leak, today: date) -> Iterator[Concerned]:
    """Families in the order of their villages, once each. Raises LeakUnknown.

    Reads the whole country, whatever the territory: whoever runs the machine asks. Written down in the log first.
    """
    values = {
        "since": leak.since, "until": leak.until, "person": leak.person_id, "export": str(leak.export_id or ""),
        "today": today,
    }  # fmt: skip
    with transaction.atomic(), in_territory(MACHINE), scopes_disabled(), connection.cursor() as cursor:
        cursor.execute(_ENTRIES, values)
        if leak.table:
            cursor.execute(_of_table(leak.table), {"act": leak.table, "at": leak.since})
        else:
            _ask_for(leak)
            cursor.execute(_BY_NAME)
            cursor.execute(_BY_REGION)
        record(
            Machine(), "breach.reported", object_type="ExportRequest" if leak.export_id else "",
            object_id=leak.export_id or leak.person_id or "", table=leak.table, since=leak.since.isoformat(),
            until=leak.until.isoformat(),
        )  # fmt: skip
        cursor.execute(_ANSWER, values)
        while rows := cursor.fetchmany(10_000):
            for row in rows:
                yield Concerned(*row)


def classes_of(table: str) -> dict[str, list[str]]:
    """Columns of a table by their class in the register, what the program needs for itself left out."""
    found: dict[str, list[str]] = {}
    for column in register().tables[table].each():
        if column.klass not in ("P0", "P1"):
            found.setdefault(column.klass, []).append(column.label or column.name)
    return found


def _ask_for(leak: Leak) -> None:
    if leak.export_id and not ExportRequest.objects.filter(pk=leak.export_id).exists():
        raise LeakUnknown("no_export", export=leak.export_id)


def _of_table(table: str) -> str:
    known = register().tables
    if table not in known or known[table].holds != "family":
        names = ", ".join(sorted(name for name, one in known.items() if one.holds == "family"))
        raise LeakUnknown("no_table", table=table, tables=names)
    if table == "registry_family":
        return "insert into leak_rows select id, %(act)s, %(at)s, true from registry_family"
    lead = next((name for name in _LEADS if name in known[table].columns), None)
    if lead is None:
        raise LeakUnknown("no_path", table=table)
    family, join = _LEADS[lead]
    told = [(family, join), *([(f"t.{_BESIDE}", "")] if _BESIDE in known[table].columns else [])]
    return "insert into leak_rows " + " union ".join(
        f"select {each}, %(act)s, %(at)s::timestamptz, true from {table} t {by}" for each, by in told
    )
