"""Fields of forms that several packages ask for, with the sentences when nothing, or nothing fit, was typed."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

REASON_MIN = 5
"""Letters of a reason, so that one is given."""


def day_field(label: Any, **how: Any) -> forms.DateField:
    """A day."""
    told = {"invalid": gettext_lazy("Isi tanggal yang benar."), "required": gettext_lazy("Isi tanggalnya.")}
    return forms.DateField(label=label, widget=forms.DateInput(), error_messages=told, **how)


def text_field(label: Any, *, most: int = 4000, rows: int = 5, **how: Any) -> forms.CharField:
    """A longer text."""
    told = {"required": gettext_lazy("Tulis bagian ini."), "min_length": gettext_lazy("Tulis dengan jelas.")}
    return forms.CharField(
        label=label, max_length=most, widget=forms.Textarea(attrs={"rows": rows}), error_messages=told, **how
    )


def line_field(label: Any, *, most: int = 200, **how: Any) -> forms.CharField:
    """One line."""
    return forms.CharField(
        label=label, max_length=most, error_messages={"required": gettext_lazy("Isi bagian ini.")}, **how
    )
