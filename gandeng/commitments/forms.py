"""What may be typed about places, sheets, decisions and what follows them."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gandeng.accounts.public_codes import digits_of
from gandeng.commitments.actions import Entry, Signed
from gandeng.commitments.models import Effect, Enrolment, Facility, Obligation, Step
from gandeng.commitments.own import CODE_DIGITS, Row
from gandeng.core.commitment import Month
from gandeng.web.fields import CHOOSE, REASON_MIN, ListField, day_field, line_field, no_long_number, text_field

_MOST = 31
YES, NO = "yes", "no"


class FacilityForm(forms.Form):
    """A school or clinic."""

    kind = forms.ChoiceField(label=gettext_lazy("Jenis"), choices=Facility.Kind.choices, error_messages=CHOOSE)
    name = line_field(gettext_lazy("Nama"), validators=[no_long_number])
    code = line_field(
        gettext_lazy("NPSN atau kode"), most=20, required=False,
        help_text=gettext_lazy("Nomor sekolah atau fasilitas kesehatan; boleh kosong."),
    )  # fmt: skip
    village = forms.ChoiceField(label=gettext_lazy("Desa/kelurahan"), error_messages=CHOOSE)

    def __init__(self, *args: Any, places: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["village"].choices = places  # type: ignore[attr-defined]


class PlaceForm(forms.Form):
    """Where a member fulfils an obligation."""

    obligation = forms.ChoiceField(label=gettext_lazy("Kewajiban"), choices=Obligation.choices, error_messages=CHOOSE)
    facility: "forms.ModelChoiceField[Facility]" = forms.ModelChoiceField(
        Facility.objects.none(), label=gettext_lazy("Sekolah atau fasilitas"), required=False, error_messages=CHOOSE,
        empty_label=gettext_lazy("Tidak lagi terdaftar"),
    )  # fmt: skip
    since = day_field(gettext_lazy("Sejak"))

    def __init__(self, *args: Any, facilities: Any, offered: Sequence[Facility], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["facility"]
        field.queryset = facilities
        field.choices = [("", field.empty_label), *((each.pk, each.name) for each in offered)]


class PlaceManyForm(forms.Form):
    """Where the members that are ticked fulfil their duty, of what was found."""

    facility = forms.ChoiceField(
        label=gettext_lazy("Sekolah atau fasilitas"), widget=forms.RadioSelect, error_messages=CHOOSE
    )
    since = day_field(gettext_lazy("Sejak"))

    def __init__(self, *args: Any, found: Sequence[tuple[Any, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["facility"].choices = found  # type: ignore[attr-defined]


class EvidenceForm(forms.Form):
    """The evidence at source: who signed, in what office, where and when."""

    signer_name = line_field(gettext_lazy("Nama penanda tangan"), validators=[no_long_number])
    signer_role = line_field(gettext_lazy("Jabatan penanda tangan"), validators=[no_long_number])
    place = line_field(gettext_lazy("Tempat tanda tangan"), validators=[no_long_number])
    signed_on = day_field(gettext_lazy("Tanggal tanda tangan"))

    def signed(self) -> Signed:
        """Who signed."""
        told = self.cleaned_data
        return Signed(told["signer_name"], told["signer_role"], told["place"], told["signed_on"])


class SignedForm(EvidenceForm):
    """The evidence, and one number per expected member, month and kind; what is empty was not recorded."""

    sheet_id = forms.UUIDField(widget=forms.HiddenInput(), initial=uuid4)

    def __init__(self, *args: Any, expected: Sequence[Enrolment], months: Sequence[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.expected, self.months, self.first_days = expected, range(1, len(months) + 1), months
        self.schools = any(each.obligation == Obligation.EDUCATION for each in expected)
        for month, first in zip(self.months, months, strict=True):
            named = {"month": f"{first:%m/%Y}"}
            self.fields[f"service_{month}"] = forms.ChoiceField(
                label=_("Layanan bulan %(month)s") % named, initial=YES, error_messages=CHOOSE,
                choices=[(YES, _("Ada")), (NO, _("Tidak ada sekolah atau petugas"))],
            )  # fmt: skip
            if self.schools:
                self.fields[f"days_{month}"] = _number(_("Hari efektif bulan %(month)s") % named)
        for each, name, label in self._cells(months):
            self.fields[name] = _number(f"{each.member.name}: {label}")

    def clean(self) -> dict[str, Any]:
        """Nothing that was typed is left out because the list of members has changed meanwhile."""
        if any(name.startswith("cell_") and value and name not in self.fields for name, value in self.data.items()):
            raise forms.ValidationError(_("Daftar anggota berubah sejak halaman dibuka. Muat ulang, lalu isi lagi."))
        return super().clean() or self.cleaned_data

    def rows(self) -> list[dict[str, Any]]:
        """As the table shows them: one per member, its cells in the order of the months."""
        found: dict[Any, list[dict[str, Any]]] = {each.pk: [] for each in self.expected}
        for each, name, label in self._cells(self.first_days):
            found[each.pk].append({"field": self[name], "label": label})
        return [{"enrolment": each, "cells": found[each.pk]} for each in self.expected]

    def evidence(self) -> list[Any]:
        """The fields of who signed."""
        return [self[name] for name in EvidenceForm.base_fields]

    def calendar(self) -> list[list[Any]]:
        """Of each month: whether there was service, and how many days of school."""
        return [
            [self[name] for name in (f"service_{month}", f"days_{month}") if name in self.fields]
            for month in self.months
        ]

    def entries(self) -> list[Entry]:
        """Members of whom anything was typed."""
        made = [Entry(each.member, each.obligation, list(self._months(each))) for each in self.expected]
        return [each for each in made if each.months]

    def _months(self, each: Enrolment) -> Iterable[Month]:
        told, school = self.cleaned_data, each.obligation == Obligation.EDUCATION
        for month in self.months:
            numbers = [told[name] for one, name, _label in self._cells() if one is each and f"_{month}_" in name]
            service = told[f"service_{month}"] == YES
            days = (told.get(f"days_{month}") or 0) if school and service else 0
            if not service:
                yield Month(month, service=False)
            elif school and told.get(f"days_{month}") is not None and any(one is not None for one in numbers):
                absent, leave, sick = (one or 0 for one in numbers)
                yield Month(month, days=days, absent=absent, leave=leave, sick=sick)
            elif not school and numbers[0] is not None:
                yield Month(month, visits=numbers[0])

    def _cells(self, months: Sequence[Any] = ()) -> Iterable[tuple[Enrolment, str, str]]:
        for each in self.expected:
            for month in self.months:
                when = f"{months[month - 1]:%m/%Y}" if months else ""
                for kind, label in kinds_of(each.obligation):
                    yield each, f"cell_{each.pk.hex}_{month}_{kind}", f"{label} {when}"


class PrintForm(forms.Form):
    """Of which place and quarter all sheets are printed."""

    place = forms.ChoiceField(
        label=gettext_lazy("Kecamatan atau desa/kelurahan"), error_messages=CHOOSE,
        help_text=gettext_lazy("Tiap halaman memuat kode QR yang menuju lembarnya sendiri."),
    )  # fmt: skip
    quarter = forms.ChoiceField(label=gettext_lazy("Triwulan"), error_messages=CHOOSE)

    def __init__(
        self, *args: Any, places: Sequence[tuple[str, str]], quarters: Sequence[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = places  # type: ignore[attr-defined]
        self.fields["quarter"].choices = quarters  # type: ignore[attr-defined]


class EducationOutForm(PrintForm):
    """Of which place and quarter the education form is taken away, and what for."""

    purpose = line_field(
        gettext_lazy("Keperluan unduhan"), most=300, min_length=REASON_MIN, validators=[no_long_number],
        help_text=gettext_lazy("Dicatat. NIK di dalamnya hanya empat angka terakhir."),
    )  # fmt: skip


class EducationInForm(forms.Form):
    """A school's filled-in form."""

    file = ListField(
        gettext_lazy("Berkas formulir pendidikan"),
        about=gettext_lazy("Kolomnya seperti pada formulir pendidikan; satu sekolah dan satu triwulan."),
    )


