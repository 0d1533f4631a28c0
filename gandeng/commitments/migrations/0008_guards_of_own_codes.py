"""A link shows and takes nothing without a code, and the code comes from another person than who made the link.

Whoever makes a link holds its secret and could answer as the school. So the functions that read and write for the
public ask for a second thing, which a trigger takes from nobody who made the link, nor from whoever stood in for that
person, or had that person stand in, on any day since. Links that were made before have no code and open nothing until
one is drawn. Wrong codes are counted by the link; the last that is allowed closes it. Going back leaves the public
without any door.
"""

from django.db import migrations

from gandeng.audit.guards import APP_ROLE, append_only, seen_within

TABLES = ("commitments_owncode", "commitments_owncodeend", "commitments_wrongcode")
DEFINER = "security definer set search_path = public, pg_temp"
OPEN = """l.expires_at > now()
        and not exists (select from commitments_ownlinkend e where e.link_id = l.id)
        and not exists (select from commitments_confirmation c where c.link_id = l.id)
        and not exists (select from commitments_wrongcode w where w.link_id = l.id and w.number = 5)"""
IN_FORCE = "k.link_id = l.id and not exists (select from commitments_owncodeend e where e.code_id = k.id)"
ASKED = f"l.secret_digest = secret and {OPEN}"
WITH_CODE = f"""{ASKED}
        and exists (select from commitments_owncode k where k.code_digest = typed and {IN_FORCE})"""

TWO_PEOPLE = f"""
create function commitments_two_people(one uuid, other uuid, since timestamptz) returns boolean
    language sql stable {DEFINER} as $$
    select one <> other and not exists (
        select from accounts_grant d join accounts_grant g on g.id = d.stands_in_for_id
        where (d.person_id, g.person_id) in ((one, other), (other, one))
        and daterange(d.valid_from, d.valid_until) && daterange(
            (since at time zone 'Asia/Jakarta')::date, (now() at time zone 'Asia/Jakarta')::date, '[]'))
$$;
revoke all on function commitments_two_people(uuid, uuid, timestamptz) from public;
grant execute on function commitments_two_people(uuid, uuid, timestamptz) to {APP_ROLE};

create function commitments_owncode_drawn() returns trigger language plpgsql {DEFINER} as $$
declare own commitments_ownlink;
begin
    perform from commitments_ownlink l where l.id = new.link_id for no key update;
    select * into own from commitments_ownlink l where l.id = new.link_id and l.region_code = new.region_code
        and {OPEN};
    if not found then
        raise exception 'the link is not open' using errcode = 'restrict_violation', constraint = 'own_code_open';
    end if;
    if exists (select from commitments_ownlink l join commitments_owncode k on {IN_FORCE} where l.id = own.id) then
        raise exception 'a code is in force' using errcode = 'restrict_violation', constraint = 'own_code_one';
    end if;
    if not commitments_two_people(own.by_id, new.by_id, own.at) then
        raise exception 'who made the link draws no code for it' using errcode = 'restrict_violation',
            constraint = 'own_code_two_people';
    end if;
    return new;
end $$;

create function commitments_owncodeend_comes() returns trigger language plpgsql {DEFINER} as $$
declare of_link uuid;
begin
    select k.link_id into of_link from commitments_owncode k
        where k.id = new.code_id and k.region_code = new.region_code;
    perform from commitments_ownlink l where l.id = of_link for no key update;
    if of_link is null or exists (select from commitments_confirmation c where c.link_id = of_link) then
        raise exception 'it was answered with this code' using errcode = 'restrict_violation',
            constraint = 'own_code_open';
    end if;
    return new;
end $$;

create trigger commitments_owncode_by_oneself before insert on commitments_owncode
    for each row execute function commitments_by_oneself();
create trigger commitments_owncode_drawn before insert on commitments_owncode
    for each row execute function commitments_owncode_drawn();
create trigger commitments_owncodeend_by_oneself before insert on commitments_owncodeend
    for each row execute function commitments_by_oneself();
create trigger commitments_owncodeend_comes before insert on commitments_owncodeend
    for each row execute function commitments_owncodeend_comes();
"""
NO_TWO_PEOPLE = """
drop trigger commitments_owncodeend_comes on commitments_owncodeend;
drop trigger commitments_owncodeend_by_oneself on commitments_owncodeend;
drop trigger commitments_owncode_drawn on commitments_owncode;
drop trigger commitments_owncode_by_oneself on commitments_owncode;
drop function commitments_owncodeend_comes(); drop function commitments_owncode_drawn();
drop function commitments_two_people(uuid, uuid, timestamptz);
"""

