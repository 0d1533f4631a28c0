"""What a school or clinic sees and says by its own link, without a login: through functions that ask for its secret.

A secret that is wrong, over, ended or used finds nothing, by the same question. No program adds a confirmation or a
difference by itself: the function does, where the link is open and the rows are those that were shown.
"""

from django.db import migrations

from gandeng.audit.guards import ALL_CHANNELS, APP_ROLE, EVEN_ODDS, WITHIN, append_only, secured, seen_within

OWN_FAMILIES = """case when coalesce(current_setting('gandeng.caseload', true), '') = '' then true
    else gandeng_accompanies(family_id) end"""
OF_FAMILY = EVEN_ODDS.format(rule=" and ".join([WITHIN.format(column="village_code"), ALL_CHANNELS, OWN_FAMILIES]))
PLACES = ("commitments_ownlink", "commitments_ownlinkend", "commitments_confirmation")
DEFINER = "security definer set search_path = public, pg_temp"
OPEN = """l.secret_digest = secret and l.expires_at > now()
        and not exists (select from commitments_ownlinkend e where e.link_id = l.id)
        and not exists (select from commitments_confirmation c where c.link_id = l.id)"""

BY_ONESELF = """
create trigger commitments_ownlink_by_oneself before insert on commitments_ownlink
    for each row execute function commitments_by_oneself();
create trigger commitments_ownlinkend_by_oneself before insert on commitments_ownlinkend
    for each row execute function commitments_by_oneself();
"""
NO_BY_ONESELF = """
drop trigger commitments_ownlink_by_oneself on commitments_ownlink;
drop trigger commitments_ownlinkend_by_oneself on commitments_ownlinkend;
"""

OWN = f"""
create function commitments_own_rows(of_facility uuid, of_year integer, of_quarter integer)
    returns table (place bigint, sheet_id uuid, member_id uuid, family_id uuid, village_code text, name text,
        school_level text, obligation text, month smallint, service boolean, days smallint, absent smallint,
        leave smallint, sick smallint, visits smallint)
    language sql stable {DEFINER} as $$
    with newest as (
        select distinct on (v.member_id, v.obligation) v.sheet_id, v.member_id, v.obligation
        from commitments_sheet s join commitments_verdict v on v.sheet_id = s.id
        where s.facility_id = of_facility and s.year = of_year and s.quarter = of_quarter
        order by v.member_id, v.obligation, v.at desc, v.id desc)
    select dense_rank() over (order by m.name, n.member_id, n.obligation), n.sheet_id, n.member_id, r.family_id,
        r.village_code, m.name, m.school_level, n.obligation, r.month, r.service, r.days, r.absent, r.leave, r.sick,
        r.visits
    from newest n
    join commitments_record r on (r.sheet_id, r.member_id, r.obligation) = (n.sheet_id, n.member_id, n.obligation)
    join registry_member m on m.id = n.member_id and m.left_on is null and m.deceased_on is null
    order by 1, r.month
$$;

create function commitments_own_digest(of_facility uuid, of_year integer, of_quarter integer) returns text
    language sql stable {DEFINER} as $$
    select encode(sha256(convert_to(coalesce(string_agg(r::text, '|' order by r.place, r.month), ''), 'UTF8')), 'hex')
    from commitments_own_rows(of_facility, of_year, of_quarter) r
$$;

create function commitments_own_open(secret bytea) returns table (facility text, kind text, code text,
        village_code text, year integer, quarter integer, expires_at timestamptz, shown text)
    language sql stable {DEFINER} as $$
    select f.name, f.kind, f.code, f.region_code, l.year, l.quarter, l.expires_at,
        commitments_own_digest(l.facility_id, l.year, l.quarter)
    from commitments_ownlink l join commitments_facility f on f.id = l.facility_id
    where {OPEN}
$$;

create function commitments_own_told(secret bytea) returns table (place bigint, name text, school_level text,
        obligation text, month smallint, service boolean, days smallint, absent smallint, leave smallint,
        sick smallint, visits smallint)
    language sql stable {DEFINER} as $$
    select r.place, r.name, r.school_level, r.obligation, r.month, r.service, r.days, r.absent, r.leave, r.sick,
        r.visits
    from commitments_ownlink l, commitments_own_rows(l.facility_id, l.year, l.quarter) r
    where {OPEN}
    order by r.place, r.month
$$;

create function commitments_own_confirm(secret bytea, confirmation uuid, seen text, who text, office_of text,
        differs jsonb) returns text language plpgsql {DEFINER} as $$
declare own commitments_ownlink; found_rows integer; told integer;
begin
    select * into own from commitments_ownlink o where o.secret_digest = secret for update;
    perform from commitments_ownlink l where {OPEN};
    if not found then
        return 'CLOSED';
    end if;
    if commitments_own_digest(own.facility_id, own.year, own.quarter) is distinct from seen then
        return 'CHANGED';
    end if;
    select count(distinct place), count(distinct place) filter (where differs ? place::text) into found_rows, told
        from commitments_own_rows(own.facility_id, own.year, own.quarter);
    if found_rows = 0 then
        return 'EMPTY';
    end if;
    insert into commitments_confirmation (id, link_id, facility_id, region_code, year, quarter, shown_digest, members,
            agrees, name, office, at)
        values (confirmation, own.id, own.facility_id, own.region_code, own.year, own.quarter, seen, found_rows,
            told = 0, who,
            office_of, clock_timestamp());
    insert into commitments_difference (id, confirmation_id, sheet_id, member_id, family_id, village_code, obligation,
            words, at)
        select gen_random_uuid(), confirmation, r.sheet_id, r.member_id, r.family_id, r.village_code, r.obligation,
            differs->>r.place::text, clock_timestamp()
        from (select distinct on (place) * from commitments_own_rows(own.facility_id, own.year, own.quarter)
            where differs ? place::text) r;
    return 'DONE';
end $$;

revoke all on function commitments_own_rows(uuid, integer, integer), commitments_own_digest(uuid, integer, integer),
    commitments_own_open(bytea), commitments_own_told(bytea),
    commitments_own_confirm(bytea, uuid, text, text, text, jsonb) from public;
grant execute on function commitments_own_open(bytea), commitments_own_told(bytea),
    commitments_own_confirm(bytea, uuid, text, text, text, jsonb) to {APP_ROLE};
revoke insert on commitments_confirmation, commitments_difference from {APP_ROLE};
"""
NO_OWN = f"""
grant insert on commitments_confirmation, commitments_difference to {APP_ROLE};
drop function commitments_own_confirm(bytea, uuid, text, text, text, jsonb);
drop function commitments_own_told(bytea); drop function commitments_own_open(bytea);
drop function commitments_own_digest(uuid, integer, integer);
drop function commitments_own_rows(uuid, integer, integer);
"""


class Migration(migrations.Migration):
    """Row security, append-only, and what the public may do."""

    dependencies = [("commitments", "0004_own_links"), ("facilitators", "0004_caseload_alone")]
    operations = [
        *(seen_within(table, "region_code", every_channel=True) for table in PLACES),
        secured("commitments_difference", OF_FAMILY),
        *(append_only(table) for table in (*PLACES, "commitments_difference")),
        migrations.RunSQL(BY_ONESELF, NO_BY_ONESELF),
        migrations.RunSQL(OWN, NO_OWN),
    ]
