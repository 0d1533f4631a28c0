"""What a person types about a key."""

from django import forms
from django.utils.translation import gettext_lazy as _


class KeyForm(forms.Form):
    """What the key is for, and for how long."""

    name = forms.CharField(
        label=_("Dipakai oleh"),
        max_length=80,
        help_text=_("Nama sistem atau server, misalnya Server rekonsiliasi Banjarmasin."),
    )
    days = forms.TypedChoiceField(
        label=_("Berlaku selama"), coerce=int, initial=180, widget=forms.RadioSelect,
        choices=[(30, _("30 hari")), (90, _("90 hari")), (180, _("180 hari")), (365, _("1 tahun"))],
        help_text=_("Sesudah itu buat kunci baru. Kunci yang bocor dicabut saat itu juga."),
    )  # fmt: skip
