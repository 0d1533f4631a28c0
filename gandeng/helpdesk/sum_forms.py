"""Forms that are open to everybody and ask a sum: a simple program does not get past it."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gandeng.helpdesk import public
from gandeng.web.fields import line_field


class SumForm(forms.Form):
    """The sum is asked last."""

    token = forms.CharField(widget=forms.HiddenInput())
    sum = line_field(gettext_lazy("Pertanyaan hitungan"), most=4)

    def __init__(self, data: Any = None, *, question: public.Question | None = None) -> None:
        super().__init__(data)
        if question:
            self.fields["sum"].help_text = question.words
            self.initial["token"] = question.token

    def ask_again(self, question: public.Question, *, forget: tuple[str, ...] = ()) -> None:
        """A new sum beside what was typed."""
        again: Any = self.data.copy()  # type: ignore[attr-defined]
        again["token"] = question.token
        for name in ("sum", *forget):
            again[name] = ""
        self.data = again
        self["sum"].help_text = question.words  # what is shown was made while the answer was looked at

    def clean(self) -> dict[str, Any]:
        """The sum is used up once everything else is right."""
        told = super().clean() or {}
        if self.errors:
            return told
        if not public.is_right(told["token"], told["sum"]) or not public.use_up(told["token"]):
            raise ValidationError({"sum": _("Hitungannya belum benar. Jawab pertanyaan yang baru.")})
        return told


class FamilyForm(SumForm):
    """The number on the letter and the code, together."""

    number = line_field(
        gettext_lazy("Nomor surat"), most=20, help_text=gettext_lazy("Tercetak pada surat keluarga, diawali huruf S.")
    )
    code = line_field(
        gettext_lazy("Kode sekali pakai"), most=20,
        help_text=gettext_lazy("Delapan angka dari pendamping Anda, berlaku 30 menit dan sekali."),
    )  # fmt: skip
    field_order = ("number", "code", "sum")
