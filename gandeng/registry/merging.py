"""Families and members that came in, set against those that are there: what clashes, and one merge by set.

Callers empty the temporary tables (`start_incoming`), fill both with COPY (`filling`), say so (`all_incoming`), ask for
`clashes`, and `merge`, in one transaction; what was previewed is held against the registry once `hold_families` has it.
Sealed values are bound to the id of their row, so an incoming row carries the id it has, or will have, in the registry.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from gandeng.registry.cooling import NEVER, usable_from
from gandeng.registry.recoding import to_codes_of_today

FAMILY_COLUMNS = (
    "id", "family_no", "collector_no", "village_code", "status", "channel",
    "account_id", "account_sealed", "account_index", "account_last3", "kk_sealed", "kk_index", "kk_last4",
    "decile", "decile_on",
)  # fmt: skip
MEMBER_COLUMNS = (
    "id", "member_no", "family_no", "nik_sealed", "nik_index", "nik_last4", "name", "birth_date", "sex",
    "school_level", "pregnancy_no", "severe_disability", "rights_victim", "deceased_on",
)  # fmt: skip

_TABLES = """
drop table if exists incoming_family, incoming_member;
create temp table incoming_family (
    id uuid not null, family_no text not null, collector_no text not null, village_code text collate "C" not null,
    status text not null, channel text not null, account_id uuid not null, account_sealed bytea not null,
    account_index bytea, account_last3 text not null, kk_sealed bytea not null, kk_index bytea, kk_last4 text not null,
    decile smallint, decile_on date
) on commit drop;
create temp table incoming_member (
    id uuid not null, member_no text not null, family_no text not null, nik_sealed bytea not null, nik_index bytea,
    nik_last4 text not null, name text not null, birth_date date not null, sex text not null,
    school_level text not null, pregnancy_no bigint, severe_disability boolean not null,
    rights_victim boolean not null, deceased_on date, staged_as uuid
) on commit drop;
"""

_INDEXES = """
create unique index on incoming_family (family_no); create unique index on incoming_member (member_no);
create index on incoming_family (id); create index on incoming_family (account_index);
create index on incoming_family (kk_index);
analyze incoming_family (id, family_no, collector_no, village_code, status, channel, account_index, kk_index);
analyze incoming_member (id, member_no, family_no, nik_index, deceased_on);
set local work_mem = '64MB';
"""
"""Counted are the columns that are joined or asked by. Members, four times as many, are joined as whole tables and
need no more."""

GONE = """exists (select from registry_family l where l.id = {0}.family_id
    and not exists (select from incoming_family f where f.id = l.id)
    and (l.status = 'ENDED' or l.status <> 'GRADUATED' and l.village_code ^@ %(region)s))"""
"""SQL: the family of that row is not on the list, and has ended or ends with it. Without a `region` whose list is
whole, nobody ends."""

ANEW = f"""(select m.id from incoming_member i join registry_member m on m.nik_index = i.nik_index and m.id <> i.id
    where i.deceased_on is null and m.deceased_on is null and m.left_on is null
      and not exists (select from incoming_member o where o.id = m.id) and {GONE.format("m")}) m"""
"""Members of families that are gone whom the list names under another number: the old row lets the NIK go."""

_HELD = """
select from registry_family f where f.id in (
    select o.id from registry_family o where o.village_code ^@ %(region)s union select i.id from incoming_family i)
