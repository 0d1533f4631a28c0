"""Whose rows, that they stay, and that a meeting speaks of the families who were in its group that day.

Everything about one family is there where it lives, and for a facilitator among those she accompanies; a group, its
plans and meetings for whoever made them, for the territory, and for whoever accompanies one of its families.
"""

from django.db import migrations

from gandeng.audit.guards import ALL_CHANNELS, EVEN_ODDS, WITHIN, append_only, door_for_resealing, secured, stays

DEFINER = "security definer set search_path = public, pg_temp"
ME = "nullif(current_setting('gandeng.person', true), '')::uuid"
ALL = "coalesce(current_setting('gandeng.caseload', true), '') = ''"
HERE = f"{WITHIN.format(column='village_code')} and {ALL_CHANNELS}"
OF_FAMILY = f"{HERE} and case when {ALL} then true else gandeng_accompanies(family_id) end"


def _or_own(own: str) -> str:
    return EVEN_ODDS.format(rule=f"{HERE} and case when {ALL} then true else {own} end")


RULES = {
    "membership": EVEN_ODDS.format(rule=OF_FAMILY),
    "attendance": EVEN_ODDS.format(rule=OF_FAMILY),
    "absencenote": EVEN_ODDS.format(rule=OF_FAMILY),
    "group": _or_own(
        f"made_by_id = (select {ME}) or exists (select from family_sessions_membership m "
        "where m.group_id = family_sessions_group.id)"
    ),
    "plan": _or_own("exists (select from family_sessions_group g where g.id = group_id)"),
    "meeting": _or_own(
        f"by_id = (select {ME}) or exists (select from family_sessions_attendance a "
        "where a.meeting_id = family_sessions_meeting.id)"
    ),
    "picture": _or_own("exists (select from family_sessions_meeting m where m.id = meeting_id)"),
}

MEMBERSHIP = f"""
create function family_sessions_joins() returns trigger language plpgsql {DEFINER} as $$
begin
    if not exists (select from registry_family f where f.id = new.family_id and f.village_code = new.village_code
            and f.status in ('ACTIVE', 'SUSPENDED')) then
        raise exception 'the family lives elsewhere or is no longer there' using errcode = 'restrict_violation';
    end if;
    if new.added_by_id is distinct from {ME} then
        raise exception 'who writes it is who adds' using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger family_sessions_joins before insert on family_sessions_membership
    for each row execute function family_sessions_joins();

create function family_sessions_only_ends() returns trigger language plpgsql as $$
begin
    if to_jsonb(old) - 'valid_until' <> to_jsonb(new) - 'valid_until'
            or (old.valid_until is not null and (new.valid_until is null or new.valid_until > old.valid_until)) then
        raise exception 'who was in which group is not changed, it ends' using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger family_sessions_only_ends before update on family_sessions_membership
    for each row execute function family_sessions_only_ends();

create function family_sessions_family_goes() returns trigger language plpgsql {DEFINER} as $$
declare today date := (now() at time zone 'Asia/Jakarta')::date;
begin
    update family_sessions_membership set valid_until = greatest(valid_from, today)
        where family_id = new.id and (valid_until is null or valid_until > greatest(valid_from, today));
    return null;
end $$;
create trigger family_sessions_family_goes after update on registry_family for each row
    when (old.village_code is distinct from new.village_code
        or (old.status is distinct from new.status and new.status in ('GRADUATED', 'ENDED')))
    execute function family_sessions_family_goes();
"""
NO_MEMBERSHIP = """
drop trigger family_sessions_family_goes on registry_family; drop function family_sessions_family_goes();
drop trigger family_sessions_only_ends on family_sessions_membership; drop function family_sessions_only_ends();
drop trigger family_sessions_joins on family_sessions_membership; drop function family_sessions_joins();
"""

