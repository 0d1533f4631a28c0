"""Open exceptions are found by the place they are worked at."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """An index of those alone."""

    dependencies = [("reconciliation", "0018_deposited_once_in_all")]

    operations = [
        migrations.AddIndex(
            model_name="exceptioncase",
            index=models.Index(condition=models.Q(("state", "OPEN")), fields=["region_code"], name="exception_open"),
        ),
    ]
