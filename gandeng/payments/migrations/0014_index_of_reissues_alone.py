"""A payment is sent again once: the index that says so holds those sent again, not every payment there is."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """What was unique stays unique: a payment that sends none again never took part."""

    dependencies = [("payments", "0013_no_index_of_patterns")]
    operations = [
        migrations.RemoveConstraint("payment", "payment_reissued_once"),
        migrations.AddConstraint(
            "payment",
            models.UniqueConstraint(
                condition=models.Q(("reissue_of__isnull", False)), fields=("reissue_of",), name="payment_reissued_once"
            ),
        ),
    ]