order by f.id for no key update
"""
"""Two sets, each found by its index: as one condition it read the nation for a district."""

_CLASHES_SHOWN = 50

_CLASHES = (
    (
        _("Anggota {0} menunjuk keluarga {1} yang tidak ada."),
        """
        select i.member_no, i.family_no from incoming_member i
        where not exists (select from incoming_family f where f.family_no = i.family_no)
          and not exists (select from registry_family f where f.family_no = i.family_no)""",
    ),
    (
        _("Pengurus {1} dari keluarga {0} bukan anggota keluarga itu."),
        """
        select i.family_no, i.collector_no from incoming_family i where i.collector_no <> ''
          and not exists (select from incoming_member m
            where m.member_no = i.collector_no and m.family_no = i.family_no)
          and not exists (select from registry_member m join registry_family f on f.id = m.family_id
            where m.member_no = i.collector_no and f.family_no = i.family_no)""",
    ),
    (
        _("Anggota {0} dan {1} memakai NIK yang sama."),
        """
        select min(member_no), max(member_no) from incoming_member where nik_index is not null and deceased_on is null
        group by nik_index having count(*) > 1""",
    ),
    (
        _("NIK anggota {0} sudah dipakai anggota {1} yang tidak ada di daftar ini."),
        f"""
        select i.member_no, m.member_no from incoming_member i join registry_member m on m.nik_index = i.nik_index
        where i.deceased_on is null and m.deceased_on is null and m.left_on is null and m.id <> i.id
          and not exists (select from incoming_member o where o.id = m.id)
          and not (%(region)s::text is not null and (exists (select from incoming_family o where o.id = m.family_id)
            or {GONE.format("m")}))""",
    ),
    (
        _("Keluarga {0} dan {1} memakai nomor KK yang sama."),
        """
        select min(family_no), max(family_no) from incoming_family where kk_index is not null and status = 'ACTIVE'
        group by kk_index having count(*) > 1""",
    ),
    (
        _("Nomor KK keluarga {0} sudah dipakai keluarga {1} yang tidak ada di daftar ini."),
        """
        select i.family_no, f.family_no from incoming_family i join registry_family f on f.kk_index = i.kk_index
        where i.status = 'ACTIVE' and f.status = 'ACTIVE' and f.id <> i.id
          and not exists (select from incoming_family o where o.id = f.id)""",
    ),
)
"""What would break the registry, in the words for it; two numbers of ours fill the places."""

_COLLECTOR = """coalesce(
    (select m.id from incoming_member m where m.member_no = i.collector_no),
    (select m.id from registry_member m where m.member_no = i.collector_no))"""

GIVES_WAY = f"""(exists (select from incoming_family f where f.id = {{0}}.family_id
        and (f.account_index is not null or f.channel = 'POS' or f.channel <> {{0}}.channel))
    or {{0}}.usable_from < date '{NEVER:%Y-%m-%d}' and {GONE})"""
"""SQL: whoever has that account in force is on the list, and lets it go unless the number is the same; or is gone, and
did not say that the account is none of its own."""

_ACCOUNTS = f"""
create temp table incoming_account on commit drop as
select id, family_no, account_id, village_code, channel,
    case when rank = 1 and not elsewhere then account_sealed else '' end as sealed,
    case when rank = 1 and not elsewhere then account_index end as index,
    case when rank = 1 and not elsewhere then account_last3 else '' end as last3,
    account_index is not null and not (rank = 1 and not elsewhere) as held,
    account_index is null and channel <> 'POS' as untold
from (
    select i.*, case when i.account_index is null then 1 else
        row_number() over (partition by i.account_index order by i.status = 'ENDED',
            (a.account_index is not distinct from i.account_index) desc, i.family_no) end as rank,
        exists (select from registry_account o where o.account_index = i.account_index and o.valid_until is null
            and o.family_id <> i.id and not {GIVES_WAY.format("o")}) as elsewhere
    from incoming_family i left join registry_account a on a.family_id = i.id and a.valid_until is null
) ranked;
create temp table account_before on commit drop as
select a.id, a.family_id, n.account_id is not null and (a.channel <> n.channel
    or not n.untold and a.account_index is distinct from n.index) as moves,
    a.account_index is null and a.channel <> 'POS' and a.usable_from < date '{NEVER:%Y-%m-%d}'
        and not exists (select from registry_account e where e.family_id = a.family_id
            and (e.account_index is not null or e.channel = 'POS')) as bare,
    exists (select from registry_account d where d.family_id = a.family_id and d.account_index = n.index
        and d.usable_from = date '{NEVER:%Y-%m-%d}' and not exists (select from registry_account l
            where l.family_id = d.family_id and l.account_index = d.account_index and l.valid_from >= d.valid_from
                and l.usable_from < date '{NEVER:%Y-%m-%d}')) as denied
from registry_account a join incoming_account n on n.id = a.family_id where a.valid_until is null;
create index on account_before (family_id);
analyze account_before;
create temp table renumbered on commit drop as
select i.family_no from incoming_member i join incoming_family f on f.family_no = i.family_no
    join registry_member m on m.id = i.id
where not exists (select from registry_family k where k.id = f.id)
union
select i.family_no from incoming_member i join incoming_family f on f.family_no = i.family_no
    join registry_member m on m.nik_index = i.nik_index
where not exists (select from registry_family k where k.id = f.id);
"""
"""One family per account: whoever has it keeps it; the others are known by their channel and not paid (NEVER).

