"""A name, a birth date or a sex that was recorded wrongly is put right by a request."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """One kind of change more."""

    dependencies = [("registry", "0015_codes_held")]
    operations = [
        migrations.AlterField(
            model_name="changerequest",
            name="kind",
            field=models.TextField(
                choices=[
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
                    ("MOVE", "Keluarga pindah"),
                    ("SUSPEND", "Tangguhkan keluarga"),
                    ("RESUME", "Aktifkan kembali"),
                    ("GRADUATE", "Graduasi"),
                    ("END", "Akhiri kepesertaan"),
                    ("DECILE", "Desil kesejahteraan"),
                ]
            ),
        ),
    ]
