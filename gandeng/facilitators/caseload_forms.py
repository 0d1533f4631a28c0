"""What a person may type about the caseload, and the sentence when it is wrong."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gandeng.web.fields import day_field

REASON_MIN = 8
FAMILIES_MAX = 5_000
_FIRST, _LAST = date(2007, 1, 1), date(2100, 1, 1)
"""The programme began in 2007."""


def _reason(help_text: Any) -> forms.CharField:
    return forms.CharField(
        label=_("Alasan"), max_length=1000, min_length=REASON_MIN, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=help_text,
        error_messages={
            "required": _("Tulis alasannya."), "min_length": _("Tulis alasannya dengan jelas."),
        },
    )  # fmt: skip


class DayForm(forms.Form):
    """The day whose caseload is shown."""

    day = day_field(_("Keadaan pada tanggal"), required=False)

    def clean_day(self) -> date | None:
        """A day the programme has known or may see."""
        day: date | None = self.cleaned_data["day"]
        if day and not _FIRST <= day < _LAST:
            raise ValidationError(_("Pilih tanggal dari tahun 2007 sampai 2099."))
        return day


class FromDayForm(forms.Form):
    """A day from today on, and why."""

    day = day_field(_("Berlaku mulai"))
    reason = _reason(_("Tersimpan dalam jejak dan pada daftar serah terima. Jangan menulis NIK atau sebab sakit."))

    def clean_day(self) -> date:
        """What is over stays as it was."""
        day: date = self.cleaned_data["day"]
        if day < timezone.localdate():
            raise ValidationError(_("Tanggal mulai tidak boleh sebelum hari ini."))
        if day >= _LAST:
            raise ValidationError(_("Isi tanggal yang benar."))
        return day


class LimitForm(FromDayForm):
    """From how many families on somebody is overloaded."""

    families = forms.IntegerField(
        label=_("Batas keluarga"), min_value=1, max_value=FAMILIES_MAX,
        help_text=_("Mulai jumlah ini seorang pendamping disebut mencapai batas."),
        error_messages={
            "required": _("Isi jumlah keluarganya."), "invalid": _("Tulis jumlah dengan angka, misalnya 350."),
            "min_value": _("Paling sedikit 1 keluarga."), "max_value": _("Jumlah ini terlalu besar. Periksa angkanya."),
        },
    )  # fmt: skip
    field_order = ("families", "day", "reason")


class TakerForm(FromDayForm):
    """To whom; `groups` are headings with ids and words."""

    taker = forms.ChoiceField(
        label=_("Pendamping penerima"),
        error_messages={"required": _("Pilih pendampingnya."), "invalid_choice": _("Pilih pendamping dari daftar.")},
    )
    field_order: Iterable[str] | None = ("taker", "day", "reason")

    def __init__(self, *args: Any, groups: Sequence[tuple[str, Sequence[tuple[str, str]]]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["taker"]).choices = [("", _("Pilih pendamping")), *groups]


class HandOverForm(TakerForm):
    """Which villages of one facilitator, to whom, from when, why."""

    villages = forms.MultipleChoiceField(
        label=_("Desa/kelurahan yang diserahkan"), widget=forms.CheckboxSelectMultiple,
        help_text=_("Semua keluarga dampingannya di tempat yang dipilih ikut berpindah."),
        error_messages={
            "required": _("Pilih paling sedikit satu desa/kelurahan."), "invalid_choice": _("Pilih dari daftar."),
        },
    )  # fmt: skip
    field_order = ("villages", "taker", "day", "reason")

    def __init__(self, *args: Any, villages: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.MultipleChoiceField, self.fields["villages"]).choices = list(villages)


class UndoForm(forms.Form):
    """Why an act is undone."""

    reason = _reason(_("Tersimpan dalam jejak. Jangan menulis NIK atau sebab sakit."))


class ExportForm(DayForm):
    """Which table, as what."""

    what = forms.ChoiceField(choices=[("places", "places"), ("people", "people")])
    format = forms.ChoiceField(choices=[("csv", "CSV"), ("xlsx", "XLSX")])


class FormatForm(forms.Form):
    """A list of families as a file, for a purpose."""

    purpose = forms.CharField(
        label=_("Keperluan"), max_length=300, min_length=REASON_MIN,
        error_messages={
            "required": _("Tulis keperluan unduhan."), "min_length": _("Tulis keperluannya dengan jelas."),
        },
    )  # fmt: skip
    format = forms.ChoiceField(label=_("Bentuk berkas"), choices=[("csv", "CSV"), ("xlsx", "XLSX")])


class WithoutForm(FormatForm, DayForm):
    """Families without a facilitator on a day as a file."""
