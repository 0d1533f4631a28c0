"""The index that holds a family to one payment per cycle finds its payments too: the second one is gone.

Nulls count as equal: without `reissue_of` there is one per family and cycle, as before; with it the payment sent again
is another's alone already (`payment_reissued_once`).
"""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """What was unique stays unique; an index over all payments stands for one over most and one over all."""

    dependencies = [("payments", "0015_lists_asked_once")]
    operations = [
        migrations.RemoveConstraint("payment", "payment_once"),
        migrations.AddConstraint(
            "payment",
            models.UniqueConstraint(
                fields=("family", "cycle", "reissue_of"), name="payment_once", nulls_distinct=False
            ),
        ),
        migrations.AlterField(
            "payment",
            "family",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="payments",
                to="registry.family",
            ),
        ),
    ]
