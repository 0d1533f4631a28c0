"""The end of a cycle: what is proved and kept before nothing reaches it any more."""

import hashlib
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.utils import timezone

from gandeng.accounts.acting import Acting, in_territory
from gandeng.accounts.machine import for_everyone
from gandeng.accounts.roles import May
from gandeng.audit.actions import record
from gandeng.payments.actions.after_freezing import hold_since
from gandeng.payments.actions.locking import locked, nothing_comes_in
from gandeng.payments.models import Cycle, PaymentList
from gandeng.payments.refused import Refused

State = Cycle.State


def close_cycle(acting: Acting, cycle: Cycle) -> Cycle:
    """End it: from now on nothing reaches it, and what comes later is booked in an open cycle that names it.

    Families it owes that no list of it has had are held first, so that a later stage can pay them.
    """
    authority = acting.authority(May.RUN_CYCLE, cycle.region_code)
    with locked(cycle, State.SIGNED) as found:
        nothing_comes_in(found.pk)
        for require in _BEFORE_CLOSING:
            require(found)
        with in_territory(for_everyone(acting)):
            hold_since(acting, found, lambda _step, _done, _total: None)
        found.closing_digest = closing_digest(found)
        found.state, found.closed_at = State.CLOSED, timezone.now()
        found.save()
        facts: dict[str, Any] = {"digest": found.closing_digest}
        record(acting, "cycle.closed", found, region=found.region_code, authority=authority, **facts)
    return found


def _require_rounds_sent(cycle: Cycle) -> None:
    """A list that is made is sent or emptied, for nothing can be done with it afterwards."""
    rounds = PaymentList.objects.filter(cycle=cycle, round__gt=0, payments__gt=0)
    if (waiting := rounds.exclude(state=PaymentList.State.INSTRUCTED).first()) is not None:
        raise Refused("round_not_sent", number=waiting.round)


_BEFORE_CLOSING: list[Callable[[Cycle], None]] = [_require_rounds_sent]


def before_closing(require: Callable[[Cycle], None]) -> Callable[[Cycle], None]:
    """Packages above say what must be done before a cycle closes: `require` raises Refused. Called while locked."""
    _BEFORE_CLOSING.append(require)
    return require


_CLOSING = """
select kind, what from (
    select 1 as kind, jsonb_build_array(id, district_code, channel, round, root, payments, total_rupiah, state)::text
            as what
        from payments_paymentlist where cycle_id = %(cycle)s
    union all select 2, jsonb_build_array(a.list_id, a.root, a.level, a.person_id)::text
        from payments_approval a join payments_paymentlist l on l.id = a.list_id where l.cycle_id = %(cycle)s
    union all select 3, jsonb_build_array(channel, round, format, rows, total_rupiah, list_sha256)::text
        from payments_instruction where cycle_id = %(cycle)s
    union all select 4, jsonb_build_array(e.id, e.kind, e.source, e.about_cycle_id, l.district_code, l.channel,
            l.account, l.amount_rupiah)::text
        from payments_journalentry e join payments_journalline l on l.entry_id = e.id where e.cycle_id = %(cycle)s
) told order by kind, what collate "C"
"""


def closing_digest(cycle: Cycle) -> str:
    """SHA-256 over lists, approvals, instructions and journal, as one who sees the cycle's whole region reads them."""
    digest = hashlib.sha256(f"{cycle.key} {cycle.region_code} {cycle.frozen_digest}\n".encode())
    with connection.cursor() as cursor:
        cursor.execute(_CLOSING, {"cycle": cycle.pk})
        while rows := cursor.fetchmany(5000):
            digest.update("".join(f"{kind} {what}\n" for kind, what in rows).encode())
    return digest.hexdigest()
