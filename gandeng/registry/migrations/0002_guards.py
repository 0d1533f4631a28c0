"""Families and what belongs to them are there for their territory alone, and for no bank."""

from django.db import migrations

from gandeng.audit.guards import seen_within

TABLES = ("registry_family", "registry_member", "registry_account", "registry_familyevent", "registry_memberevent")


class Migration(migrations.Migration):
    """Row security of the registry."""

    dependencies = [("registry", "0001_initial"), ("audit", "0002_guards")]
    operations = [seen_within(table, "village_code", every_channel=True) for table in TABLES]
