"""Staff are there for their territory and no bank; who accompanied whom stays told; decided plans stay decided."""

from django.db import migrations

from gandeng.audit.guards import APP_ROLE, append_only, seen_within

OF_A_REGION = ("staff", "employment", "post", "leave", "equipment", "loadlimit")
OF_A_DISTRICT = ("caseloadchange", "plan", "planoption")
OF_A_VILLAGE = ("accompaniment", "planrow", "planlock")
NEVER_DELETED = ("staff", "employment", "post", "leave", "equipment", "accompaniment", "plan", "planoption")

ONLY_ENDS = """
create function facilitators_only_ends() returns trigger language plpgsql as $$
begin
    if (old.id, old.family_id, old.staff_id, old.village_code, old.valid_from, old.began_by_id)
            is distinct from (new.id, new.family_id, new.staff_id, new.village_code, new.valid_from, new.began_by_id)
    then
        raise exception 'who accompanied whom is not changed, it ends' using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger facilitators_accompaniment_only_ends before update on facilitators_accompaniment
    for each row execute function facilitators_only_ends();
create trigger facilitators_accompaniment_no_delete before delete on facilitators_accompaniment
    for each row execute function gandeng_never();
create trigger facilitators_accompaniment_no_truncate before truncate on facilitators_accompaniment
    for each statement execute function gandeng_never();
"""
NO_ONLY_ENDS = """
drop trigger facilitators_accompaniment_only_ends on facilitators_accompaniment;
drop trigger facilitators_accompaniment_no_delete on facilitators_accompaniment;
drop trigger facilitators_accompaniment_no_truncate on facilitators_accompaniment;
drop function facilitators_only_ends();
"""

FAMILY_GOES = """
create function facilitators_family_goes() returns trigger language plpgsql security definer
    set search_path = public, pg_temp as $$
declare today date := (now() at time zone 'Asia/Jakarta')::date;
begin
    update facilitators_accompaniment set valid_until = greatest(valid_from, today)
        where family_id = new.id and (valid_until is null or valid_until > greatest(valid_from, today));
    return null;
end $$;
create trigger facilitators_family_goes after update on registry_family for each row
    when (old.village_code is distinct from new.village_code
        or (old.status is distinct from new.status and new.status in ('GRADUATED', 'ENDED')))
    execute function facilitators_family_goes();
"""
NO_FAMILY_GOES = """
drop trigger facilitators_family_goes on registry_family;
drop function facilitators_family_goes();
"""

DECIDED = """
create function facilitators_plan_decided() returns trigger language plpgsql as $$
begin
    if old.state <> 'DRAFT' then
        raise exception 'a plan that was decided stays so' using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger facilitators_plan_decided before update on facilitators_plan
    for each row execute function facilitators_plan_decided();

create function facilitators_plan_open() returns trigger language plpgsql as $$
declare
    of_option uuid;
    of_plan uuid;
begin
    if tg_table_name = 'facilitators_planrow' then
        of_option := case when tg_op = 'DELETE' then old.option_id else new.option_id end;
        select plan_id into of_plan from facilitators_planoption where id = of_option;
    else
        of_plan := case when tg_op = 'DELETE' then old.plan_id else new.plan_id end;
    end if;
    if not exists (select from facilitators_plan where id = of_plan and state = 'DRAFT') then
        raise exception 'a plan that was decided stays so' using errcode = 'restrict_violation';
    end if;
    return case when tg_op = 'DELETE' then old else new end;
end $$;
create trigger facilitators_planrow_open before insert or update or delete on facilitators_planrow
    for each row execute function facilitators_plan_open();
create trigger facilitators_planlock_open before insert or update or delete on facilitators_planlock
    for each row execute function facilitators_plan_open();
"""
NO_DECIDED = """
drop trigger facilitators_plan_decided on facilitators_plan; drop function facilitators_plan_decided();
drop trigger facilitators_planrow_open on facilitators_planrow;
drop trigger facilitators_planlock_open on facilitators_planlock; drop function facilitators_plan_open();
"""


def _names(tables: tuple[str, ...]) -> str:
    return ", ".join(f"facilitators_{table}" for table in tables)


class Migration(migrations.Migration):
    """Row security, what only ends, what follows a family, and states nobody leaves."""

    dependencies = [("facilitators", "0001_initial"), ("audit", "0008_even_odds_of_territory")]
    operations = [
        *(seen_within(f"facilitators_{name}", "region_code", every_channel=True, touches=True) for name in OF_A_REGION),
        *(seen_within(f"facilitators_{name}", "region_code", every_channel=True) for name in OF_A_DISTRICT),
        *(seen_within(f"facilitators_{name}", "village_code", every_channel=True) for name in OF_A_VILLAGE),
        append_only("facilitators_caseloadchange"),
        append_only("facilitators_loadlimit"),
        migrations.RunSQL(ONLY_ENDS, NO_ONLY_ENDS),
        migrations.RunSQL(FAMILY_GOES, NO_FAMILY_GOES),
        migrations.RunSQL(DECIDED, NO_DECIDED),
        migrations.RunSQL(
            f"revoke delete on {_names(NEVER_DELETED)} from {APP_ROLE}",
            f"grant delete on {_names(NEVER_DELETED)} to {APP_ROLE}",
        ),
    ]
