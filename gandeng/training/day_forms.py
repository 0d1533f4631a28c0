"""What may be typed about attendance."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from gandeng.training import wall_codes
from gandeng.training.models import Participant
from gandeng.web.fields import REASON_MIN, line_field


class ByHandForm(forms.Form):
    """Who was there, and why no code was scanned."""

    people = forms.MultipleChoiceField(
        label=_("Siapa yang hadir"), widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Centang siapa yang hadir."),
            "invalid_choice": _("Ada yang kehadirannya sudah tercatat. Muat ulang halaman ini."),
        },
    )  # fmt: skip
    reason = line_field(
        _("Mengapa dicatat dengan tangan"), most=300, min_length=REASON_MIN,
        help_text=_("Misalnya: teleponnya rusak, menandatangani daftar hadir kertas."),
    )  # fmt: skip

    def __init__(self, *args: Any, people: Sequence[Participant], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.MultipleChoiceField, self.fields["people"]).choices = [
            (str(one.pk), f"{one.staff.person.name}, {one.staff.staff_no}") for one in people
        ]

    def chosen(self, people: Sequence[Participant]) -> list[Participant]:
        """Those that were ticked."""
        return [one for one in people if str(one.pk) in set(self.cleaned_data["people"])]


class TypedForm(forms.Form):
    """The letters under the picture."""

    typed = line_field(
        _("Kode di layar ruangan"), most=20, min_length=wall_codes.LENGTH,
        help_text=_("Delapan huruf dan angka. Huruf besar atau kecil sama saja."),
    )  # fmt: skip
