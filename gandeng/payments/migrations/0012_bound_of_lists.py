"""A list is below 10^15 rupiah: whatever adds lists up stays far within 64 bits (docs/threats.md, 1)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("payments", "0011_deposits")]
    operations = [
        migrations.AddConstraint(
            model_name="paymentlist",
            constraint=models.CheckConstraint(
                condition=models.Q(("payments__gte", 0), ("total_rupiah__range", (0, 999999999999999))),
                name="list_total",
            ),
        ),
    ]
