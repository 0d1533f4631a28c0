"""Graduations are looked for among the families somebody accompanied, not among the nation's."""

from django.db import migrations

from gandeng.audit.guards import instead

NAME = "performance_graduations(uuid[], date, date)"
ALL = "where c.kind = 'GRADUATE'"
HERS = """where c.family_id in (select h.family_id from facilitators_accompaniment h where h.staff_id = any(staff))
        and c.kind = 'GRADUATE'"""


class Migration(migrations.Migration):
    """Whose they are is still decided by the day; this only says where to look."""

    dependencies = [("performance", "0008_helpdesk"), ("facilitators", "0001_initial")]
    operations = [migrations.RunSQL(instead(NAME, ALL, HERS), instead(NAME, HERS, ALL))]
