"""What may be typed about a sign."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gandeng.conduct.published import OTHER, prohibition_words, prohibitions
from gandeng.signs.actions import CONDUCT, HELPDESK, Closing
from gandeng.signs.models import Step
from gandeng.web.fields import CHOOSE, REASON_MIN, no_long_number, text_field

_MOST = 1000


class AskForm(forms.Form):
    """A question."""

    words = text_field(
        gettext_lazy("Pertanyaan"), most=_MOST, rows=3, min_length=REASON_MIN, validators=[no_long_number],
        help_text=gettext_lazy("Dibaca yang bersangkutan bersama barisnya. Tanyakan, jangan menuduh."),
    )  # fmt: skip


class ExplainForm(forms.Form):
    """An answer."""

    words = text_field(
        gettext_lazy("Penjelasan Anda"), most=_MOST, rows=5, min_length=REASON_MIN, validators=[no_long_number],
        help_text=gettext_lazy("Dibaca koordinator dan kepala dinas. Tanpa NIK dan nomor kartu."),
    )  # fmt: skip


class CloseForm(forms.Form):
    """Why nothing more is to be looked at."""

    key = forms.UUIDField(widget=forms.HiddenInput(), initial=uuid4)
    outcome = forms.ChoiceField(
        label=gettext_lazy("Kesimpulan"), choices=Step.Outcome.choices, widget=forms.RadioSelect, error_messages=CHOOSE
    )
    to = forms.ChoiceField(
        label=gettext_lazy("Diteruskan ke"), required=False, error_messages=CHOOSE,
        help_text=gettext_lazy("Hanya bila diteruskan. Ke mana tidak tampil di halaman ini sesudahnya."),
    )  # fmt: skip
    prohibition = forms.ChoiceField(
        label=gettext_lazy("Larangan kode etik"), required=False, error_messages=CHOOSE,
        help_text=gettext_lazy("Hanya untuk laporan kode etik."),
    )  # fmt: skip
    words = text_field(
        gettext_lazy("Alasan"), most=_MOST, rows=4, min_length=REASON_MIN, validators=[no_long_number],
        help_text=gettext_lazy("Yang diteruskan membawa alasan ini."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        to: Any = self.fields["to"]
        to.choices = [("", _("Tidak diteruskan")), (HELPDESK, _("Meja pengaduan")), (CONDUCT, _("Laporan kode etik"))]
        prohibition: Any = self.fields["prohibition"]
        told = [(code, prohibition_words(code)) for code in (*prohibitions(), OTHER)]
        prohibition.choices = [("", _("Pilih")), *told]

    def clean(self) -> dict[str, Any]:
        """Handed on says to whom, and nothing else does."""
        told = super().clean() or {}
        handed_on = told.get("outcome") == Step.Outcome.HANDED_ON
        if handed_on and not told.get("to"):
            self.add_error("to", _("Pilih ke mana diteruskan."))
        if handed_on and told.get("to") == CONDUCT and not told.get("prohibition"):
            self.add_error("prohibition", _("Pilih larangannya."))
        if told.get("outcome") and not handed_on and told.get("to"):
            self.add_error("to", _("Kesimpulan ini tidak meneruskan apa pun."))
        return told

    def closing(self) -> Closing:
        """As the action takes it."""
        told = self.cleaned_data
        return Closing(told["outcome"], told["words"], told["to"], told["prohibition"], told["key"])
