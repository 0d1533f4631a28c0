"""Whose cases, and what may follow what.

A case is there for its district's desk, for whoever it was handed to and for whoever wrote it down; a sensitive one for
heads of offices alone; none for whom it complains of. No program changes a case: an event is put in and the database
moves the case, with the case locked, so that of two at once one is refused. What the public does goes through
functions that ask for number and PIN together and answer alike for a wrong number and a wrong PIN.
"""

from django.db import migrations

from gandeng.audit.guards import ALL_CHANNELS, APP_ROLE, WITHIN, append_only, door_for_resealing, stays

DEFINER = "security definer set search_path = public, pg_temp"

SEEN = f"""
create function helpdesk_me() returns uuid language sql stable as
    $$ select nullif(current_setting('gandeng.person', true), '')::uuid $$;

create function helpdesk_holds(who uuid, region text, variadic roles text[]) returns boolean
    language sql stable {DEFINER} as $$
    select exists (select from accounts_grant g where g.person_id = who and g.role = any(roles)
        and region ^@ g.region_code
        and daterange(g.valid_from, g.valid_until) @> (now() at time zone 'Asia/Jakarta')::date)
$$;

create function helpdesk_sees(region text, sensitive boolean, level integer, assigned uuid, opened_by uuid,
        accused uuid) returns boolean language sql stable as $$
    select helpdesk_me() is not null and helpdesk_me() is distinct from accused and case
        when sensitive then helpdesk_holds(helpdesk_me(), region, 'MINISTRY_HEAD')
            or (level < 4 and helpdesk_holds(helpdesk_me(), region, 'PROVINCE_HEAD'))
            or (level < 3 and helpdesk_holds(helpdesk_me(), region, 'DISTRICT_HEAD'))
        else coalesce(assigned = helpdesk_me(), false) or coalesce(opened_by = helpdesk_me(), false)
            or (coalesce(current_setting('gandeng.caseload', true), '') = ''
                and {ALL_CHANNELS} and {WITHIN.format(column="region")})
        end
$$;

alter table helpdesk_case enable row level security;
create policy helpdesk_case_read on helpdesk_case for select using (
    coalesce(helpdesk_sees(region_code, sensitive, level, assigned_id, opened_by_id, accused_id), false));
create policy helpdesk_case_add on helpdesk_case for insert with check (
    state = 'NEW' and steps = 0 and assigned_id is null and accused_id is null and merged_into_id is null
    and family_id is null and payment_id is null and not reopened and rating is null
    and opened_by_id is not distinct from helpdesk_me());
revoke update, delete, truncate on helpdesk_case from {APP_ROLE};
"""
NO_SEEN = f"""
grant update, delete on helpdesk_case to {APP_ROLE};
drop policy helpdesk_case_add on helpdesk_case; drop policy helpdesk_case_read on helpdesk_case;
alter table helpdesk_case disable row level security;
drop function helpdesk_sees(text, boolean, integer, uuid, uuid, uuid); drop function helpdesk_holds(uuid, text, text[]);
drop function helpdesk_me();
"""