A family that has ended, or ends because the list does not name it, keeps none that a listed one has: numbers of
families are given anew, and people go from an ended one to another.
A list that tells no number of a family with a bank (`untold`) takes none away: accounts are often opened after a family
is listed, and few lists carry them. The first number of a family that never had one (`bare`) is not a new one that
waits; the number a family said it did not ask for (`denied`) is held whichever way a list comes back to it. Who is in
the registry already gets no account and no collector past the waiting by another number of the family (`renumbered`).
"""

OTHER_NIK = """(select m.id from registry_member m join incoming_member i on i.id = m.id
    where m.nik_index is not null and i.nik_index is distinct from m.nik_index) m"""
"""Members who had a NIK and would have another, or none: whoever collects among them waits."""

_LEAVING: tuple[tuple[str, str, str], ...] = (
    ("families_left", "registry_family", """
        update registry_family f set status = 'ENDED', status_reason = %(left_reason)s, updated_at = now()
        where f.village_code ^@ %(region)s and f.status not in ('ENDED', 'GRADUATED')
          and not exists (select from incoming_family i where i.id = f.id)"""),
    ("members_left", "registry_member", """
        update registry_member m set left_on = %(on)s, updated_at = now() from incoming_family i
        where m.family_id = i.id and m.left_on is null and m.deceased_on is null
          and not exists (select from incoming_member n where n.id = m.id)"""),
    ("members_numbered_anew", "registry_member", f"""
        update registry_member o set left_on = %(on)s, updated_at = now() from {ANEW} where m.id = o.id"""),
)  # fmt: skip

_MERGE: tuple[tuple[str, str, str], ...] = (
    ("collectors_told_anew", "registry_family", f"""
        update registry_family f set updated_at = now(),
            collector_usable_from = greatest(f.collector_usable_from, %(usable)s)
        from {OTHER_NIK} where m.id = f.collector_id"""),
    ("niks_freed", "registry_member", """
        update registry_member m set nik_index = null, updated_at = now() from incoming_member i
        where i.id = m.id and m.nik_index is distinct from i.nik_index
          and exists (select from incoming_member o where o.nik_index = m.nik_index and o.id <> m.id)"""),
    ("cards_freed", "registry_family", """
        update registry_family f set kk_index = null, updated_at = now() from incoming_family i
        where i.id = f.id and i.kk_index is not null and f.kk_index is distinct from i.kk_index
          and exists (select from incoming_family o where o.kk_index = f.kk_index and o.id <> f.id)"""),
    ("ended", "registry_account", """
        update registry_account a set valid_until = %(on)s from account_before b where b.id = a.id and b.moves"""),
    ("left_behind", "registry_account", """
        update registry_account a set valid_until = %(on)s from incoming_account n
        where n.index = a.account_index and n.id <> a.family_id and a.valid_until is null
          and not exists (select from incoming_family i where i.id = a.family_id)"""),
    ("families_changed", "registry_family", f"""
        update registry_family f set village_code = i.village_code, status = i.status, updated_at = now(),
            status_reason = case when f.status = i.status then f.status_reason else '' end,
            collector_id = i.collector_id,
            collector_usable_from = case when f.collector_id is not distinct from i.collector_id
                then f.collector_usable_from else %(usable)s end,
            kk_sealed = case when i.kk_index is null or f.kk_index is not distinct from i.kk_index
                then f.kk_sealed else i.kk_sealed end,
            kk_index = coalesce(i.kk_index, f.kk_index),
            kk_last4 = case when i.kk_index is null then f.kk_last4 else i.kk_last4 end
        from (select i.*, {_COLLECTOR} as collector_id from incoming_family i) i
        where f.id = i.id and (f.village_code, f.status, f.collector_id, f.kk_index) is distinct from
            (i.village_code, i.status, i.collector_id, coalesce(i.kk_index, f.kk_index))"""),
    ("families_added", "registry_family", f"""
        insert into registry_family (id, family_no, kk_sealed, kk_index, kk_last4, village_code, status, status_reason,
            collector_id, collector_usable_from, entered_on, updated_at)
        select i.id, i.family_no, i.kk_sealed, i.kk_index, i.kk_last4, i.village_code, i.status, '', {_COLLECTOR},
            case when exists (select from renumbered r where r.family_no = i.family_no)
                then %(usable)s else %(on)s end, %(on)s, now()
        from incoming_family i where not exists (select from registry_family f where f.id = i.id)"""),
    ("members_changed", "registry_member", """
        update registry_member m set family_id = f.id, village_code = f.village_code, name = i.name,
            birth_date = i.birth_date, sex = i.sex, school_level = i.school_level, pregnancy_no = i.pregnancy_no,
            severe_disability = i.severe_disability, rights_victim = i.rights_victim, deceased_on = i.deceased_on,
            left_on = null, updated_at = now(),
            nik_sealed = case when m.nik_index = i.nik_index then m.nik_sealed else i.nik_sealed end,
            nik_index = i.nik_index, nik_last4 = i.nik_last4
        from incoming_member i join registry_family f on f.family_no = i.family_no
        where m.id = i.id and (m.family_id, m.village_code, m.name, m.birth_date, m.sex, m.school_level,
            m.pregnancy_no, m.severe_disability, m.rights_victim, m.deceased_on, m.left_on, m.nik_index)
            is distinct from (f.id, f.village_code, i.name, i.birth_date, i.sex, i.school_level,
            i.pregnancy_no::smallint, i.severe_disability, i.rights_victim, i.deceased_on, null::date, i.nik_index)"""),
    ("members_added", "registry_member", """
        insert into registry_member (id, member_no, family_id, village_code, nik_sealed, nik_index, nik_last4, name,
            birth_date, sex, school_level, pregnancy_no, severe_disability, rights_victim, deceased_on, updated_at)
        select i.id, i.member_no, f.id, f.village_code, i.nik_sealed, i.nik_index, i.nik_last4, i.name, i.birth_date,
            i.sex, i.school_level, i.pregnancy_no, i.severe_disability, i.rights_victim, i.deceased_on, now()
        from incoming_member i join registry_family f on f.family_no = i.family_no
        where not exists (select from registry_member m where m.id = i.id)"""),
    ("members_moved_along", "registry_member", """
        update registry_member m set village_code = i.village_code, updated_at = now()
        from incoming_family i where m.family_id = i.id and m.village_code <> i.village_code"""),
    ("accounts_moved_along", "registry_account", """
        update registry_account a set village_code = i.village_code
        from incoming_family i where a.family_id = i.id and a.village_code <> i.village_code"""),
    ("accounts_added", "registry_account", """
        insert into registry_account (id, family_id, village_code, channel, account_sealed, account_index,
            account_last3, valid_from, usable_from, requested_by_id, approved_by_id)
        select n.account_id, n.id, n.village_code, n.channel, n.sealed, n.index, n.last3, %(on)s,
            case when n.held or b.denied then %(never)s
                when exists (select from renumbered r where r.family_no = n.family_no) then %(usable)s
                when b.id is null or b.bare or n.untold then %(on)s else %(usable)s end,
            %(requested_by)s, %(approved_by)s
        from incoming_account n left join account_before b on b.family_id = n.id
        where b.id is null or b.moves"""),
    ("readings_added", "registry_decilereading", """
        insert into registry_decilereading (family_id, decile, read_on, intake_id, recorded_at)
        select i.id, i.decile, i.decile_on, %(intake)s::uuid, now()
        from incoming_family i where i.decile is not null and i.decile is distinct from (
            select r.decile from registry_decilereading r where r.family_id = i.id and r.read_on = i.decile_on
            order by r.id desc limit 1)"""),
)  # fmt: skip
"""A reading that the newest of its day says already is not recorded twice."""

_STOPPED = """
insert into registry_stoppedbylist (family_id, intake_id, status)
select f.id, %(intake)s::uuid, f.status from registry_intakerow r join registry_family f on f.id = r.row_id
where r.intake_id = %(intake)s::uuid and r.table_name = 'registry_family' and f.status in ('SUSPENDED', 'ENDED')
    and r.before->>'status' in ('ACTIVE', 'SUSPENDED') and r.before->>'status' <> f.status
