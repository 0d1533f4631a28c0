"""A list of who accompanies whom, compared and carried out by set: one act per district and day.

The list stands in the temporary table `incoming_caseload` (importing), one row per family. A row that says what is so
already is no change, whatever day it names; families that are not listed stay with whoever has them.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from gandeng.facilitators import moving
from gandeng.facilitators.fitting import SHOWN
from gandeng.facilitators.models import CaseloadChange
from gandeng.facilitators.moving import ACCOMPANIED

_FACILITATORS_SHOWN = 500

_WANTED = """
alter table incoming_caseload add column family_id uuid, add column village text collate "C", add column status text,
    add column staff_id uuid, add column so boolean, add column has uuid, add column ever boolean;
delete from incoming_caseload i using exports_exportrequest e where e.mark_no <> '' and e.mark_no = i.family_no;
create index on incoming_caseload (family_no);
analyze incoming_caseload;
update incoming_caseload i set family_id = f.id, village = f.village_code, status = f.status
    from registry_family f where f.family_no = i.family_no;
update incoming_caseload i set staff_id = s.id from facilitators_staff s where s.staff_no = i.staff_no;
update incoming_caseload i set ever = true, has = a.has, so = a.has = i.staff_id and a.goes_on from (
    select n.row, (array_agg(a.staff_id) filter (where n.valid_from <@ daterange(a.valid_from, a.valid_until)))[1]
            as has,
        bool_or(a.valid_until is null and n.valid_from <@ daterange(a.valid_from, a.valid_until)) as goes_on
    from incoming_caseload n join facilitators_accompaniment a on a.family_id = n.family_id
    where a.valid_until is null or a.valid_until > a.valid_from group by n.row) a
where a.row = i.row;
update incoming_caseload set so = coalesce(so, false), ever = coalesce(ever, false);
analyze incoming_caseload;
"""
"""The invented families of our own exports are none, and are left out in silence."""

_FAULTS = """
select row, 'unknown_family', family_no, 0 from incoming_caseload
    where family_id is null or not village ^@ %(region)s
union all select row, 'not_accompanied', family_no, 0 from incoming_caseload
    where village ^@ %(region)s and not so and status <> all(%(accompanied)s)
union all select row, 'unknown_staff', staff_no, 0 from incoming_caseload where staff_id is null
union all select row, 'no_post', i.staff_no, 0 from incoming_caseload i join facilitators_staff s on s.id = i.staff_id
    where not i.so and (s.left_on <= i.valid_from or not exists (
        select from facilitators_post o where o.staff_id = i.staff_id and o.role = 'FACILITATOR'
            and i.valid_from <@ daterange(o.valid_from, o.valid_until)))
union all select row, 'past', family_no, 0 from incoming_caseload where not so and ever and valid_from < %(today)s
union all select i.row, 'later', i.family_no, 0 from incoming_caseload i
    where not i.so and exists (select from facilitators_accompaniment a where a.family_id = i.family_id
        and a.valid_from > i.valid_from and (a.valid_until is null or a.valid_until > a.valid_from))
