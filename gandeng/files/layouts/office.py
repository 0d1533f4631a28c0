"""Lists an office takes in beside the contracts: staff, caseloads, questions, answers of schools and civil registry."""

from gandeng.files.layouts.shapes import Field, Kind, Layout

STAFF = Layout(
    "staff",
    "one row per person and post",
    (
        Field("staff_no", Kind.IDENTIFIER, aliases=("Nomor pendamping", "Nomor SDM")),
        Field("name", aliases=("Nama", "Nama lengkap")),
        Field("joined_on", Kind.DAY, aliases=("Mulai bekerja", "Tanggal bergabung")),
        Field("region_code", Kind.PLACE, aliases=("Kode wilayah", "Kode kabupaten/kota")),
        Field("home_code", Kind.PLACE, required=False, aliases=("Kode kecamatan asal", "Kode kecamatan")),
        Field(
            "education",
            Kind.CHOICE,
            required=False,
            choices=("SMA", "D3", "S1"),
            aliases=("Pendidikan",),
            words=(("SMA sederajat", "SMA"), ("D-III", "D3"), ("D-IV/S-1 atau lebih", "S1")),
        ),
        Field(
            "employment",
            Kind.CHOICE,
            choices=("CONTRACT", "PPPK"),
            aliases=("Status kerja", "Status kepegawaian"),
            words=(("Kontrak", "CONTRACT"), ("PPPK", "PPPK")),
        ),
        Field(
            "job_title",
            Kind.CHOICE,
            required=False,
            choices=("PENATA", "PENGELOLA", "OPERATOR"),
            aliases=("Jabatan",),
            words=(
                ("Penata Layanan Operasional", "PENATA"),
                ("Pengelola Layanan Operasional", "PENGELOLA"),
                ("Operator Layanan Operasional", "OPERATOR"),
            ),
        ),
        Field("service_no", Kind.IDENTIFIER, required=False, aliases=("NIP atau nomor kontrak", "NIP")),
        Field(
            "role",
            Kind.CHOICE,
            choices=(
                "FACILITATOR",
                "SUB_DISTRICT_LEAD",
                "DISTRICT_COORDINATOR",
                "REGIONAL_COORDINATOR",
                "DATA_ADMINISTRATOR",
                "SUPERVISOR",
            ),
            aliases=("Tugas",),
            words=(
                ("Pendamping sosial", "FACILITATOR"),
                ("Ketua tim kecamatan", "SUB_DISTRICT_LEAD"),
                ("Koordinator kabupaten/kota", "DISTRICT_COORDINATOR"),
                ("Koordinator wilayah", "REGIONAL_COORDINATOR"),
                ("Administrator pangkalan data", "DATA_ADMINISTRATOR"),
                ("Supervisor", "SUPERVISOR"),
            ),
        ),
        Field("valid_from", Kind.DAY, aliases=("Berlaku mulai", "Mulai berlaku")),
        Field("left_on", Kind.DAY, required=False, aliases=("Berhenti mulai", "Tanggal berhenti")),
        Field(
            "left_because",
            Kind.CHOICE,
            required=False,
            choices=("RESIGNED", "CONTRACT_ENDED", "DISMISSED", "RETIRED", "DIED", "MISTAKE"),
            aliases=("Alasan berhenti",),
            words=(
                ("Mengundurkan diri", "RESIGNED"),
                ("Kontrak berakhir", "CONTRACT_ENDED"),
                ("Diberhentikan", "DISMISSED"),
                ("Pensiun", "RETIRED"),
                ("Meninggal dunia", "DIED"),
                ("Salah catat", "MISTAKE"),
            ),
        ),
        Field("nik", Kind.NIK, required=False, aliases=("NIK",), may_lack=True),
        Field("kk", Kind.FAMILY_CARD, required=False, aliases=("Nomor KK", "No KK"), may_lack=True),
    ),
)
"""A list may lack NIK and family card, and our own never has them: they come in and do not go out."""

CASELOAD = Layout(
    "caseload",
    "one row per family",
    (
        Field("family_no", Kind.IDENTIFIER, aliases=("Nomor keluarga", "family_id")),
        Field("staff_no", Kind.IDENTIFIER, aliases=("Nomor pendamping", "Nomor SDM")),
        Field("valid_from", Kind.DAY, aliases=("Didampingi mulai", "Berlaku mulai")),
    ),
    unique="family_no",
)

