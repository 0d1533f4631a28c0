"""Whose rows: the code and clarifications by place, a case for its people alone; what is signed or done stays.

The database itself moves a case: a step is put in by whoever holds that part of it, and the state follows. Nobody in
the line of the accused, and not she herself, comes into the panel; who reported does not decide.
"""

from django.db import migrations

from gandeng.audit.guards import APP_ROLE, append_only, door_for_resealing, seen_within, stays

BY_PLACE = ("code", "signature", "clarification", "acknowledgement")
APPEND_ONLY = ("signature", "matter", "reporter", "party", "step", "casefile", "acknowledgement")
SEALED = {
    "matter": ("{what_sealed}", "{reporter_sealed}"), "step": ("{text_sealed}",),
    "casefile": ("{label_sealed}", "{content_sealed}"),
}  # fmt: skip
DEFINER = "security definer set search_path = public, pg_temp"

FUNCTIONS = f"""
create function conduct_me() returns uuid language sql stable as
    $$ select nullif(current_setting('gandeng.person', true), '')::uuid $$;

create function conduct_today() returns date language sql stable as
    $$ select (now() at time zone 'Asia/Jakarta')::date $$;

create function conduct_holds(who uuid, region text, variadic roles text[]) returns boolean
    language sql stable {DEFINER} as $$
    select exists (select from accounts_grant g where g.person_id = who and g.role = any(roles)
        and region ^@ g.region_code and daterange(g.valid_from, g.valid_until) @> conduct_today())
$$;

create function conduct_handles(who uuid, region text) returns boolean language sql stable as $$
    select conduct_holds(who, region, 'DISTRICT_HEAD', 'PROVINCE_HEAD', 'MINISTRY_HEAD')
$$;

create function conduct_on_panel(who uuid, region text) returns boolean language sql stable as $$
    select conduct_holds(who, region, 'DISTRICT_OPERATOR', 'DISTRICT_HEAD', 'PROVINCE_OFFICER', 'PROVINCE_HEAD',
        'MINISTRY_OFFICER', 'MINISTRY_HEAD')
$$;

create function conduct_in_line(who uuid, of_staff uuid) returns boolean language sql stable {DEFINER} as $$
    select exists (select from facilitators_staff s where s.id = of_staff and (s.person_id = who
        or exists (select from accounts_grant g where g.person_id = who
            and g.role in ('FACILITATOR', 'SUB_DISTRICT_LEAD', 'DISTRICT_COORDINATOR')
            and daterange(g.valid_from, g.valid_until) @> conduct_today()
            and (g.region_code ^@ s.region_code or s.region_code ^@ g.region_code))
        or exists (select from facilitators_staff o join facilitators_post p on p.staff_id = o.id
            where o.person_id = who and daterange(p.valid_from, p.valid_until) @> conduct_today()
            and (p.region_code ^@ s.region_code or s.region_code ^@ p.region_code))))
$$;

create function conduct_panel(of_case uuid) returns boolean language sql stable {DEFINER} as $$
    select exists (select from conduct_party p join conduct_case c on c.id = p.case_id
        where p.case_id = of_case and p.person_id = conduct_me() and p.part <> 'ACCUSED'
        and conduct_on_panel(conduct_me(), c.region_code))
$$;

create function conduct_has_part(of_case uuid, variadic parts text[]) returns boolean
    language sql stable {DEFINER} as $$
    select exists (select from conduct_party p where p.case_id = of_case and p.person_id = conduct_me()
        and p.part = any(parts))
$$;

create function conduct_reported(of_case uuid) returns boolean language sql stable {DEFINER} as $$
    select exists (select from conduct_reporter r where r.case_id = of_case and r.person_id = conduct_me())
$$;

create function conduct_registered(of_case uuid, region text) returns boolean language sql stable {DEFINER} as $$
    select conduct_holds(conduct_me(), region, 'DISTRICT_HEAD', 'PROVINCE_HEAD', 'MINISTRY_HEAD', 'AUDITOR')
        and not exists (select from conduct_matter m where m.case_id = of_case
            and conduct_in_line(conduct_me(), m.staff_id))
$$;
"""
NO_FUNCTIONS = """
drop function conduct_registered(uuid, text); drop function conduct_reported(uuid);
drop function conduct_has_part(uuid, text[]); drop function conduct_panel(uuid);
drop function conduct_in_line(uuid, uuid); drop function conduct_on_panel(uuid, text);
drop function conduct_handles(uuid, text); drop function conduct_holds(uuid, text, text[]);
drop function conduct_today(); drop function conduct_me();
"""

