"""Who reviews work holds the role that day, and so does whom she stands in for."""

from django.db import migrations

from gandeng.audit.guards import instead

NAME = "performance_may_review(uuid, uuid)"
GIVEN, HELD = "accounts_grant g", "accounts_grant_held g"


class Migration(migrations.Migration):
    """One function."""

    dependencies = [("performance", "0009_graduations_of_her_families"), ("accounts", "0012_held_roles")]
    operations = [migrations.RunSQL(instead(NAME, GIVEN, HELD), instead(NAME, HELD, GIVEN))]
