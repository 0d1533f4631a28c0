"""Approved requests that a list would take back: what they asked for stands, and the list says otherwise."""

from collections import Counter
from typing import Any

from django.db import connection

from gandeng.registry.models import ChangeRequest

Kind = ChangeRequest.Kind
_SHOWN = 50

_OF_MEMBER: dict[Kind, str] = {
    Kind.DEATH: "m.deceased_on = (r.after ->> 'deceased_on')::date and i.deceased_on is distinct from m.deceased_on",
    Kind.LEFT: "m.left_on = (r.after ->> 'left_on')::date",
    Kind.SCHOOL_LEVEL: "m.school_level = r.after ->> 'school_level' and i.school_level <> m.school_level",
    Kind.PREGNANCY: """m.pregnancy_no is not distinct from (r.after ->> 'pregnancy_no')::smallint
        and i.pregnancy_no is distinct from m.pregnancy_no""",
    Kind.DISABILITY: """m.severe_disability = (r.after ->> 'severe_disability')::boolean
        and i.severe_disability <> m.severe_disability""",
    Kind.NIK: "m.nik_index = r.identifier_index and i.nik_index is distinct from m.nik_index",
    Kind.IDENTITY: """(m.name, m.birth_date, m.sex)
            = (r.after ->> 'name', (r.after ->> 'birth_date')::date, r.after ->> 'sex')
        and (i.name, i.birth_date, i.sex) <> (m.name, m.birth_date, m.sex)""",
}
_OF_FAMILY: dict[Kind, str] = {
    Kind.BIRTH: """exists (select from registry_member n where n.family_id = f.id and n.left_on is null
        and n.deceased_on is null and n.name = r.after ->> 'name' and n.birth_date = (r.after ->> 'birth_date')::date
        and not exists (select from incoming_member o where o.id = n.id and o.birth_date = n.birth_date))""",
    Kind.BACK: """m.deceased_on is null and m.left_on is null and m.family_id = f.id
        and (i.id is null or i.deceased_on is not null)""",
    Kind.COLLECTOR: "f.collector_id = r.member_id and g.collector_no <> m.member_no",
    Kind.ACCOUNT: """(a.channel, a.account_index) is not distinct from (r.after ->> 'channel', r.identifier_index)
        and (g.channel <> a.channel or (g.account_index is not null or g.channel = 'POS')
            and g.account_index is distinct from a.account_index)""",
    Kind.MOVE: "f.village_code = r.after ->> 'village_code' and g.village_code <> f.village_code",
    **dict.fromkeys(
        (Kind.SUSPEND, Kind.RESUME, Kind.GRADUATE, Kind.END),
        "f.status = r.after ->> 'status' and g.status <> f.status",
    ),
}
"""What stands as the newest approved request of a kind `r` asked, and is otherwise in the line of the list.

`f` is the family and `g` its line, `m` the member and `i` the line of that member. A decile is not there: a reading is
added, and takes back none.
"""


def _any(conditions: dict[Kind, str]) -> str:
    return " or ".join(f"(r.kind = '{kind}' and {sql})" for kind, sql in conditions.items())


_TAKEN_BACK = f"""
select r.kind, f.family_no from (
    select distinct on (q.family_id, q.member_id, q.kind, case when q.kind = 'BIRTH' then q.id end) q.*
    from registry_changerequest q where q.state = 'APPROVED' and q.village_code ^@ %(region)s
    order by q.family_id, q.member_id, q.kind, case when q.kind = 'BIRTH' then q.id end, q.decided_at desc
) r join registry_family f on f.id = r.family_id
left join registry_member m on m.id = r.member_id
left join incoming_member i on i.id = r.member_id
left join incoming_family g on g.id = r.family_id
left join registry_account a on a.family_id = r.family_id and a.valid_until is null
where (i.id is not null and ({_any(_OF_MEMBER)})) or (g.id is not null and ({_any(_OF_FAMILY)}))
order by 1, 2
"""


def taken_back(region: str) -> dict[str, Any]:
    """Requests by kind, and kind and number of the family of the first fifty; nobody's name."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKEN_BACK, {"region": region})
        rows = cursor.fetchall()
    return {"counts": dict(Counter(kind for kind, _ in rows)), "families": [list(row) for row in rows[:_SHOWN]]}
