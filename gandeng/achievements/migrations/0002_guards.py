"""Whose rows, which state follows which, who agrees for whom; a yearbook tells only of what consent covers that day.

Everything about a child or family is there where the family is, through the rule of registry_family, so a facilitator
finds what is of the families she accompanies. An edition names nobody and is known to its districts; its files are for
the province and the nation.
"""

from django.db import migrations

from gandeng.audit.guards import APP_ROLE, append_only, door_for_resealing, seen_through, seen_within, stays

DEFINER = "security definer set search_path = public, pg_temp"

FUNCTIONS = f"""
create function achievements_today() returns date language sql stable as
    $$ select (now() at time zone 'Asia/Jakarta')::date $$;

create function achievements_consented(of_achievement uuid, day date) returns boolean
    language sql stable {DEFINER} as $$
    select exists (select from achievements_achievement a join achievements_consent c on c.id = a.consent_id
        left join registry_member m on m.id = a.member_id
        where a.id = of_achievement and c.withdrawn_at is null and c.given_on <= day and c.valid_until > day
            and (a.kind = 'FAMILY' or c.relation = 'SELF' or m.birth_date > day - interval '18 years'))
$$;
"""
NO_FUNCTIONS = "drop function achievements_consented(uuid, date); drop function achievements_today();"

ACHIEVEMENT = f"""
create function achievements_comes() returns trigger language plpgsql {DEFINER} as $$
begin
    if new.state <> 'DRAFT' or new.consent_id is not null or new.decided_by_id is not null then
        raise exception 'an achievement begins as a draft' using errcode = 'restrict_violation';
    end if;
    if new.member_id is not null and not exists (
            select from registry_member m where m.id = new.member_id and m.family_id = new.family_id) then
        raise exception 'the child is of another family' using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger achievements_comes before insert on achievements_achievement
    for each row execute function achievements_comes();

create function achievements_moves() returns trigger language plpgsql {DEFINER} as $$
declare
    told text[] := array['standing', 'field', 'level', 'what', 'achieved_on', 'giver', 'school', 'story_sealed'];
    by_acts text[] := array['state', 'submitted_by_id', 'submitted_at', 'decided_by_id', 'decided_at', 'reason',
        'withdrawn_at', 'erased_at', 'consent_id'];
    erased boolean := old.erased_at is null and new.erased_at is not null;
begin
    if to_jsonb(old) - told - by_acts <> to_jsonb(new) - told - by_acts then
        raise exception 'whose achievement it is does not change' using errcode = 'restrict_violation';
    end if;
    if new.consent_id is distinct from old.consent_id and pg_trigger_depth() < 2 then
        raise exception 'the last consent counts' using errcode = 'restrict_violation';
    end if;
    if to_jsonb(old) - by_acts <> to_jsonb(new) - by_acts and not erased and old.state not in ('DRAFT', 'RETURNED') then
        raise exception 'what was submitted is not changed' using errcode = 'restrict_violation';
    end if;
    if old.erased_at is not null
            or (old.state = 'WITHDRAWN' and not erased)
            or (new.state <> old.state and new.state <> 'WITHDRAWN' and (old.state, new.state) not in (
                ('DRAFT', 'SUBMITTED'), ('RETURNED', 'SUBMITTED'), ('SUBMITTED', 'CONFIRMED'),
                ('SUBMITTED', 'RETURNED'))) then
        raise exception 'from % it does not become %', old.state, new.state using errcode = 'restrict_violation';
    end if;
    if new.state = 'SUBMITTED' and old.state <> 'SUBMITTED' and not (
            achievements_consented(new.id, achievements_today())
            and exists (select from achievements_paper p where p.achievement_id = new.id and p.kind = 'PROOF')) then
        raise exception 'proof and consent come first' using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger achievements_moves before update on achievements_achievement
    for each row execute function achievements_moves();
"""
NO_ACHIEVEMENT = """
drop trigger achievements_moves on achievements_achievement; drop function achievements_moves();
drop trigger achievements_comes on achievements_achievement; drop function achievements_comes();
"""

PAPER = f"""
create function achievements_paper_comes() returns trigger language plpgsql {DEFINER} as $$
declare a achievements_achievement;
begin
    select * into strict a from achievements_achievement where id = new.achievement_id for update;
    if a.state not in ('DRAFT', 'RETURNED') then
        raise exception 'papers come before it is submitted' using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger achievements_paper_comes before insert on achievements_paper
    for each row execute function achievements_paper_comes();

create function achievements_paper_stays() returns trigger language plpgsql {DEFINER} as $$
declare a achievements_achievement;
begin
    if tg_op = 'DELETE' then
        select * into strict a from achievements_achievement where id = old.achievement_id for update;
        if a.state in ('DRAFT', 'RETURNED', 'WITHDRAWN') then
            return old;
        end if;
    end if;
    raise exception 'a paper of what was submitted stays as it is' using errcode = 'restrict_violation';
end $$;
create trigger achievements_paper_stays before update or delete on achievements_paper
    for each row execute function achievements_paper_stays();
"""
NO_PAPER = """
drop trigger achievements_paper_stays on achievements_paper; drop function achievements_paper_stays();
drop trigger achievements_paper_comes on achievements_paper; drop function achievements_paper_comes();
"""