QUESTIONS = Layout(
    "questions",
    "one row per question of a test",
    (
        Field("unit", required=False, aliases=("Unit", "Unit materi")),
        Field("text", aliases=("Soal", "Pertanyaan")),
        Field("option_a", aliases=("Pilihan A", "A")),
        Field("option_b", aliases=("Pilihan B", "B")),
        Field("option_c", required=False, aliases=("Pilihan C", "C")),
        Field("option_d", required=False, aliases=("Pilihan D", "D")),
        Field("option_e", required=False, aliases=("Pilihan E", "E")),
        Field("option_f", required=False, aliases=("Pilihan F", "F")),
        Field(
            "right_option",
            Kind.CHOICE,
            choices=("A", "B", "C", "D", "E", "F"),
            aliases=("Jawaban benar", "Kunci", "Kunci jawaban"),
        ),
        Field("explanation", required=False, aliases=("Penjelasan", "Pembahasan")),
    ),
)


def _month_fields(month: int) -> tuple[Field, ...]:
    """What a school tells of one month: absences by kind, days attended and their share, as it counted them."""
    told = (("absent", "ALPA"), ("leave", "IZIN"), ("sick", "SAKIT"), ("attended", "JML"))
    return (
        *(Field(f"{name}_{month}", Kind.COUNT, required=False, aliases=(f"{title} {month}",)) for name, title in told),
        Field(f"percent_{month}", required=False, aliases=(f"% {month}", f"PERSEN {month}")),
    )


EDUCATION = Layout(
    "education",
    "one row per pupil, a school and a quarter to a file",
    (
        Field("number", required=False, aliases=("NO",)),
        Field("collector_nik", Kind.IDENTIFIER, required=False, aliases=("NIK PENGURUS",)),
        Field("collector_name", required=False, aliases=("NAMA PENGURUS",)),
        Field("nik", Kind.IDENTIFIER, aliases=("NIK SISWA",)),
        Field("nisn", Kind.IDENTIFIER, required=False, aliases=("NISN",)),
        Field("name", aliases=("NAMA SISWA",)),
        Field("school_form", required=False, aliases=("BENTUK PENDIDIKAN",)),
        Field("school_level", required=False, aliases=("TINGKAT PENDIDIKAN",)),
        *(field for month in (1, 2, 3) for field in _month_fields(month)),
        Field("remark", required=False, aliases=("KET",)),
        Field("facilitator", required=False, aliases=("NAMA PENDAMPING",)),
    ),
    framed=True,
)

CIVIL_ANSWERS = Layout(
    "civil_answers",
    "one row per NIK the civil registry answered about",
    (
        Field("nik", Kind.NIK, aliases=("NIK",)),
        Field(
            "result",
            Kind.CHOICE,
            choices=("MATCH", "DIFFERS", "NOT_FOUND", "DOUBLE", "DECEASED"),
            aliases=("Hasil", "Hasil pemadanan"),
            words=(
                ("Padan", "MATCH"),
                ("Tidak padan", "DIFFERS"),
                ("Tidak ditemukan", "NOT_FOUND"),
                ("Tidak online", "NOT_FOUND"),
                ("Ganda", "DOUBLE"),
                ("NIK ganda", "DOUBLE"),
                ("Meninggal", "DECEASED"),
                ("Meninggal dunia", "DECEASED"),
            ),
        ),
        Field("name", required=False, aliases=("Nama", "Nama lengkap"), may_lack=True),
        Field("birth_date", Kind.DAY, required=False, aliases=("Tanggal lahir",), may_lack=True),
        Field(
            "sex",
            Kind.CHOICE,
            required=False,
            choices=("F", "M"),
            aliases=("Jenis kelamin",),
            words=(("P", "F"), ("Perempuan", "F"), ("L", "M"), ("Laki-laki", "M")),
            may_lack=True,
        ),
        Field("deceased_on", Kind.DAY, required=False, aliases=("Tanggal meninggal",), may_lack=True),
    ),
    unique="nik",
)
"""Our own layout: none of the civil registry's is published. Name, birth date and sex are as it has them."""
