"""What may be typed about money that did not arrive."""

from datetime import date
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gandeng.follow_up.actions import Told
from gandeng.follow_up.models import FollowUp
from gandeng.reconciliation.words import REASON_CODES, reason_name
from gandeng.web.fields import CHOOSE, day_field, no_long_number, text_field

OLDEST_DAYS = 366
"""Older than that nobody remembers a visit; it belongs into a letter."""


def _codes() -> list[tuple[str, str]]:
    """In the language of the page."""
    return [("", _("Belum diketahui")), *((code, reason_name(code)) for code in REASON_CODES)]


class TellForm(forms.Form):
    """When, where, what."""

    entry_id = forms.UUIDField(widget=forms.HiddenInput(), initial=uuid4)
    on_day = day_field(gettext_lazy("Hari"))
    how = forms.ChoiceField(
        label=gettext_lazy("Bagaimana Anda mengetahuinya"), choices=FollowUp.How.choices, widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )  # fmt: skip
    found = forms.ChoiceField(
        label=gettext_lazy("Hasilnya"), choices=FollowUp.Found.choices, widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )  # fmt: skip
    reason_code = forms.ChoiceField(
        label=gettext_lazy("Sebabnya menurut Anda"), required=False, choices=_codes, error_messages=CHOOSE,
        help_text=gettext_lazy("Kantor yang menetapkan kode akhirnya."),
    )  # fmt: skip
    note = text_field(
        gettext_lazy("Catatan"), required=False, most=500, rows=3, validators=[no_long_number],
        help_text=gettext_lazy(
            "Dibaca kantor dan, untuk urusannya, bank atau kantor pos. Tanpa NIK, nomor kartu, dan PIN."
        ),
    )  # fmt: skip

    def clean_on_day(self) -> date:
        """Not yet to come, nor long past."""
        day: date = self.cleaned_data["on_day"]
        if day > timezone.localdate():
            raise ValidationError(_("Hari itu belum tiba."))
        if (timezone.localdate() - day).days > OLDEST_DAYS:
            raise ValidationError(_("Paling lama satu tahun yang lalu."))
        return day

    def told(self) -> Told:
        """What was entered."""
        return Told(**self.cleaned_data)
