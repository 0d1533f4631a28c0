"""What an office types about staff, and the sentence where it is wrong."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, cast
from uuid import UUID, uuid4

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gandeng.accounts.acting import Acting
from gandeng.accounts.context import region_name
from gandeng.accounts.models import Person
from gandeng.accounts.roles import May
from gandeng.core.region_code import DISTRICT_DIGITS, PROVINCE_DIGITS
from gandeng.facilitators.actions.identities import Numbers
from gandeng.facilitators.actions.leaving import Destination, Receivers
from gandeng.facilitators.actions.staff import Newcomer, Terms
from gandeng.facilitators.identities import NUMBERS, IdentityKind
from gandeng.facilitators.models import Employment, Equipment, Leave, Post, Staff
from gandeng.facilitators.queries import Load
from gandeng.facilitators.staff_queries import HeldVillage
from gandeng.regions.places import districts_of, sub_districts_of
from gandeng.web.fields import sixteen_digits

type Choices = list[tuple[Any, Any]]
"""Code and name, or a heading and such pairs below it."""

BEGAN = 2007
"""PKH began that year (docs/programme.md): nobody joined before."""

NOBODY = "-"
_STAFF_NO = re.compile(r"[A-Z0-9][A-Z0-9.-]{2,19}")
_NIK = re.compile(r"\d{16}")
_CHOOSE: Choices = [("", gettext_lazy("Pilih"))]


_REASON = gettext_lazy("Alasan")
_NUMERIC = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
_GONE: dict[IdentityKind, Any] = {
    "nik": gettext_lazy("Hapus NIK yang tercatat"), "kk": gettext_lazy("Hapus nomor KK yang tercatat"),
}  # fmt: skip


class Day(forms.DateField):
    """A day since the programme began and not far away."""

    default_error_messages = {"invalid": gettext_lazy("Tulis tanggal yang ada, misalnya 2026-01-31.")}  # noqa: RUF012

    def validate(self, value: date | None) -> None:
        """Years that are slips of the finger."""
        super().validate(value)
        if value is not None and not BEGAN <= value.year <= timezone.localdate().year + 10:
            raise forms.ValidationError(_("Periksa tahunnya."))


class Reason(forms.CharField):
    """Why, as the log keeps it."""

    def __init__(self, *, label: Any = _REASON, help_text: Any = "") -> None:
        super().__init__(label=label, help_text=help_text, max_length=300)


class Number(forms.CharField):
    """A number as papers print it, in one writing; never a NIK."""

    def clean(self, value: Any) -> str:
        """Capitals, without spaces."""
        text = "".join(str(super().clean(value)).split()).upper()
        if _NIK.fullmatch(re.sub(r"\D", "", text)):
            raise forms.ValidationError(_("Ini tampak seperti NIK, yang tidak dicatat di sini."))
        return text


def kept_regions(acting: Acting) -> list[str]:
    """Codes of the provinces and districts whose staff somebody keeps."""
    return sorted(acting.where(May.KEEP_STAFF).regions)


def place_choices(acting: Acting) -> Choices:
    """Every place in which somebody may give a post: provinces, districts, sub-districts."""
    kept = kept_regions(acting)
    provinces = [code for code in kept if len(code) == PROVINCE_DIGITS]
    districts = [one.code.digits for code in provinces for one in districts_of(code)]
    districts = sorted({*districts, *(code for code in kept if len(code) == DISTRICT_DIGITS)})
    choices: Choices = [*_CHOOSE]
    if provinces:
        choices.append((_("Provinsi"), [(code, region_name(code)) for code in provinces]))
    choices.append((_("Kabupaten/kota"), [(code, region_name(code)) for code in districts]))
    return choices + sub_district_choices(districts)


def sub_district_choices(districts: Iterable[str]) -> Choices:
    """Sub-districts below their districts."""
    return [
        (
            _("Kecamatan di %(district)s") % {"district": region_name(code)},
            [(one.code.digits, one.name) for one in sub_districts_of(code)],
        )
        for code in districts
    ]


def home_choices(region: str) -> Choices:
    """Where somebody of the district or province may set out from: any sub-district of the province."""
    districts = [one.code.digits for one in districts_of(region[:2])] if region else []
    own_first = sorted(districts, key=lambda code: (code != region, code))
    return [("", _("Belum diketahui")), *sub_district_choices(own_first)]


class TermsForm(forms.Form):
    """Terms of work from a day on."""

    kind = forms.ChoiceField(label=gettext_lazy("Status kerja"), choices=[*_CHOOSE, *Employment.Kind.choices])
    education = forms.ChoiceField(
        label=gettext_lazy("Pendidikan terakhir"), required=False, choices=[*_CHOOSE, *Staff.Education.choices],
        help_text=gettext_lazy("Nama jabatan PPPK mengikuti pendidikan: SMA operator, D-III pengelola, S-1 penata."),
    )  # fmt: skip
    service_no = Number(
        label=gettext_lazy("NIP atau nomor kontrak"), required=False, max_length=60,
        help_text=gettext_lazy("Seperti di surat keputusan atau kontraknya. Bukan NIK."),
    )  # fmt: skip
    since = Day(label=gettext_lazy("Mulai"), initial=timezone.localdate)
    until = Day(
        label=gettext_lazy("Sampai sebelum"), required=False,
        help_text=gettext_lazy("Hari pertama tanpa status ini. Kosong bila tanpa batas."),
    )  # fmt: skip

    @property
    def terms(self) -> Terms:
        """What was typed."""
        told = self.cleaned_data
        return Terms(told["kind"], told["since"], told["education"], told["service_no"], told["until"])


class PostForm(forms.Form):
    """What somebody does, where, from a day on."""

    role = forms.ChoiceField(label=gettext_lazy("Tugas"), choices=[*_CHOOSE, *Post.Role.choices])
    place = forms.ChoiceField(
        label=gettext_lazy("Tempat tugas"),
        help_text=gettext_lazy(
            "Pendamping, koordinator, administrator data, dan supervisor: kabupaten/kota. Ketua tim: kecamatan. "
            "Koordinator wilayah: provinsi."
        ),
    )  # fmt: skip
    since = Day(label=gettext_lazy("Mulai"), initial=timezone.localdate)

    def __init__(self, *args: Any, places: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "place", places)


class TakeOnForm(TermsForm):
    """Somebody new: who, where, on what terms."""

    staff_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    person = forms.ChoiceField(
        label=gettext_lazy("Orang yang sudah punya akun"), required=False,
        help_text=gettext_lazy("Bila ia sudah dapat masuk ke Gandeng, pilih di sini dan kosongkan nama."),
    )  # fmt: skip
    name = forms.CharField(label=gettext_lazy("Nama lengkap"), required=False, max_length=120)
    staff_no = Number(
        label=gettext_lazy("Nomor SDM"), required=False, max_length=20,
        help_text=gettext_lazy("Seperti di daftar Kementerian, bila ada. Kosong: diberi nomor berikutnya."),
    )  # fmt: skip
    role = forms.ChoiceField(label=gettext_lazy("Tugas"), choices=[*_CHOOSE, *Post.Role.choices])
    place = forms.ChoiceField(label=gettext_lazy("Tempat tugas"), help_text=PostForm.base_fields["place"].help_text)
    home = forms.ChoiceField(
        label=gettext_lazy("Kecamatan tempat tinggal"), required=False,
        help_text=gettext_lazy("Dari sana ia berangkat ke desa dampingannya."),
    )  # fmt: skip
    field_order = (
        "staff_id", "name", "person", "staff_no", "role", "place", "home", "since", "kind", "education", "service_no",
        "until",
    )  # fmt: skip

    def __init__(self, *args: Any, people: Sequence[Person], places: Choices, homes: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(person.pk): person for person in people}
        self.fields["since"].label = _("Bergabung pada")
        self.fields["until"].label = _("Status kerja sampai sebelum")
        _offer(self, "person", [("", _("Orang baru")), *((key, one.name) for key, one in self.people.items())])
        _offer(self, "place", places)
        _offer(self, "home", homes)

    def clean_staff_no(self) -> str:
        """Letters and digits."""
        number: str = self.cleaned_data["staff_no"]
        if number and not _STAFF_NO.fullmatch(number):
            raise forms.ValidationError(_("Pakai 3 sampai 20 huruf dan angka, misalnya P000123."))
        return number

    def clean(self) -> dict[str, Any]:
        """A name or somebody who has one."""
        told = super().clean() or {}
        if "name" in told and bool(told["name"]) == bool(told.get("person")):
            self.add_error("name", _("Isi nama orang baru, atau pilih orang yang sudah punya akun: salah satu."))
        return told

    @property
    def newcomer(self) -> Newcomer:
        """What was typed."""
        told = self.cleaned_data
        return Newcomer(
            told["staff_id"], self.people.get(told["person"]), told["name"], told["staff_no"], told["role"],
            told["place"], told["home"], self.terms,
        )  # fmt: skip


class EndForm(forms.Form):
    """The first day without it, and why."""

    day = Day(
        label=gettext_lazy("Berakhir pada"), initial=timezone.localdate,
        help_text=gettext_lazy("Hari pertama tanpa tugas ini."),
    )  # fmt: skip
    reason = Reason()


class ReasonForm(forms.Form):
    """Why."""

    reason = Reason()


class HomeForm(forms.Form):
    """The sub-district somebody sets out from."""

    home = forms.ChoiceField(label=gettext_lazy("Kecamatan tempat tinggal"), required=False)

    def __init__(self, *args: Any, homes: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "home", homes)


class IdentityForm(forms.Form):
    """NIK and family card, to be sealed; what is empty stays as it is, and what was recorded may be taken out."""

    nik = forms.CharField(label="NIK", required=False, max_length=24, widget=_NUMERIC)
    kk = forms.CharField(label=gettext_lazy("Nomor KK"), required=False, max_length=24, widget=_NUMERIC)

    def __init__(self, *args: Any, held: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in NUMBERS:
            words = _("Tercatat •••• %(last)s. Kosong: tetap demikian.") % {"last": held[number]}
            self.fields[number].help_text = words if held[number] else _("16 angka. Boleh kosong bila belum ada.")
        if choices := [(number, _GONE[number]) for number in NUMBERS if held[number]]:
            self.fields["gone"] = forms.MultipleChoiceField(
                label=_("Yang salah catat"), required=False, choices=choices, widget=forms.CheckboxSelectMultiple
            )

    def clean_nik(self) -> str:
        """Sixteen digits."""
        return sixteen_digits(self.cleaned_data["nik"]) if self.cleaned_data["nik"] else ""

    def clean_kk(self) -> str:
        """Sixteen digits."""
        return sixteen_digits(self.cleaned_data["kk"]) if self.cleaned_data["kk"] else ""

    @property
    def numbers(self) -> Numbers:
        """What was typed."""
        told = self.cleaned_data
        return Numbers({number: told[number] for number in NUMBERS}, frozenset(told.get("gone", ())))


class LeaveForm(forms.Form):
    """From a day on, until the first day back."""

    kind = forms.ChoiceField(label=gettext_lazy("Jenis cuti"), choices=Leave.Kind.choices)
    since = Day(label=gettext_lazy("Mulai"), initial=timezone.localdate)
    until = Day(label=gettext_lazy("Masuk kembali pada"), help_text=gettext_lazy("Hari pertama bekerja lagi."))


class BackForm(forms.Form):
    """The first day back."""

    day = Day(label=gettext_lazy("Masuk kembali pada"), initial=timezone.localdate)


class ReceiversForm(forms.Form):
    """Who gets her families: one for all, another one for some villages, or nobody where that is said aloud."""

    def __init__(self, *args: Any, villages: Sequence[HeldVillage], takers: Sequence[Load], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.villages = villages
        if not villages:
            return
        people: Choices = [(str(one.staff_id), _named(one)) for one in takers]
        self.fields["taker"] = forms.ChoiceField(
            label=_("Penerima semua keluarga"), required=False, choices=[*_CHOOSE, *people],
            help_text=_("Di bawah, pilih orang lain untuk desa tertentu."),
        )  # fmt: skip
        for village in villages:
            words = _("%(village)s: %(families)d keluarga") % {"village": village.name, "families": village.families}
            self.fields[f"taker_{village.code}"] = forms.ChoiceField(
                label=words, required=False,
                choices=[("", _("Seperti di atas")), *people, (NOBODY, _("Belum ada penerima"))],
            )  # fmt: skip
        self.fields["without"] = forms.BooleanField(
            label=_("Keluarga tanpa penerima boleh tanpa pendamping"), required=False,
            help_text=_("Mereka masuk daftar keluarga tanpa pendamping sampai ada yang ditugaskan."),
        )  # fmt: skip

    @property
    def receivers(self) -> Receivers:
        """What was typed."""
        told = self.cleaned_data
        everyone = told.get("taker", "")
        chosen = {v.code: told.get(f"taker_{v.code}") or everyone for v in self.villages}
        found = {code: UUID(one) if one and one != NOBODY else None for code, one in chosen.items()}
        return Receivers(found, without=bool(told.get("without")))


class EndServiceForm(ReceiversForm):
    """She leaves."""

    day = Day(
        label=gettext_lazy("Berhenti mulai"), initial=timezone.localdate,
        help_text=gettext_lazy("Hari pertama tanpa dia."),
    )  # fmt: skip
    because = forms.ChoiceField(label=gettext_lazy("Sebab"), choices=[*_CHOOSE, *Staff.Left.choices])
    reason = Reason(
        label=gettext_lazy("Surat atau keterangan"), help_text=gettext_lazy("Misalnya nomor surat. Masuk ke jejak.")
    )


class TransferForm(ReceiversForm):
    """She goes to another district."""

    role = forms.ChoiceField(label=gettext_lazy("Tugas di sana"), choices=[*_CHOOSE, *Post.Role.choices])
    place = forms.ChoiceField(
        label=gettext_lazy("Tempat tugas baru"),
        error_messages={
            "invalid_choice": gettext_lazy(
                "Mutasi ke sana dicatat oleh petugas yang mengurus pendamping di kedua tempat, misalnya petugas "
                "provinsi."
            )
        },
    )
    home = forms.ChoiceField(label=gettext_lazy("Kecamatan tempat tinggal baru"), required=False)
    day = Day(
        label=gettext_lazy("Berlaku mulai"), initial=timezone.localdate,
        help_text=gettext_lazy("Hari ini atau sebelumnya."),
    )  # fmt: skip
    reason = Reason(label=gettext_lazy("Surat atau keterangan"), help_text=gettext_lazy("Misalnya nomor surat mutasi."))

    def __init__(self, *args: Any, places: Choices, homes: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "place", places)
        _offer(self, "home", homes)

    @property
    def destination(self) -> Destination:
        """What was typed."""
        told = self.cleaned_data
        return Destination(told["role"], told["place"], told["home"])


class EquipmentForm(forms.Form):
    """A thing handed to somebody."""

    kind = forms.ChoiceField(label=gettext_lazy("Barang"), choices=[*_CHOOSE, *Equipment.Kind.choices])
    serial_no = Number(
        label=gettext_lazy("Nomor"), max_length=40,
        help_text=gettext_lazy("Nomor rompi, kartu, atau seri gawai, seperti tertera padanya."),
    )  # fmt: skip
    issued_on = Day(label=gettext_lazy("Diserahkan pada"), initial=timezone.localdate)


class ReturnForm(forms.Form):
    """How a thing came back."""

    condition = forms.ChoiceField(
        label=gettext_lazy("Keadaan"), choices=Equipment.Condition.choices, widget=forms.RadioSelect
    )
    returned_on = Day(label=gettext_lazy("Tanggal"), initial=timezone.localdate)


def _offer(form: forms.Form, name: str, choices: Choices) -> None:
    cast(forms.ChoiceField, form.fields[name]).choices = choices


def _named(load: Load) -> str:
    told = {"name": load.name, "number": load.staff_no, "families": load.families}
    words = _("%(name)s (%(number)s), %(families)d keluarga") % told
    return _("%(words)s, sedang cuti") % {"words": words} if load.away else words
