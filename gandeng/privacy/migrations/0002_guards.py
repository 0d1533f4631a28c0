"""A report is there for its territory; neither a report nor what was disposed of is ever changed."""

from django.db import migrations

from gandeng.audit.guards import append_only, seen_within


class Migration(migrations.Migration):
    """Guards of reports and disposals. Families are no business of a bank."""

    dependencies = [("privacy", "0001_initial"), ("audit", "0002_guards")]
    operations = [
        seen_within("privacy_familyreport", "village_code", every_channel=True),
        append_only("privacy_familyreport"),
        append_only("privacy_disposal"),
    ]
