"""What orders ask for, here and where money is sent again."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class PayDayField(forms.DateField):
    """The day the channels are asked to pay; not in the past."""

    def __init__(self) -> None:
        super().__init__(label=_("Tanggal bayar yang diminta"), help_text=_("Tertulis pada perintah ke bank dan pos."))

    def clean(self, value: Any) -> date:
        """The day. Raises ValidationError."""
        day: date = super().clean(value)
        if day < timezone.localdate():
            raise forms.ValidationError(_("Tanggal bayar sudah lewat. Pilih hari ini atau sesudahnya."))
        return day
