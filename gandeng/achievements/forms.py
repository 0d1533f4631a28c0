"""What may be typed about achievements and consents."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any, cast
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gandeng.achievements.actions.common import Sent
from gandeng.achievements.actions.consents import Given
from gandeng.achievements.actions.records import Told
from gandeng.achievements.models import Achievement, Consent
from gandeng.achievements.queries import OF_AGE
from gandeng.core.benefit_policy import years_before
from gandeng.files.photos import BYTES_MAX as PHOTO_BYTES_MAX
from gandeng.policy.figures import load_figures
from gandeng.registry.evidence import BYTES_MAX, EvidenceRefused, drawn_anew
from gandeng.registry.models import Member
from gandeng.web import fields
from gandeng.web.fields import REASON_MIN, day_field, line_field, no_long_number

_OLDEST_PUPIL = "component/school_age_max"
_FREE = ("what", "giver", "school", "story", "given_by", "reason")


text_field = partial(fields.text_field, most=3000, rows=6)


def choice_field(label: Any, choices: Sequence[tuple[str, Any]], **how: Any) -> forms.ChoiceField:
    """One of a list, nothing chosen beforehand."""
    told = {"required": gettext_lazy("Pilih salah satu.")}
    return forms.ChoiceField(
        label=label, choices=[("", gettext_lazy("Pilih")), *choices], error_messages=told, **how
    )  # fmt: skip


class _Plain(forms.Form):
    """Without long numbers: none of this is the place of a NIK, a card or an account."""

    def clean(self) -> dict[str, Any]:
        """Beside the field that has one."""
        told = super().clean() or {}
        for name in _FREE:
            try:
                no_long_number(str(told.get(name) or ""))
            except ValidationError as error:
                self.add_error(name, error)
        return told


def _past(day: date | None) -> date | None:
    if day and day > timezone.localdate():
        raise ValidationError(_("Tanggalnya belum tiba."))
    return day


class AchievementForm(_Plain):
    """What both kinds have."""

    key = forms.UUIDField(widget=forms.HiddenInput())
    field = choice_field(gettext_lazy("Bidang"), Achievement.Field.choices)
    what = line_field(gettext_lazy("Prestasi"))
    achieved_on = day_field(gettext_lazy("Tanggal"))
    giver = line_field(gettext_lazy("Diberikan oleh"), required=False)
    story = text_field(
        gettext_lazy("Cerita singkat"), required=False,
        help_text=gettext_lazy("Disimpan tersegel. Hanya dimuat di buku bila keluarga menyetujuinya."),
    )  # fmt: skip

    def clean_achieved_on(self) -> date | None:
        """Not to come."""
        return _past(self.cleaned_data["achieved_on"])

    @property
    def asked_key(self) -> UUID:
        """Made with the form."""
        return cast(UUID, self.cleaned_data["key"])

    def member(self) -> Member | None:
        """Whose; None for the family's."""
        return None

    def told(self) -> Told:
        """What was entered."""
        told = self.cleaned_data
        return Told(
            field=told["field"], what=told["what"], achieved_on=told["achieved_on"], giver=told["giver"],
            level=told.get("level", ""), standing=told.get("standing", ""), school=told.get("school", ""),
            story=told["story"],
        )  # fmt: skip


