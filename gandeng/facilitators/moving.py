"""Families change hands, by set: who is to have whom goes into a table, and one act makes it so from a day on.

`fill_...` say who is to have whom; `carry_out` ends and begins the accompaniments and writes the act down. All families
of a place go in one statement each, however many they are.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.villages import Followed, hold_villages
from gandeng.facilitators.models import CaseloadChange, Post
from gandeng.web.refusals import Refusal

ACCOMPANIED = ("ACTIVE", "SUSPENDED")
"""Families of these states are accompanied; others need nobody."""

IN_FORCE = "a.valid_from <= %(day)s and (a.valid_until is null or a.valid_until > %(day)s)"


class CaseloadRefused(Refusal):
    """An act that moves families."""


@dataclass(frozen=True)
class Share:
    """So many families of a village to one facilitator."""

    village_code: str
    staff_id: UUID
    families: int


_MOVES = """
create temporary table if not exists caseload_moves (family_id uuid primary key, staff_id uuid) on commit drop;
truncate caseload_moves;
"""

_SHARES = """
create temporary table if not exists caseload_shares (village_code text collate "C", staff_id uuid, families bigint)
    on commit drop;
truncate caseload_shares;
"""

_BY_SHARES = f"""
with now as (
    select f.id, f.family_no, f.village_code, a.staff_id from registry_family f
    left join facilitators_accompaniment a on a.family_id = f.id and {IN_FORCE}
    where f.status = any(%(accompanied)s) and f.village_code in (select village_code from caseload_shares)),
placed as (
    select n.*, s.families, row_number() over (partition by n.village_code, n.staff_id order by n.family_no) as place
    from now n left join caseload_shares s using (village_code, staff_id)),
stay as (select * from placed where place <= families),
pool as (
    select id, village_code, row_number() over (partition by village_code order by family_no) as place
    from placed where families is null or place > families),
room as (
    select s.village_code, s.staff_id, s.families, s.families - count(k.id) as room from caseload_shares s
    left join stay k using (village_code, staff_id) group by s.village_code, s.staff_id, s.families),
reach as (
    select r.*, sum(room) over (partition by village_code order by staff_id) as upto from room r where room > 0),
most as (
    select distinct on (village_code) village_code, staff_id from room order by village_code, families desc, staff_id)
insert into caseload_moves
select p.id, coalesce(r.staff_id, m.staff_id) from pool p join most m using (village_code)
left join reach r on r.village_code = p.village_code and p.place > r.upto - r.room and p.place <= r.upto
"""


def fill_by_shares(shares: Iterable[Share], day: date) -> None:
    """Every family of the villages named, by number of families for each facilitator there.

    Whoever has families of the village keeps them, in the order of their numbers, up to her share; the rest goes to
    those with room. Families that came since the shares were counted go to whoever has most there: none is left out.
    """
    with connection.cursor() as cursor:
        cursor.execute(_MOVES + _SHARES)
        with cursor.copy("copy caseload_shares from stdin") as copy:
            for share in shares:
                copy.write_row((share.village_code, share.staff_id, share.families))
        cursor.execute(_BY_SHARES, {"day": day, "accompanied": list(ACCOMPANIED)})


def fill_hand_over(giver: UUID, taker: UUID, day: date, villages: list[str] | None = None) -> None:
    """The families she accompanies on `day`, in all villages or in those named, to somebody else."""
    fill_from(
        f"""select a.family_id, %(taker)s from facilitators_accompaniment a
            where a.staff_id = %(giver)s and {IN_FORCE}
            and (%(villages)s::text[] is null or a.village_code = any(%(villages)s))""",
        {"giver": giver, "taker": taker, "day": day, "villages": villages},
    )


def fill_hand_over_by_village(giver: UUID, takers: Mapping[str, UUID | None], day: date) -> None:
    """The families she accompanies on `day` in these villages, to whoever is named for each; None: to nobody."""
    fill_from(
        f"""select a.family_id, t.staff_id from facilitators_accompaniment a
            join unnest(%(villages)s::text[], %(takers)s::uuid[]) t (village_code, staff_id)
                on t.village_code = a.village_code
            where a.staff_id = %(giver)s and {IN_FORCE}""",
        {"giver": giver, "day": day, "villages": [*takers], "takers": [*takers.values()]},
    )


def fill_unaccompanied(village: str, taker: UUID, day: date) -> None:
    """Families of the village that nobody accompanies on `day`."""
    fill_from(
        f"""select f.id, %(taker)s from registry_family f
            where f.village_code = %(village)s and f.status = any(%(accompanied)s) and not exists (
                select from facilitators_accompaniment a where a.family_id = f.id and {IN_FORCE})""",
        {"village": village, "taker": taker, "day": day, "accompanied": list(ACCOMPANIED)},
    )


def fill_from(select: str, values: Mapping[str, Any] | None = None) -> None:
    """Family and who is to have it, as a query of ours gives them: a list that stands in the database already."""
    with connection.cursor() as cursor:
        cursor.execute(_MOVES)
        cursor.execute(f"insert into caseload_moves {select}", values)


def fill_undo(change: CaseloadChange) -> None:
    """What the act moved, back to who had it before; to nobody where nobody had it."""
    fill_from(
        """select b.family_id, e.staff_id from facilitators_accompaniment b
            left join facilitators_accompaniment e on e.family_id = b.family_id and e.ended_by_id = %(change)s
            where b.began_by_id = %(change)s and b.valid_until is null""",
        {"change": change.pk},
    )


def hold(region: str) -> None:
    """The district's caseload is ours alone until the transaction ends: what is read now is what will be moved."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext('caseload'), hashtext(%s))", [region[:4]])


