"""Who is in no region's freezing of a stage is found wherever it went since, among those who moved in those weeks."""

from importlib import import_module

from django.db import migrations

CAME_IN = """
create or replace function payments_came_in(asking uuid) returns setof uuid language plpgsql stable security definer
    set search_path = public, pg_temp as $$
declare c payments_cycle; since timestamptz; until timestamptz;
begin
    select * into c from payments_cycle where id = asking;
    if c.region_code = '' or c.run_id is null or c.state not in ('INSTRUCTED', 'RECONCILING', 'SIGNED', 'CLOSED') then
        return;
    end if;
    select min(o.frozen_at), case when c.state = 'CLOSED' then greatest(max(o.frozen_at), c.closed_at) end
        into since, until from payments_cycle o where (o.year, o.stage) = (c.year, c.stage);
    return query execute $asked$
        with moved as materialized (select distinct m.family_id from registry_move m
            where m.moved_at >= $7 and m.moved_at <= coalesce($8, 'infinity'))
        select f.id from moved m join registry_family f on f.id = m.family_id
            cross join lateral (select e.village_code, e.status from registry_familyevent e
                where e.pgh_obj_id = f.id and e.pgh_created_at > $4 order by e.pgh_id limit 1) was
            where f.village_code ^@ $2 and was.status = 'ACTIVE' and not was.village_code ^@ $2
                and coalesce(f.entered_on <= ($4 at time zone 'Asia/Jakarta')::date, true)
                and not exists (select from entitlements_entitlement e where e.run_id = $3 and e.family_id = f.id)
                and not exists (select from entitlements_entitlement e join entitlements_run r on r.id = e.run_id
                    where e.family_id = f.id and (r.year, r.stage) = ($5, $6) and (
                        r.region_code = $2 and r.made_at >= $4
                        or exists (select from payments_cycle o where o.run_id = r.id)))
                and not exists (select from payments_cycle o where (o.year, o.stage) = ($5, $6) and o.id <> $1
                    and o.state = 'FROZEN' and coalesce((select e.village_code from registry_familyevent e
                        where e.pgh_obj_id = f.id and e.pgh_created_at > o.frozen_at order by e.pgh_id limit 1),
                        f.village_code) ^@ o.region_code)
                and ($8 is null or exists (select from payments_cycle o where (o.year, o.stage) = ($5, $6)
                        and o.id <> $1 and o.run_id is not null and o.state <> 'FROZEN'
                        and was.village_code ^@ o.region_code)
                    or exists (select from commitments_decision d
                        join commitments_recommendation r on r.id = d.recommendation_id
                        where d.family_id = f.id and d.outcome = 'SUSPEND'
                            and (r.cycle_year, r.cycle_stage) = ($5, $6)))
    $asked$ using c.id, c.region_code, c.run_id, c.frozen_at, c.year, c.stage, since, until;
end $$;
"""
"""Nobody's is who moved between the first freezing of the stage and the last; of one that is open, also later.

Of a closed stage: where the region it lived in when this one froze ran the stage too, and counted it no more than any
other; or where a decision had suspended it. A region that never ran the stage may have paid it otherwise.
"""


_THERE = "gandeng.payments.migrations"
BEFORE = [
    import_module(f"{_THERE}.0024_came_in_after_closing").NOW,
    *(each.sql for each in import_module(f"{_THERE}.0026_came_in_and_lifted").Migration.operations),
]


class Migration(migrations.Migration):
    """The same families as before, and those that went through a third region."""

    dependencies = [("payments", "0026_came_in_and_lifted"), ("registry", "0024_moves")]
    operations = [migrations.RunSQL(CAME_IN, BEFORE)]