DOOR = f"""
drop function if exists commitments_own_confirm(bytea, uuid, text, text, text, jsonb);
drop function if exists commitments_own_told(bytea); drop function if exists commitments_own_open(bytea);

create function commitments_own_asks(secret bytea) returns boolean language sql stable {DEFINER} as $$
    select exists (select from commitments_ownlink l where {ASKED})
$$;

create function commitments_own_try(secret bytea, typed bytea)
    returns table (outcome text, of_link uuid, region text, left_over integer) language plpgsql {DEFINER} as $$
declare own commitments_ownlink; before integer;
begin
    perform from commitments_ownlink l where l.secret_digest = secret for no key update;
    select * into own from commitments_ownlink l where {ASKED};
    if not found then
        return query select 'CLOSED', null::uuid, '', 0;
        return;
    end if;
    if exists (select from commitments_ownlink l where {WITH_CODE}) then
        return query select 'RIGHT', own.id, own.region_code, 0;
        return;
    end if;
    select count(*) into before from commitments_wrongcode w where w.link_id = own.id;
    insert into commitments_wrongcode (id, link_id, region_code, number, at)
        values (gen_random_uuid(), own.id, own.region_code, before + 1, clock_timestamp());
    return query select 'WRONG', own.id, own.region_code, 4 - before;
end $$;

create function commitments_own_open(secret bytea, typed bytea) returns table (facility text, kind text, code text,
        village_code text, year integer, quarter integer, expires_at timestamptz, shown text)
    language sql stable {DEFINER} as $$
    select f.name, f.kind, f.code, f.region_code, l.year, l.quarter, l.expires_at,
        commitments_own_digest(l.facility_id, l.year, l.quarter)
    from commitments_ownlink l join commitments_facility f on f.id = l.facility_id
    where {WITH_CODE}
$$;

create function commitments_own_told(secret bytea, typed bytea) returns table (place bigint, name text,
        school_level text, obligation text, month smallint, service boolean, days smallint, absent smallint,
        leave smallint, sick smallint, visits smallint)
    language sql stable {DEFINER} as $$
    select r.place, r.name, r.school_level, r.obligation, r.month, r.service, r.days, r.absent, r.leave, r.sick,
        r.visits
    from commitments_ownlink l, commitments_own_rows(l.facility_id, l.year, l.quarter) r
    where {WITH_CODE}
    order by r.place, r.month
$$;

create function commitments_own_confirm(secret bytea, typed bytea, confirmation uuid, seen text, who text,
        office_of text, differs jsonb)
    returns table (outcome text, region text, made_by uuid, drawn_by uuid) language plpgsql {DEFINER} as $$
declare own commitments_ownlink; drawn uuid; found_rows integer; told integer;
begin
    perform from commitments_ownlink l where l.secret_digest = secret for update;
    select * into own from commitments_ownlink l where {WITH_CODE};
    if not found then
        return query select 'CLOSED', '', null::uuid, null::uuid;
        return;
    end if;
    if commitments_own_digest(own.facility_id, own.year, own.quarter) is distinct from seen then
        return query select 'CHANGED', '', null::uuid, null::uuid;
        return;
    end if;
    select count(distinct place), count(distinct place) filter (where differs ? place::text) into found_rows, told
        from commitments_own_rows(own.facility_id, own.year, own.quarter);
    if found_rows = 0 then
        return query select 'EMPTY', '', null::uuid, null::uuid;
        return;
    end if;
    select k.by_id into drawn from commitments_ownlink l join commitments_owncode k on {IN_FORCE} where l.id = own.id;
    insert into commitments_confirmation (id, link_id, facility_id, region_code, year, quarter, shown_digest, members,
            agrees, name, office, at)
        values (confirmation, own.id, own.facility_id, own.region_code, own.year, own.quarter, seen, found_rows,
            told = 0, who, office_of, clock_timestamp());
    insert into commitments_difference (id, confirmation_id, sheet_id, member_id, family_id, village_code, obligation,
            words, at)
        select gen_random_uuid(), confirmation, r.sheet_id, r.member_id, r.family_id, r.village_code, r.obligation,
            differs->>r.place::text, clock_timestamp()
        from (select distinct on (place) * from commitments_own_rows(own.facility_id, own.year, own.quarter)
            where differs ? place::text) r;
    return query select 'DONE', own.region_code, own.by_id, drawn;
end $$;

revoke all on function commitments_own_asks(bytea), commitments_own_try(bytea, bytea),
    commitments_own_open(bytea, bytea), commitments_own_told(bytea, bytea),
    commitments_own_confirm(bytea, bytea, uuid, text, text, text, jsonb) from public;
grant execute on function commitments_own_asks(bytea), commitments_own_try(bytea, bytea),
    commitments_own_open(bytea, bytea), commitments_own_told(bytea, bytea),
    commitments_own_confirm(bytea, bytea, uuid, text, text, text, jsonb) to {APP_ROLE};
revoke insert on commitments_wrongcode from {APP_ROLE};
"""
NO_DOOR = f"""
grant insert on commitments_wrongcode to {APP_ROLE};
drop function commitments_own_confirm(bytea, bytea, uuid, text, text, text, jsonb);
drop function commitments_own_told(bytea, bytea); drop function commitments_own_open(bytea, bytea);
drop function commitments_own_try(bytea, bytea); drop function commitments_own_asks(bytea);
"""


class Migration(migrations.Migration):
    """Row security, append-only, who draws a code, and the doors that ask for one in place of those that did not."""

    dependencies = [("commitments", "0007_own_codes")]
    operations = [
        *(seen_within(table, "region_code", every_channel=True) for table in TABLES),
        *(append_only(table) for table in TABLES),
        migrations.RunSQL(TWO_PEOPLE, NO_TWO_PEOPLE),
        migrations.RunSQL(DOOR, NO_DOOR),
    ]
