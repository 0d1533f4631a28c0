"""The tables people send us, by column: what each may hold and what it becomes (the two contracts, to the letter)."""

from collections.abc import Set
from dataclasses import dataclass, replace
from enum import StrEnum

from gandeng.core.channels import CHANNELS
from gandeng.core.tables import Column, Table, Type


class Kind(StrEnum):
    """What a cell holds; decides how it is read and which code names it when it cannot be."""

    TEXT = "text"
    IDENTIFIER = "identifier"
    ACCOUNT = "account"
    NIK = "nik"
    FAMILY_CARD = "family_card"
    STAGE = "stage"
    DISTRICT = "district"
    VILLAGE = "village"
    PLACE = "place"
    CHOICE = "choice"
    FLAG = "flag"
    AMOUNT = "amount"
    NUMBER = "number"
    COUNT = "count"
    DECILE = "decile"
    DAY = "day"


SIXTEEN_DIGITS = (Kind.NIK, Kind.FAMILY_CARD)
"""Numbers of people and of their families, of one length."""
NEVER_NUMERIC = (*SIXTEEN_DIGITS, Kind.IDENTIFIER, Kind.ACCOUNT, Kind.STAGE, Kind.DISTRICT, Kind.VILLAGE, Kind.PLACE)
"""Kinds that a numeric cell damages: spreadsheets keep 15 digits and drop zeros in front."""

_FEW = ("channel", "event", "status")

WHOLE_KINDS = (Kind.AMOUNT, Kind.NUMBER, Kind.COUNT, Kind.DECILE)
"""Kinds whose cells are whole numbers."""

_WHOLE = dict.fromkeys(WHOLE_KINDS, Type.BIGINT)
_TYPES = {Kind.FLAG: Type.BOOLEAN, Kind.DAY: Type.DATE, **_WHOLE}


@dataclass(frozen=True)
class Field:
    """A column of a file; an empty cell is a fault where `required`. Days lie in 1900 to 2099 unless `any_year`.

    `aliases` are other headers it goes by; `words` what people write for a choice, in any case. The whole column may
    be left out where it `may_lack`: its cells are then empty.
    """

    name: str
    kind: Kind = Kind.TEXT
    required: bool = True
    choices: tuple[str, ...] = ()
    any_year: bool = False
    aliases: tuple[str, ...] = ()
    words: tuple[tuple[str, str], ...] = ()
    may_lack: bool = False

    @property
    def titles(self) -> tuple[str, ...]:
        """Every header it goes by, its own name first."""
        return (self.name, *self.aliases)

    @property
    def type(self) -> Type:
        """The type the canonical table stores."""
        return _TYPES.get(self.kind, Type.TEXT)

    @property
    def column(self) -> Column:
        """The canonical column: text is never NULL ('' is empty), the other types are where a cell may be empty."""
        return Column(self.name, self.type, nullable=self.type is not Type.TEXT and not self.required)


@dataclass(frozen=True)
class Layout:
    """A kind of file. `strict`: one invalid row refuses the whole file; else a bad row is kept with its `damage`.

    `unique` names the column that may not repeat. Who is paid by post has no account, where `post_without_account`;
    who is paid by a bank needs one, where `bank_with_account`. `framed`: lines may stand above the header, and a title
    that repeats (`ALPA` of each month) is numbered from the left.
    """

    name: str
    row: str
    fields: tuple[Field, ...]
    strict: bool = True
    unique: str | None = None
    post_without_account: bool = False
    bank_with_account: bool = False
    framed: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """Column names in the contract's order."""
        return tuple(field.name for field in self.fields)

    @property
    def sealed(self) -> tuple[Field, ...]:
        """Columns that are sealed before anything of the file is kept."""
        return tuple(field for field in self.fields if field.kind in SIXTEEN_DIGITS)

    @property
    def table(self) -> Table:
        """The canonical table, without `row` and `damage`."""
        return Table(self.name, self.row, tuple(field.column for field in self.fields))

    @property
    def repeating(self) -> tuple[str, ...]:
        """Columns with few different texts: worth a dictionary where they are stored."""
        kinds = (Kind.STAGE, Kind.DISTRICT, Kind.VILLAGE, Kind.PLACE, Kind.CHOICE)
        return tuple(field.name for field in self.fields if field.kind in kinds or field.name in _FEW)

    def field(self, name: str) -> Field:
        """The field of that name; KeyError where there is none."""
        return {field.name: field for field in self.fields}[name]

    def without(self, columns: Set[str]) -> "Layout":
        """The same kind of file with these columns left out, and the rules that need one of them."""
        paid_by = {"channel", "account_no"}.isdisjoint(columns)
        return replace(
            self,
            fields=tuple(field for field in self.fields if field.name not in columns),
            unique=None if self.unique in columns else self.unique,
            post_without_account=self.post_without_account and paid_by,
            bank_with_account=self.bank_with_account and paid_by,
        )


PAYMENTS = Layout(
    "payments",
    "one row per family and stage",
    (
        Field("payment_id", Kind.IDENTIFIER),
        Field("stage", Kind.STAGE),
        Field("family_id", Kind.IDENTIFIER),
        Field("nik", Kind.NIK),
        Field("name", required=False),
        Field("channel", Kind.CHOICE, choices=CHANNELS),
        Field("account_no", Kind.ACCOUNT, required=False),
        Field("district_code", Kind.DISTRICT),
        Field("amount", Kind.AMOUNT),
    ),
    unique="payment_id",
    post_without_account=True,
    bank_with_account=True,
)

