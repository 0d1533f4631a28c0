"""Accounts and collectors that waited, or wait, to be paid by are found by their place: every first page asks for them."""

from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    """Two small indexes."""

    dependencies = [("registry", "0016_identity_corrections")]
    operations = [
        migrations.AddIndex(
            model_name="family",
            index=models.Index(
                condition=Q(collector_usable_from__gt=F("entered_on")),
                fields=["village_code"],
                name="family_collector_new",
            ),
        ),
        migrations.AddIndex(
            model_name="account",
            index=models.Index(
                condition=Q(valid_until__isnull=True, usable_from__gt=F("valid_from")),
                fields=["village_code"],
                name="account_new",
            ),
        ),
    ]
