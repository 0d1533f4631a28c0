"""Nobody looks for accounts by who asked for them or decided: every account of a province paid for both indexes."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """The keys stay; people are never taken out, which alone would have asked."""

    dependencies = [("registry", "0007_no_index_of_patterns"), ("accounts", "0005_people_stay")]
    operations = [
        migrations.AlterField(
            "account",
            name,
            models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.person",
            ),
        )
        for name in ("requested_by", "approved_by")
    ]
