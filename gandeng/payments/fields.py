"""What orders ask for, here and where money is sent again."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone


class PayDayField(forms.DateField):
    """The day the channels are asked to pay; not in the past."""

    def __init__(self) -> None:
        super().__init__(label="Tanggal bayar yang diminta", help_text="Tertulis pada perintah ke bank dan pos.")

    def clean(self, value: Any) -> date:
        """The day. Raises ValidationError."""
        day: date = super().clean(value)
        if day < timezone.localdate():
            raise forms.ValidationError("Tanggal bayar sudah lewat. Pilih hari ini atau sesudahnya.")
        return day
