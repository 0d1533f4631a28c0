"""What may be typed."""

from django import forms
from django.utils.translation import gettext_lazy as _

from gandeng.exports.tracing import TEXT_MAX

_LONG = {"rows": 3}


class AskForm(forms.Form):
    """Why so many rows leave the office."""

    purpose = forms.CharField(
        label=_("Keperluan"), min_length=10, max_length=300, widget=forms.Textarea(attrs=_LONG),
        help_text=_("Untuk apa dan kepada siapa daftar ini diserahkan. Keperluan ikut tertulis di dalam berkasnya."),
        error_messages={"required": _("Tulis keperluannya."), "min_length": _("Tulis keperluannya dengan jelas.")},
    )  # fmt: skip


class TraceForm(forms.Form):
    """A piece of a list that was found somewhere."""

    found = forms.CharField(
        label=_("Potongan daftar"), max_length=TEXT_MAX, widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Tempelkan baris-barisnya, atau nomor dari manifest. Yang ditempel tidak disimpan."),
        error_messages={"required": _("Tempelkan potongan daftarnya.")},
    )  # fmt: skip


class DecideForm(forms.Form):
    """Yes or no, and why."""

    decision = forms.ChoiceField(
        label=_("Keputusan"), choices=[("approve", _("Setujui")), ("refuse", _("Tolak"))], widget=forms.RadioSelect,
        error_messages={"required": _("Pilih setujui atau tolak.")},
    )  # fmt: skip
    reason = forms.CharField(
        label=_("Alasan"), max_length=300, required=False, widget=forms.Textarea(attrs=_LONG),
        help_text=_("Wajib bila menolak."),
    )  # fmt: skip

    def clean(self) -> dict[str, object]:
        """A no says why."""
        told = super().clean() or {}
        if told.get("decision") == "refuse" and not str(told.get("reason", "")).strip():
            self.add_error("reason", _("Tulis alasan menolak."))
        return told
