"""What is said of a record."""

from django import forms
from django.utils.translation import gettext_lazy

from gandeng.web.fields import REASON_MIN, no_long_number, text_field


class CheckForm(forms.Form):
    """How one made sure, of the record as it was shown (`seen`, its digest)."""

    seen = forms.CharField(widget=forms.HiddenInput(), max_length=64)

    reason = text_field(
        gettext_lazy("Bagaimana Anda memastikannya"), most=1000, rows=3, min_length=REASON_MIN,
        validators=[no_long_number],
        help_text=gettext_lazy("Misalnya: KTP dilihat saat kunjungan 3 September, tertulis seperti di sini."),
    )  # fmt: skip


class TakeBackForm(forms.Form):
    """Why it is looked at again."""

    reason = text_field(
        gettext_lazy("Alasan diperiksa lagi"), most=1000, rows=2, min_length=REASON_MIN, validators=[no_long_number]
    )