order by 1, 2
"""


@dataclass(frozen=True)
class Compared:
    """Families of a list."""

    listed: int
    unchanged: int
    others: int
    """They have somebody now, and get somebody else."""
    first: int
    """They have nobody now."""
    acts: list[tuple[str, str, int]]
    """District, day and families of each act that carries it out."""


def prepare() -> None:
    """Who the rows of the list are, and who has them on their day."""
    with connection.cursor() as cursor:
        cursor.execute(_WANTED)


def refusals(region: str, today: date) -> tuple[list[str], int]:
    """What of the list cannot be, as sentences in the order of the rows, and how many there are."""
    values: dict[str, Any] = {"region": region, "today": today, "accompanied": list(ACCOMPANIED)}
    words = {
        "unknown_family": _("Baris %(row)d: keluarga %(what)s tidak ada di wilayah ini."),
        "not_accompanied": _("Baris %(row)d: keluarga %(what)s tidak aktif, jadi tidak didampingi."),
        "unknown_staff": _("Baris %(row)d: nomor pendamping %(what)s tidak dikenal."),
        "no_post": _("Baris %(row)d: %(what)s tidak bertugas sebagai pendamping pada tanggal itu."),
        "past": _(
            "Baris %(row)d: keluarga %(what)s sudah pernah didampingi; perpindahannya mulai hari ini atau sesudahnya."
        ),
        "later": _("Baris %(row)d: keluarga %(what)s sudah punya perpindahan yang mulai sesudah tanggal itu."),
    }
    with connection.cursor() as cursor:
        cursor.execute(f"select count(*) from ({_FAULTS}) f", values)
        count = cursor.fetchone()[0]
        cursor.execute(f"{_FAULTS} limit {SHOWN:d}", values)
        return [words[code] % {"row": row, "what": what[:40]} for row, code, what, _number in cursor.fetchall()], count


def compare() -> Compared:
    """What the list changes, as counts."""
    with connection.cursor() as cursor:
        cursor.execute(
            """select count(*), count(*) filter (where so), count(*) filter (where not so and has is not null),
                count(*) filter (where not so and has is null) from incoming_caseload"""
        )
        listed, unchanged, others, first = cursor.fetchone()
        return Compared(listed, unchanged, others, first, [
            (district, day.isoformat(), families) for district, day, families in _acts(cursor)
        ])  # fmt: skip


def _acts(cursor: Any) -> list[tuple[str, date, int]]:
    cursor.execute("""select left(village, 4), valid_from, count(*) from incoming_caseload where not so
        group by 1, 2 order by 1, 2""")
    return list(cursor.fetchall())


def by_facilitator() -> list[dict[str, Any]]:
    """Whoever gives or gets families, those with the most first: how many she has, gives, gets, has then."""
    with connection.cursor() as cursor:
        cursor.execute(
            """with moves as (
                select has as staff_id, count(*) as gives, 0 as gets from incoming_caseload
                    where not so and has is not null group by has
                union all select staff_id, 0, count(*) from incoming_caseload where not so group by staff_id),
            summed as (select staff_id, sum(gives)::bigint as gives, sum(gets)::bigint as gets from moves group by 1)
            select s.staff_no, m.gives, m.gets, (
                select count(*) from facilitators_accompaniment a join registry_family f on f.id = a.family_id
                where a.staff_id = m.staff_id and a.valid_until is null and f.status = any(%s)) as has
            from summed m join facilitators_staff s on s.id = m.staff_id
            order by m.gives + m.gets desc, s.staff_no limit %s""",
            [list(ACCOMPANIED), _FACILITATORS_SHOWN],
        )
        return [
            {"staff_no": number, "gives": gives, "gets": gets, "before": has, "after": has - gives + gets}
            for number, gives, gets, has in cursor.fetchall()
        ]  # fmt: skip


def acts() -> list[tuple[str, date, int]]:
    """District, day and families of each act the list needs."""
    with connection.cursor() as cursor:
        return _acts(cursor)


def fill(district: str, day: date) -> None:
    """The families of one act into the table of moves."""
    moving.fill_from(
        """select family_id, staff_id from incoming_caseload
            where not so and valid_from = %(day)s and left(village, 4) = %(district)s""",
        {"day": day, "district": district},
    )


def kind_of(district: str, day: date) -> CaseloadChange.Kind:
    """The first caseload of a district, families that had nobody, or a hand-over."""
    with connection.cursor() as cursor:
        cursor.execute("select exists (select from facilitators_accompaniment where village_code ^@ %s)", [district])
        if not cursor.fetchone()[0]:
            return CaseloadChange.Kind.FIRST
        cursor.execute(
            """select exists (select from incoming_caseload where not so and has is not null and valid_from = %s
                and left(village, 4) = %s)""",
            [day, district],
        )
        return CaseloadChange.Kind.HAND_OVER if cursor.fetchone()[0] else CaseloadChange.Kind.ASSIGN
