"""Who once acted is there for good: every paper, list and act names people by their id."""

from django.db import migrations

from gandeng.audit.guards import stays


class Migration(migrations.Migration):
    """A person who leaves loses the grants and the login; the row stays."""

    dependencies = [("accounts", "0004_held"), ("audit", "0002_guards")]
    operations = [stays("accounts_person")]
