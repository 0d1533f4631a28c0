"""Whose rows, that they stay, which step follows which, and that nobody decides about what he or she prepared."""

from django.db import migrations

from gandeng.audit.guards import (
    ALL_CHANNELS,
    EVEN_ODDS,
    WITHIN,
    append_only,
    door_for_resealing,
    refused,
    secured,
)

OWN_FAMILIES = """case when coalesce(current_setting('gandeng.caseload', true), '') = '' then true
    else gandeng_accompanies(family_id) end"""
OF_FAMILY = EVEN_ODDS.format(rule=" and ".join([WITHIN.format(column="village_code"), ALL_CHANNELS, OWN_FAMILIES]))
TABLES = ("case", "step", "paper")

MOVES = (
    ("PREPARING", "CHECKLIST", "PREPARING"),
    ("PREPARING", "VISIT", "PREPARING"),
    ("PREPARING", "STATEMENT", "PREPARING"),
    ("PREPARING", "PROPOSED", "PROPOSED"),
    ("PREPARING", "WITHDRAWN", "WITHDRAWN"),
    ("PROPOSED", "APPROVED", "APPROVED"),
    ("PROPOSED", "REFUSED", "REFUSED"),
    ("PROPOSED", "RETURNED", "PREPARING"),
    ("PROPOSED", "WITHDRAWN", "WITHDRAWN"),
    ("APPROVED", "TOLD", "TOLD"),
    ("APPROVED", "RETURNED", "PREPARING"),
    ("APPROVED", "WITHDRAWN", "WITHDRAWN"),
    ("TOLD", "EFFECTIVE", "EFFECTIVE"),
    ("TOLD", "OBJECTED", "OBJECTED"),
    ("TOLD", "RETURNED", "PREPARING"),
    ("TOLD", "WITHDRAWN", "WITHDRAWN"),
    ("OBJECTED", "UPHELD", "OVERTURNED"),
    ("OBJECTED", "REJECTED", "TOLD"),
    ("EFFECTIVE", "FOLLOW_UP_6", "EFFECTIVE"),
    ("EFFECTIVE", "FOLLOW_UP_12", "EFFECTIVE"),
    ("EFFECTIVE", "OBJECTED", "OBJECTED_AFTER"),
    ("EFFECTIVE", "REENTRY_ASKED", "REENTRY"),
    ("OBJECTED_AFTER", "UPHELD", "UPHELD"),
    ("OBJECTED_AFTER", "REJECTED", "EFFECTIVE"),
    ("UPHELD", "REENTRY_ASKED", "REENTRY"),
    ("REENTRY", "REENTERED", "REENTERED"),
    ("REENTRY", "REENTRY_REFUSED", "EFFECTIVE"),
)
_ALLOWED = ", ".join(f"('{since}', '{step}', '{to}')" for since, step, to in MOVES)
DEFINER = "security definer set search_path = public, pg_temp"
PERSON = "nullif(current_setting('gandeng.person', true), '')::uuid"


