"""A family may be listed before its account is opened: without a number it is one more to look at."""

from django.db import migrations, models

KINDS = [
    ("NO_COLLECTOR", "Tanpa pengurus"),
    ("COLLECTOR_GONE", "Pengurus meninggal atau keluar"),
    ("COLLECTOR_NO_NIK", "Pengurus tanpa NIK"),
    ("COLLECTOR_YOUNG", "Pengurus di bawah umur"),
    ("NO_ACCOUNT", "Tanpa rekening atau penyalur"),
    ("ACCOUNT_OF_OTHERS", "Rekening tercatat pada keluarga lain"),
    ("ACCOUNT_HELD", "Rekening yang ditahan"),
    ("COLLECTOR_HELD", "Pengurus yang ditahan"),
    ("NOBODY", "Tanpa anggota"),
    ("NO_NIK", "Tanpa NIK"),
    ("NIK_DATE", "Tanggal lahir tidak cocok dengan NIK"),
    ("NIK_SEX", "Jenis kelamin tidak cocok dengan NIK"),
    ("NIK_ODD", "NIK yang tidak mungkin"),
    ("CIVIL_DEAD", "Meninggal menurut Dukcapil"),
    ("CIVIL_NOT_FOUND", "NIK tidak ditemukan di Dukcapil"),
    ("CIVIL_DOUBLE", "NIK ganda menurut Dukcapil"),
    ("CIVIL_DIFFERS", "Berbeda dengan Dukcapil"),
    ("PREGNANT", "Kehamilan yang perlu diperiksa"),
    ("BORN_ODD", "Tanggal lahir yang perlu diperiksa"),
    ("NAME_ODD", "Nama yang perlu diperiksa"),
]


class Migration(migrations.Migration):
    """The kind's new name; a choice is not held by the database."""

    dependencies = [("cleansing", "0005_what_the_civil_registry_answers")]
    operations = [
        migrations.AlterField("checked", "kind", models.TextField(choices=KINDS)),
        migrations.AlterField("found", "kind", models.TextField(choices=KINDS)),
    ]
