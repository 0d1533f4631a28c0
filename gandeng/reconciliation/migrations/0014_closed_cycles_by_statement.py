"""Outcomes in force reach no closed cycle: asked once per statement, not once per row of a province."""

from django.db import migrations

OPEN = """
create function reconciliation_currentoutcome_open() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
    if exists (select from payments_cycle c where c.state = 'CLOSED'
        and c.id in (select t.cycle_id from touched t)) then
        raise exception 'the cycle is closed' using errcode = 'restrict_violation';
    end if;
    return null;
end $$;
create trigger reconciliation_currentoutcome_added after insert on reconciliation_currentoutcome
    referencing new table as touched for each statement execute function reconciliation_currentoutcome_open();
create trigger reconciliation_currentoutcome_was after update on reconciliation_currentoutcome
    referencing old table as touched for each statement execute function reconciliation_currentoutcome_open();
create trigger reconciliation_currentoutcome_becomes after update on reconciliation_currentoutcome
    referencing new table as touched for each statement execute function reconciliation_currentoutcome_open();
create trigger reconciliation_currentoutcome_taken_out after delete on reconciliation_currentoutcome
    referencing old table as touched for each statement execute function reconciliation_currentoutcome_open();
drop trigger reconciliation_currentoutcome_open on reconciliation_currentoutcome;
"""

BY_ROW = """
create trigger reconciliation_currentoutcome_open before insert or update or delete
    on reconciliation_currentoutcome for each row execute function payments_cycle_open();
drop trigger reconciliation_currentoutcome_added on reconciliation_currentoutcome;
drop trigger reconciliation_currentoutcome_was on reconciliation_currentoutcome;
drop trigger reconciliation_currentoutcome_becomes on reconciliation_currentoutcome;
drop trigger reconciliation_currentoutcome_taken_out on reconciliation_currentoutcome;
drop function reconciliation_currentoutcome_open();
"""


class Migration(migrations.Migration):
    """Nothing passes that did not pass before: an update is asked about the row it was and the row it becomes."""

    dependencies = [("reconciliation", "0013_indexes_served_by_others")]
    operations = [migrations.RunSQL(OPEN, BY_ROW)]
