"""What may be typed about skills and certificates."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gandeng.accounts.acting import Acting
from gandeng.accounts.context import place_chosen, places_offered
from gandeng.accounts.roles import May
from gandeng.certificates.actions import Outside, Paper, Wanted
from gandeng.certificates.actions.skills import Settings
from gandeng.certificates.models import Certificate, Skill
from gandeng.certificates.queries import skills_for
from gandeng.core.region_code import PROVINCE_DIGITS
from gandeng.facilitators.models import Post, Staff
from gandeng.facilitators.skills import TRAITS
from gandeng.registry.evidence import BYTES_MAX, EvidenceRefused, drawn_anew
from gandeng.web.fields import REASON_MIN, day_field, line_field

_NEEDED = {"required": gettext_lazy("Isi bagian ini.")}
_NUMBER = {
    "invalid": gettext_lazy("Isi dengan angka."), "min_value": gettext_lazy("Paling sedikit 1."),
    "max_value": gettext_lazy("Terlalu besar."),
}  # fmt: skip


def _text(label: Any, *, most: int = 1000, rows: int = 3, **how: Any) -> forms.CharField:
    told = {**_NEEDED, "min_length": gettext_lazy("Tulis dengan jelas.")}
    return forms.CharField(
        label=label, max_length=most, widget=forms.Textarea(attrs={"rows": rows}), error_messages=told, **how
    )


def _number(label: Any, most: int, **how: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, required=False, min_value=1, max_value=most, error_messages=_NUMBER, **how
    )  # fmt: skip


class ReasonForm(forms.Form):
    """Why."""

    reason = _text(gettext_lazy("Alasan"), min_length=REASON_MIN)


class SettingsForm(forms.Form):
    """What an office sets about a skill, and may set otherwise later."""

    about = _text(
        gettext_lazy("Keterangan"), required=False,
        help_text=gettext_lazy("Apa yang dapat dikerjakan orang yang memilikinya."),
    )  # fmt: skip
    for_roles = forms.MultipleChoiceField(
        label=gettext_lazy("Diperlukan oleh"), choices=Post.Role.choices, required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Kosong berarti tidak wajib bagi siapa pun; sertifikatnya tetap dapat dicatat."),
    )  # fmt: skip
    urgency = forms.TypedChoiceField(
        label=gettext_lazy("Kemendesakan"), choices=Skill.Urgency.choices, coerce=int, widget=forms.RadioSelect,
        initial=Skill.Urgency.SOON, error_messages={"required": gettext_lazy("Pilih salah satu.")},
    )  # fmt: skip
    valid_months = _number(
        gettext_lazy("Masa berlaku sertifikat (bulan)"), 600,
        help_text=gettext_lazy("Ketetapan kantor Anda sendiri. Kosong berarti tidak berakhir."),
    )  # fmt: skip
    for_traits = forms.MultipleChoiceField(
        label=gettext_lazy("Diperlukan keluarga yang mempunyai"), required=False,
        choices=[(one.value, words) for one, words in TRAITS.items()], widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "Rencana pemerataan beban memberikan keluarga seperti itu kepada pendamping yang memegang sertifikatnya."
        ),
    )  # fmt: skip
    source = line_field(
        gettext_lazy("Dasar tertulis"), required=False, most=300,
        help_text=gettext_lazy("Nomor dan tanggal surat atau peraturannya. Kosong bila belum ada."),
    )  # fmt: skip

    def settings(self) -> Settings:
        """As the action takes them."""
        told = self.cleaned_data
        return Settings(
            told["about"], told["valid_months"], told["for_roles"], told["urgency"], told["source"], told["for_traits"]
        )


class SkillForm(SettingsForm):
    """A new skill of an office."""

    region = forms.ChoiceField(label=gettext_lazy("Kantor"))
    name = line_field(gettext_lazy("Nama keahlian"), help_text=gettext_lazy("Seperti yang tercetak pada sertifikat."))
    key = forms.SlugField(
        label=gettext_lazy("Kunci"), max_length=40,
        help_text=gettext_lazy("Huruf kecil, angka, dan tanda hubung, misalnya diklat-fds. Tidak dapat diubah."),
        error_messages={**_NEEDED, "invalid": gettext_lazy("Pakai huruf, angka, dan tanda hubung saja.")},
    )  # fmt: skip

    def __init__(self, *args: Any, acting: Acting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offices = sorted(code for code in acting.where(May.KEEP_SKILLS).regions if len(code) <= PROVINCE_DIGITS)
        self.fields["region"] = forms.ChoiceField(label=_("Kantor"), choices=places_offered(offices))
        self.order_fields(
            ["region", "name", "key", "about", "for_roles", "for_traits", "urgency", "valid_months", "source"]
        )

    @property
    def region_code(self) -> str:
        """The office chosen."""
        return place_chosen(self.cleaned_data["region"])

    def clean_key(self) -> str:
        """Small letters."""
        return str(self.cleaned_data["key"]).lower()


class _Held(forms.Form):
    """Title and days of a training."""

    title = _text(
        gettext_lazy("Bunyi sertifikat"), most=300, rows=2,
        help_text=gettext_lazy("Misalnya: Telah mengikuti Diklat P2K2/FDS dengan hasil baik."),
    )  # fmt: skip
    held_from = day_field(gettext_lazy("Pelatihan mulai"), required=False)
    held_until = day_field(gettext_lazy("Pelatihan selesai"), required=False)
    hours = _number(gettext_lazy("Jam pelajaran"), 2000)
    place = line_field(gettext_lazy("Tempat pelatihan"), required=False)

    def clean(self) -> dict[str, Any]:
        """From one day to another."""
        told = super().clean() or {}
        first, last = told.get("held_from"), told.get("held_until")
        if last and not first:
            self.add_error("held_from", ValidationError(_("Isi juga hari mulainya.")))
        if first and last and last < first:
            self.add_error("held_until", ValidationError(_("Hari selesai sebelum hari mulai.")))
        return told


class RenewForm(_Held):
    """What the new certificate says; the rest stays."""

    def told(self, certificate: Certificate) -> Wanted:
        """As the action takes it."""
        told = self.cleaned_data
        return Wanted(
            certificate.staff_id, certificate.skill_id, told["title"], held_from=told["held_from"],
            held_until=told["held_until"], hours=told["hours"], place=told["place"],
        )  # fmt: skip


class OutsideForm(_Held):
    """The certificate of another institution, and a copy of it."""

    issuer = line_field(gettext_lazy("Lembaga penerbit"), help_text=gettext_lazy("Misalnya balai diklat kementerian."))
    outside_no = line_field(gettext_lazy("Nomor sertifikat"), most=100)
    issued_on = day_field(gettext_lazy("Tanggal terbit"))
    valid_until = day_field(
        gettext_lazy("Berlaku sampai sebelum"), required=False,
        help_text=gettext_lazy("Seperti tertulis pada sertifikat. Kosong: dihitung dari ketetapan kantor."),
    )  # fmt: skip
    paper = forms.FileField(
        label=gettext_lazy("Salinan sertifikat"), help_text=gettext_lazy("PDF, PNG, atau JPEG, paling besar 5 MB."),
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg"}),
        error_messages={"required": gettext_lazy("Lampirkan salinannya."), "empty": gettext_lazy("Berkas kosong.")},
    )  # fmt: skip

    def __init__(self, *args: Any, acting: Acting, staff: Staff, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["skill"] = forms.ModelChoiceField(
            skills_for(acting, staff.region_code, timezone.localdate()), label=_("Keahlian"), empty_label=_("Pilih"),
            error_messages={"required": _("Pilih keahliannya."), "invalid_choice": _("Pilih dari daftar.")},
        )  # fmt: skip
        self.order_fields(
            [
                "skill", "issuer", "outside_no", "title", "issued_on", "valid_until", "held_from", "held_until",
                "hours", "place", "paper",
            ]
        )  # fmt: skip

    def clean_paper(self) -> Paper:
        """A small picture or PDF, by what it is; a picture is drawn anew."""
        sent: UploadedFile[bytes] = self.cleaned_data["paper"]
        try:
            return Paper(*drawn_anew(sent.read(BYTES_MAX + 1)))
        except EvidenceRefused as why:
            raise ValidationError(str(why)) from why

    def clean(self) -> dict[str, Any]:
        """It ends after it begins."""
        told = super().clean()
        issued, until = told.get("issued_on"), told.get("valid_until")
        if issued and until and until <= issued:
            self.add_error("valid_until", ValidationError(_("Berakhir sebelum terbit.")))
        return told

    def told(self) -> Outside:
        """As the action takes it."""
        told = self.cleaned_data
        return Outside(
            told["skill"], told["outside_no"], told["issuer"], told["title"], told["issued_on"],
            valid_until=told["valid_until"], held_from=told["held_from"], held_until=told["held_until"],
            hours=told["hours"], place=told["place"],
        )  # fmt: skip
