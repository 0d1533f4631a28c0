"""What came back from families is found by their villages."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """An index."""

    dependencies = [("follow_up", "0003_held")]

    operations = [
        migrations.AddIndex(
            model_name="followup",
            index=models.Index(fields=["village_code", "-at"], name="followup_village"),
        ),
    ]
