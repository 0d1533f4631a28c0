"""Cases are found by the village of their family."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """An index."""

    dependencies = [("graduation", "0005_facts_of_a_case")]

    operations = [
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["village_code"], name="graduation_village"),
        ),
    ]