group by f.id order by f.village_code, f.family_no
"""
"""Who was in the programme and is paid no more: to be told, family by family."""

REQUESTS_FOLLOW = """
update registry_changerequest c set village_code = f.village_code
from registry_family f where f.id = c.family_id and c.state = 'PENDING' and c.village_code <> f.village_code
    and f.id in ({families})
"""
"""What waits for a decision is decided where the family lives, also where a list, or its undoing, moved it."""

_NOTED = """with touched as ({statement} returning {told})
    insert into registry_intakerow (intake_id, region_code, table_name, row_id, before)
    select %(intake)s, %(region)s, '{table}', row_id, before from touched"""
_TOLD = {"update": "old.id as row_id, to_jsonb(old) as before", "insert": "id as row_id, null::jsonb as before"}


@dataclass(frozen=True)
class Whole:
    """The list is all there is of a region: who is not on it leaves, and each row touched is noted for the undoing."""

    intake: UUID
    region: str
    left_reason: str


@dataclass(frozen=True)
class Merged:
    """Rows by what became of them; `accounts_held` are families whose account another family has."""

    families_added: int
    families_changed: int
    members_added: int
    members_changed: int
    accounts_added: int
    accounts_held: int
    readings_added: int
    families_left: int = 0
    members_left: int = 0


def start_incoming() -> None:
    """Empty temporary tables, gone with the transaction."""
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)


def all_incoming() -> None:
    """To be called once both tables are filled: now they are asked, many times over.

    A list that still names a code a decree replaced means the village of today.
    """
    with connection.cursor() as cursor:
        to_codes_of_today(cursor, "incoming_family")
        cursor.execute(_INDEXES)


def hold_families(region: str) -> None:
    """Families of the list and of its region change no more until the transaction ends: who changes one locks it first.

    What is counted afterwards is what will be merged.
    """
    with connection.cursor() as cursor:
        cursor.execute(_HELD, {"region": region})


@contextmanager
def filling(table: str, names: tuple[str, ...]) -> Iterator[Any]:
    """A COPY into one of the temporary tables; `write_row` takes a tuple in the order of `names`."""
    with connection.cursor() as cursor, cursor.copy(f"copy {table} ({', '.join(names)}) from stdin") as copy:
        yield copy


def known_ids(table: str, column: str, numbers: Iterable[str]) -> dict[str, UUID]:
    """Number -> id of the rows the registry has already, as far as the territory sees."""
    with connection.cursor() as cursor:
        cursor.execute(f"select {column}, id from {table} where {column} = any(%s)", [list(numbers)])
        return dict(cursor.fetchall())


def clashes(*, region: str | None = None) -> tuple[list[str], int]:
    """What cannot be merged, in sentences, and how many there are in all.

    Where the list is all there is of a `region`, who is not listed makes room: members of listed families, and of
    families that have ended or end with it.
    """
    said: list[str] = []
    count = 0
    with connection.cursor() as cursor:
        for sentence, rows in _CLASHES:
            limited = f"select *, count(*) over () from ({rows}) clash order by 1 limit {_CLASHES_SHOWN}"
            cursor.execute(limited, {"region": region})
            found = cursor.fetchall()
            count += found[0][2] if found else 0
            said += [sentence.format(*row) for row in found]
    return said[:_CLASHES_SHOWN], count


def merge(
    on: date, *, requested_by: UUID | None = None, approved_by: UUID | None = None, whole: Whole | None = None
) -> Merged:
    """Make the registry agree with what came in; new accounts and collectors of known families wait to be usable."""
    values: dict[str, Any] = {
        "on": on, "usable": usable_from(on), "never": NEVER, "requested_by": requested_by, "approved_by": approved_by,
        "intake": None, "region": None,
    }  # fmt: skip
    statements = _MERGE
    if whole:
        values |= {"intake": whole.intake, "region": whole.region, "left_reason": whole.left_reason}
        statements = (*_LEAVING, *_MERGE)
    done: dict[str, int] = {}
    with connection.cursor() as cursor:
        cursor.execute("drop table if exists incoming_account, account_before, renumbered")
        cursor.execute(_ACCOUNTS, {"region": values["region"]})
        for name, table, statement in statements:
            cursor.execute(_noted(statement, table) if whole else statement, values)
            done[name] = cursor.rowcount
        if whole:
            cursor.execute(_STOPPED, values)
        cursor.execute(REQUESTS_FOLLOW.format(families="select id from incoming_family"))
        cursor.execute("select count(*) from incoming_account where held")
        done["accounts_held"] = cursor.fetchone()[0]
    return Merged(**{name: done[name] for name in Merged.__dataclass_fields__ if name in done})


def _noted(statement: str, table: str) -> str:
    return _NOTED.format(statement=statement, told=_TOLD[statement.split(maxsplit=1)[0]], table=table)
