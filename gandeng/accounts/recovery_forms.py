"""What is typed on the way back in, by whoever lost the way and by whoever says yes."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gandeng.accounts.forms import PasswordForm
from gandeng.accounts.models import Recovery
from gandeng.web.fields import REASON_MIN, text_field


class LostForm(forms.Form):
    """What was lost."""

    lost = forms.ChoiceField(label=_("Apa yang hilang?"), choices=Recovery.Lost.choices, widget=forms.RadioSelect)


def _code_field(help_text: Any) -> forms.CharField:
    return forms.CharField(
        label=_("Kode pemulihan"), max_length=20, help_text=help_text,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip


class YesForm(forms.Form):
    """The code the person says, and how she was known."""

    recovery_code = _code_field(_("Delapan angka yang disebutkan orangnya sendiri kepada Anda, bukan lewat surel."))
    reason = text_field(
        _("Bagaimana Anda memastikan orangnya"), most=500, rows=3, min_length=REASON_MIN,
        help_text=_("Misalnya: datang ke kantor; ditelepon ke nomor yang tercatat. Tertulis di Jejak."),
    )  # fmt: skip


class NoForm(forms.Form):
    """Why not."""

    reason = text_field(_("Alasan menolak"), most=500, rows=2, min_length=REASON_MIN)


class NewPasswordForm(PasswordForm):
    """The same code once more, and a new password."""

    recovery_code = _code_field(_("Delapan angka yang tampil ketika Anda meminta pemulihan."))
    field_order = ("recovery_code", "password", "again")
