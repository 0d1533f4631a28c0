"""Whose rows, what stays, and what no phone and no office may do.

An entry and a photo are there for who sent them, wherever she works by now, and for the office of its place. A visit is
there where its family is, for a facilitator among those she accompanies. Phones have no territory: people, no families.
"""

from django.db import migrations

from gandeng.audit.guards import APP_ROLE, EVEN_ODDS, WITHIN, append_only, door_for_resealing, secured, seen_through

ME = "nullif(current_setting('gandeng.person', true), '')::uuid"
OFFICE = "coalesce(current_setting('gandeng.caseload', true), '') = ''"
SENT = f"person_id = (select {ME}) or ({OFFICE} and {WITHIN.format(column='region_code')})"
OWN_FAMILIES = f"case when {OFFICE} then true else gandeng_accompanies(family_id) end"
VISITED = f"{WITHIN.format(column='village_code')} and {OWN_FAMILIES}"
DEFINER = "security definer set search_path = public, pg_temp"

ASKED = f"""
create function field_village_of(family uuid) returns text language sql stable {DEFINER} as $$
    select f.village_code from registry_family f where f.id = family and ({WITHIN.format(column="f.village_code")}
        or exists (select from facilitators_accompaniment a join facilitators_staff s on s.id = a.staff_id
            where a.family_id = family and s.person_id = {ME}))
$$;
create function field_id_taken(entry uuid) returns boolean language sql stable {DEFINER} as $$
    select exists (select from field_entry e where e.entry_id = entry)
$$;
revoke all on function field_village_of(uuid), field_id_taken(uuid) from public;
grant execute on function field_village_of(uuid), field_id_taken(uuid) to {APP_ROLE};
"""
NO_ASKED = "drop function field_id_taken(uuid); drop function field_village_of(uuid);"

DEVICE = f"""
create function field_device_stays() returns trigger language plpgsql {DEFINER} as $$
begin
    if tg_op = 'INSERT' then
        perform pg_advisory_xact_lock(7311, hashtext(new.person_id::text));
        if (select count(*) from field_device d where d.person_id = new.person_id and d.revoked_at is null) >= 3 then
            raise exception 'three phones are in use' using errcode = 'check_violation', constraint = 'field_device_three';
        end if;
        if new.person_id is distinct from {ME} then
            raise exception 'a phone is entered by who carries it' using errcode = 'restrict_violation';
        end if;
        return new;
    end if;
    if (old.id, old.person_id, old.name, old.region_code, old.made_at)
            is distinct from (new.id, new.person_id, new.name, new.region_code, new.made_at) then
        raise exception 'a phone stays whose it is' using errcode = 'restrict_violation';
    end if;
    if old.revoked_at is not null and to_jsonb(old) is distinct from to_jsonb(new) then
        raise exception 'revoked is revoked' using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger field_device_stays before insert or update on field_device
    for each row execute function field_device_stays();
create trigger field_device_never_out before delete on field_device for each row execute function gandeng_never();
revoke delete on field_device from {APP_ROLE};
"""
NO_DEVICE = f"""drop trigger field_device_never_out on field_device; drop trigger field_device_stays on field_device;
drop function field_device_stays(); grant delete on field_device to {APP_ROLE};"""

SENDS = f"""
create function field_sends() returns trigger language plpgsql {DEFINER} as $$
begin
    if new.person_id is distinct from {ME} then
        raise exception 'what is sent is sent by who sends it' using errcode = 'restrict_violation';
    end if;
    if not exists (select from field_device d where d.id = new.device_id and d.person_id = new.person_id
            and d.revoked_at is null) then
        raise exception 'no phone of hers in use' using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger field_entry_sends before insert on field_entry for each row execute function field_sends();
create function field_decides() returns trigger language plpgsql {DEFINER} as $$
begin
    if new.by_id is distinct from {ME} or not exists (select from field_entry e where e.id = new.entry_id
            and e.state in ('CONFLICT', 'QUARANTINED') and e.person_id <> new.by_id
            and e.region_code = new.region_code) then
        raise exception 'another person decides about what waits' using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger field_entrydecision_decides before insert on field_entrydecision
    for each row execute function field_decides();
"""
NO_SENDS = """drop trigger field_entrydecision_decides on field_entrydecision; drop function field_decides();
drop trigger field_entry_sends on field_entry; drop function field_sends();"""

PHOTO = f"""
create function field_photo_stays() returns trigger language plpgsql {DEFINER} as $$
begin
    if tg_op = 'INSERT' then
        if new.person_id is distinct from {ME} then
            raise exception 'a photo is sent by who sends it' using errcode = 'restrict_violation';
        end if;
        return new;
    end if;
    if exists (select from field_entry e where e.person_id = old.person_id and e.photos ? old.sha256) then
        raise exception 'an entry names this photo' using errcode = 'restrict_violation';
    end if;
    return old;
end $$;
create trigger field_photo_stays before insert or delete on field_photo
    for each row execute function field_photo_stays();
create trigger field_photo_same before update on field_photo for each row
    when (not gandeng_only_resealed('field_photo'::regclass, to_jsonb(old), to_jsonb(new), '{{content_sealed}}'))
    execute function gandeng_never();
"""
NO_PHOTO = """drop trigger field_photo_same on field_photo; drop trigger field_photo_stays on field_photo;
drop function field_photo_stays();"""

VISIT = f"""
create function field_visits() returns trigger language plpgsql {DEFINER} as $$
begin
    if coalesce(new.accepted_by_id, new.by_id) is distinct from {ME} then
        raise exception 'who tells it went there, or lets it stand' using errcode = 'restrict_violation';
    end if;
    if not exists (select from registry_family f where f.id = new.family_id and f.village_code = new.village_code) then
        raise exception 'the family lives elsewhere' using errcode = 'restrict_violation';
    end if;
    if new.on_day > (now() at time zone 'Asia/Jayapura')::date then
        raise exception 'that day is yet to come' using errcode = 'check_violation', constraint = 'field_visit_day';
    end if;
    return new;
end $$;
create trigger field_visit_tells before insert on field_visit for each row execute function field_visits();
"""
NO_VISIT = "drop trigger field_visit_tells on field_visit; drop function field_visits();"


class Migration(migrations.Migration):
    """Row security, what stays, and who may write."""

    dependencies = [
        ("field", "0001_initial"),
        ("audit", "0002_guards"),
        ("facilitators", "0004_caseload_alone"),
    ]
    operations = [
        migrations.RunSQL(ASKED, NO_ASKED),
        secured("field_entry", EVEN_ODDS.format(rule=f"({SENT})")),
        append_only("field_entry"),
        door_for_resealing("field_entry", "field_entry_append_only", "gandeng_never", "{body_sealed}"),
        seen_through("field_entrydecision", "entry_id", "field_entry"),
        append_only("field_entrydecision"),
        secured("field_photo", EVEN_ODDS.format(rule=f"({SENT})")),
        secured("field_visit", EVEN_ODDS.format(rule=VISITED)),
        append_only("field_visit"),
        migrations.RunSQL(DEVICE, NO_DEVICE),
        migrations.RunSQL(SENDS, NO_SENDS),
        migrations.RunSQL(PHOTO, NO_PHOTO),
        migrations.RunSQL(VISIT, NO_VISIT),
    ]
