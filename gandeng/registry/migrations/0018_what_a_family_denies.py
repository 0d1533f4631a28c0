"""An account or a collector that a family did not ask for is held by a request."""

from django.db import migrations, models

KINDS = [
    ("BIRTH", "Anggota baru"),
    ("DEATH", "Anggota meninggal"),
    ("LEFT", "Anggota keluar dari keluarga"),
    ("SCHOOL_LEVEL", "Jenjang sekolah"),
    ("PREGNANCY", "Kehamilan"),
    ("DISABILITY", "Disabilitas berat"),
    ("NIK", "Perbaikan NIK"),
    ("IDENTITY", "Perbaikan nama, tanggal lahir, atau jenis kelamin"),
    ("COLLECTOR", "Pengurus baru"),
    ("ACCOUNT", "Rekening baru"),
    ("HOLD_COLLECTOR", "Tahan pengurus yang tidak diminta keluarga"),
    ("HOLD_ACCOUNT", "Tahan rekening yang tidak diminta keluarga"),
    ("MOVE", "Keluarga pindah"),
    ("SUSPEND", "Tangguhkan keluarga"),
    ("RESUME", "Aktifkan kembali"),
    ("GRADUATE", "Graduasi"),
    ("END", "Akhiri kepesertaan"),
    ("DECILE", "Desil kesejahteraan"),
]


class Migration(migrations.Migration):
    """Two kinds of change more."""

    dependencies = [("registry", "0017_new_accounts_by_place")]
    operations = [
        migrations.AlterField("changerequest", "kind", models.TextField(choices=KINDS)),
    ]
