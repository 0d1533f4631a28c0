"""Exceptions of a stage are found by their place: a district's are few among the nation's."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """An index."""

    dependencies = [("reconciliation", "0020_first_paid_late")]

    operations = [
        migrations.AddIndex(
            model_name="exceptioncase",
            index=models.Index(fields=["cycle", "region_code"], name="exception_place"),
        ),
    ]