MOVES = f"""
create function helpdesk_opened() returns trigger language plpgsql {DEFINER} as $$
begin
    insert into helpdesk_caseevent (id, case_id, number, what, told, text_sealed, value, level, due_at, by_id,
            authority, at)
        select gen_random_uuid(), c.id, 1, 'OPENED', true, '', '', c.level, c.due_at, c.opened_by_id, '',
            clock_timestamp() from came c;
    return null;
end $$;
-- its name comes after that of the ledger, which has to write the case as it came in first
create trigger zz_helpdesk_case_opened after insert on helpdesk_case referencing new table as came
    for each statement execute function helpdesk_opened();

create function helpdesk_moves() returns trigger language plpgsql {DEFINER} as $$
declare
    c helpdesk_case; becomes text;
    works boolean;
begin
    select * into strict c from helpdesk_case where id = new.case_id for update;
    if new.by_id is not null and new.what <> 'OPENED' and not coalesce(helpdesk_sees(c.region_code, c.sensitive, c.level,
            c.assigned_id, c.opened_by_id, c.accused_id), false) then
        raise exception 'a case one does not see' using errcode = 'restrict_violation';
    end if;
    if new.number is distinct from c.steps + 1 then
        raise exception 'something else happened meanwhile' using errcode = 'unique_violation',
            constraint = 'helpdesk_one_after_another';
    end if;
    works := c.state in ('NEW', 'ASSIGNED', 'IN_PROGRESS', 'ESCALATED');
    becomes := case
        when new.what = 'OPENED' and c.steps = 0 then 'NEW'
        when new.what in ('NOTE', 'LINKED', 'ACCUSED') and c.merged_into_id is null then c.state
        when new.what = 'ASSIGNED' and works and new.person_id is not null then 'ASSIGNED'
        when new.what = 'STARTED' and works then 'IN_PROGRESS'
        when new.what = 'ANSWERED' and c.state in ('IN_PROGRESS', 'ANSWERED') and new.told then 'ANSWERED'
        when new.what = 'ESCALATED' and works and new.level = c.level + 1 then 'ESCALATED'
        when new.what = 'CLOSED' and c.state = 'ANSWERED' then 'CLOSED'
        when new.what = 'REOPENED' and c.state in ('ANSWERED', 'CLOSED') and not c.reopened
            and c.merged_into_id is null then 'NEW'
        when new.what = 'MERGED' and new.told and works and new.other_id <> c.id and exists (
            select from helpdesk_case o where o.id = new.other_id and o.merged_into_id is null
                and o.sensitive = c.sensitive and left(o.region_code, 4) = left(c.region_code, 4)
                and o.accused_id is not distinct from c.accused_id) then 'CLOSED'
        when new.what = 'MERGED' and not new.told and exists (
            select from helpdesk_case o where o.id = new.other_id and o.merged_into_id = c.id) then c.state
        when new.what = 'RATED' and c.state in ('ANSWERED', 'CLOSED') and c.rating is null
            and new.value ~ '^[1-5]$' then 'CLOSED' end;
    if becomes is null then
        raise exception 'a case in state % takes no %', c.state, new.what using errcode = 'restrict_violation';
    end if;
    if new.person_id is not null and new.what = 'ASSIGNED' and new.person_id = c.accused_id then
        raise exception 'not to whom it complains of' using errcode = 'restrict_violation';
    end if;
    new.at := clock_timestamp();
    update helpdesk_case set state = becomes, steps = new.number,
        assigned_id = case when new.what = 'ASSIGNED' then new.person_id when new.what = 'STARTED' then new.by_id
            when new.what in ('ESCALATED', 'REOPENED') then null
            when new.what = 'ACCUSED' and assigned_id = new.person_id then null else assigned_id end,
        level = case when new.what = 'ESCALATED' then new.level else level end,
        due_at = case when becomes in ('ANSWERED', 'CLOSED') then null
            when new.what in ('OPENED', 'ESCALATED', 'REOPENED') then new.due_at else due_at end,
        accused_id = case when new.what = 'ACCUSED' then new.person_id else accused_id end,
        sensitive = sensitive or new.what = 'ACCUSED',
        family_id = case when new.what = 'LINKED' then coalesce(new.family_id, family_id) else family_id end,
        payment_id = case when new.what = 'LINKED' then coalesce(new.payment_id, payment_id) else payment_id end,
        merged_into_id = case when new.what = 'MERGED' and new.told then new.other_id else merged_into_id end,
        reopened = reopened or new.what = 'REOPENED',
        rating = case when new.what = 'RATED' then new.value::smallint else rating end
        where id = c.id;
    return new;
end $$;
create trigger helpdesk_caseevent_moves before insert on helpdesk_caseevent
    for each row execute function helpdesk_moves();
"""
NO_MOVES = """
drop trigger helpdesk_caseevent_moves on helpdesk_caseevent; drop function helpdesk_moves();
drop trigger zz_helpdesk_case_opened on helpdesk_case; drop function helpdesk_opened();
"""

