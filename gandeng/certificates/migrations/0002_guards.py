"""A certificate goes with its holder: for herself, and for whoever has her in his territory. What was issued stays.

The database gives the number, one after the other for each office and year: who asks for the next one (the digest of a
paper covers it) keeps others waiting until it is written. It refuses a second one in force from the same training.
"""

from django.db import migrations

from gandeng.audit.guards import (
    ALL_CHANNELS,
    APP_ROLE,
    WITHIN,
    append_only,
    door_for_resealing,
    seen_through,
    seen_within,
    stays,
)

ME = "nullif(current_setting('gandeng.person', true), '')::uuid"
OFFICER = "nullif(current_setting('gandeng.caseload', true), '') is null"
"""Not a facilitator and nothing else, who has a sub-district or village as territory and sees herself alone."""

SEEN = f"""
alter table certificates_certificate enable row level security;
create policy certificates_certificate_read on certificates_certificate for select using (coalesce(
    {ALL_CHANNELS} and exists (select from facilitators_staff s where s.id = staff_id and (
        {WITHIN.format(column="s.region_code")} or s.person_id = {ME}
        or ({OFFICER} and s.home_code <> '' and {WITHIN.format(column="s.home_code")}))), false));
create policy certificates_certificate_add on certificates_certificate for insert with check (coalesce(
    {ALL_CHANNELS} and {WITHIN.format(column="region_code")}, false));
"""
NO_SEEN = """
drop policy certificates_certificate_add on certificates_certificate;
drop policy certificates_certificate_read on certificates_certificate;
alter table certificates_certificate disable row level security;
"""

NUMBERED = f"""
create function certificates_next(of_series text) returns bigint language plpgsql volatile security definer
    set search_path = public, pg_temp as $$
begin
    perform pg_advisory_xact_lock(7072, hashtext(of_series));
    return (select coalesce(max(serial), 0) + 1 from certificates_certificate where series = of_series);
end $$;
revoke all on function certificates_next(text) from public;
grant execute on function certificates_next(text) to {APP_ROLE};

create function certificates_numbered() returns trigger language plpgsql security definer
    set search_path = public, pg_temp as $$
declare
    k certificates_skill; s facilitators_staff; r certificates_certificate; given text;
begin
    select * into strict k from certificates_skill where id = new.skill_id;
    select * into strict s from facilitators_staff where id = new.staff_id;
    if s.region_code <> new.region_code or not new.region_code ^@ new.office_code
            or not new.office_code ^@ k.region_code then
        raise exception 'no office certifies staff or skills of another region' using errcode = 'restrict_violation';
    end if;
    if new.renews_id is not null then
        select * into strict r from certificates_certificate where id = new.renews_id;
        if r.staff_id <> new.staff_id or r.skill_id <> new.skill_id then
            raise exception 'a certificate renews one of the same person and skill'
                using errcode = 'restrict_violation';
        end if;
    end if;
    new.series := format('%s-%s-%s-', case new.origin when 'OWN' then 'SRT' else 'CSL' end,
        coalesce(nullif(new.office_code, ''), 'RI'), extract(year from new.issued_on));
    perform pg_advisory_xact_lock(7072, hashtext(new.series));
    if new.from_event is not null then
        perform pg_advisory_xact_lock(7073, hashtext(new.from_event::text));
        if exists (select from certificates_certificate c where c.from_event = new.from_event
                and c.staff_id = new.staff_id and c.skill_id = new.skill_id and c.id is distinct from new.renews_id
                and (c.valid_until is null or c.valid_until > new.issued_on)
                and not exists (select from certificates_revocation v where v.certificate_id = c.id)) then
            raise exception 'a certificate of this training is in force' using
                errcode = 'restrict_violation', constraint = 'certificate_event_once';
        end if;
    end if;
    select coalesce(max(serial), 0) + 1 into new.serial from certificates_certificate where series = new.series;
    given := new.series || case when new.serial < 10000 then lpad(new.serial::text, 4, '0') else new.serial::text end;
    if new.number not in ('', given) then
        raise exception 'the next number is %', given using errcode = 'restrict_violation';
    end if;
    new.number := given;
    return new;
end $$;
create trigger certificates_certificate_numbered before insert on certificates_certificate
    for each row execute function certificates_numbered();
"""
NO_NUMBERED = """
drop trigger certificates_certificate_numbered on certificates_certificate; drop function certificates_numbered();
drop function certificates_next(text);
"""

SKILL = """
create function certificates_skill_stays() returns trigger language plpgsql as $$
begin
    if old.ended_on is not null or (old.region_code, old.key, old.name, old.entered_by_id, old.entered_at)
            is distinct from (new.region_code, new.key, new.name, new.entered_by_id, new.entered_at) then
        raise exception 'a skill keeps its name and office, and ends once' using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger certificates_skill_stays before update on certificates_skill
    for each row execute function certificates_skill_stays();
"""
NO_SKILL = "drop trigger certificates_skill_stays on certificates_skill; drop function certificates_skill_stays();"

EVIDENCE = """
create function certificates_evidence_of_outside() returns trigger language plpgsql security definer
    set search_path = public, pg_temp as $$
begin
    if not exists (select from certificates_certificate c where c.id = new.certificate_id and c.origin = 'OUTSIDE') then
        raise exception 'our own papers need no copy' using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger certificates_evidence_of_outside before insert on certificates_evidence
    for each row execute function certificates_evidence_of_outside();
"""
NO_EVIDENCE = """
drop trigger certificates_evidence_of_outside on certificates_evidence;
drop function certificates_evidence_of_outside();
"""


class Migration(migrations.Migration):
    """Row security, numbers, what stays."""

    dependencies = [
        ("certificates", "0001_initial"),
        ("facilitators", "0003_held"),
        ("audit", "0008_even_odds_of_territory"),
    ]
    operations = [
        seen_within("certificates_skill", "region_code", every_channel=True, touches=True),
        migrations.RunSQL(SEEN, NO_SEEN),
        seen_through("certificates_evidence", "certificate_id", "certificates_certificate"),
        seen_through("certificates_revocation", "certificate_id", "certificates_certificate"),
        migrations.RunSQL(NUMBERED, NO_NUMBERED),
        migrations.RunSQL(SKILL, NO_SKILL),
        migrations.RunSQL(EVIDENCE, NO_EVIDENCE),
        stays("certificates_skill"),
        append_only("certificates_certificate"),
        append_only("certificates_evidence"),
        door_for_resealing(
            "certificates_evidence", "certificates_evidence_append_only", "gandeng_never", "{content_sealed}"
        ),
        append_only("certificates_revocation"),
    ]