SEEN = """
alter table conduct_case enable row level security;
create policy conduct_case_read on conduct_case for select using (
    conduct_panel(id) or conduct_has_part(id, 'ACCUSED') or conduct_reported(id) or conduct_registered(id, region_code));
create policy conduct_case_add on conduct_case for insert with check (
    state = 'REPORTED' and taken_at is null and conduct_me() is not null);

alter table conduct_matter enable row level security;
create policy conduct_matter_read on conduct_matter for select using (conduct_panel(case_id));
create policy conduct_matter_add on conduct_matter for insert with check (conduct_reported(case_id));

alter table conduct_reporter enable row level security;
create policy conduct_reporter_read on conduct_reporter for select using (person_id = conduct_me());
create policy conduct_reporter_add on conduct_reporter for insert with check (person_id = conduct_me());

alter table conduct_party enable row level security;
create policy conduct_party_read on conduct_party for select using (
    conduct_panel(case_id) or conduct_has_part(case_id, 'ACCUSED'));
create policy conduct_party_add on conduct_party for insert with check (added_by_id = conduct_me());

alter table conduct_step enable row level security;
create policy conduct_step_read on conduct_step for select using (
    conduct_panel(case_id) or (open_to_accused and conduct_has_part(case_id, 'ACCUSED')));
create policy conduct_step_add on conduct_step for insert with check (by_id = conduct_me());

alter table conduct_casefile enable row level security;
create policy conduct_casefile_read on conduct_casefile for select using (
    conduct_panel(case_id) or (open_to_accused and conduct_has_part(case_id, 'ACCUSED')));
create policy conduct_casefile_add on conduct_casefile for insert with check (
    conduct_panel(case_id) or (open_to_accused and conduct_has_part(case_id, 'ACCUSED'))
    or (step_id is null and conduct_reported(case_id)));

alter table conduct_dismissal enable row level security;
create policy conduct_dismissal_read on conduct_dismissal for select using (
    conduct_holds(conduct_me(), region_code, 'DISTRICT_OPERATOR', 'DISTRICT_COORDINATOR', 'DISTRICT_HEAD',
        'PROVINCE_OFFICER', 'PROVINCE_HEAD', 'MINISTRY_HEAD'));
"""
NO_SEEN = "\n".join(
    f"drop policy conduct_{table}_{name} on conduct_{table}; alter table conduct_{table} disable row level security;"
    if name == "read" else f"drop policy conduct_{table}_{name} on conduct_{table};"
    for table in ("case", "matter", "reporter", "party", "step", "casefile", "dismissal")
    for name in ("add", "read") if (table, name) != ("dismissal", "add")
)  # fmt: skip

NUMBERED = f"""
create function conduct_numbered() returns trigger language plpgsql {DEFINER} as $$
declare head text := format('KE-%s-%s-', coalesce(nullif(new.region_code, ''), 'RI'),
    extract(year from conduct_today()));
begin
    perform pg_advisory_xact_lock(7071, hashtext(head));
    select head || lpad((count(*) + 1)::text, 3, '0') into new.number from conduct_case where number ^@ head;
    return new;
end $$;
create trigger conduct_case_numbered before insert on conduct_case for each row execute function conduct_numbered();
"""
NO_NUMBERED = "drop trigger conduct_case_numbered on conduct_case; drop function conduct_numbered();"

PARTY = f"""
create function conduct_party_comes() returns trigger language plpgsql {DEFINER} as $$
declare
    c conduct_case; m conduct_matter; me uuid := conduct_me();
begin
    select * into strict c from conduct_case where id = new.case_id for update;
    select * into strict m from conduct_matter where case_id = new.case_id;
    if new.part = 'ACCUSED' then
        if not conduct_has_part(c.id, 'INVESTIGATOR') or c.state not in ('REPORTED', 'HEARING')
                or not exists (select from facilitators_staff s where s.id = m.staff_id and s.person_id = new.person_id)
        then
            raise exception 'the accused comes in when the investigator calls her' using errcode = 'restrict_violation';
        end if;
        return new;
    end if;
    if conduct_in_line(new.person_id, m.staff_id) then
        raise exception 'the accused and her line are never of the panel' using errcode = 'restrict_violation';
    end if;
    if new.part in ('DECIDER', 'APPEAL')
            and exists (select from conduct_reporter r where r.case_id = c.id and r.person_id = new.person_id) then
        raise exception 'who reported does not decide' using errcode = 'restrict_violation';
    end if;
    if new.part in ('OPENER', 'APPEAL') then
        if new.person_id <> me or not conduct_handles(me, c.region_code)
                or (new.part = 'APPEAL' and c.state <> 'APPEALED')
                or exists (select from conduct_party p where p.case_id = c.id and p.part = new.part
                    and conduct_handles(p.person_id, c.region_code)) then
            raise exception 'nobody may take this in hand now' using errcode = 'restrict_violation';
        end if;
        update conduct_case set taken_at = coalesce(taken_at, now()) where id = c.id;
        return new;
    end if;
    if not conduct_has_part(c.id, 'OPENER', 'DECIDER') or not conduct_panel(c.id)
            or c.state not in ('REPORTED', 'HEARING', 'DECIDED')
            or not (case new.part when 'DECIDER' then conduct_handles(new.person_id, c.region_code)
                else conduct_on_panel(new.person_id, c.region_code) end) then
        raise exception 'nobody may be appointed like this' using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger conduct_party_comes before insert on conduct_party
    for each row execute function conduct_party_comes();
"""
NO_PARTY = "drop trigger conduct_party_comes on conduct_party; drop function conduct_party_comes();"

