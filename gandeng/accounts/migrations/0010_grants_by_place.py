"""Who holds a role over a place is found by the place."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """An index."""

    dependencies = [("accounts", "0009_held_recovery")]

    operations = [
        migrations.AddIndex(
            model_name="grant",
            index=models.Index(fields=["region_code"], name="grant_region_code"),
        ),
    ]
