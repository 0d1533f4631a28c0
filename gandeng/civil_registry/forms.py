"""What is typed with a file of answers, and where one is withdrawn."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gandeng.registry.forms import offer_regions
from gandeng.registry.queries import Choice
from gandeng.web.fields import CHOOSE, REASON_MIN, TABLES, ListField, day_field, line_field, no_long_number, text_field

_FIRST_YEAR = 2000


class MatchingForm(forms.Form):
    """Whose people, of which day, with what, and the file."""

    region = forms.ChoiceField(
        label=gettext_lazy("Wilayah"), error_messages=CHOOSE,
        help_text=gettext_lazy("NIK yang tidak tercatat di wilayah ini hanya dihitung, tidak disimpan."),
    )  # fmt: skip
    checked_on = day_field(
        gettext_lazy("Tanggal pemadanan"),
        help_text=gettext_lazy("Hari Dukcapil mencocokkan, bukan hari berkas dikirim."),
    )
    source = line_field(
        gettext_lazy("Surat atau sumber"), min_length=REASON_MIN, validators=[no_long_number],
        help_text=gettext_lazy("Surat atau pesan yang menyertai berkas ini."),
    )  # fmt: skip
    file = ListField(gettext_lazy("Berkas jawaban"), kinds=TABLES, large=True)

    def __init__(self, *args: Any, regions: list[Choice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_regions(self, regions)

    def clean_checked_on(self) -> date:
        """A day that has come."""
        day: date = self.cleaned_data["checked_on"]
        if day > timezone.localdate():
            raise ValidationError(_("Tanggal ini belum tiba."))
        if day.year < _FIRST_YEAR:
            raise ValidationError(_("Isi tanggal yang benar."))
        return day


class WithdrawForm(forms.Form):
    """Why the file counts no more."""

    reason = text_field(gettext_lazy("Alasan"), most=1000, rows=2, min_length=REASON_MIN, validators=[no_long_number])