CONSENT = f"""
create function achievements_consent_comes() returns trigger language plpgsql {DEFINER} as $$
declare a achievements_achievement; born date;
begin
    select * into strict a from achievements_achievement where id = new.achievement_id for update;
    select birth_date into born from registry_member where id = a.member_id;
    if a.state = 'WITHDRAWN' or new.given_on > achievements_today() or new.withdrawn_at is not null
            or not (case when a.kind = 'FAMILY' then new.relation in ('COLLECTOR', 'ADULT')
                when born <= new.given_on - interval '18 years' then new.relation = 'SELF'
                else new.relation in ('MOTHER', 'FATHER', 'GUARDIAN') end) then
        raise exception 'this is no consent for it' using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger achievements_consent_comes before insert on achievements_consent
    for each row execute function achievements_consent_comes();

create function achievements_consent_counts() returns trigger language plpgsql {DEFINER} as $$
begin
    update achievements_achievement set consent_id = new.id where id = new.achievement_id;
    return null;
end $$;
create trigger achievements_consent_counts after insert on achievements_consent
    for each row execute function achievements_consent_counts();

create function achievements_consent_ends() returns trigger language plpgsql as $$
begin
    if old.withdrawn_at is not null
            or to_jsonb(old) - array['withdrawn_on', 'withdrawn_at', 'withdrawn_by_id', 'withdrawn_because']
            <> to_jsonb(new) - array['withdrawn_on', 'withdrawn_at', 'withdrawn_by_id', 'withdrawn_because'] then
        raise exception 'a consent is not changed, it is withdrawn' using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger achievements_consent_ends before update on achievements_consent
    for each row execute function achievements_consent_ends();
"""
NO_CONSENT = """
drop trigger achievements_consent_ends on achievements_consent; drop function achievements_consent_ends();
drop trigger achievements_consent_counts on achievements_consent; drop function achievements_consent_counts();
drop trigger achievements_consent_comes on achievements_consent; drop function achievements_consent_comes();
"""

YEARBOOK = f"""
create function achievements_edition_numbered() returns trigger language plpgsql {DEFINER} as $$
begin
    perform pg_advisory_xact_lock(7075, hashtext(new.region_code || ' ' || new.year));
    select coalesce(max(number), 0) + 1 into new.number from achievements_edition
        where region_code = new.region_code and year = new.year;
    return new;
end $$;
create trigger achievements_edition_numbered before insert on achievements_edition
    for each row execute function achievements_edition_numbered();

create function achievements_entry_covered() returns trigger language plpgsql {DEFINER} as $$
begin
    if not exists (select from achievements_achievement a join achievements_consent c on c.id = a.consent_id
            where a.id = new.achievement_id and c.id = new.consent_id and a.state = 'CONFIRMED' and c.covers_book
                and achievements_consented(a.id, achievements_today())
                and (c.covers_name or not new.told_name) and (c.covers_school or not new.told_school)
                and (c.covers_photo or not new.told_photo) and (c.covers_story or not new.told_story)) then
        raise exception 'consent does not cover this' using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger achievements_entry_covered before insert on achievements_entry
    for each row execute function achievements_entry_covered();
"""
NO_YEARBOOK = """
drop trigger achievements_entry_covered on achievements_entry; drop function achievements_entry_covered();
drop trigger achievements_edition_numbered on achievements_edition; drop function achievements_edition_numbered();
"""
RIGHTS = f"revoke truncate on achievements_achievement, achievements_paper, achievements_consent from {APP_ROLE};"


class Migration(migrations.Migration):
    """Row security and what follows from what."""

    dependencies = [
        ("achievements", "0001_initial"),
        ("facilitators", "0004_caseload_alone"),
        ("audit", "0008_even_odds_of_territory"),
    ]
    operations = [
        migrations.RunSQL(FUNCTIONS, NO_FUNCTIONS),
        seen_through("achievements_achievement", "family_id", "registry_family"),
        *(
            seen_through(f"achievements_{name}", "achievement_id", "achievements_achievement")
            for name in ("paper", "consent", "entry")
        ),
        seen_within("achievements_edition", "region_code", every_channel=True, touches=True),
        seen_within("achievements_editionfile", "region_code", every_channel=True),
        migrations.RunSQL(ACHIEVEMENT, NO_ACHIEVEMENT),
        migrations.RunSQL(PAPER, NO_PAPER),
        migrations.RunSQL(CONSENT, NO_CONSENT),
        migrations.RunSQL(YEARBOOK, NO_YEARBOOK),
        *(append_only(f"achievements_{name}") for name in ("edition", "editionfile", "entry")),
        door_for_resealing(
            "achievements_achievement", "achievements_moves", "achievements_moves", "{story_sealed}", others=""
        ),
        door_for_resealing(
            "achievements_paper",
            "achievements_paper_stays",
            "achievements_paper_stays",
            "{label_sealed}",
            "{content_sealed}",
        ),
        door_for_resealing(
            "achievements_consent",
            "achievements_consent_ends",
            "achievements_consent_ends",
            "{content_sealed}",
            others="",
        ),
        door_for_resealing(
            "achievements_editionfile", "achievements_editionfile_append_only", "gandeng_never", "{content_sealed}"
        ),
        *(stays(f"achievements_{name}") for name in ("achievement", "consent")),
        migrations.RunSQL(RIGHTS, migrations.RunSQL.noop),
    ]