STEP = f"""
create function conduct_step_done() returns trigger language plpgsql {DEFINER} as $$
declare
    c conduct_case; last conduct_step; becomes text; parts text[];
begin
    select * into strict c from conduct_case where id = new.case_id for update;
    select * into last from conduct_step s where s.case_id = c.id and s.kind in ('DECIDED', 'APPEAL_DECIDED')
        and not exists (select from conduct_step l where l.corrects_id = s.id) order by s.at desc limit 1;
    parts := case new.kind
        when 'NOTE' then array['OPENER', 'INVESTIGATOR', 'DECIDER', 'APPEAL']
        when 'CALLED' then array['INVESTIGATOR'] when 'HEARD' then array['INVESTIGATOR']
        when 'DECIDED' then array['DECIDER'] when 'FINAL' then array['DECIDER']
        when 'APPEAL_DECIDED' then array['APPEAL'] when 'WITHDRAWN' then array['OPENER', 'DECIDER']
        else array['ACCUSED'] end;
    becomes := case
        when new.kind = 'NOTE' and c.state <> 'WITHDRAWN' then c.state
        when new.kind = 'CALLED' and c.state in ('REPORTED', 'HEARING') then 'HEARING'
        when new.kind = 'HEARD' and c.state = 'HEARING' then 'HEARING'
        when new.kind = 'DECIDED' and c.state = 'HEARING' and new.corrects_id is null
            and exists (select from conduct_step s where s.case_id = c.id and s.kind = 'HEARD') then 'DECIDED'
        when new.kind = 'DECIDED' and c.state in ('DECIDED', 'FINAL') and last.kind = 'DECIDED'
            and new.corrects_id = last.id then 'DECIDED'
        when new.kind = 'APPEALED' and c.state = 'DECIDED'
            and (last.on_day is null or last.on_day >= conduct_today()) then 'APPEALED'
        when new.kind = 'ACCEPTED' and c.state = 'DECIDED' then 'FINAL'
        when new.kind = 'FINAL' and c.state = 'DECIDED'
            and (last.outcome = 'UNFOUNDED' or last.on_day < conduct_today()) then 'FINAL'
        when new.kind = 'APPEAL_DECIDED' and c.state = 'APPEALED' and new.corrects_id = last.id then 'FINAL'
        when new.kind = 'APPEAL_DECIDED' and c.state = 'FINAL' and last.kind = 'APPEAL_DECIDED'
            and new.corrects_id = last.id then 'FINAL'
        when new.kind = 'WITHDRAWN' and c.state in ('REPORTED', 'HEARING') then 'WITHDRAWN' end;
    if becomes is null or not conduct_has_part(c.id, variadic parts)
            or (parts <> array['ACCUSED'] and not conduct_panel(c.id)) then
        raise exception 'a case in state % takes no %', c.state, new.kind using errcode = 'restrict_violation';
    end if;
    if new.kind in ('DECIDED', 'FINAL', 'APPEAL_DECIDED') and not conduct_handles(conduct_me(), c.region_code) then
        raise exception 'the right to decide has ended' using errcode = 'restrict_violation';
    end if;
    new.at := clock_timestamp();
    if becomes <> c.state or new.kind <> 'NOTE' then
        update conduct_case set state = becomes, changed_at = new.at where id = c.id;
    end if;
    return new;
end $$;
create trigger conduct_step_done before insert on conduct_step for each row execute function conduct_step_done();

create function conduct_dismisses() returns trigger language plpgsql {DEFINER} as $$
declare c conduct_case; last conduct_step;
begin
    select * into strict c from conduct_case where id = new.case_id;
    if new.corrects_id is not null then
        update conduct_dismissal set revoked_on = conduct_today() where step_id = new.corrects_id and revoked_on is null;
    end if;
    if c.state <> 'FINAL' or new.kind = 'NOTE' then
        return null;
    end if;
    select * into strict last from conduct_step s where s.case_id = c.id and s.kind in ('DECIDED', 'APPEAL_DECIDED')
        and not exists (select from conduct_step l where l.corrects_id = s.id) order by s.at desc limit 1;
    if last.outcome = 'DISMISSAL' then
        insert into conduct_dismissal (id, step_id, staff_id, region_code, case_number, final_on)
            select gen_random_uuid(), last.id, m.staff_id, c.region_code, c.number, conduct_today()
            from conduct_matter m where m.case_id = c.id on conflict (step_id) do nothing;
    end if;
    return null;
end $$;
create trigger conduct_step_dismisses after insert on conduct_step for each row execute function conduct_dismisses();
"""
NO_STEP = """
drop trigger conduct_step_dismisses on conduct_step; drop function conduct_dismisses();
drop trigger conduct_step_done on conduct_step; drop function conduct_step_done();
"""

