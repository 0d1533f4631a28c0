"""What a person may type."""

from typing import Any, cast

from django import forms
from django.utils import timezone

from gandeng.accounts.acting import Acting
from gandeng.accounts.context import region_name
from gandeng.accounts.roles import May
from gandeng.core.cycle import Cycle as Stage
from gandeng.core.money import MONTHS_A_YEAR
from gandeng.payments.fields import PayDayField
from gandeng.policy import PolicyGap, benefit_policy
from gandeng.words import say

_FIRST_YEAR = 2017


class OpenCycleForm(forms.Form):
    """Which stage, for which region."""

    year = forms.IntegerField(label="Tahun", min_value=_FIRST_YEAR, max_value=2100)
    stage = forms.IntegerField(
        label="Tahap", min_value=1, max_value=12, help_text="Nomor tahap dalam tahun itu, misalnya 2."
    )
    months = forms.TypedChoiceField(
        label="Lama satu tahap", required=False, coerce=int, empty_value=None,
        choices=[("", "Menurut kalender kebijakan tahun itu")]
        + [(str(each), f"{each} bulan") for each in range(1, MONTHS_A_YEAR + 1) if MONTHS_A_YEAR % each == 0],
    )  # fmt: skip
    region = forms.ChoiceField(label="Wilayah")

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
        label="Alasan", min_length=5, max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Dibaca oleh penyiap daftar dan pemeriksa. Jangan menulis NIK atau nomor rekening.",
    )  # fmt: skip


class InstructForm(forms.Form):
    """When the channels are to pay."""

    execute_on = PayDayField()
