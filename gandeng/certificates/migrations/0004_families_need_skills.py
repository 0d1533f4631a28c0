"""A skill may be one that families need."""

import django.contrib.postgres.fields
from django.db import migrations, models

from gandeng.audit.holding import held

TRAITS = ["SEVERE_DISABILITY", "ELDERLY", "PREGNANT", "RIGHTS_VICTIM"]
WORDS = ["Penyandang disabilitas berat", "Lanjut usia", "Ibu hamil", "Korban pelanggaran HAM berat"]


class Migration(migrations.Migration):
    """Which members call for it; none until an office says so. The ledger learns the column."""

    dependencies = [("certificates", "0003_held")]
    operations = [
        migrations.AddField(
            "skill",
            "for_traits",
            django.contrib.postgres.fields.ArrayField(
                base_field=models.TextField(choices=list(zip(TRAITS, WORDS, strict=True))), default=list
            ),
        ),
        migrations.AddConstraint(
            "skill",
            models.CheckConstraint(condition=models.Q(for_traits__contained_by=TRAITS), name="skill_traits"),
        ),
        held("certificates_skill"),
    ]
