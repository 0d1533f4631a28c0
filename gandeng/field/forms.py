"""What the office types about entries and phones."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from gandeng.web.fields import REASON_MIN, no_long_number, text_field


class DecisionForm(forms.Form):
    """Yes or no, and why; the phone is told the reason."""

    decision = forms.ChoiceField(
        label=_("Keputusan"), choices=[("accept", _("Terima atas wewenang saya")), ("reject", _("Tolak"))],
        widget=forms.RadioSelect, error_messages={"required": _("Pilih terima atau tolak.")},
    )  # fmt: skip
    reason = text_field(
        _("Alasan"), most=500, rows=3, min_length=REASON_MIN, validators=[no_long_number],
        help_text=_("Dibaca pendamping yang mengirimnya."),
    )  # fmt: skip

    def __init__(self, *args: Any, known: bool = True, **kwargs: Any) -> None:
        """What the server does not know can be rejected alone."""
        super().__init__(*args, **kwargs)
        if not known:
            cast(forms.ChoiceField, self.fields["decision"]).choices = [("reject", _("Tolak"))]


class RevokeForm(forms.Form):
    """Why a phone is revoked."""

    reason = text_field(
        _("Alasan"), most=300, rows=2, min_length=REASON_MIN, validators=[no_long_number],
        help_text=_("Misalnya: hilang di perjalanan, diganti, atau pindah tugas."),
    )  # fmt: skip
