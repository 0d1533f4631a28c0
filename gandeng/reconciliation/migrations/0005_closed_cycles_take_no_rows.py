"""Nothing reaches a closed cycle by way of rows that name it only through another."""

from django.db import migrations

PARENTS = {
    "outcomerow": ("payments_payment", "payment_id", "payment_id"),
    "summaryrow": ("reconciliation_reconciliation", "id", "reconciliation_id"),
    "resultrow": ("reconciliation_resultfile", "id", "file_id"),
    "exceptionact": ("reconciliation_exceptioncase", "id", "exception_id"),
    "reissuerequest": ("reconciliation_exceptioncase", "id", "exception_id"),
}
"""Table: the one that names the cycle, its key, and the column that names it."""

OPEN = """
create function reconciliation_{table}_open() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
    if exists (select from touched t join {parent} p on p.{key} = t.{column}
        join payments_cycle c on c.id = p.cycle_id where c.state = 'CLOSED') then
        raise exception 'the cycle is closed' using errcode = 'restrict_violation';
    end if;
    return null;
end $$;
create trigger reconciliation_{table}_open after insert on reconciliation_{table}
    referencing new table as touched for each statement execute function reconciliation_{table}_open();
"""
CHANGED = """
create trigger reconciliation_reissuerequest_stays after update on reconciliation_reissuerequest
    referencing new table as touched for each statement execute function reconciliation_reissuerequest_open();
"""
UNDO = """drop trigger reconciliation_{table}_open on reconciliation_{table};
    drop function reconciliation_{table}_open()"""


class Migration(migrations.Migration):
    """One trigger per table and statement, so that a district's rows cost one look."""

    dependencies = [("reconciliation", "0004_guards_of_papers")]
    operations = [
        *(
            migrations.RunSQL(OPEN.format(table=table, parent=parent, key=key, column=column), UNDO.format(table=table))
            for table, (parent, key, column) in PARENTS.items()
        ),
        migrations.RunSQL(CHANGED, "drop trigger reconciliation_reissuerequest_stays on reconciliation_reissuerequest"),
    ]
