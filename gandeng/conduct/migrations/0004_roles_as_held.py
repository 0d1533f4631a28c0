"""Who handles a case holds the role that day, and so does whom she stands in for."""

from django.db import migrations

from gandeng.audit.guards import instead

NAME = "conduct_holds(uuid, text, text[])"
GIVEN, HELD = "accounts_grant g", "accounts_grant_held g"


class Migration(migrations.Migration):
    """One function."""

    dependencies = [("conduct", "0003_held"), ("accounts", "0012_held_roles")]
    operations = [migrations.RunSQL(instead(NAME, GIVEN, HELD), instead(NAME, HELD, GIVEN))]