MEETING = f"""
create function family_sessions_told() returns trigger language plpgsql {DEFINER} as $$
begin
    if not exists (select from family_sessions_group g where g.id = new.group_id
            and g.village_code = new.village_code) then
        raise exception 'the group is of another village' using errcode = 'restrict_violation';
    end if;
    if new.by_id is distinct from {ME} then
        raise exception 'who writes it is who tells' using errcode = 'restrict_violation';
    end if;
    if new.on_day > (now() at time zone 'Asia/Jayapura')::date then
        raise exception 'that day is yet to come' using errcode = 'check_violation', constraint = 'p2k2_meeting_day';
    end if;
    if new.replaces_id is not null and not exists (select from family_sessions_meeting m where m.id = new.replaces_id
            and (m.group_id, m.by_id) = (new.group_id, new.by_id)) then
        raise exception 'only her own meeting of that group is told anew' using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger family_sessions_told before insert on family_sessions_meeting
    for each row execute function family_sessions_told();

create function family_sessions_attends() returns trigger language plpgsql {DEFINER} as $$
begin
    if not exists (select from family_sessions_meeting m
            join family_sessions_membership s on s.group_id = m.group_id and s.family_id = new.family_id
                and daterange(s.valid_from, s.valid_until) @> m.on_day
            where m.id = new.meeting_id and m.by_id is not distinct from {ME} and s.village_code = new.village_code)
            then
        raise exception 'the family was not in the group that day' using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger family_sessions_attends before insert on family_sessions_attendance
    for each row execute function family_sessions_attends();

create function family_sessions_counted() returns trigger language plpgsql {DEFINER} as $$
declare
    of_meeting uuid := case when tg_table_name = 'family_sessions_meeting' then to_jsonb(new) ->> 'id'
        else to_jsonb(new) ->> 'meeting_id' end;
begin
    if exists (select from family_sessions_meeting m where m.id = of_meeting and (
            m.families <> (select count(*) from family_sessions_attendance a where a.meeting_id = m.id)
            or m.came <> (select count(*) from family_sessions_attendance a
                where a.meeting_id = m.id and a.state in ('PRESENT', 'REPRESENTED')))) then
        raise exception 'the meeting does not count who came' using errcode = 'restrict_violation';
    end if;
    return null;
end $$;
create constraint trigger family_sessions_counted after insert on family_sessions_meeting
    deferrable initially deferred for each row execute function family_sessions_counted();
create constraint trigger family_sessions_counted after insert on family_sessions_attendance
    deferrable initially deferred for each row execute function family_sessions_counted();
"""
NO_MEETING = """
drop trigger family_sessions_counted on family_sessions_attendance;
drop trigger family_sessions_counted on family_sessions_meeting; drop function family_sessions_counted();
drop trigger family_sessions_attends on family_sessions_attendance; drop function family_sessions_attends();
drop trigger family_sessions_told on family_sessions_meeting; drop function family_sessions_told();
"""

AFTERWARDS = f"""
create function family_sessions_asked() returns trigger language plpgsql {DEFINER} as $$
begin
    if not exists (select from family_sessions_attendance a join family_sessions_meeting m on m.id = a.meeting_id
            where a.id = new.attendance_id and (a.family_id, a.village_code) = (new.family_id, new.village_code)
            and a.state in ('EXCUSED', 'ABSENT') and new.on_day >= m.on_day) then
        raise exception 'no absence of that family' using errcode = 'restrict_violation';
    end if;
    if new.by_id is distinct from {ME} then
        raise exception 'who writes it is who asked' using errcode = 'restrict_violation';
    end if;
    if new.on_day > (now() at time zone 'Asia/Jayapura')::date then
        raise exception 'that day is yet to come' using errcode = 'check_violation', constraint = 'p2k2_absence_day';
    end if;
    return new;
end $$;
create trigger family_sessions_asked before insert on family_sessions_absencenote
    for each row execute function family_sessions_asked();

create function family_sessions_pictured() returns trigger language plpgsql {DEFINER} as $$
begin
    if not exists (select from family_sessions_meeting m where m.id = new.meeting_id
            and m.village_code = new.village_code and m.by_id is not distinct from {ME}) then
        raise exception 'a picture is of her own meeting' using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger family_sessions_pictured before insert on family_sessions_picture
    for each row execute function family_sessions_pictured();
"""
NO_AFTERWARDS = """
drop trigger family_sessions_pictured on family_sessions_picture; drop function family_sessions_pictured();
drop trigger family_sessions_asked on family_sessions_absencenote; drop function family_sessions_asked();
"""


class Migration(migrations.Migration):
    """Row security, rows that stay, copies that match."""

    dependencies = [("family_sessions", "0001_initial"), ("facilitators", "0004_caseload_alone")]
    operations = [
        *(secured(f"family_sessions_{table}", rule) for table, rule in RULES.items()),
        *(
            append_only(f"family_sessions_{table}")
            for table in ("group", "plan", "meeting", "attendance", "absencenote", "picture")
        ),
        stays("family_sessions_membership"),
        door_for_resealing(
            "family_sessions_picture", "family_sessions_picture_append_only", "gandeng_never", "{content_sealed}"
        ),
        migrations.RunSQL(MEMBERSHIP, NO_MEMBERSHIP),
        migrations.RunSQL(MEETING, NO_MEETING),
        migrations.RunSQL(AFTERWARDS, NO_AFTERWARDS),
    ]
