"""A member's quarter that somebody verified counts for her once, on the day of the first time, however often corrected."""

from django.db import migrations

from gandeng.audit.guards import instead

NAME = "performance_commitments(uuid[], date, date)"
EACH = "where s.id = any(staff)"
FIRST = """where not exists (select from commitments_verdict e join commitments_sheet d on d.id = e.sheet_id
            where e.family_id = v.family_id and (e.year, e.quarter) = (v.year, v.quarter) and d.by_id = c.by_id
                and (e.member_id, e.obligation) = (v.member_id, v.obligation) and e.at < v.at)
        and s.id = any(staff)"""


class Migration(migrations.Migration):
    """One function."""

    dependencies = [("performance", "0010_roles_as_held"), ("commitments", "0002_guards")]
    operations = [migrations.RunSQL(instead(NAME, EACH, FIRST), instead(NAME, FIRST, EACH))]
