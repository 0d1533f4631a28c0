"""What was sent is never changed."""

from django.db import migrations

from gandeng.audit.guards import append_only


class Migration(migrations.Migration):
    """Guards of sendings."""

    dependencies = [("api", "0001_initial"), ("audit", "0002_guards")]
    operations = [append_only("api_sending")]
