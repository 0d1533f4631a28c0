"""What may be typed."""

from django import forms

_LONG = {"rows": 3}


class AskForm(forms.Form):
    """Why so many rows leave the office."""

    purpose = forms.CharField(
        label="Keperluan", min_length=10, max_length=300, widget=forms.Textarea(attrs=_LONG),
        help_text="Untuk apa dan kepada siapa daftar ini diserahkan. Keperluan ikut tertulis di dalam berkasnya.",
        error_messages={"required": "Tulis keperluannya.", "min_length": "Tulis keperluannya dengan jelas."},
    )  # fmt: skip


class DecideForm(forms.Form):
    """Yes or no, and why."""

    decision = forms.ChoiceField(
        label="Keputusan", choices=[("approve", "Setujui"), ("refuse", "Tolak")], widget=forms.RadioSelect,
        error_messages={"required": "Pilih setujui atau tolak."},
    )  # fmt: skip
    reason = forms.CharField(
        label="Alasan", max_length=300, required=False, widget=forms.Textarea(attrs=_LONG),
        help_text="Wajib bila menolak.",
    )  # fmt: skip

    def clean(self) -> dict[str, object]:
        """A no says why."""
        told = super().clean() or {}
        if told.get("decision") == "refuse" and not str(told.get("reason", "")).strip():
            self.add_error("reason", "Tulis alasan menolak.")
        return told
