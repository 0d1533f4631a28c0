"""What may be typed when a family asks what is held about it."""

from datetime import date, timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gandeng.privacy.actions import Asked
from gandeng.privacy.models import FamilyReport

_ASKED_DAYS_AGO_MAX = 366


class AskForm(forms.Form):
    """Who asks, when, how the office made sure of it, and what for."""

    asked_by = forms.CharField(
        label=_("Nama yang meminta"), max_length=100,
        help_text=_("Sesuai kartu identitasnya. Jangan tulis NIK."),
        error_messages={"required": _("Tulis nama yang meminta.")},
    )  # fmt: skip
    relation = forms.ChoiceField(
        label=_("Hubungan dengan keluarga"), choices=FamilyReport.Relation.choices, widget=forms.RadioSelect,
        error_messages={"required": _("Pilih hubungannya dengan keluarga.")},
    )  # fmt: skip
    identity = forms.ChoiceField(
        label=_("Identitas diperiksa dengan"), choices=FamilyReport.Identity.choices, widget=forms.RadioSelect,
        help_text=_("Tanpa pemeriksaan identitas, laporan tidak dibuat: isinya data orang lain."),
        error_messages={"required": _("Pilih apa yang Anda periksa.")},
    )  # fmt: skip
    asked_on = forms.DateField(
        label=_("Diminta pada"), help_text=_("Laporan diberikan paling lambat 3 x 24 jam sesudahnya."),
        error_messages={"required": _("Isi tanggal permintaannya."), "invalid": _("Isi tanggal yang benar.")},
    )  # fmt: skip
    purpose = forms.CharField(
        label=_("Keperluan"), min_length=10, max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Apa yang ingin diketahui keluarga. Tercatat dan tercetak pada laporan."),
        error_messages={
            "required": _("Tulis keperluannya."), "min_length": _("Tulis keperluannya dengan jelas."),
        },
    )  # fmt: skip

    def clean_asked_on(self) -> date:
        """A day of the last year, not of the future."""
        day: date = self.cleaned_data["asked_on"]
        today = timezone.localdate()
        if day > today:
            raise ValidationError(gettext("Tanggal permintaan tidak boleh sesudah hari ini."))
        if day < today - timedelta(days=_ASKED_DAYS_AGO_MAX):
            raise ValidationError(gettext("Permintaan lebih dari setahun yang lalu: mintakan surat yang baru."))
        return day

    def clean(self) -> dict[str, object]:
        """Whoever comes for somebody else shows that he may."""
        told = super().clean() or {}
        proxy = FamilyReport.Relation.PROXY
        if told.get("relation") == proxy and told.get("identity") not in (None, FamilyReport.Identity.PROXY):
            self.add_error("identity", gettext("Orang yang diberi kuasa menunjukkan surat kuasanya."))
        return told

    def asked(self) -> Asked:
        """What was typed, for the action."""
        return Asked(**{name: self.cleaned_data[name] for name in Asked.__dataclass_fields__})
