"""The invented family by which the file of a long export is known again."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Its number and name, and an index to find it by."""

    dependencies = [("exports", "0003_held")]
    operations = [
        migrations.AddField("exportrequest", "mark_no", models.TextField(blank=True)),
        migrations.AddField("exportrequest", "mark_name", models.TextField(blank=True)),
        migrations.AddIndex(
            "exportrequest",
            models.Index(fields=["mark_no"], condition=~models.Q(mark_no=""), name="export_mark"),
        ),
    ]
