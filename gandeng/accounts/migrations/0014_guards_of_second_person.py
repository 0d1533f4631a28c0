"""What waits is held by nobody, and nothing but a second person's yes ends the waiting."""

from django.db import migrations

from gandeng.audit.guards import refused
from gandeng.audit.holding import held

WAITS = f"""
create function accounts_grant_waits() returns trigger language plpgsql as $$
begin
    {refused("new.awaits and not old.awaits", "a role waits from the day it was given, or never", "grant_awaits")}
    {refused("old.awaits and not new.awaits and new.confirmed_by_id is null",
             "a second person ends the waiting", "grant_unconfirmed")}
    {refused('''(old.confirmed_by_id is not null or not old.awaits) and
             (old.confirmed_by_id, old.confirmed_at) is distinct from (new.confirmed_by_id, new.confirmed_at)''',
             "it was confirmed once", "grant_confirmed_once")}
    {refused('''(old.awaits or old.confirmed_by_id is not null) and (old.person_id, old.role, old.region_code, old.channel,
             old.granted_by_id) is distinct from (new.person_id, new.role, new.region_code, new.channel,
             new.granted_by_id)''', "what is confirmed is what was given", "grant_given")}
    return new;
end $$;
create trigger accounts_grant_waits before update on accounts_grant for each row
    execute function accounts_grant_waits();
"""  # fmt: skip

HELD = """
create or replace view accounts_grant_held with (security_invoker = true) as
select g.id, g.person_id, g.role, g.region_code, g.channel, g.stands_in_for_id, days.valid_from,
    case when days.valid_until is not null then greatest(days.valid_from, days.valid_until) end as valid_until
from accounts_grant g left join accounts_grant p on p.id = g.stands_in_for_id
cross join lateral (select greatest(g.valid_from, p.valid_from) as valid_from,
    least(g.valid_until, p.valid_until) as valid_until) days
where p.stands_in_for_id is null{};
"""


class Migration(migrations.Migration):
    """Guards, the view of roles that are held, and the ledger with the new columns."""

    dependencies = [("accounts", "0013_second_person"), ("audit", "0007_guards_of_ledger")]
    operations = [
        migrations.RunSQL(
            WAITS, "drop trigger accounts_grant_waits on accounts_grant; drop function accounts_grant_waits()"
        ),
        migrations.RunSQL(HELD.format(" and not g.awaits and not coalesce(p.awaits, false)"), HELD.format("")),
        held("accounts_grant"),
    ]