_LAST = "(select max(number) from graduation_step s where s.case_id = new.case_id and s.kind = 'APPROVED')"
OPENS = f"""
create function graduation_of_family(whose uuid, place text) returns void language plpgsql {DEFINER} as $$
begin
    {
    refused(
        "not exists (select from registry_family f where f.id = whose and f.village_code = place)",
        "the family lives elsewhere",
        "graduation_moved",
    )
}
end $$;

create function graduation_opens() returns trigger language plpgsql {DEFINER} as $$
begin
    perform from registry_family f where f.id = new.family_id for no key update;
    perform graduation_of_family(new.family_id, new.village_code);
    {refused(f"new.by_id is distinct from {PERSON}", "who writes it is who does it", "graduation_by_oneself")}
    {
    refused(
        '''exists (select from graduation_case c join registry_family f on f.id = c.family_id
            left join lateral (
                select s.state from graduation_step s where s.case_id = c.id order by s.number desc limit 1) l on true
            where c.family_id = new.family_id and c.village_code = new.village_code and (f.status = 'GRADUATED'
            or coalesce(l.state, 'PREPARING') in ('PREPARING', 'PROPOSED', 'APPROVED', 'TOLD', 'OBJECTED')))''',
        "a case is open",
        "graduation_one_open",
    )
}
    return new;
end $$;
create trigger graduation_case_opens before insert on graduation_case
    for each row execute function graduation_opens();
"""
GOES = f"""
create function graduation_prepared(which uuid, by_whom uuid) returns boolean language sql stable {DEFINER} as $$
    select exists (select from graduation_case c where c.id = which and c.by_id = by_whom)
        or exists (select from graduation_step s where s.case_id = which and s.by_id = by_whom
            and s.kind in ('CHECKLIST', 'VISIT', 'STATEMENT', 'PROPOSED'))
$$;
revoke all on function graduation_prepared(uuid, uuid) from public;

create function graduation_goes() returns trigger language plpgsql {DEFINER} as $$
declare about graduation_case; last graduation_step; done text[]; since int;
begin
    select * into about from graduation_case c where c.id = new.case_id;
    select * into last from graduation_step s where s.case_id = new.case_id order by s.number desc limit 1;
    select coalesce(array_agg(s.kind), '{{}}') into done from graduation_step s where s.case_id = new.case_id;
    perform graduation_of_family(new.family_id, new.village_code);
    {
    refused(
        "(about.family_id, about.village_code) is distinct from (new.family_id, new.village_code)",
        "the case is of another family",
        "graduation_another",
    )
}
    {refused(f"new.by_id is distinct from {PERSON}", "who writes it is who does it", "graduation_by_oneself")}
    {refused("new.on_day > (now() at time zone 'Asia/Jayapura')::date", "that day is yet to come", "graduation_day")}
    {
    refused(
        f'''new.number <> coalesce(last.number, 0) + 1
            or (coalesce(last.state, 'PREPARING'), new.kind, new.state) not in ({_ALLOWED})''',
        "no such step from there",
        "graduation_order",
    )
}
    {
    refused(
        '''new.kind = 'PROPOSED' and not (done @> array['CHECKLIST', 'VISIT']
            and (about.kind = 'NATURAL' or 'STATEMENT' = any(done)))''',
        "something is missing",
        "graduation_incomplete",
    )
}
    {
    refused(
        '''new.kind in ('APPROVED', 'REFUSED', 'EFFECTIVE', 'UPHELD', 'REJECTED')
            and graduation_prepared(new.case_id, new.by_id)''',
        "who prepared does not decide",
        "graduation_two_people",
    )
}
    {
    refused(
        f'''new.kind in ('UPHELD', 'REJECTED') and exists (select from graduation_step s
            where s.case_id = new.case_id and s.by_id = new.by_id and s.number >= {_LAST}
            and s.kind in ('APPROVED', 'EFFECTIVE', 'OBJECTED'))''',
        "somebody else answers",
        "graduation_another_answers",
    )
}
    {
    refused(
        "new.kind in ('REENTERED', 'REENTRY_REFUSED') and new.by_id = last.by_id",
        "who asked does not decide",
        "graduation_two_people",
    )
}
    {
    refused(
        f'''new.kind = 'OBJECTED' and exists (select from graduation_step s
            where s.case_id = new.case_id and s.kind = 'OBJECTED' and s.number > {_LAST})''',
        "it objected before",
        "graduation_objected_once",
    )
}
    {
    refused(
        '''new.kind in ('FOLLOW_UP_6', 'FOLLOW_UP_12') and new.kind = any(done)''',
        "followed up before",
        "graduation_follow_up_once",
    )
}
    return new;
end $$;
create trigger graduation_step_goes before insert on graduation_step
    for each row execute function graduation_goes();

create function graduation_signed() returns trigger language plpgsql {DEFINER} as $$
begin
    {
    refused(
        f'''not exists (select from graduation_step s where s.id = new.step_id and s.kind = 'STATEMENT'
            and (s.family_id, s.village_code) = (new.family_id, new.village_code)
            and s.by_id is not distinct from {PERSON})''',
        "a paper is of a statement of its family",
        "graduation_another",
    )
}
    return new;
end $$;
create trigger graduation_paper_signed before insert on graduation_paper
    for each row execute function graduation_signed();
"""
KEEPS = f"""
create function graduation_keeps() returns trigger language plpgsql {DEFINER} as $$
declare needed text := case when new.kind = 'GRADUATE' then 'EFFECTIVE' else 'REENTERED' end;
begin
    {
    refused(
        '''not exists (select from graduation_step s where s.change_id = new.id and s.kind = needed
            and s.family_id = new.family_id and s.by_id = new.decided_by_id)''',
        "a family graduates and comes back by a case",
        "graduation_by_case",
    )
}
    return new;
end $$;
create trigger registry_changerequest_graduation before update on registry_changerequest
    for each row when (new.state = 'APPROVED' and old.state <> 'APPROVED' and (new.kind = 'GRADUATE'
        or (new.kind = 'RESUME' and new.before ->> 'status' = 'GRADUATED')))
    execute function graduation_keeps();
"""
UNDO = """
drop trigger registry_changerequest_graduation on registry_changerequest; drop function graduation_keeps();
drop trigger graduation_paper_signed on graduation_paper; drop function graduation_signed();
drop trigger graduation_step_goes on graduation_step; drop function graduation_goes();
drop function graduation_prepared(uuid, uuid);
drop trigger graduation_case_opens on graduation_case; drop function graduation_opens();
drop function graduation_of_family(uuid, text);
"""


class Migration(migrations.Migration):
    """Row security, append-only, the order of steps, two people, and the one door out of the registry."""

    dependencies = [("graduation", "0001_initial"), ("facilitators", "0004_caseload_alone")]
    operations = [
        *(secured(f"graduation_{table}", OF_FAMILY) for table in TABLES),
        *(append_only(f"graduation_{table}") for table in TABLES),
        door_for_resealing("graduation_paper", "graduation_paper_append_only", "gandeng_never", "{content_sealed}"),
        migrations.RunSQL(OPENS + GOES + KEEPS, UNDO),
    ]
