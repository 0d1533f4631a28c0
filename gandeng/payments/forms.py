"""What a person may type."""

from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from gandeng.accounts.acting import Acting
from gandeng.accounts.context import region_name
from gandeng.accounts.roles import May
from gandeng.core.cycle import Cycle as Stage
from gandeng.core.money import MONTHS_A_YEAR
from gandeng.payments.fields import PayDayField
from gandeng.policy import PolicyGap, benefit_policy
from gandeng.words import say

_FIRST_YEAR = 2017


def _lengths() -> list[tuple[str, str]]:
    """The calendar's, or any number of months that divides a year."""
    dividing = [each for each in range(1, MONTHS_A_YEAR + 1) if MONTHS_A_YEAR % each == 0]
    told = [(str(each), ngettext("%(n)s bulan", "%(n)s bulan", each) % {"n": each}) for each in dividing]
    return [("", str(_("Menurut kalender kebijakan tahun itu"))), *told]


class OpenCycleForm(forms.Form):
    """Which stage, for which region."""

    year = forms.IntegerField(label=_("Tahun"), min_value=_FIRST_YEAR, max_value=2100)
    stage = forms.IntegerField(
        label=_("Tahap"), min_value=1, max_value=12, help_text=_("Nomor tahap dalam tahun itu, misalnya 2.")
    )
    months = forms.TypedChoiceField(
        label=_("Lama satu tahap"), required=False, coerce=int, empty_value=None,
        choices=_lengths,
    )  # fmt: skip
    region = forms.ChoiceField(label=_("Wilayah"))

    def __init__(self, acting: Acting, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        regions = [held.region_code for held in acting.grants if held.allows(May.RUN_CYCLE, held.region_code, None)]
        field = cast("forms.ChoiceField", self.fields["region"])
        field.choices = [(code or "nasional", region_name(code)) for code in dict.fromkeys(regions)]
        if len(regions) == 1:
            field.initial = regions[0] or "nasional"
        self.fields["year"].initial = timezone.localdate().year

    def clean_region(self) -> str:
        """The code; the nation is none."""
        region: str = self.cleaned_data["region"]
        return "" if region == "nasional" else region

    def clean(self) -> dict[str, Any]:
        """A stage the figures reach."""
        cleaned = super().clean() or {}
        if not self.errors:
            try:
                cleaned["policy"] = benefit_policy(Stage(cleaned["year"], cleaned["stage"]), cleaned.get("months"))
            except PolicyGap as gap:
                raise forms.ValidationError(say(gap.fault.code, **gap.fault.facts)) from gap
        return cleaned


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(
        label=_("Alasan"), min_length=5, max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Dibaca oleh penyiap daftar dan pemeriksa. Jangan menulis NIK atau nomor rekening."),
    )  # fmt: skip


class ConfirmForm(forms.Form):
    """The digest of a channel's copy."""

    digest = forms.CharField(
        label=_("Sidik SHA-256 berkas Anda"), max_length=200, help_text=_("64 angka dan huruf a sampai f."),
        error_messages={"required": _("Pilih berkas yang akan Anda jalankan, atau tempel sidiknya di sini.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip


class InstructForm(forms.Form):
    """When the channels are to pay."""

    execute_on = PayDayField()
