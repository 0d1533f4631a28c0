"""What nobody is paid by is found among ten million, also when another has taken its place."""

from datetime import date

from django.db import migrations, models
from django.db.models import Q

NEVER = date(9999, 12, 31)


class Migration(migrations.Migration):
    """Two small indexes."""

    dependencies = [("registry", "0018_what_a_family_denies")]
    operations = [
        migrations.AddIndex(
            "account", models.Index(fields=["village_code"], condition=Q(usable_from=NEVER), name="account_never")
        ),
        migrations.AddIndex(
            "changerequest",
            models.Index(
                fields=["family"], condition=Q(kind="HOLD_COLLECTOR", state="APPROVED"), name="change_collector_denied"
            ),
        ),
    ]
