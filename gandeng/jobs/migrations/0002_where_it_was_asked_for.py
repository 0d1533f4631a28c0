"""A job says from which network address it was asked for, so that what it does is written down with it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("jobs", "0001_initial")]
    operations = [
        migrations.AddField("job", "from_address", models.TextField(blank=True, db_default="", default="")),
    ]
