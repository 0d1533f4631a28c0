"""What a recommendation speaks of is asked again when the registry learns who had died or left by then."""

from collections import defaultdict
from uuid import UUID

from django.db import connection, transaction

from gandeng.accounts.acting import in_territory
from gandeng.accounts.machine import MACHINE
from gandeng.audit.actions import Machine, record
from gandeng.commitments.actions.common import locked
from gandeng.commitments.judging import recommend
from gandeng.commitments.queries import Quarter

_GONE = """
select r.year, r.quarter, r.family_id from commitments_recommendation r
where r.effect <> 'NONE' and not exists (select from commitments_recommendation n where n.family_id = r.family_id
        and (n.year, n.quarter) = (r.year, r.quarter) and n.number > r.number)
    and exists (select from jsonb_array_elements_text(r.verdicts) spoken
        join commitments_verdict v on v.id = spoken::uuid join registry_member m on m.id = v.member_id
        where least(m.deceased_on, m.left_on) < make_date(r.year, r.quarter * 3, 1) + interval '1 month')
"""


def recommend_anew() -> int:
    """Of every family that a newest recommendation blames for who was not there any more; gives how many."""
    with in_territory(MACHINE), transaction.atomic():
        families: dict[Quarter, list[UUID]] = defaultdict(list)
        with connection.cursor() as cursor:
            cursor.execute(_GONE)
            for year, quarter, family in cursor.fetchall():
                families[Quarter(year, quarter)].append(family)
        made = sum(len(recommend(locked(families[quarter]), quarter)) for quarter in sorted(families))
        if made:
            record(Machine(), "commitment.recommended_anew", object_type="Recommendation", families=made)
    return made
