"""Money that came back goes out again on lists of its own, in numbered rounds beside the stage's lists."""

from django.db import migrations, models

KINDS = [
    ("APPROVED", "Daftar disetujui"),
    ("INSTRUCTED", "Perintah bayar dikirim"),
    ("REISSUED", "Uang yang kembali disediakan untuk bayar ulang"),
    ("RECONCILED", "Hasil bank dicocokkan"),
    ("CORRECTION", "Koreksi"),
]


class Migration(migrations.Migration):
    """`round` of lists and instructions: 0 for all there are."""

    dependencies = [("payments", "0006_indexes_served_by_others")]
    operations = [
        migrations.AddField("paymentlist", "round", models.PositiveSmallIntegerField(default=0)),
        migrations.AddField("instruction", "round", models.PositiveSmallIntegerField(default=0)),
        migrations.AlterField("journalentry", "kind", models.TextField(choices=KINDS)),
        migrations.RemoveConstraint("paymentlist", "list_once"),
        migrations.AddConstraint(
            "paymentlist",
            models.UniqueConstraint(fields=("cycle", "district_code", "channel", "round"), name="list_once"),
        ),
        migrations.RemoveConstraint("instruction", "instruction_once"),
        migrations.AddConstraint(
            "instruction",
            models.UniqueConstraint(fields=("cycle", "channel", "round", "format"), name="instruction_once"),
        ),
    ]
