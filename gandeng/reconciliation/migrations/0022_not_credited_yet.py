"""Money that is at the channel is not credited yet: of payments that failed, and what is left of those paid in part."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """A word."""

    dependencies = [
        ("reconciliation", "0021_exceptions_by_place"),
    ]

    operations = [
        migrations.AlterField(
            model_name="depositedpayment",
            name="account",
            field=models.TextField(
                choices=[("RETURNED", "Kembali"), ("AT_CHANNEL", "Belum terkredit"), ("CREDITED", "Tidak ditarik")]
            ),
        ),
    ]
