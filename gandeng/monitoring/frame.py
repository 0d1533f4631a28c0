"""Of whom a draw may take: families of a district whose money the channel says was credited, by facilitator."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from gandeng.payments.models import Cycle


@dataclass(frozen=True)
class Credited:
    """One family of the frame; `payment_id` is the largest of the stage, `net_rupiah` the sum of all."""

    family_id: UUID
    staff_id: UUID | None
    payment_id: str
    village_code: str
    name: str
    net_rupiah: int


_FRAME = """
with credited as (
    select p.family_id, sum(o.net_rupiah)::bigint as net, min(o.first_on) as pay_day,
        (array_agg(p.payment_id order by o.net_rupiah desc, p.payment_id))[1] as payment_id
    from reconciliation_outcomeinforce o join payments_payment p on p.payment_id = o.payment_id
    where o.cycle_id = %(cycle)s and o.village_code ^@ %(region)s and o.net_rupiah > 0
        and o.outcome in ('PAID', 'OVERPAID', 'UNDERPAID')
    group by p.family_id)
select c.family_id, a.staff_id, c.payment_id, p.village_code, p.name, c.net
from credited c join payments_payment p on p.payment_id = c.payment_id
left join lateral (
    select staff_id from facilitators_accompaniment a where a.family_id = c.family_id
        and (a.valid_until is null or a.valid_until > coalesce(c.pay_day, current_date))
    order by a.valid_from, a.id limit 1) a on true
where not exists (select from monitoring_drawn d where d.cycle_id = %(cycle)s and d.family_id = c.family_id)
order by c.family_id
"""
"""Who accompanied on the pay day; where nobody did, the first who did afterwards."""


def credited(cycle: Cycle, region: str) -> list[Credited]:
    """All not drawn yet, by family."""
    with connection.cursor() as cursor:
        cursor.execute(_FRAME, {"cycle": cycle.pk, "region": region})
        return [Credited(*row) for row in cursor.fetchall()]


def by_staff(rows: Iterable[Credited]) -> dict[UUID | None, list[Credited]]:
    """Families of each facilitator."""
    found: dict[UUID | None, list[Credited]] = defaultdict(list)
    for row in rows:
        found[row.staff_id].append(row)
    return found
