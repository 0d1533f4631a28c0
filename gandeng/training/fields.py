"""Fields of the forms here, with the sentences when they are wrong."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gandeng.web.fields import REASON_MIN, RupiahField, day_field, no_long_number, text_field

FIRST_DAY, LAST_DAY = date(2007, 1, 1), date(2100, 1, 1)
"""The programme began in 2007."""


def event_day_field(label: Any, **how: Any) -> forms.DateField:
    """A day on which there may be a training."""
    return day_field(label, validators=[_plausible_day], **how)


def _plausible_day(day: date) -> None:
    if not FIRST_DAY <= day < LAST_DAY:
        raise ValidationError(_("Isi tanggal yang benar."))


def number_field(label: Any, least: int, most: int, **how: Any) -> forms.IntegerField:
    """A whole number."""
    told = {
        "required": gettext_lazy("Isi angkanya."), "invalid": gettext_lazy("Tulis dengan angka, misalnya 12."),
        "min_value": gettext_lazy("Paling sedikit %(limit_value)s."),
        "max_value": gettext_lazy("Paling banyak %(limit_value)s."),
    }  # fmt: skip
    return forms.IntegerField(label=label, min_value=least, max_value=most, error_messages=told, **how)


def choice_field(label: Any, choices: Sequence[tuple[Any, Any]], **how: Any) -> forms.ChoiceField:
    """One of these."""
    told = {"required": gettext_lazy("Pilih satu."), "invalid_choice": gettext_lazy("Pilih salah satu yang ada.")}
    return forms.ChoiceField(label=label, choices=choices, error_messages=told, **how)


class ReasonForm(forms.Form):
    """Why."""

    reason = text_field(
        gettext_lazy("Alasan"), most=500, rows=3, min_length=REASON_MIN, validators=[no_long_number],
        help_text=gettext_lazy("Dibaca orang yang bersangkutan dan kantornya. Jangan menulis sebab sakit."),
    )  # fmt: skip


RUPIAH_MAX = 1_000_000_000_000
"""No training costs a million millions; a slip of the finger does."""


def cost_field(label: Any, **how: Any) -> RupiahField:
    """What one thing costs."""
    beyond = gettext_lazy("Jumlah uangnya terlalu besar untuk satu kegiatan. Periksa angkanya.")
    return RupiahField(label=label, max_length=30, most=RUPIAH_MAX, beyond=beyond, **how)
