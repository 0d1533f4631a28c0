"""What a person types about a key."""

from django import forms


class KeyForm(forms.Form):
    """What the key is for, and for how long."""

    name = forms.CharField(
        label="Dipakai oleh",
        max_length=80,
        help_text="Nama sistem atau server, misalnya Server rekonsiliasi Banjarmasin.",
    )
    days = forms.TypedChoiceField(
        label="Berlaku selama", coerce=int, initial=180, widget=forms.RadioSelect,
        choices=[(30, "30 hari"), (90, "90 hari"), (180, "180 hari"), (365, "1 tahun")],
        help_text="Sesudah itu buat kunci baru. Kunci yang bocor dicabut saat itu juga.",
    )  # fmt: skip
