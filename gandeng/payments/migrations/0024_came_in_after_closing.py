"""A family that moved after the region it moved to had closed a stage, and before the one it left froze it, is found."""

from django.db import migrations

CAME_IN = """
create or replace function payments_came_in(asking uuid) returns setof uuid language plpgsql stable security definer
    set search_path = public, pg_temp as $$
declare c payments_cycle;
begin
    select * into c from payments_cycle where id = asking;
    if c.region_code = '' or c.run_id is null or c.state not in ({states}) then
        return;
    end if;
{closed}    return query execute $asked$
        with uncounted as materialized (select f.id, f.village_code, f.entered_on from registry_family f
            where f.village_code >= $2 and f.village_code < $2 || ':' and not exists (
                select from entitlements_entitlement e where e.run_id = $3 and e.family_id = f.id))
        select f.id from uncounted f
            cross join lateral (select e.village_code, e.status from registry_familyevent e
                where e.pgh_obj_id = f.id and e.pgh_created_at > $4 order by e.pgh_id limit 1) was
            where was.status = 'ACTIVE' and not was.village_code ^@ $2{froze}
                and coalesce(f.entered_on <= ($4 at time zone 'Asia/Jakarta')::date, true)
                and not exists (select from entitlements_entitlement e join entitlements_run r on r.id = e.run_id
                    where e.family_id = f.id and (r.year, r.stage) = ($5, $6) and (
                        r.region_code = $2 and r.made_at >= $4
                        or exists (select from payments_cycle o where o.run_id = r.id)))
                and not exists (select from payments_cycle o where (o.year, o.stage) = ($5, $6) and o.id <> $1
                    and o.state = 'FROZEN' and coalesce((select e.village_code from registry_familyevent e
                        where e.pgh_obj_id = f.id and e.pgh_created_at > o.frozen_at order by e.pgh_id limit 1),
                        f.village_code) ^@ o.region_code)
    $asked$ using c.id, c.region_code, c.run_id, c.frozen_at, c.year, c.stage{using};
end $$;
"""
CLOSED = """\
    if c.state = 'CLOSED' then
        select array_agg(o.region_code) into later from payments_cycle o where (o.year, o.stage) = (c.year, c.stage)
            and o.id <> c.id and o.frozen_at > c.closed_at and o.run_id is not null and o.state <> 'FROZEN';
        if later is null then
            return;
        end if;
    end if;
"""
"""Of a closed stage only those can be nobody's whose region froze after it was closed, and has calculated by now."""

FROZE = """
                and ($7 is null or exists (select from unnest($7) o (region) where was.village_code ^@ o.region))"""
AFTER_INSTRUCTION = "'INSTRUCTED', 'RECONCILING', 'SIGNED'"
BEFORE = CAME_IN.format(states=AFTER_INSTRUCTION, closed="", froze="", using="")
NOW = CAME_IN.format(states=f"{AFTER_INSTRUCTION}, 'CLOSED'", closed=CLOSED, froze=FROZE, using=", later").replace(
    "declare c payments_cycle;", "declare c payments_cycle; later text[];"
)


class Migration(migrations.Migration):
    """The question is asked of closed stages too."""

    dependencies = [("payments", "0023_came_in")]
    operations = [migrations.RunSQL(NOW, BEFORE)]
