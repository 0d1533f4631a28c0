"""Outcomes and rows name instructed payments alone, which never go: asked once per statement, not once per row.

A payment on an INSTRUCTED list is neither changed nor taken out, and such a list goes to no other state (payments).
"""

from django.db import migrations

from gandeng.audit.guards import held_by_a_guard, stays

OPEN = """
create or replace function reconciliation_{table}_open() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
    {checks}
    return null;
end $$;
"""
CLOSED = """if exists ({rows}) then
        raise exception 'the cycle is closed' using errcode = 'restrict_violation';
    end if;"""
NOT_INSTRUCTED = """if exists (select from touched t left join payments_payment p on p.payment_id = t.payment_id {of}
        left join payments_paymentlist l on l.id = p.list_id
        where t.payment_id is not null and l.state is distinct from 'INSTRUCTED') then
        raise exception 'no payment that was instructed' using errcode = 'restrict_violation';
    end if;"""
NO_FILE = """if exists (select from touched t where not exists (
        select from reconciliation_resultfile f where f.id = t.file_id)) then
        raise exception 'no file' using errcode = 'restrict_violation';
    end if;"""

BY_PAYMENT = CLOSED.format(
    rows="""select from touched t join payments_payment p on p.payment_id = t.payment_id
        join payments_cycle c on c.id = p.cycle_id where c.state = 'CLOSED'"""
)
BY_CYCLE = CLOSED.format(
    rows="""select from payments_cycle c where c.state = 'CLOSED'
        and c.id in (select t.cycle_id from touched t)"""
)
BY_FILE = CLOSED.format(
    rows="""select from touched t join reconciliation_resultfile p on p.id = t.file_id
        join payments_cycle c on c.id = p.cycle_id where c.state = 'CLOSED'"""
)
OF_ITS_CYCLE = NOT_INSTRUCTED.format(of="and p.cycle_id = t.cycle_id")
CHECKS = {
    "outcomerow": ((BY_PAYMENT, NOT_INSTRUCTED.format(of="")), (BY_PAYMENT,)),
    "currentoutcome": ((BY_CYCLE, OF_ITS_CYCLE), (BY_CYCLE,)),
    "resultrow": ((BY_FILE, NO_FILE, NOT_INSTRUCTED.format(of="")), (BY_FILE,)),
}
"""Table: what its trigger asks now, and what it asked before."""


def _open(table: str, checks: tuple[str, ...]) -> str:
    return OPEN.format(table=table, checks="\n    ".join(checks))


class Migration(migrations.Migration):
    """Stricter than the keys were: a payment that is not yet instructed has no outcome either."""

    dependencies = [
        ("reconciliation", "0015_newest_late_outcome_joined"),
        ("payments", "0015_lists_asked_once"),
    ]
    operations = [
        *(migrations.RunSQL(_open(table, now), _open(table, before)) for table, (now, before) in CHECKS.items()),
        stays("reconciliation_resultfile"),
        held_by_a_guard("reconciliation_outcomerow", "payment_id"),
        held_by_a_guard("reconciliation_currentoutcome", "payment_id", "cycle_id"),
        held_by_a_guard("reconciliation_resultrow", "payment_id", "file_id"),
    ]
