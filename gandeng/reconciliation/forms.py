"""What a person may type, and the sentence when it is wrong."""

import re
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

from gandeng.accounts.acting import Acting
from gandeng.accounts.context import region_name
from gandeng.accounts.roles import May
from gandeng.core.money import parse_rupiah
from gandeng.payments.fields import PayDayField
from gandeng.payments.models import Cycle, Payment
from gandeng.reconciliation.actions.exceptions import MOVES, Act
from gandeng.reconciliation.actions.files import RUPIAH_MAX
from gandeng.reconciliation.queries import senders_places
from gandeng.reconciliation.suggestions import Suggested
from gandeng.reconciliation.words import REASON_CODES, channel_name, reason_name

_WHOLE = re.compile(r"[0-9]{1,12}|[0-9]{1,3}(?:\.[0-9]{3}){1,3}")


class RowCountField(forms.CharField):
    """`1250` or `1.250`."""

    def clean(self, value: Any) -> int:
        """The number. Raises ValidationError."""
        text = str(super().clean(value)).strip()
        if not _WHOLE.fullmatch(text):
            raise ValidationError("Tulis jumlah baris dengan angka, misalnya 1.250.")
        return int(text.replace(".", ""))


class RupiahField(forms.CharField):
    """Rupiah in any form people write."""

    def clean(self, value: Any) -> int:
        """Whole rupiah. Raises ValidationError."""
        text = str(super().clean(value)).strip()
        try:
            rupiah = 0 if text == "0" else int(text) if text.isascii() and text.isdigit() else parse_rupiah(text)
        except ValueError as error:
            raise ValidationError("Tulis jumlah uang dalam rupiah bulat, misalnya Rp1.250.000.") from error
        if rupiah > RUPIAH_MAX:
            raise ValidationError("Jumlah uangnya lebih besar daripada seluruh anggaran program. Periksa angkanya.")
        return rupiah


class ExecuteForm(forms.Form):
    """When the channels are to pay a supplementary round."""

    execute_on = PayDayField()


class UploadForm(forms.Form):
    """A result file and what its sender says is in it."""

    file = forms.FileField(
        label="Berkas hasil",
        help_text="CSV, XLSX, Parquet, ISO 20022 (pain.002, camt.053, camt.054), atau MT940; paling besar 200 MB.",
    )
    channel = forms.ChoiceField(label="Bank atau pos", help_text="Satu berkas berisi hasil satu penyalur.")
    region = forms.ChoiceField(
        label="Wilayah", help_text="Wilayah terkecil yang mencakup semua pembayaran dalam berkas."
    )
    rows = RowCountField(
        label="Jumlah baris menurut Anda",
        help_text="Hitung dari sumber Anda sendiri, tanpa baris judul dan baris jumlah.",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    rupiah = RupiahField(
        label="Jumlah uang menurut Anda",
        help_text="Jumlah seluruh nilai pada kolom uang, apa pun kejadiannya.",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def __init__(self, acting: Acting, cycle: Cycle, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.acting = acting
        regions, channels = senders_places(acting, cycle)
        self.fields["channel"].choices = [(code, channel_name(code)) for code in channels]  # type: ignore[attr-defined]
        self.fields["region"].choices = [(code or "-", region_name(code)) for code in regions]  # type: ignore[attr-defined]

    def clean_file(self) -> Any:
        """Not empty, not larger than a reader takes."""
        file = self.cleaned_data["file"]
        if file.size > settings.UPLOAD_BYTES_MAX:
            raise ValidationError("Berkas lebih besar dari 200 MB. Bagi menjadi beberapa berkas.")
        return file

    def clean_region(self) -> str:
        """The code; the nation has none."""
        return str(self.cleaned_data["region"]).strip("-")

    def clean(self) -> dict[str, Any]:
        """Channel and region together must be the sender's."""
        told: dict[str, Any] = super().clean() or {}
        if {"channel", "region"} <= set(told) and not self.acting.may(
            May.SEND_RESULTS, told["region"], told["channel"]
        ):
            raise ValidationError("Anda tidak mengirim hasil penyalur itu untuk wilayah itu.")
        return told


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(
        label="Alasan", max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Tanpa NIK dan nomor rekening lengkap.",
    )  # fmt: skip

    def clean_reason(self) -> str:
        """No identifier may enter the log."""
        return _without_identifiers(self.cleaned_data["reason"])


class ActForm(ReasonForm):
    """One act on an exception, with what that act asks for."""

    evidence = forms.CharField(
        label="Bukti", required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Nomor surat, rekening koran, atau berita acara.",
    )  # fmt: skip

    def __init__(self, act: Act, suggested: list[Suggested], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.act = act
        self.fields["evidence"].required = MOVES[act].evidence
        if act is Act.CODE:
            codes = [("", "Pilih kode"), *((code, reason_name(code)) for code in REASON_CODES)]
            self.fields["code"] = forms.ChoiceField(label="Kode alasan", choices=codes)
        if act is Act.ACCEPT:
            near = [
                (each.payment_id, f"{each.name}, {region_name(each.district)} ({each.payment_id})")
                for each in suggested
            ]
            self.fields["payment"] = forms.ChoiceField(
                label="Pembayaran yang dimaksud", choices=near, widget=forms.RadioSelect
            )
        self.order_fields(["code", "payment", "reason", "evidence"])

    def clean_evidence(self) -> str:
        """No identifier may enter the log."""
        return _without_identifiers(self.cleaned_data["evidence"])

    def chosen_payment(self) -> Payment | None:
        """The payment a suggestion names, of one's territory."""
        chosen = self.cleaned_data.get("payment")
        return Payment.objects.filter(pk=chosen).first() if chosen else None


class DecisionForm(ReasonForm):
    """Yes or no to a reissue."""

    decision = forms.ChoiceField(
        label="Keputusan", choices=[("yes", "Setujui bayar ulang"), ("no", "Tolak")], widget=forms.RadioSelect
    )
    field_order = ("decision", "reason")


def _without_identifiers(text: str) -> str:
    if re.search(r"[0-9]{10,}", text):
        raise ValidationError("Jangan menulis NIK atau nomor rekening lengkap; sebut empat angka terakhirnya saja.")
    return text
