"""Whose rows, that they stay, that they speak of whom they name, and that two people stand behind a decision."""

from django.db import migrations

from gandeng.audit.guards import ALL_CHANNELS, EVEN_ODDS, WITHIN, append_only, secured, seen_within

OWN_FAMILIES = """case when coalesce(current_setting('gandeng.caseload', true), '') = '' then true
    else gandeng_accompanies(family_id) end"""
OF_FAMILY = EVEN_ODDS.format(rule=" and ".join([WITHIN.format(column="village_code"), ALL_CHANNELS, OWN_FAMILIES]))
PLACES = ("commitments_facility", "commitments_sheet")
FAMILIES = (
    "commitments_enrolment", "commitments_record", "commitments_verdict", "commitments_recommendation",
    "commitments_decision", "commitments_step",
)  # fmt: skip
OF_MEMBERS = FAMILIES[:3]

PERSON = "nullif(current_setting('gandeng.person', true), '')::uuid"
SPEAKS = f"""
create function commitments_of_member() returns trigger language plpgsql
    security definer set search_path = public, pg_temp as $$
begin
    if not exists (select from registry_member m join registry_family f on f.id = m.family_id
            where m.id = new.member_id and (f.id, f.village_code) = (new.family_id, new.village_code)) then
        raise exception 'the member is of another family or place' using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create function commitments_by_oneself() returns trigger language plpgsql as $$
begin
    if new.by_id is distinct from {PERSON} then
        raise exception 'who writes it is who does it' using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create function commitments_sheet_in_time() returns trigger language plpgsql as $$
begin
    if new.signed_on > (now() at time zone 'Asia/Jayapura')::date
            or new.signed_on < make_date(new.year, new.quarter * 3 - 2, 1) then
        raise exception 'signed before the quarter, or tomorrow' using errcode = 'check_violation',
            constraint = 'sheet_signed';
    end if;
    return new;
end $$;
create function commitments_recorded(whose uuid, year_of int, quarter_of int, by_whom uuid) returns boolean
    language sql stable security definer set search_path = public, pg_temp as $$
    select exists (select from commitments_record r join commitments_sheet s on s.id = r.sheet_id
        where r.family_id = whose and (s.year, s.quarter, s.by_id) = (year_of, quarter_of, by_whom))
$$;
revoke all on function commitments_recorded(uuid, int, int, uuid) from public;
grant execute on function commitments_recorded(uuid, int, int, uuid) to gandeng_app;
create function commitments_decides() returns trigger language plpgsql
    security definer set search_path = public, pg_temp as $$
declare about commitments_recommendation;
begin
    select * into about from commitments_recommendation r where r.id = new.recommendation_id;
    if (about.family_id, about.village_code) is distinct from (new.family_id, new.village_code) then
        raise exception 'the recommendation is about another family' using errcode = 'restrict_violation';
    end if;
    if about.effect = 'NONE' then
        raise exception 'nothing was recommended' using errcode = 'restrict_violation',
            constraint = 'decision_of_nothing';
    end if;
    if exists (select from commitments_recommendation r where r.family_id = about.family_id
            and (r.year, r.quarter) = (about.year, about.quarter) and r.number > about.number) then
        raise exception 'a newer recommendation is there' using errcode = 'restrict_violation',
            constraint = 'decision_stale';
    end if;
    if commitments_recorded(about.family_id, about.year, about.quarter, new.by_id) then
        raise exception 'who recorded does not decide' using errcode = 'restrict_violation',
            constraint = 'decision_two_people';
    end if;
    return new;
end $$;
create function commitments_follows() returns trigger language plpgsql
    security definer set search_path = public, pg_temp as $$
declare about commitments_decision; of commitments_recommendation;
begin
    select * into about from commitments_decision d where d.id = new.decision_id;
    select * into of from commitments_recommendation r where r.id = about.recommendation_id;
    if (about.family_id, about.village_code) is distinct from (new.family_id, new.village_code) then
        raise exception 'the decision is about another family' using errcode = 'restrict_violation';
    end if;
    if new.kind = 'APPEALED' and (about.outcome = 'NONE' or not exists (select from commitments_step s
            where s.decision_id = about.id and s.kind = 'TOLD' and s.on_day <= new.on_day)) then
        raise exception 'nothing to object to yet' using errcode = 'restrict_violation', constraint = 'step_order';
    end if;
    if new.kind in ('UPHELD', 'REJECTED') then
        if not exists (select from commitments_step s where s.decision_id = about.id and s.kind = 'APPEALED') then
            raise exception 'nobody objected' using errcode = 'restrict_violation', constraint = 'step_order';
        end if;
        if new.by_id = about.by_id or commitments_recorded(of.family_id, of.year, of.quarter, new.by_id)
                or exists (select from commitments_step s where s.decision_id = about.id and s.by_id = new.by_id
                    and s.kind = 'APPEALED') then
            raise exception 'somebody else answers' using errcode = 'restrict_violation',
                constraint = 'step_two_people';
        end if;
    end if;
    return new;
end $$;
"""
_TRIGGERS = [
    *((table, "of_member", "commitments_of_member") for table in OF_MEMBERS),
    *(
        (f"commitments_{table}", "by_oneself", "commitments_by_oneself")
        for table in ("facility", "enrolment", "sheet", "decision", "step")
    ),
    ("commitments_sheet", "in_time", "commitments_sheet_in_time"),
    ("commitments_decision", "decides", "commitments_decides"),
    ("commitments_step", "follows", "commitments_follows"),
]
TRIGGERS = "".join(
    f"create trigger {table}_{name} before insert on {table} for each row execute function {function}();\n"
    for table, name, function in _TRIGGERS
)
NO_SPEAKS = """
drop function commitments_of_member() cascade; drop function commitments_by_oneself() cascade;
drop function commitments_sheet_in_time() cascade; drop function commitments_decides() cascade;
drop function commitments_follows() cascade; drop function commitments_recorded(uuid, int, int, uuid);
"""


class Migration(migrations.Migration):
    """Row security, append-only, and who may say what about whom."""

    dependencies = [("commitments", "0001_initial"), ("facilitators", "0004_caseload_alone")]
    operations = [
        *(seen_within(table, "region_code", every_channel=True) for table in PLACES),
        *(secured(table, OF_FAMILY) for table in FAMILIES),
        *(append_only(table) for table in (*PLACES, *FAMILIES)),
        migrations.RunSQL(SPEAKS + TRIGGERS, NO_SPEAKS),
    ]