class ChildForm(AchievementForm):
    """Of a child of the family."""

    level = choice_field(gettext_lazy("Tingkat"), Achievement.Level.choices)
    school = line_field(gettext_lazy("Sekolah"), required=False)

    def __init__(self, *args: Any, children: Sequence[Member], fixed: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._children = {str(child.pk): child for child in children}
        if not fixed:
            self.fields["child"] = choice_field(_("Anak"), [(str(one.pk), one.name) for one in children])
        self.fields["what"].help_text = _("Misalnya: Juara 1 lomba pidato bahasa Indonesia.")
        self.order_fields(["key", "child", "field", "level", "what", "achieved_on", "giver", "school", "story"])

    def clean(self) -> dict[str, Any]:
        """A pupil's age on that day (policy: component/school_age_max)."""
        told = super().clean()
        child, day = self._children.get(told.get("child", "")), told.get("achieved_on")
        figure = load_figures().on(_OLDEST_PUPIL, day) if day else None
        oldest = figure.value if figure and isinstance(figure.value, int) else None
        if child and day and child.birth_date > day:
            self.add_error("achieved_on", _("Anak itu belum lahir pada tanggal ini."))
        elif child and day and oldest is not None and child.birth_date <= years_before(day, oldest + 1):
            words = _("Pada tanggal itu ia sudah lebih dari %(age)s tahun, jadi bukan anak sekolah lagi.")
            self.add_error("child", words % {"age": oldest})
        return told

    def member(self) -> Member | None:
        """The child."""
        return self._children.get(self.cleaned_data.get("child", ""))


class FamilyForm(AchievementForm):
    """Of a family that stands on its own, or is on the way."""

    standing = choice_field(gettext_lazy("Keadaan keluarga"), Achievement.Standing.choices)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["what"].label = _("Yang dicapai keluarga")
        self.fields["what"].help_text = _("Misalnya: Warung sembako sudah menghidupi keluarga.")
        self.order_fields(["key", "standing", "field", "what", "achieved_on", "giver", "story"])


def form_for(kind: str, *args: Any, children: Sequence[Member], **how: Any) -> AchievementForm:
    """The form of a kind."""
    if kind == Achievement.Kind.CHILD:
        return ChildForm(*args, children=children, **how)
    how.pop("fixed", None)
    return FamilyForm(*args, **how)


def _file_field(label: str, hint: str, accept: str) -> forms.FileField:
    return forms.FileField(
        label=label, help_text=hint, widget=forms.FileInput(attrs={"accept": accept}),
        error_messages={"required": _("Pilih berkasnya."), "empty": _("Berkas kosong.")},
    )  # fmt: skip


def _paper(sent: "UploadedFile[bytes]") -> Sent:
    try:
        return Sent(sent.name or "", *drawn_anew(sent.read(BYTES_MAX + 1)))
    except EvidenceRefused as refused:
        raise ValidationError(str(refused)) from refused


class ProofForm(forms.Form):
    """A certificate, a letter, a medal."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["proof"] = _file_field(
            _("Bukti"), _("Piagam, surat, atau foto medali: PDF, PNG, atau JPEG, paling besar 5 MB. Tersegel."),
            ".pdf,.png,.jpg,.jpeg",
        )  # fmt: skip

    def clean_proof(self) -> Sent:
        """As it will be kept."""
        return _paper(self.cleaned_data["proof"])

    def sent(self) -> Sent:
        """The file."""
        return cast(Sent, self.cleaned_data["proof"])


class PhotoForm(forms.Form):
    """A picture for the book."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["photo"] = _file_field(
            _("Foto"), _("JPEG, PNG, atau WebP, paling besar 5 MB. Tempat dan waktu pengambilan dihapus dari fotonya."),
            ".png,.jpg,.jpeg,.webp",
        )  # fmt: skip

    def sent(self) -> Sent:
        """The file, which the act draws anew."""
        sent: UploadedFile[bytes] = self.cleaned_data["photo"]
        return Sent(sent.name or "", "image/jpeg", sent.read(PHOTO_BYTES_MAX + 1))


PAPER_FORMS: dict[str, tuple[str, type[ProofForm] | type[PhotoForm]]] = {
    "bukti": ("PROOF", ProofForm), "foto": ("PHOTO", PhotoForm),
}  # fmt: skip


