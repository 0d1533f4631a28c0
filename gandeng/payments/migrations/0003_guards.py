"""What money demands of the database itself, whatever our code does."""

from django.db import migrations

from gandeng.audit.guards import append_only, seen_through, seen_within

LISTED = """
create function payments_never_updated() returns trigger language plpgsql as $$
begin
    raise exception 'a payment is never changed: make the list again' using errcode = 'restrict_violation';
end $$;
create function payments_only_in_draft() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare there text;
begin
    select l.state || ' in cycle ' || c.state into there
        from (select distinct list_id, cycle_id, channel, left(village_code, 4) as district_code from touched) t
        join payments_paymentlist l on l.id = t.list_id join payments_cycle c on c.id = l.cycle_id
        where l.state <> 'DRAFT' or c.state = 'CLOSED' or l.cycle_id <> t.cycle_id or l.channel <> t.channel
            or l.district_code <> t.district_code limit 1;
    if there is not null then
        raise exception 'the list is % and takes no such change', there using errcode = 'restrict_violation';
    end if;
    return null;
end $$;
create trigger payments_payment_never before update on payments_payment
    for each row execute function payments_never_updated();
create trigger payments_payment_added after insert on payments_payment
    referencing new table as touched for each statement execute function payments_only_in_draft();
create trigger payments_payment_taken_out after delete on payments_payment
    referencing old table as touched for each statement execute function payments_only_in_draft();
"""

CLOSED = """
create function payments_cycle_open() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare there text;
begin
    select state into there from payments_cycle where id = coalesce(new.cycle_id, old.cycle_id);
    if there = 'CLOSED' then
        raise exception 'the cycle is closed' using errcode = 'restrict_violation';
    end if;
    return coalesce(new, old);
end $$;
create function payments_closed_stays() returns trigger language plpgsql as $$
begin
    if old.state = 'CLOSED' then
        raise exception 'the cycle is closed' using errcode = 'restrict_violation';
    end if;
    return coalesce(new, old);
end $$;
create trigger payments_cycle_closed before update or delete on payments_cycle
    for each row execute function payments_closed_stays();
"""

CLOSED_TABLES = ("payments_paymentlist", "payments_instruction", "payments_journalentry")

BALANCED = """
create function journal_balanced() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
    if (select coalesce(sum(amount_rupiah), 0) from payments_journalline where entry_id = new.entry_id) <> 0 then
        raise exception 'entry % does not balance', new.entry_id using errcode = 'check_violation';
    end if;
    return null;
end $$;
create constraint trigger payments_journalline_balanced after insert on payments_journalline
    deferrable initially deferred for each row execute function journal_balanced();
"""


class Migration(migrations.Migration):
    """Guards of lists, approvals, cycles and the journal."""

    dependencies = [("payments", "0002_initial"), ("audit", "0002_guards")]
    operations = [
        migrations.RunSQL(
            LISTED,
            """drop trigger payments_payment_never on payments_payment; drop trigger payments_payment_added on
            payments_payment; drop trigger payments_payment_taken_out on payments_payment;
            drop function payments_only_in_draft(); drop function payments_never_updated()""",
        ),
        migrations.RunSQL(
            CLOSED,
            """drop trigger payments_cycle_closed on payments_cycle; drop function payments_closed_stays();
            drop function payments_cycle_open() cascade""",
        ),
        *(
            migrations.RunSQL(
                f"""create trigger {table}_open before insert or update or delete on {table}
                    for each row execute function payments_cycle_open()""",
                f"drop trigger if exists {table}_open on {table}",
            )
            for table in CLOSED_TABLES
        ),
        migrations.RunSQL(
            BALANCED,
            "drop trigger payments_journalline_balanced on payments_journalline; drop function journal_balanced()",
        ),
        append_only("payments_approval"),
        append_only("payments_journalentry"),
        append_only("payments_journalline"),
        seen_within("payments_payment", "village_code", channel="channel"),
        seen_within("payments_paymentlist", "district_code", channel="channel"),
        seen_within("payments_instruction", "region_code", channel="channel"),
        seen_within("payments_journalline", "district_code", channel="channel"),
        seen_through("payments_approval", "list_id", "payments_paymentlist"),
    ]
