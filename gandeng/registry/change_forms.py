"""What may be asked for about a family, one form for each kind of change, and the sentence when it is wrong."""

import re
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from gandeng.core.channels import BANKS, CHANNELS, POST
from gandeng.core.region_code import DISTRICT_DIGITS, Level, RegionCode
from gandeng.files import profiles
from gandeng.regions import places
from gandeng.registry.actions import Proof, Wanted
from gandeng.registry.actions.applying import OF_MEMBER, Kind, held
from gandeng.registry.deciles import LEAST, MOST
from gandeng.registry.evidence import BYTES_MAX, EvidenceRefused, drawn_anew
from gandeng.registry.forms import REASON_MIN
from gandeng.registry.models import SEXES, Family, Member, Telling
from gandeng.web.fields import GAPS, day_field, one_of, sixteen_digits

PROVEN = frozenset({Kind.ACCOUNT, Kind.COLLECTOR, Kind.NIK, Kind.IDENTITY, Kind.DEATH, Kind.BACK, Kind.DECILE})
"""Changes that move money or a person's identity ask for evidence, and so does what was read elsewhere."""

_MUST = _("Wajib, atau lampirkan berkasnya.")
_EXAMPLE = _("Misalnya: akta atau kartu keluarga nomor sekian, dilihat saat kunjungan 3 September.")
_DIGITS = re.compile(r"[0-9]{5,20}")


