"""Accounts that nobody is paid by are found among ten million, also when another has taken their place."""

from datetime import date

from django.db import migrations, models
from django.db.models import Q

NEVER = date(9999, 12, 31)


class Migration(migrations.Migration):
    """A small index."""

    dependencies = [("registry", "0018_what_a_family_denies")]
    operations = [
        migrations.AddIndex(
            "account", models.Index(fields=["village_code"], condition=Q(usable_from=NEVER), name="account_never")
        ),
    ]
