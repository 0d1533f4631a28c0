"""Who asks families holds the role that day, and so does whom she stands in for."""

from django.db import migrations

from gandeng.audit.guards import instead

NAME = "monitoring_handing_fits()"
GIVEN, HELD = "from accounts_grant g where", "from accounts_grant_held g where"


class Migration(migrations.Migration):
    """One condition; that nobody asks for a colleague next door goes on counting every role given."""

    dependencies = [("monitoring", "0004_drawn_by_village"), ("accounts", "0012_held_roles")]
    operations = [migrations.RunSQL(instead(NAME, GIVEN, HELD), instead(NAME, HELD, GIVEN))]
