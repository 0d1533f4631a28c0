"""Who was said to have died or left by mistake is there again by a request."""

from django.db import migrations, models

KINDS = [
    ("BIRTH", "Anggota baru"),
    ("DEATH", "Anggota meninggal"),
    ("LEFT", "Anggota keluar dari keluarga"),
    ("BACK", "Anggota keliru dicatat meninggal atau keluar"),
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
    """One kind of change more."""

    dependencies = [("registry", "0020_evidence_goes_with_its_request")]
    operations = [migrations.AlterField("changerequest", "kind", models.TextField(choices=KINDS))]