EVENTS = """
alter table helpdesk_caseevent enable row level security;
create policy helpdesk_caseevent_read on helpdesk_caseevent for select using (
    exists (select from helpdesk_case c where c.id = case_id));
create policy helpdesk_caseevent_add on helpdesk_caseevent for insert with check (
    by_id = helpdesk_me() and what not in ('OPENED', 'RATED'));
"""
NO_EVENTS = """
drop policy helpdesk_caseevent_add on helpdesk_caseevent; drop policy helpdesk_caseevent_read on helpdesk_caseevent;
alter table helpdesk_caseevent disable row level security;
"""

PUBLIC = f"""
create function helpdesk_follow(asked text, digest bytea) returns setof helpdesk_case
    language sql stable {DEFINER} as $$
    select * from helpdesk_case where number = asked and pin_digest = digest
$$;

create function helpdesk_told(asked text, digest bytea) returns setof helpdesk_caseevent
    language sql stable {DEFINER} as $$
    select e.* from helpdesk_caseevent e join helpdesk_case c on c.number = asked and c.pin_digest = digest
    where e.told and (e.case_id = c.id or (e.case_id = c.merged_into_id and e.what = 'ANSWERED'))
    order by e.at, e.number
$$;

create function helpdesk_asker_does(asked text, digest bytea, event uuid, does text, words bytea, stars text,
        until timestamptz) returns boolean language plpgsql {DEFINER} as $$
declare c helpdesk_case;
begin
    select * into c from helpdesk_case where number = asked and pin_digest = digest for update;
    if c.id is null or does not in ('REOPENED', 'RATED') then
        return false;
    end if;
    insert into helpdesk_caseevent (id, case_id, number, what, told, text_sealed, value, due_at, authority, at)
        values (event, c.id, c.steps + 1, does, true, words, stars, until, '', clock_timestamp());
    return true;
exception when restrict_violation then
    return false;
end $$;

create function helpdesk_escalate_due(hours jsonb) returns integer language plpgsql {DEFINER} as $$
declare c helpdesk_case; done integer := 0;
begin
    for c in select * from helpdesk_case where due_at < now() and level < 4
            and state in ('NEW', 'ASSIGNED', 'IN_PROGRESS', 'ESCALATED') order by due_at for update skip locked loop
        insert into helpdesk_caseevent (id, case_id, number, what, told, text_sealed, value, level, due_at, authority,
                at)
            values (gen_random_uuid(), c.id, c.steps + 1, 'ESCALATED', true, '', '', c.level + 1,
                now() + make_interval(hours => (hours->c.kind->>(c.level))::integer), '', clock_timestamp());
        done := done + 1;
    end loop;
    return done;
end $$;

revoke all on function helpdesk_follow(text, bytea), helpdesk_told(text, bytea), helpdesk_escalate_due(jsonb),
    helpdesk_asker_does(text, bytea, uuid, text, bytea, text, timestamptz) from public;
grant execute on function helpdesk_follow(text, bytea), helpdesk_told(text, bytea), helpdesk_escalate_due(jsonb),
    helpdesk_asker_does(text, bytea, uuid, text, bytea, text, timestamptz) to {APP_ROLE};
"""
NO_PUBLIC = """
drop function helpdesk_escalate_due(jsonb);
drop function helpdesk_asker_does(text, bytea, uuid, text, bytea, text, timestamptz);
drop function helpdesk_told(text, bytea); drop function helpdesk_follow(text, bytea);
"""


class Migration(migrations.Migration):
    """Row security, the moves, and what the public may do."""

    dependencies = [("helpdesk", "0001_initial"), ("audit", "0008_even_odds_of_territory")]
    operations = [
        migrations.RunSQL(SEEN, NO_SEEN),
        migrations.RunSQL(MOVES, NO_MOVES),
        migrations.RunSQL(EVENTS, NO_EVENTS),
        migrations.RunSQL(PUBLIC, NO_PUBLIC),
        stays("helpdesk_case"),
        append_only("helpdesk_caseevent"),
        door_for_resealing("helpdesk_caseevent", "helpdesk_caseevent_append_only", "gandeng_never", "{text_sealed}"),
    ]
