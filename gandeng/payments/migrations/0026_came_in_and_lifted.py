"""Who came in and was suspended when the stage was closed is found once the suspension has been lifted."""

from django.db import migrations

from gandeng.audit.guards import instead

NAME = "payments_came_in(uuid)"
DECLARED, BOTH = "later text[];", "later text[]; suspended uuid[];"
NOBODY = "if later is null then"
NEITHER = """select array_agg(f.id) into suspended from commitments_decision d
            join commitments_recommendation r on r.id = d.recommendation_id
            join registry_family f on f.id = d.family_id
            where (r.cycle_year, r.cycle_stage, d.outcome) = (c.year, c.stage, 'SUSPEND')
                and f.village_code >= c.region_code and f.village_code < c.region_code || ':' and not exists (
                    select from entitlements_entitlement e where e.run_id = c.run_id and e.family_id = f.id);
        later := coalesce(later, '{}');
        if cardinality(later) = 0 and suspended is null then"""
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
