"""Families to people by number of families, so that those who need a skill go to somebody who has it.

Where no family of a village needs one, `moving` alone says who goes.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import accumulate
from typing import Any
from uuid import UUID

from django.db import connection

from gandeng.balancing.placing import Group, Placed, Seat, place
from gandeng.balancing.units import NOBODY
from gandeng.core.region_code import DISTRICT_DIGITS
from gandeng.facilitators import moving
from gandeng.facilitators.moving import ACCOMPANIED, IN_FORCE, Share
from gandeng.facilitators.skills import Needing, able, needing

_HELD = f"""
select f.village_code, a.staff_id, count(*) from registry_family f
left join facilitators_accompaniment a on a.family_id = f.id and {IN_FORCE}
where f.status = any(%(accompanied)s) and f.village_code = any(%(villages)s) group by 1, 2
"""

_FLOWS = """
create temporary table if not exists caseload_flows
    (village_code text collate "C", holder uuid, skill text, taker uuid, upto bigint, families bigint) on commit drop;
truncate caseload_flows;
"""

_BY_FLOWS = f"""
with alike as (
    select f.id, f.village_code, a.staff_id as holder, coalesce(n.skill, '') as skill, row_number() over (
        partition by f.village_code, a.staff_id, coalesce(n.skill, '') order by f.family_no) as place
    from registry_family f
    left join facilitators_accompaniment a on a.family_id = f.id and {IN_FORCE}
    left join caseload_needing n on n.family_id = f.id
    where f.status = any(%(accompanied)s) and f.village_code = any(%(villages)s))
insert into caseload_moves
select g.id, w.taker from alike g join caseload_flows w on w.village_code = g.village_code
    and w.holder is not distinct from g.holder and w.skill = g.skill
    and g.place > w.upto - w.families and g.place <= w.upto
"""


def fill_by_shares(shares: Sequence[Share], day: date) -> None:
    """As `moving.fill_by_shares`, for villages of one district.

    Families who need a skill go to somebody who has it, as far as the shares allow.
    """
    asking = needing(shares[0].village_code[:DISTRICT_DIGITS], day) if shares else ()
    special = {one.village_code for one in asking} & {share.village_code for share in shares}
    moving.fill_by_shares([share for share in shares if share.village_code not in special], day)
    if not special:
        return
    seats = [share for share in shares if share.village_code in special]
    values: dict[str, Any] = {"day": day, "accompanied": list(ACCOMPANIED), "villages": sorted(special)}
    with connection.cursor() as cursor:
        cursor.execute(_HELD, values)
        held = {(village, holder): families for village, holder, families in cursor.fetchall()}
        found = placed(seats, held, [one for one in asking if one.village_code in special],
                       able({share.staff_id for share in seats}, day))  # fmt: skip
        cursor.execute(_FLOWS)
        with cursor.copy("copy caseload_flows from stdin") as copy:
            for row in _rows(found):
                copy.write_row(row)
        cursor.execute(_BY_FLOWS, values)


def placed(
    seats: Iterable[Share],
    held: Mapping[tuple[str, UUID | None], int],
    asking: Iterable[Needing],
    skills: Mapping[UUID, frozenset[str]],
) -> list[Placed]:
    """Who goes to whom in these villages; `held` counts all families by village and who has them, None: nobody."""
    rest: Counter[tuple[str, UUID | None]] = Counter(held)
    groups = []
    for one in asking:
        rest[one.village_code, one.holder] -= one.families
        groups.append(Group(one.village_code, _name(one.holder), one.skill, one.families))
    groups += [Group(village, _name(holder), "", families) for (village, holder), families in rest.items()]
    groups = [group for group in groups if group.families > 0]
    return place(
        sorted(groups, key=lambda one: (one.village, one.holder, one.skill)),
        sorted(
            (Seat(one.village_code, str(one.staff_id), one.families) for one in seats),
            key=lambda one: (one.village, one.person),
        ),
        {str(staff): names for staff, names in skills.items()},
    )


def _name(holder: UUID | None) -> str:
    return NOBODY if holder is None else str(holder)


def _rows(found: Sequence[Placed]) -> Iterable[tuple[str, UUID | None, str, UUID, int, int]]:
    """Of each group, who keeps her families first; then the others, each from where the one before ended."""
    by_group: dict[Group, list[Placed]] = {}
    for one in found:
        by_group.setdefault(one.group, []).append(one)
    for group, parts in by_group.items():
        parts.sort(key=lambda one: (one.person != group.holder, one.person))
        holder = None if group.holder == NOBODY else UUID(group.holder)
        for one, upto in zip(parts, accumulate(part.families for part in parts), strict=True):
            yield group.village, holder, group.skill, UUID(one.person), upto, one.families
