"""Of whom a case complains is never forgotten: who was named before somebody else finds it no more than that one."""

from django.db import migrations

from gandeng.audit.guards import APP_ROLE

DEFINER = "security definer set search_path = public, pg_temp"
NEVER = f"""
create function helpdesk_names(of_case uuid, who uuid) returns boolean language sql stable {DEFINER} as $$
    select exists (select from helpdesk_caseevent e where e.case_id = of_case and e.what = 'ACCUSED' and e.person_id = who)
$$;
revoke all on function helpdesk_names(uuid, uuid) from public;
grant execute on function helpdesk_names(uuid, uuid) to {APP_ROLE};
create policy helpdesk_case_names on helpdesk_case as restrictive for select using (
    not sensitive or not helpdesk_names(id, (select helpdesk_me())));

create function helpdesk_not_theirs() returns trigger language plpgsql as $$
begin
    if helpdesk_names(new.case_id, new.by_id) or (new.what = 'ASSIGNED' and helpdesk_names(new.case_id, new.person_id)) then
        raise exception 'whom it complains of has no hand in it' using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger helpdesk_caseevent_not_theirs before insert on helpdesk_caseevent
    for each row execute function helpdesk_not_theirs();
"""
UNDO = """
drop trigger helpdesk_caseevent_not_theirs on helpdesk_caseevent; drop function helpdesk_not_theirs();
drop policy helpdesk_case_names on helpdesk_case; drop function helpdesk_names(uuid, uuid);
"""


class Migration(migrations.Migration):
    """One more policy, which only takes away, and one more refusal."""

    dependencies = [("helpdesk", "0017_deposited_in_part")]
    operations = [migrations.RunSQL(NEVER, UNDO)]
