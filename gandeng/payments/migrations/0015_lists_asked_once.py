"""The list and cycle of a payment are looked up once per list, not twice per row; lists are never taken out."""

from django.db import migrations

from gandeng.audit.guards import held_by_a_guard, stays

ONLY_IN_DRAFT = """
create or replace function payments_only_in_draft() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
declare there text;
begin
    select {there} into there
        from (select distinct list_id, cycle_id, channel, left(village_code, 4) as district_code from touched) t
        {join} payments_paymentlist l on l.id = t.list_id {join} payments_cycle c on c.id = l.cycle_id
        where {gone} l.state <> 'DRAFT' or c.state = 'CLOSED' or l.cycle_id <> t.cycle_id or l.channel <> t.channel
            or l.district_code <> t.district_code limit 1;
    if there is not null then
        raise exception 'the list is % and takes no such change', there using errcode = 'restrict_violation';
    end if;
    return null;
end $$;
"""
_STATE = "l.state || ' in cycle ' || c.state"
NOW = ONLY_IN_DRAFT.format(there=f"coalesce({_STATE}, 'not there')", join="left join", gone="c.id is null or")
BEFORE = ONLY_IN_DRAFT.format(there=_STATE, join="join", gone="")


class Migration(migrations.Migration):
    """A payment names a list that is there, in DRAFT, of its own cycle; the key of the list holds that cycle."""

    dependencies = [("payments", "0014_index_of_reissues_alone"), ("audit", "0009_channels_asked_once")]
    operations = [
        migrations.RunSQL(NOW, BEFORE),
        stays("payments_paymentlist"),
        held_by_a_guard("payments_payment", "list_id", "cycle_id"),
    ]
