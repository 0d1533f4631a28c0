"""Approvals in their order and for the content there is; lists change in DRAFT alone; nothing reaches a closed cycle."""

from django.db import migrations

from gandeng.audit.guards import append_only, seen_through, seen_within

ORDER = """
create function payments_approval_in_order() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
declare l record;
begin
    select p.state, p.root, c.state as cycle_state into l
        from payments_paymentlist p join payments_cycle c on c.id = p.cycle_id where p.id = new.list_id;
    if l.cycle_state = 'CLOSED' then
        raise exception 'the cycle is closed' using errcode = 'restrict_violation';
    end if;
    if new.root <> l.root or (new.level, l.state) not in (
        ('PREPARE', 'DRAFT'), ('DISTRICT', 'SUBMITTED'), ('PROVINCE', 'DISTRICT'), ('CENTRE', 'PROVINCE')) then
        raise exception '% is not what the list, now %, waits for', new.level, l.state
            using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger payments_approval_order before insert on payments_approval
    for each row execute function payments_approval_in_order();
"""

MOVES = """
create function payments_list_moves() returns trigger language plpgsql as $$
begin
    if new.id <> old.id or new.cycle_id <> old.cycle_id or new.district_code <> old.district_code
        or new.channel <> old.channel then
        raise exception 'a list stays what it is' using errcode = 'restrict_violation';
    end if;
    if new.state <> 'DRAFT' and (new.root, new.payments, new.total_rupiah, new.revision)
        is distinct from (old.root, old.payments, old.total_rupiah, old.revision) then
        raise exception 'a list changes in DRAFT alone' using errcode = 'restrict_violation';
    end if;
    if new.state <> old.state and (old.state, new.state) not in (
        ('DRAFT', 'SUBMITTED'), ('SUBMITTED', 'DISTRICT'), ('DISTRICT', 'PROVINCE'), ('PROVINCE', 'CENTRE'),
        ('DISTRICT', 'INSTRUCTED'), ('PROVINCE', 'INSTRUCTED'), ('CENTRE', 'INSTRUCTED'),
        ('SUBMITTED', 'DRAFT'), ('DISTRICT', 'DRAFT'), ('PROVINCE', 'DRAFT'), ('CENTRE', 'DRAFT')) then
        raise exception 'a list does not go from % to %', old.state, new.state using errcode = 'restrict_violation';
    end if;
    if new.state = 'DRAFT' and old.state <> 'DRAFT' and new.revision <= old.revision then
        raise exception 'a list that is returned is another one' using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger payments_paymentlist_moves before update on payments_paymentlist
    for each row execute function payments_list_moves();
"""

CLOSED = """
create function payments_entry_open() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
    if exists (select from payments_journalentry e join payments_cycle c on c.id = e.cycle_id
        where e.id = new.entry_id and c.state = 'CLOSED') then
        raise exception 'the cycle is closed' using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger payments_journalline_open before insert on payments_journalline
    for each row execute function payments_entry_open();
create function payments_refusal_open() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
    if not exists (select from payments_paymentlist l join payments_cycle c on c.id = l.cycle_id
        where l.id = new.list_id and l.root = new.root and l.state not in ('DRAFT', 'INSTRUCTED')
            and c.state <> 'CLOSED') then
        raise exception 'there is nothing to refuse' using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger payments_refusal_open before insert on payments_refusal
    for each row execute function payments_refusal_open();
create trigger payments_heldpayment_open before insert or update or delete on payments_heldpayment
    for each row execute function payments_cycle_open();
"""


class Migration(migrations.Migration):
    """Guards that came with holds and refusals."""

    dependencies = [("payments", "0004_holds_and_refusals"), ("audit", "0002_guards")]
    operations = [
        migrations.RunSQL(
            ORDER,
            "drop trigger payments_approval_order on payments_approval; drop function payments_approval_in_order()",
        ),
        migrations.RunSQL(
            MOVES,
            "drop trigger payments_paymentlist_moves on payments_paymentlist; drop function payments_list_moves()",
        ),
        migrations.RunSQL(
            CLOSED,
            """drop trigger payments_journalline_open on payments_journalline; drop function payments_entry_open();
            drop trigger payments_refusal_open on payments_refusal; drop function payments_refusal_open();
            drop trigger payments_heldpayment_open on payments_heldpayment""",
        ),
        append_only("payments_heldpayment"),
        append_only("payments_refusal"),
        seen_within("payments_heldpayment", "village_code", channel="channel"),
        seen_through("payments_refusal", "list_id", "payments_paymentlist"),
    ]
