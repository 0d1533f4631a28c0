"""Money is held back from an account or a collector that the family did not ask for."""

from django.db import migrations, models

REASONS = [
    ("NO_COLLECTOR", "Pengurus belum ada atau NIK-nya kosong"),
    ("NO_ACCOUNT", "Rekening atau penyalur belum ada"),
    ("ACCOUNT_SHARED", "Rekening tercatat pada keluarga lain"),
    ("ACCOUNT_DENIED", "Rekening ditahan, keluarga tidak memintanya"),
    ("COLLECTOR_DENIED", "Pengurus ditahan, keluarga tidak memintanya"),
    ("ACCOUNT_NEW", "Rekening baru, masih masa tunggu"),
    ("COLLECTOR_NEW", "Pengurus baru, masih masa tunggu"),
    ("LIFTED", "Penangguhannya dibatalkan sesudah data dibekukan"),
    ("OUTSIDE", "Sekarang tinggal di luar wilayah tahap ini"),
]


class Migration(migrations.Migration):
    """Two reasons more."""

    dependencies = [("payments", "0017_held_money_is_paid")]
    operations = [
        migrations.AlterField("heldpayment", "reason", models.TextField(choices=REASONS)),
    ]
