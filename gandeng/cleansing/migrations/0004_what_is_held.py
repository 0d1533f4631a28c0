"""What is held waits for the account or the collector the family means."""

from django.db import migrations, models

KINDS = [
    ("NO_COLLECTOR", "Tanpa pengurus"),
    ("COLLECTOR_GONE", "Pengurus meninggal atau keluar"),
    ("COLLECTOR_NO_NIK", "Pengurus tanpa NIK"),
    ("COLLECTOR_YOUNG", "Pengurus di bawah umur"),
    ("NO_ACCOUNT", "Tanpa penyalur"),
    ("ACCOUNT_OF_OTHERS", "Rekening tercatat pada keluarga lain"),
    ("ACCOUNT_HELD", "Rekening yang ditahan"),
    ("COLLECTOR_HELD", "Pengurus yang ditahan"),
    ("NOBODY", "Tanpa anggota"),
    ("NO_NIK", "Tanpa NIK"),
    ("NIK_DATE", "Tanggal lahir tidak cocok dengan NIK"),
    ("NIK_SEX", "Jenis kelamin tidak cocok dengan NIK"),
    ("NIK_ODD", "NIK yang tidak mungkin"),
    ("PREGNANT", "Kehamilan yang perlu diperiksa"),
    ("BORN_ODD", "Tanggal lahir yang perlu diperiksa"),
    ("NAME_ODD", "Nama yang perlu diperiksa"),
]


class Migration(migrations.Migration):
    """Two kinds more."""

    dependencies = [("cleansing", "0003_held")]
    operations = [
        migrations.AlterField("checked", "kind", models.TextField(choices=KINDS)),
        migrations.AlterField("found", "kind", models.TextField(choices=KINDS)),
    ]