class ChangeForm(forms.Form):
    """What every request has: who it is about, why, and what proves it. The rest is made for its kind."""

    kind: ClassVar[Kind]
    field_order = ("member",)

    def __init__(self, *args: Any, family: Family, members: list[Member], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.family, self.members = family, {str(member.pk): member for member in members}
        if self.kind in OF_MEMBER:
            self.fields["member"] = forms.ChoiceField(
                label=_("Anggota"),
                choices=[("", _("Pilih anggota")), *((key, one.name) for key, one in self.members.items())],
                error_messages={"required": _("Pilih anggotanya.")},
            )  # fmt: skip
            self.order_fields(["member"])
        self.fields["reason"] = forms.CharField(
            label=_("Alasan"), max_length=1000, min_length=REASON_MIN, widget=forms.Textarea(attrs={"rows": 3}),
            error_messages={"required": _("Tulis alasannya."), "min_length": _("Tulis alasannya dengan jelas.")},
        )  # fmt: skip
        self.fields["evidence_words"] = forms.CharField(
            label=_("Bukti"), required=False, max_length=1000,
            help_text=format_lazy("{} {}", _MUST, _EXAMPLE) if self.is_proven else _EXAMPLE,
        )  # fmt: skip
        self.fields["evidence_file"] = forms.FileField(
            label=_("Berkas bukti"), required=False,
            help_text=_("PDF, PNG, atau JPEG, paling besar 5 MB. Tempat dan waktu dalam foto dihapus."),
            widget=forms.ClearableFileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg"}),
        )  # fmt: skip
        if self.is_proven:
            one_of(self.fields["evidence_words"], self.fields["evidence_file"])

    @property
    def is_proven(self) -> bool:
        """Whether evidence has to be there; also that a family was ended by mistake."""
        return self.kind in PROVEN or (self.kind == Kind.RESUME and self.family.status == Family.Status.ENDED)

    def clean(self) -> dict[str, Any]:
        """Evidence where money or identity moves."""
        told = super().clean() or {}
        if self.is_proven and not told.get("evidence_words") and not told.get("evidence_file"):
            self.add_error("evidence_words", _("Perubahan ini perlu bukti: tulis buktinya atau lampirkan berkasnya."))
        return told

    def clean_evidence_file(self) -> "UploadedFile[bytes] | None":
        """Small, and what it says it is; a picture is drawn anew."""
        sent: UploadedFile[bytes] | None = self.cleaned_data["evidence_file"]
        if sent is None:
            return None
        try:
            self.paper = drawn_anew(sent.read(BYTES_MAX + 1))
        except EvidenceRefused as refused:
            raise ValidationError(str(refused)) from refused
        return sent

    def wanted(self) -> Wanted:
        """What the request would write."""
        return Wanted()

    def member(self) -> Member | None:
        """Who it is about."""
        return self.members.get(self.cleaned_data.get("member", ""))

    def proof(self) -> Proof:
        """Words and paper."""
        sent: UploadedFile[bytes] | None = self.cleaned_data.get("evidence_file")
        words = self.cleaned_data.get("evidence_words", "")
        if sent is None:
            return Proof(words)
        return Proof(words, sent.name or "", *self.paper)


def _not_to_come(day: date) -> date:
    if day > timezone.localdate():
        raise ValidationError(_("Tanggalnya belum tiba."))
    return day


class BirthForm(ChangeForm):
    """A new member."""

    kind = Kind.BIRTH
    name = forms.CharField(label=_("Nama lengkap"), max_length=120, error_messages={"required": _("Isi namanya.")})
    birth_date = day_field(_("Tanggal lahir"))
    sex = forms.ChoiceField(
        label=_("Jenis kelamin"), choices=[*SEXES.items()], widget=forms.RadioSelect,
        error_messages={"required": _("Pilih jenis kelaminnya.")},
    )  # fmt: skip
    nik = forms.CharField(
        label="NIK", required=False, max_length=24, help_text=_("Boleh kosong bila belum ada."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip

    def clean_birth_date(self) -> date:
        """Born already."""
        return _not_to_come(self.cleaned_data["birth_date"])

    def clean_nik(self) -> str:
        """Sixteen digits or nothing."""
        return sixteen_digits(self.cleaned_data["nik"]) if self.cleaned_data["nik"] else ""

    def wanted(self) -> Wanted:
        """The new member."""
        told = self.cleaned_data
        after = {"name": told["name"].strip(), "birth_date": told["birth_date"].isoformat(), "sex": told["sex"]}
        return Wanted(after, told["nik"])


class _DayForm(ChangeForm):
    field: ClassVar[str]
    day = day_field(_("Tanggal"))

    def clean_day(self) -> date:
        """Past, and not before birth."""
        return _not_to_come(self.cleaned_data["day"])

    def clean(self) -> dict[str, Any]:
        """Nobody dies or leaves before being born."""
        told = super().clean()
        member = self.members.get(told.get("member", ""))
        if member and told.get("day") and told["day"] < member.birth_date:
            self.add_error("day", _("Tanggalnya sebelum hari lahir."))
        return told

    def wanted(self) -> Wanted:
        """The day."""
        return Wanted({self.field: self.cleaned_data["day"].isoformat()})


class DeathForm(_DayForm):
    """A member died."""

    kind, field = Kind.DEATH, "deceased_on"


class LeftForm(_DayForm):
    """A member left the family."""

    kind, field = Kind.LEFT, "left_on"


class BackForm(ChangeForm):
    """Who was said to have died or left is there."""

    kind = Kind.BACK

    def wanted(self) -> Wanted:
        """Neither day."""
        return Wanted({"deceased_on": None, "left_on": None})


class SchoolForm(ChangeForm):
    """Another level of school, or none."""

    kind = Kind.SCHOOL_LEVEL
    school_level = forms.ChoiceField(
        label=_("Jenjang sekolah"), required=False,
        choices=[
            ("", _("Tidak bersekolah")), ("SD", _("SD sederajat")), ("SMP", _("SMP sederajat")),
            ("SMA", _("SMA sederajat")),
        ],
    )  # fmt: skip

    def wanted(self) -> Wanted:
        """The level."""
        return Wanted({"school_level": self.cleaned_data["school_level"]})


class PregnancyForm(ChangeForm):
    """Pregnant for the so-manieth time, or no longer."""

    kind = Kind.PREGNANCY
    pregnancy_no = forms.IntegerField(
        label=_("Kehamilan ke-"), required=False, min_value=1, max_value=20,
        help_text=_("Kosongkan bila kehamilan sudah berakhir."), error_messages={"invalid": _("Isi dengan angka.")},
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Of a woman; one that stands with a man by mistake can be ended."""
        told = super().clean()
        member = self.members.get(told.get("member", ""))
        if member and member.sex != "F" and told.get("pregnancy_no"):
            self.add_error("member", _("Kehamilan hanya dicatat pada perempuan."))
        return told

    def wanted(self) -> Wanted:
        """The number."""
        return Wanted({"pregnancy_no": self.cleaned_data["pregnancy_no"]})


class DisabilityForm(ChangeForm):
    """A severe disability, or none."""

    kind = Kind.DISABILITY
    severe_disability = forms.ChoiceField(
        label=_("Disabilitas berat"), choices=[("yes", "Ya"), ("no", _("Tidak"))], widget=forms.RadioSelect,
        error_messages={"required": _("Pilih ya atau tidak.")},
    )  # fmt: skip

    def wanted(self) -> Wanted:
        """Yes or no."""
        return Wanted({"severe_disability": self.cleaned_data["severe_disability"] == "yes"})


class NikForm(ChangeForm):
    """A NIK that was wrong or missing."""

    kind = Kind.NIK
    nik = forms.CharField(
        label=_("NIK yang benar"), max_length=24, error_messages={"required": _("Isi 16 angkanya.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip

    def clean_nik(self) -> str:
        """Sixteen digits."""
        return sixteen_digits(self.cleaned_data["nik"])

    def wanted(self) -> Wanted:
        """The number, which will be sealed."""
        return Wanted({}, self.cleaned_data["nik"])


class IdentityForm(ChangeForm):
    """A name, a birth date or a sex that was recorded wrongly; what is left empty stays."""

    kind = Kind.IDENTITY
    name = forms.CharField(
        label=_("Nama yang benar"), required=False, max_length=120, help_text=_("Kosongkan bila sudah benar.")
    )
    birth_date = day_field(_("Tanggal lahir yang benar"), required=False, help_text=_("Kosongkan bila sudah benar."))
    sex = forms.ChoiceField(
        label=_("Jenis kelamin yang benar"), required=False, widget=forms.RadioSelect,
        choices=[("", _("Tetap seperti tercatat")), *SEXES.items()],
    )  # fmt: skip

    def clean_birth_date(self) -> date | None:
        """Born already."""
        told = self.cleaned_data["birth_date"]
        return _not_to_come(told) if told else None

    def wanted(self) -> Wanted:
        """All three: those that were told, and those that stay."""
        member, told = self.member(), self.cleaned_data
        if member is None:
            return Wanted()
        born = told["birth_date"] or member.birth_date
        return Wanted({
            "name": told["name"].strip() or member.name, "birth_date": born.isoformat(),
            "sex": told["sex"] or member.sex,
        })  # fmt: skip


class CollectorForm(ChangeForm):
    """Somebody else collects."""

    kind = Kind.COLLECTOR

    def wanted(self) -> Wanted:
        """The member."""
        return Wanted({"collector": self.cleaned_data["member"]})


class AccountForm(ChangeForm):
    """Another account, or the post."""

    kind = Kind.ACCOUNT
    channel = forms.ChoiceField(
        label=_("Penyalur"), choices=[("", _("Pilih penyalur")), *((name, name) for name in CHANNELS)],
        error_messages={"required": _("Pilih penyalurnya.")},
    )  # fmt: skip
    account_no = forms.CharField(
        label=_("Nomor rekening"), required=False, max_length=30, help_text=_("Angka saja. Kosongkan untuk POS."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """As long as the bank's accounts are; none for the post."""
        told = super().clean()
        channel, number = told.get("channel", ""), GAPS.sub("", told.get("account_no", ""))
        if channel == POST and number:
            self.add_error("account_no", _("Penyaluran lewat POS tidak memakai rekening."))
        if channel in BANKS:
            self._check(channel, number)
        return {**told, "account_no": number}

    def _check(self, channel: str, number: str) -> None:
        length = profiles.load(channel).account_digits
        if not _DIGITS.fullmatch(number):
            self.add_error("account_no", _("Isi nomor rekening dengan angka saja."))
        elif length and len(number) != length:
            self.add_error(
                "account_no",
                _("Rekening %(channel)s terdiri atas %(digits)s angka.") % {"channel": channel, "digits": length},
            )

    def wanted(self) -> Wanted:
        """Channel, and the number, which will be sealed."""
        return Wanted({"channel": self.cleaned_data["channel"]}, self.cleaned_data["account_no"])


class _HoldForm(ChangeForm):
    """The family did not ask for what it has: nothing is typed but why."""

    def wanted(self) -> Wanted:
        """Held, and paid by from no day on."""
        return Wanted(held(self.kind, self.family))


class HoldCollectorForm(_HoldForm):
    """Whoever collects."""

    kind = Kind.HOLD_COLLECTOR


class HoldAccountForm(_HoldForm):
    """The account in force."""

    kind = Kind.HOLD_ACCOUNT


class MoveForm(ChangeForm):
    """The family lives elsewhere now; villages of its `district`, or of the one asked for, are offered by name."""

    kind = Kind.MOVE
    village = forms.CharField(
        label=_("Desa/kelurahan baru"), max_length=160, widget=forms.TextInput(attrs={"list": "villages"}),
        help_text=_("Ketik namanya lalu pilih, atau tulis kode 10 angkanya, misalnya 63.71.01.1001."),
        error_messages={"required": _("Pilih desanya.")},
    )  # fmt: skip

    def __init__(self, *args: Any, district: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.district = district or self.family.village_code[:DISTRICT_DIGITS]

    @property
    def villages(self) -> list[str]:
        """`63.71.01.1001 Mantuil, Banjarmasin Selatan`, by sub-district."""
        return [f"{code} {words}" for code, words in self._named()]

    def _named(self) -> list[tuple[RegionCode, str]]:
        return [
            (village.code, f"{village.name}, {sub_district.name}")
            for sub_district in places.sub_districts_of(self.district)
            for village in places.villages_of(sub_district.code)
        ]

    def clean_village(self) -> str:
        """A village there is: by its code, or by its name where only one of the district has it."""
        code = places.typed(self.cleaned_data["village"].strip(), self._named())
        if code is None:
            raise ValidationError(_("Pilih desa dari daftar, atau tulis kodenya yang 10 angka."))
        if code.level is not Level.VILLAGE or places.place(code) is None:
            raise ValidationError(_("Tidak ada desa/kelurahan dengan kode itu."))
        return code.digits

    def wanted(self) -> Wanted:
        """The village."""
        return Wanted({"village_code": self.cleaned_data["village"]})


class _StatusForm(ChangeForm):
    status: ClassVar[str]

    def wanted(self) -> Wanted:
        """The status; the reason says the rest."""
        return Wanted({"status": self.status})


class ToldForm(forms.Form):
    """How and when a family learned that it is paid no more."""

    told_how = forms.ChoiceField(
        label=_("Keluarga diberi tahu"), choices=Telling.choices, widget=forms.RadioSelect,
        help_text=_("Sebutkan alasannya, dan bahwa keluarga dapat mengadu ke kantor bila keberatan."),
        error_messages={"required": _("Pilih cara keluarga diberi tahu.")},
    )  # fmt: skip
    told_on = day_field(
        _("Diberi tahu pada"), required=False, help_text=_("Kosongkan bila tidak ada yang dapat diberi tahu.")
    )

    def __init__(self, *args: Any, **extra: Any) -> None:
        super().__init__(*args, **extra)
        one_of(self.fields["told_on"])

    def clean_told_on(self) -> date | None:
        """Told already."""
        day: date | None = self.cleaned_data["told_on"]
        return _not_to_come(day) if day else None

    def clean(self) -> dict[str, Any]:
        """A day wherever somebody was told."""
        told = super().clean() or {}
        if told.get("told_how", Telling.NOBODY) != Telling.NOBODY and "told_on" in told and told["told_on"] is None:
            self.add_error("told_on", _("Isi tanggal keluarga diberi tahu."))
        return told

    @property
    def told_day(self) -> date | None:
        """None where nobody was there to be told."""
        day: date | None = self.cleaned_data["told_on"]
        return None if self.cleaned_data["told_how"] == Telling.NOBODY else day


class _ToldForm(ToldForm, _StatusForm):
    """The family is paid nothing any more: it is told why, before another person decides."""

    def wanted(self) -> Wanted:
        """The status, and how and when the family was told."""
        told_on = self.told_day.isoformat() if self.told_day else ""
        return Wanted({"status": self.status, "told_how": self.cleaned_data["told_how"], "told_on": told_on})


class SuspendForm(_ToldForm):
    """Pay nothing until resumed."""

    kind, status = Kind.SUSPEND, Family.Status.SUSPENDED


class ResumeForm(_StatusForm):
    """Pay again."""

    kind, status = Kind.RESUME, Family.Status.ACTIVE


class GraduateForm(_StatusForm):
    """The family needs it no longer."""

    kind, status = Kind.GRADUATE, Family.Status.GRADUATED


class EndForm(_ToldForm):
    """The family is no longer in the programme."""

    kind, status = Kind.END, Family.Status.ENDED


class DecileForm(ChangeForm):
    """A decile that was read where the ministry shows it."""

    kind = Kind.DECILE
    decile = forms.IntegerField(
        label=_("Desil"), min_value=LEAST, max_value=MOST, help_text=_("1 sampai 10, menurut DTSEN."),
        error_messages={
            "required": _("Isi desilnya, 1 sampai 10."), "invalid": _("Isi desilnya, 1 sampai 10."),
            "min_value": _("Isi desilnya, 1 sampai 10."), "max_value": _("Isi desilnya, 1 sampai 10."),
        },
    )  # fmt: skip
    read_on = day_field(_("Dibaca pada"))

    def clean_read_on(self) -> date:
        """Read already."""
        return _not_to_come(self.cleaned_data["read_on"])

    def wanted(self) -> Wanted:
        """The decile and its day."""
        return Wanted({"decile": self.cleaned_data["decile"], "read_on": self.cleaned_data["read_on"].isoformat()})


FORMS: dict[str, type[ChangeForm]] = {
    form.kind: form
    for form in (
        BirthForm, DeathForm, LeftForm, BackForm, SchoolForm, PregnancyForm, DisabilityForm, NikForm, IdentityForm,
        CollectorForm, AccountForm, HoldCollectorForm, HoldAccountForm, MoveForm, SuspendForm, ResumeForm, GraduateForm,
        EndForm, DecileForm,
    )
}  # fmt: skip
