"""Booking: money goes from one account to another, in entries that are never changed."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from django.db import connection, transaction

from gandeng.accounts.acting import Acting
from gandeng.payments.models import Cycle, JournalEntry, JournalLine

Account = JournalLine.Account
Kind = JournalEntry.Kind

type Line = tuple[str, str, str, str, int]
"""District, channel, account it leaves, account it reaches, rupiah."""

_ENTRY = """
insert into payments_journalentry (id, cycle_id, about_cycle_id, kind, source, corrects_id, reason, made_by_id, at)
values (%s, %s, %s, %s, %s, %s, %s, %s, now()) on conflict (source) do nothing returning id"""

_LINES = """
insert into payments_journalline (entry_id, district_code, channel, account, amount_rupiah)
select %s, * from unnest(%s::text[], %s::text[], %s::text[], %s::bigint[])"""


def book(
    acting: Acting,
    cycle: Cycle,
    kind: str,
    source: str,
    lines: Iterable[Line],
    about_cycle: Cycle | None = None,
    corrects: JournalEntry | None = None,
    reason: str = "",
) -> JournalEntry:
    """One entry for everything one cause moved; a cause that was booked before gives its entry and books nothing.

    `cycle` is open; `about_cycle` names the closed one whose money it is. Who may move it is the caller's to check.
    """
    moved: dict[tuple[str, str, str], int] = defaultdict(int)
    for district, channel, leaves, reaches, rupiah in lines:
        if rupiah < 0 or leaves == reaches:
            raise ValueError("money goes from one account to another")
        moved[district, channel, Account(leaves)] -= rupiah
        moved[district, channel, Account(reaches)] += rupiah
    told = [(*where, rupiah) for where, rupiah in sorted(moved.items()) if rupiah]
    with transaction.atomic(), connection.cursor() as cursor:
        values: list[Any] = [
            uuid4(), cycle.pk, about_cycle and about_cycle.pk, Kind(kind), source, corrects and corrects.pk, reason,
            acting.person_id,
        ]  # fmt: skip
        cursor.execute(_ENTRY, values)
        fresh = cursor.fetchone()
        if fresh is not None and told:
            cursor.execute(_LINES, [fresh[0], *(list(column) for column in zip(*told, strict=True))])
    return JournalEntry.objects.get(source=source)


def balances(cycle: Cycle, *, with_corrections: bool = False) -> dict[tuple[str, str], dict[str, int]]:
    """(district, channel) -> account -> rupiah: sums of the lines one may see, never counters.

    Entries of this cycle about a closed one are that one's money and left out; `with_corrections` adds what later
    cycles booked about this one.
    """
    about = "or e.about_cycle_id = %(cycle)s" if with_corrections else ""
    sums: dict[tuple[str, str], dict[str, int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            f"""select l.district_code, l.channel, l.account, sum(l.amount_rupiah)::bigint
                from payments_journalline l join payments_journalentry e on e.id = l.entry_id
                where (e.cycle_id = %(cycle)s and e.about_cycle_id is null) {about}
                group by 1, 2, 3 order by 1, 2, 3""",
            {"cycle": cycle.pk},
        )
        for district, channel, account, rupiah in cursor.fetchall():
            sums.setdefault((district, channel), {})[account] = rupiah
    return sums
