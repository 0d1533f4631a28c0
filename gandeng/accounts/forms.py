"""What an administrator types, and the sentence where it is wrong."""

from datetime import date
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.actions import Wanted
from gandeng.accounts.roles import RULES, WORDS, May, Role
from gandeng.core.channels import CHANNELS
from gandeng.regions.places import Place, offered, place, typed
from gandeng.web.fields import REASON_MIN, text_field


class RoleForm(forms.Form):
    """A role, its region, and from when."""

    role = forms.ChoiceField(label=_("Peran"), choices=[(role.value, WORDS[role]) for role in Role])
    region = forms.CharField(
        label=_("Wilayah"), required=False, max_length=120, widget=forms.TextInput(attrs={"list": "places"}),
        help_text=_("Ketik namanya lalu pilih, atau tulis kodenya, misalnya 63.71. Kosong untuk seluruh Indonesia."),
    )  # fmt: skip
    channel = forms.ChoiceField(
        label=_("Bank atau pos"), required=False,
        choices=[("", _("Bukan petugas bank")), *((one, one) for one in CHANNELS)],
        help_text=_("Hanya untuk petugas bank atau pos."),
    )  # fmt: skip
    since = forms.DateField(label=_("Mulai"), initial=timezone.localdate)
    until = forms.DateField(
        label=_("Sampai sebelum"), required=False,
        help_text=_("Hari pertama tanpa peran ini. Kosong bila tanpa batas."),
    )  # fmt: skip

    def __init__(self, *args: Any, acting: Acting, **kwargs: Any) -> None:
        """`acting` gives roles in regions whose people are theirs to keep."""
        super().__init__(*args, **kwargs)
        self.acting = acting
        if not acting.may(May.MANAGE_PEOPLE, ""):
            self.fields["region"].required = True
            self.fields["region"].help_text = _("Ketik namanya lalu pilih, atau tulis kodenya, misalnya 63.71.")
            self.fields["region"].error_messages["required"] = _("Pilih wilayahnya.")

    @property
    def places(self) -> list[str]:
        """What is offered while a region is typed: `63.71 Kota Banjarmasin`."""
        return [f"{one.code} {one.name}" for one in self._offered()]

    def _offered(self) -> list[Place]:
        return [one for region in sorted(self.acting.where(May.MANAGE_PEOPLE).regions) for one in offered(region)]

    def clean_region(self) -> str:
        """Digits of a place that exists, of those whose people one keeps."""
        region = self._region()
        if not self.acting.may(May.MANAGE_PEOPLE, region):
            raise forms.ValidationError(_("Anda tidak mengurus pengguna di wilayah itu."))
        return region

    def _region(self) -> str:
        text = self.cleaned_data["region"].strip()
        if not text:
            return ""
        code = typed(text, ((one.code, one.name) for one in self._offered()))
        if code is None:
            raise forms.ValidationError(_("Pilih wilayah dari daftar, atau tulis kodenya, misalnya 63.71."))
        if place(code) is None:
            raise forms.ValidationError(_("Tidak ada wilayah dengan kode itu."))
        return code.digits

    def clean(self) -> dict[str, Any]:
        """A bank's officer has a bank, nobody else has."""
        told = super().clean() or {}
        role = told.get("role")
        if role and RULES[Role(role)].of_channel != bool(told.get("channel")):
            self.add_error("channel", _("Pilih bank atau pos bagi petugasnya; bagi peran lain, kosongkan."))
        return told

    @property
    def wanted(self) -> Wanted:
        """What was typed."""
        told = self.cleaned_data
        return Wanted(Role(told["role"]), told["region"], told["channel"], told["since"], told["until"])


class InvitationForm(RoleForm):
    """A new person with a first role."""

    name = forms.CharField(label=_("Nama lengkap"), max_length=120)
    email = forms.EmailField(label=_("Surel"), help_text=_("Untuk masuk. NIK tidak pernah dipakai untuk masuk."))
    field_order = ("name", "email", "role", "region", "channel", "since", "until")


class AddressForm(forms.Form):
    """Where the invitation of somebody who is recorded goes."""

    email = forms.EmailField(label=_("Surel"), help_text=_("Untuk masuk. NIK tidak pernah dipakai untuk masuk."))


class DeputyForm(forms.Form):
    """Who stands in, and until when."""

    person = forms.ChoiceField(label=_("Pengganti"), error_messages={"required": _("Pilih siapa yang menggantikan.")})
    since = forms.DateField(label=_("Mulai"), initial=timezone.localdate)
    until = forms.DateField(label=_("Sampai sebelum"))

    def __init__(self, *args: Any, people: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = people  # type: ignore[attr-defined]


class EndForm(forms.Form):
    """The first day without the role, and why."""

    on = forms.DateField(label=_("Berakhir pada"), initial=timezone.localdate)
    reason = forms.CharField(label=_("Alasan"), max_length=300)

    def clean_on(self) -> date:
        """Rights are not taken away in the past: what was done then was rightful."""
        on: date = self.cleaned_data["on"]
        if on < timezone.localdate():
            raise forms.ValidationError(_("Pilih hari ini atau sesudahnya."))
        return on


class ConfirmForm(forms.Form):
    """A second person's yes or no to a role, and how the person is known."""

    decision = forms.ChoiceField(
        label=_("Keputusan"), choices=[("confirm", _("Sahkan")), ("refuse", _("Tolak"))], widget=forms.RadioSelect,
        error_messages={"required": _("Pilih sahkan atau tolak.")},
    )  # fmt: skip
    reason = text_field(
        _("Alasan"), most=500, rows=3, min_length=REASON_MIN,
        help_text=_("Misalnya: ditetapkan dengan surat tugas; sudah ditemui. Tertulis di Jejak."),
    )  # fmt: skip


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("Alasan"), max_length=300)


class PasswordForm(forms.Form):
    """A first password, typed twice."""

    password = forms.CharField(
        label=_("Kata sandi"), max_length=200, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("Paling sedikit 12 huruf atau angka. Kalimat pendek mudah diingat dan aman."),
    )  # fmt: skip
    again = forms.CharField(
        label=_("Kata sandi sekali lagi"),
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        """Equal, and one the rules accept."""
        told = super().clean() or {}
        if told.get("password") and told["password"] != told.get("again"):
            self.add_error("again", _("Kedua kata sandi harus sama."))
        elif told.get("password"):
            try:
                validate_password(told["password"])
            except forms.ValidationError as error:
                self.add_error("password", error)
        return told