RESULTS = Layout(
    "results",
    "one row per event",
    (
        Field("bank_reference", Kind.IDENTIFIER, required=False),
        Field("channel", required=False),
        Field("payment_id", Kind.IDENTIFIER, required=False),
        Field("account_no", Kind.ACCOUNT, required=False),
        Field("nik", Kind.NIK, required=False),
        Field("name", required=False),
        Field("event", required=False),
        Field("amount", Kind.AMOUNT, required=False),
        Field("occurred_on", Kind.DAY, required=False, any_year=True),
        Field("reason", required=False),
    ),
    strict=False,
)

FAMILIES = Layout(
    "families",
    "one row per family",
    (
        Field("family_id", Kind.IDENTIFIER),
        Field("collector_member_id", Kind.IDENTIFIER, required=False),
        Field("village_code", Kind.VILLAGE),
        Field("status"),
        Field("channel", Kind.CHOICE, choices=CHANNELS),
        Field("account_no", Kind.ACCOUNT, required=False),
    ),
    unique="family_id",
    post_without_account=True,
)

LISTED_FAMILIES = Layout(
    "listed_families",
    "one row per family, as lists of the ministry tell of it",
    (
        *FAMILIES.fields,
        Field("decile", Kind.DECILE, required=False, aliases=("Desil",), may_lack=True),
        Field("decile_on", Kind.DAY, required=False, aliases=("Desil per", "desil_on"), may_lack=True),
    ),
    unique="family_id",
    post_without_account=True,
)
"""The contract's families, and beside them the welfare decile with the day it was read; a list may lack both."""

MEMBERS = Layout(
    "members",
    "one row per family member",
    (
        Field("family_id", Kind.IDENTIFIER),
        Field("member_id", Kind.IDENTIFIER),
        Field("nik", Kind.NIK, required=False),
        Field("name", required=False),
        Field("birth_date", Kind.DAY),
        Field("sex", Kind.CHOICE, choices=("F", "M")),
        Field("school_level", Kind.CHOICE, required=False, choices=("SD", "SMP", "SMA")),
        Field("pregnancy_no", Kind.NUMBER, required=False),
        Field("severe_disability", Kind.FLAG),
        Field("rights_victim", Kind.FLAG),
        Field("deceased_on", Kind.DAY, required=False),
    ),
    unique="member_id",
)

VERDICTS = Layout(
    "verdicts",
    "one row per member and commitment",
    (
        Field("member_id", Kind.IDENTIFIER),
        Field("commitment", Kind.CHOICE, choices=("HEALTH", "EDUCATION", "WELFARE")),
        Field("verdict", Kind.CHOICE, choices=("MET", "NOT_MET", "EXCUSED", "UNVERIFIED")),
    ),
)

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

VILLAGES = Layout(
    "villages",
    "one row per village",
    (Field("village_code", Kind.VILLAGE), Field("families", Kind.COUNT)),
    unique="village_code",
)

FACILITATORS = Layout(
    "facilitators",
    "one row per facilitator",
    (Field("facilitator_id", Kind.IDENTIFIER), Field("home_sub_district", Kind.PLACE, required=False)),
    unique="facilitator_id",
)

ASSIGNMENTS = Layout(
    "assignments",
    "one row per facilitator and (part of a) village",
    (
        Field("facilitator_id", Kind.IDENTIFIER),
        Field("village_code", Kind.VILLAGE),
        Field("families", Kind.COUNT),
    ),
)

SKILLS = Layout(
    "skills",
    "one row per facilitator and skill she holds a certificate of",
    (Field("facilitator_id", Kind.IDENTIFIER), Field("skill", Kind.IDENTIFIER)),
)

NEEDS = Layout(
    "needs",
    "one row per village and skill",
    (
        Field("village_code", Kind.VILLAGE),
        Field("skill", Kind.IDENTIFIER),
        Field("families", Kind.COUNT),
    ),
)

LOCKS = Layout(
    "locks",
    "one row per lock",
    (
        Field("rule", Kind.CHOICE, choices=("STAYS", "NEVER")),
        Field("village_code", Kind.VILLAGE),
        Field("facilitator_id", Kind.IDENTIFIER),
        Field("families", Kind.COUNT, required=False),
    ),
)

LEAVE = Layout("leave", "one row per facilitator on leave", (Field("facilitator_id", Kind.IDENTIFIER),))

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

BALANCE_LAYOUTS = (VILLAGES, FACILITATORS, ASSIGNMENTS, SKILLS, NEEDS, LOCKS, LEAVE)

LAYOUTS = {
    layout.name: layout
    for layout in (
        PAYMENTS,
        RESULTS,
        FAMILIES,
        LISTED_FAMILIES,
        MEMBERS,
        VERDICTS,
        STAFF,
        CASELOAD,
        QUESTIONS,
        EDUCATION,
        CIVIL_ANSWERS,
        *BALANCE_LAYOUTS,
    )
}