class OwnLinkForm(forms.Form):
    """How a facility gets its own link."""

    SHOW, PRINT, MAIL = "show", "print", "mail"

    how = forms.ChoiceField(
        label=gettext_lazy("Cara menyerahkan"), widget=forms.RadioSelect, error_messages=CHOOSE,
        choices=[
            (PRINT, gettext_lazy("Cetak pada lembarnya, sebagai kode QR kedua")),
            (SHOW, gettext_lazy("Tampilkan alamatnya sekali")),
            (MAIL, gettext_lazy("Kirim lewat surel")),
        ],
    )  # fmt: skip
    email = forms.EmailField(
        label=gettext_lazy("Surel sekolah atau fasilitas"), required=False,
        help_text=gettext_lazy("Hanya bila dikirim lewat surel. Alamatnya tidak disimpan."),
        error_messages={"invalid": gettext_lazy("Isi alamat surel yang benar.")},
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """An address where a mail is to go."""
        told = super().clean() or self.cleaned_data
        if told.get("how") == self.MAIL and not told.get("email") and "email" not in self.errors:
            self.add_error("email", _("Isi alamat surelnya."))
        return told


class OpeningForm(forms.Form):
    """The code without which a facility's own link shows nothing."""

    opening = line_field(
        gettext_lazy("Kode pembuka"), most=20, widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        help_text=gettext_lazy("Delapan angka dari Dinas Sosial, lewat telepon atau di kertas tersendiri."),
    )  # fmt: skip

    def clean_opening(self) -> str:
        """Eight digits; what has more or fewer was mistyped and counts as no try."""
        code = digits_of(self.cleaned_data["opening"])
        if len(code) != CODE_DIGITS:
            raise forms.ValidationError(_("Kode pembuka terdiri dari delapan angka."))
        return code


class ConfirmForm(forms.Form):
    """What a school or clinic says of its rows: all as they are, or what differs in which."""

    AGREES, DIFFERS = "agrees", "differs"

    shown = forms.CharField(widget=forms.HiddenInput(), max_length=64)
    says = forms.ChoiceField(
        label=gettext_lazy("Menurut catatan sekolah atau fasilitas"), widget=forms.RadioSelect, error_messages=CHOOSE,
        choices=[
            (AGREES, gettext_lazy("Semua isian di atas sesuai")),
            (DIFFERS, gettext_lazy("Ada yang berbeda; saya tulis pada barisnya")),
        ],
    )  # fmt: skip
    name = line_field(gettext_lazy("Nama Anda"), most=120, validators=[no_long_number])
    office = line_field(gettext_lazy("Jabatan Anda"), most=120, validators=[no_long_number])

    def __init__(self, *args: Any, rows: Sequence[Row], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = rows
        for each in rows:
            self.fields[f"row_{each.place}"] = line_field(
                _("Yang berbeda tentang %(name)s") % {"name": each.name}, most=300, required=False,
                validators=[no_long_number],
            )  # fmt: skip

    def differs(self) -> dict[int, str]:
        """By the row's place: what it says."""
        told = {each.place: str(self.cleaned_data.get(f"row_{each.place}") or "").strip() for each in self.rows}
        return {place: words for place, words in told.items() if words}

    def clean(self) -> dict[str, Any]:
        """What is ticked and what is written say the same."""
        told = super().clean() or self.cleaned_data
        if told.get("says") == self.AGREES and self.differs():
            self.add_error("says", _("Anda menulis perbedaan pada salah satu baris. Pilih yang benar."))
        if told.get("says") == self.DIFFERS and not self.differs() and not self.errors:
            self.add_error("says", _("Tulis perbedaannya pada barisnya."))
        return told

    def heads(self) -> list[Any]:
        """The fields below the rows."""
        return [self[name] for name in ("says", "name", "office")]


class CodeForm(forms.Form):
    """The code under the square on a printed sheet."""

    kode = line_field(
        gettext_lazy("Kode di bawah kotak QR"), most=40,
        help_text=gettext_lazy("Misalnya 7F3A9-C12E4-263-01K. Spasi, tanda hubung, dan huruf kecil tidak mengapa."),
    )  # fmt: skip


class DecideForm(forms.Form):
    """What becomes of the recommendations that were ticked."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("Keputusan"), choices=Effect.choices, widget=forms.RadioSelect, error_messages=CHOOSE
    )
    reason = text_field(
        gettext_lazy("Alasan"), most=1000, rows=3, min_length=5, validators=[no_long_number],
        help_text=gettext_lazy("Dibacakan kepada keluarga. Tanpa NIK dan nomor kartu."),
    )  # fmt: skip


class StepForm(forms.Form):
    """What followed a decision."""

    kind = forms.ChoiceField(label=gettext_lazy("Yang terjadi"), error_messages=CHOOSE)
    on_day = day_field(gettext_lazy("Hari"))
    words = text_field(
        gettext_lazy("Cara atau alasannya"), most=1000, rows=3, min_length=5, validators=[no_long_number]
    )

    def __init__(self, *args: Any, kinds: Sequence[Step.Kind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(each.value, each.label) for each in kinds]  # type: ignore[attr-defined]


def kinds_of(obligation: str) -> list[tuple[str, str]]:
    """What is counted of a member in a month: code and words."""
    if obligation == Obligation.EDUCATION:
        return [("absent", _("Alpa")), ("leave", _("Izin")), ("sick", _("Sakit"))]
    return [("visits", _("Kunjungan"))]


def _number(label: str) -> forms.IntegerField:
    told = dict.fromkeys(("invalid", "min_value", "max_value"), _("Isi bilangan bulat dari 0 sampai 31."))
    return forms.IntegerField(label=label, required=False, min_value=0, max_value=_MOST, error_messages=told)
