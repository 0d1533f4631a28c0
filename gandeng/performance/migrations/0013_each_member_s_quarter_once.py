"""A member's quarter counts once for who verified it, also where a list put the member into another family between."""

from django.db import migrations

from gandeng.audit.guards import instead

NAME = "performance_commitments(uuid[], date, date)"
OF_FAMILY = "where e.family_id = v.family_id and (e.year, e.quarter) = (v.year, v.quarter) and d.by_id = c.by_id"
OF_MEMBER = "where (e.year, e.quarter) = (v.year, v.quarter) and d.by_id = c.by_id"


class Migration(migrations.Migration):
    """One function."""

    dependencies = [("performance", "0012_reports_go_along"), ("commitments", "0002_guards")]
    operations = [migrations.RunSQL(instead(NAME, OF_FAMILY, OF_MEMBER), instead(NAME, OF_MEMBER, OF_FAMILY))]
