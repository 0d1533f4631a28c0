"""What waits for a facilitator or an office is found by its villages, not among that of the whole nation."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Indexes."""

    dependencies = [("commitments", "0009_held_own_codes")]

    operations = [
        migrations.AddIndex(
            model_name="decision",
            index=models.Index(fields=["village_code"], name="decision_village"),
        ),
        migrations.AddIndex(
            model_name="difference",
            index=models.Index(fields=["village_code"], name="difference_village"),
        ),
        migrations.AddIndex(
            model_name="recommendation",
            index=models.Index(
                condition=models.Q(("effect", "NONE"), _negated=True),
                fields=["village_code"],
                name="recommendation_village",
            ),
        ),
    ]