def carry_out(
    acting: Acting | None,
    kind: CaseloadChange.Kind,
    region: str,
    *,
    day: date,
    reason: str,
    undoes: CaseloadChange | None = None,
) -> tuple[CaseloadChange, Followed]:
    """What was filled becomes so from `day` on; in the caller's transaction. Raises CaseloadRefused.

    Whoever fills calls `hold` first, so that nothing moves between the look and the act.
    Families already with the one they are to have are left alone and not counted.
    """
    hold(region)
    with connection.cursor() as cursor:
        _drop_what_is_so(cursor, day)
        _ask(cursor, region, day)
        cursor.execute("select count(*) from caseload_moves")
        families = cursor.fetchone()[0]
        if not families:
            raise CaseloadRefused(_("Tidak ada keluarga yang berpindah: semuanya sudah demikian."))
        change = CaseloadChange.objects.create(
            kind=kind, region_code=region, effective_on=day, reason=reason, families=families,
            decided_by_id=acting.person_id if acting else None, undoes=undoes,
        )  # fmt: skip
        cursor.execute(
            """update facilitators_accompaniment a set valid_until = greatest(a.valid_from, %(day)s),
                    ended_by_id = %(change)s
                from caseload_moves m where a.family_id = m.family_id and a.valid_from <= %(day)s
                    and (a.valid_until is null or a.valid_until > %(day)s)""",
            {"day": day, "change": change.pk},
        )
        cursor.execute(
            """insert into facilitators_accompaniment
                (id, family_id, staff_id, village_code, valid_from, began_by_id)
            select gen_random_uuid(), f.id, m.staff_id, f.village_code, %(day)s, %(change)s
            from caseload_moves m join registry_family f on f.id = m.family_id where m.staff_id is not null""",
            {"day": day, "change": change.pk},
        )
        return change, _follow(cursor, change, acting)


def _drop_what_is_so(cursor: Any, day: date) -> None:
    cursor.execute(
        f"""delete from caseload_moves m using facilitators_accompaniment a
            where a.family_id = m.family_id and a.staff_id = m.staff_id and {IN_FORCE} and a.valid_until is null""",
        {"day": day},
    )


def _ask(cursor: Any, region: str, day: date) -> None:
    """Refuse what the act may not touch: later acts, places elsewhere, people who do not accompany on that day."""
    values = {"day": day, "region": region, "role": Post.Role.FACILITATOR.value}
    cursor.execute(
        """select count(*) from caseload_moves m join facilitators_accompaniment a on a.family_id = m.family_id
            where a.valid_from > %(day)s and (a.valid_until is null or a.valid_until > a.valid_from)""",
        values,
    )
    if count := cursor.fetchone()[0]:
        raise CaseloadRefused(
            _("%(count)d keluarga sudah punya perpindahan yang mulai sesudah tanggal itu. Batalkan dahulu yang itu.")
            % {"count": count}
        )
    cursor.execute(
        """select count(*) from caseload_moves m left join registry_family f on f.id = m.family_id
            where f.id is null or not f.village_code ^@ %(region)s""",
        values,
    )
    if count := cursor.fetchone()[0]:
        raise CaseloadRefused(_("%(count)d keluarga bukan dari wilayah ini.") % {"count": count})
    cursor.execute(
        """select string_agg(distinct p.name, ', ' order by p.name) from caseload_moves m
            left join facilitators_staff s on s.id = m.staff_id left join accounts_person p on p.id = s.person_id
            where m.staff_id is not null and (s.left_on <= %(day)s or not exists (
                select from facilitators_post o where o.staff_id = m.staff_id and o.role = %(role)s
                    and o.valid_from <= %(day)s and (o.valid_until is null or o.valid_until > %(day)s)))""",
        values,
    )
    if names := cursor.fetchone()[0]:
        raise CaseloadRefused(
            _("Bukan pendamping pada tanggal itu: %(names)s. Pilih orang lain atau catat tugasnya dahulu.")
            % {"names": names}
        )


def _follow(cursor: Any, change: CaseloadChange, acting: Acting | None) -> Followed:
    """Village grants of everybody the act touched, as their accompaniments are now."""
    cursor.execute(
        """with touched as (
            select staff_id from facilitators_accompaniment where %(change)s in (began_by_id, ended_by_id))
        select s.person_id, v.village_code, lower(v.days), upper(v.days) from (select distinct staff_id from touched) t
        join facilitators_staff s on s.id = t.staff_id
        left join lateral (
            select village_code, unnest(range_agg(daterange(valid_from, valid_until))) as days
            from facilitators_accompaniment a
            where a.staff_id = t.staff_id and a.village_code ^@ %(region)s group by village_code) v on true""",
        {"change": change.pk, "region": change.region_code[:4]},
    )
    rows = cursor.fetchall()
    people = sorted({row[0] for row in rows})
    held = [row for row in rows if row[1] is not None and row[2] is not None]
    return hold_villages(
        people, held, region=change.region_code[:4], giver=acting.person_id if acting else None,
        today=timezone.localdate(),
    )  # fmt: skip
