"""Who came in and was suspended when the stage was closed is found once the suspension has been lifted."""

from django.db import migrations

from gandeng.audit.guards import instead

NAME = "payments_came_in(uuid)"
DECLARED, BOTH = "later text[];", "later text[]; suspended uuid[];"
NOBODY = "if later is null then"
NEITHER = """with here as materialized (
            select f.id, d.recommendation_id from commitments_decision d join registry_family f on f.id = d.family_id
            where d.outcome = 'SUSPEND' and f.village_code >= c.region_code and f.village_code < c.region_code || ':')
        select array_agg(h.id) into suspended from here h
            join commitments_recommendation r on r.id = h.recommendation_id
            where (r.cycle_year, r.cycle_stage) = (c.year, c.stage) and not exists (
                select from entitlements_entitlement e where e.run_id = c.run_id and e.family_id = h.id);
        later := coalesce(later, '{}');
        if cardinality(later) = 0 and suspended is null then"""
"""Few families are suspended: those first, whatever the stage."""

FROZE = "$7 is null or exists"
OR_LIFTED = "$7 is null or f.id = any($8) or exists"
USING, USING_BOTH = ", later;", ", later, suspended;"


class Migration(migrations.Migration):
    """Of a closed stage, beside who was lost by a later freezing, whom a decision ever suspended for it."""

    dependencies = [("payments", "0025_ended_as_a_double"), ("commitments", "0002_guards")]
    operations = [
        migrations.RunSQL(instead(NAME, now, then), instead(NAME, then, now))
        for now, then in ((DECLARED, BOTH), (NOBODY, NEITHER), (FROZE, OR_LIFTED), (USING, USING_BOTH))
    ]