class ConsentForm(_Plain):
    """Who agreed to what, until when, on which paper."""

    key = forms.UUIDField(widget=forms.HiddenInput())
    given_by = line_field(gettext_lazy("Nama yang memberi persetujuan"), most=120)
    relation = choice_field(gettext_lazy("Hubungannya"), Consent.Relation.choices)
    given_on = day_field(gettext_lazy("Tanggal ditandatangani"))
    valid_until = day_field(
        gettext_lazy("Berlaku sampai sebelum tanggal"),
        help_text=gettext_lazy("Seperti tertulis di suratnya. Sejak tanggal ini persetujuan tidak berlaku lagi."),
    )
    covers = forms.MultipleChoiceField(
        label=gettext_lazy("Yang disetujui, selain pencatatan ini"), required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[
            ("book", gettext_lazy("Dimuat di buku tahunan provinsi")), ("name", gettext_lazy("Nama")),
            ("school", gettext_lazy("Sekolah")), ("photo", gettext_lazy("Foto")),
            ("story", gettext_lazy("Cerita")),
        ],
        help_text=gettext_lazy("Centang hanya yang ditandatangani. Yang tidak dicentang tidak pernah dimuat."),
    )  # fmt: skip
    paper = forms.FileField(
        label=gettext_lazy("Surat persetujuan yang ditandatangani"),
        help_text=gettext_lazy("PDF, PNG, atau JPEG, paling besar 5 MB. Disimpan tersegel."),
        widget=forms.FileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg"}),
        error_messages={"required": gettext_lazy("Pilih berkasnya."), "empty": gettext_lazy("Berkas kosong.")},
    )  # fmt: skip

    def __init__(self, *args: Any, achievement: Achievement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._child = achievement.member
        self.fields["relation"] = choice_field(
            _("Hubungannya"), [(one.value, one.label) for one in _relations(self._child)]
        )
        order = ["key", "given_by", "relation", "given_on", "valid_until", "covers", "paper"]
        self.order_fields(order)

    def clean_given_on(self) -> date | None:
        """Not to come."""
        return _past(self.cleaned_data["given_on"])

    def clean_paper(self) -> Sent:
        """As it will be kept."""
        return _paper(self.cleaned_data["paper"])

    def clean(self) -> dict[str, Any]:
        """Of a child the parents agree, of age she does herself; the end comes after the beginning."""
        told = super().clean()
        given, until, relation = told.get("given_on"), told.get("valid_until"), told.get("relation")
        if given and until and until <= given:
            self.add_error("valid_until", _("Harus sesudah tanggal ditandatangani."))
        if given and relation and self._child:
            grown = self._child.birth_date <= years_before(given, OF_AGE)
            if grown and relation != Consent.Relation.SELF:
                self.add_error("relation", _("Ia sudah 18 tahun saat itu: persetujuan harus dari dirinya sendiri."))
            if not grown and relation == Consent.Relation.SELF:
                self.add_error("relation", _("Ia belum 18 tahun saat itu: ibu, ayah, atau wali yang menyetujui."))
        return told

    def given(self) -> Given:
        """What was entered."""
        told = self.cleaned_data
        return Given(
            told["given_by"], told["relation"], told["given_on"], told["valid_until"], frozenset(told["covers"]),
            told["paper"],
        )  # fmt: skip


def _relations(child: Member | None) -> tuple[Consent.Relation, ...]:
    kinds = Consent.Relation
    if child is None:
        return (kinds.COLLECTOR, kinds.ADULT)
    return (kinds.MOTHER, kinds.FATHER, kinds.GUARDIAN, kinds.SELF)


class ReasonForm(_Plain):
    """Why."""

    reason = text_field(gettext_lazy("Alasan"), most=1000, rows=3, min_length=REASON_MIN)


class EndForm(ReasonForm):
    """Why, and whether what was told is deleted too."""

    erase = forms.BooleanField(
        required=False, label=gettext_lazy("Keluarga meminta datanya dihapus"),
        help_text=gettext_lazy(
            "Prestasi, cerita, foto, dan bukti dihapus sekarang dan tidak dapat dikembalikan. "
            "Surat persetujuan dan jejak tetap ada."
        ),
    )  # fmt: skip


class WithdrawForm(EndForm):
    """And the day on which the family said so."""

    day = day_field(gettext_lazy("Tanggal keluarga menyampaikannya"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["day", "reason", "erase"])

    def clean_day(self) -> date | None:
        """Not to come."""
        return _past(self.cleaned_data["day"])


class EditionForm(forms.Form):
    """Of which province and year."""

    provinsi = forms.RegexField(r"^[1-9][0-9]$", widget=forms.HiddenInput())
    tahun = forms.IntegerField(min_value=2007, max_value=2999, widget=forms.HiddenInput())
    checked = forms.BooleanField(
        label=gettext_lazy("Daftar yang dimuat sudah saya periksa"),
        error_messages={"required": gettext_lazy("Periksa daftarnya dahulu, lalu centang.")},
    )