OWN_HAND = f"""
create function conduct_own_hand() returns trigger language plpgsql {DEFINER} as $$
begin
    if not exists (select from facilitators_staff s where s.id = new.staff_id and s.person_id = conduct_me()) then
        raise exception 'she herself alone' using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger conduct_signature_own_hand before insert on conduct_signature
    for each row execute function conduct_own_hand();
create trigger conduct_acknowledgement_own_hand before insert on conduct_acknowledgement
    for each row execute function conduct_own_hand();

create function conduct_signs_the_text() returns trigger language plpgsql {DEFINER} as $$
begin
    if not exists (select from conduct_code c where c.id = new.code_id and c.text_sha256 = new.text_sha256
            and c.withdrawn_at is null and c.valid_from <= conduct_today()) then
        raise exception 'this is not the text of a version in force' using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger conduct_signature_of_the_text before insert on conduct_signature
    for each row execute function conduct_signs_the_text();
"""
NO_OWN_HAND = """
drop trigger conduct_signature_of_the_text on conduct_signature; drop function conduct_signs_the_text();
drop trigger conduct_signature_own_hand on conduct_signature;
drop trigger conduct_acknowledgement_own_hand on conduct_acknowledgement; drop function conduct_own_hand();
"""

ONLY_ENDS = """
create function conduct_code_stays() returns trigger language plpgsql as $$
begin
    if old.withdrawn_at is not null or old.valid_from <= conduct_today()
            or to_jsonb(old) - array['withdrawn_by_id', 'withdrawn_at', 'withdrawn_because']
            <> to_jsonb(new) - array['withdrawn_by_id', 'withdrawn_at', 'withdrawn_because'] then
        raise exception 'a version of the code is not changed; one not yet in force is withdrawn'
            using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger conduct_code_stays before update on conduct_code for each row execute function conduct_code_stays();

create function conduct_clarification_ends() returns trigger language plpgsql as $$
begin
    if old.ended_at is not null or to_jsonb(old) - array['ended_by_id', 'ended_at', 'end_reason']
            <> to_jsonb(new) - array['ended_by_id', 'ended_at', 'end_reason'] then
        raise exception 'a clarification is not changed, it ends' using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger conduct_clarification_ends before update on conduct_clarification
    for each row execute function conduct_clarification_ends();
"""
NO_ONLY_ENDS = """
drop trigger conduct_clarification_ends on conduct_clarification; drop function conduct_clarification_ends();
drop trigger conduct_code_stays on conduct_code; drop function conduct_code_stays();
"""

RIGHTS = f"""
revoke update, delete, truncate on conduct_case from {APP_ROLE};
revoke insert, update, delete, truncate on conduct_dismissal from {APP_ROLE};
"""
NO_RIGHTS = f"grant insert, update, delete on conduct_case, conduct_dismissal to {APP_ROLE};"


class Migration(migrations.Migration):
    """Row security, whose hand, and what follows from what."""

    dependencies = [
        ("conduct", "0001_initial"),
        ("facilitators", "0003_held"),
        ("audit", "0008_even_odds_of_territory"),
    ]
    operations = [
        migrations.RunSQL(FUNCTIONS, NO_FUNCTIONS),
        *(seen_within(f"conduct_{name}", "region_code", every_channel=True, touches=True) for name in BY_PLACE),
        migrations.RunSQL(SEEN, NO_SEEN),
        migrations.RunSQL(NUMBERED, NO_NUMBERED),
        migrations.RunSQL(PARTY, NO_PARTY),
        migrations.RunSQL(STEP, NO_STEP),
        migrations.RunSQL(OWN_HAND, NO_OWN_HAND),
        migrations.RunSQL(ONLY_ENDS, NO_ONLY_ENDS),
        *(append_only(f"conduct_{name}") for name in APPEND_ONLY),
        *(
            door_for_resealing(f"conduct_{name}", f"conduct_{name}_append_only", "gandeng_never", *places)
            for name, places in SEALED.items()
        ),
        *(stays(f"conduct_{name}") for name in ("code", "clarification", "case", "dismissal")),
        migrations.RunSQL(RIGHTS, NO_RIGHTS),
    ]
