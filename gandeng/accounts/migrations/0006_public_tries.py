"""Wrong codes typed on pages that are open to everybody, counted in one place for all of them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """A keyed digest of a network and a count; what was counted for minutes alone ends with the day."""

    dependencies = [("accounts", "0005_people_stay")]
    operations = [
        migrations.CreateModel(
            name="PublicTry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("network", models.BinaryField()),
                ("hour", models.DateTimeField()),
                ("tries", models.PositiveIntegerField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("network", "hour"), name="public_try_of_hour")],
            },
        ),
    ]
