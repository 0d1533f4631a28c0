"""What a person may type, and the sentence when it is wrong."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_lazy as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.context import place_chosen, places_offered, region_name
from gandeng.accounts.roles import May
from gandeng.payments.fields import PayDayField
from gandeng.payments.models import Cycle, Payment
from gandeng.reconciliation.actions.exceptions import MOVES, Act
from gandeng.reconciliation.actions.files import RUPIAH_MAX
from gandeng.reconciliation.models import DepositedPayment
from gandeng.reconciliation.queries import senders_places
from gandeng.reconciliation.suggestions import Suggested
from gandeng.reconciliation.words import REASON_CODES, channel_name, reason_name
from gandeng.web.fields import Kinds, ListField, RupiahField, no_long_number, text_field

_LEFT_OUT_MAX = 200
_RESULTS = Kinds(_("CSV, XLSX, Parquet, ISO 20022 (pain.002, camt.053, camt.054), atau MT940"), ())
"""Banks end the names of their files as they like."""
_WHOLE = re.compile(r"[0-9]{1,12}|[0-9]{1,3}(?:\.[0-9]{3}){1,3}")


class RowCountField(forms.CharField):
    """`1250` or `1.250`."""

    def clean(self, value: Any) -> int:
        """The number. Raises ValidationError."""
        text = str(super().clean(value)).strip()
        if not _WHOLE.fullmatch(text):
            raise ValidationError(_("Tulis jumlah baris dengan angka, misalnya 1.250."))
        return int(text.replace(".", ""))


def _sum_field(label: Any, **how: Any) -> RupiahField:
    """What a file or a receipt adds up to, as its sender says."""
    return RupiahField(
        label=label, most=RUPIAH_MAX,
        beyond=_("Jumlah uangnya lebih besar daripada seluruh anggaran program. Periksa angkanya."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}), **how,
    )  # fmt: skip


class ExecuteForm(forms.Form):
    """When the channels are to pay a supplementary round."""

    execute_on = PayDayField()


class UploadForm(forms.Form):
    """A result file and what its sender says is in it."""

    file = ListField(_("Berkas hasil"), kinds=_RESULTS, large=True)
    channel = forms.ChoiceField(label=_("Bank atau pos"), help_text=_("Satu berkas berisi hasil satu penyalur."))
    region = forms.ChoiceField(
        label=_("Wilayah"), help_text=_("Wilayah terkecil yang mencakup semua pembayaran dalam berkas.")
    )
    rows = RowCountField(
        label=_("Jumlah baris menurut Anda"),
        help_text=_("Hitung dari sumber Anda sendiri, tanpa baris judul dan baris jumlah."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    rupiah = _sum_field(
        _("Jumlah uang menurut Anda"), help_text=_("Jumlah seluruh nilai pada kolom uang, apa pun kejadiannya.")
    )

    def __init__(self, acting: Acting, cycle: Cycle, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.acting = acting
        regions, channels = senders_places(acting, cycle)
        self.fields["channel"].choices = [(code, channel_name(code)) for code in channels]  # type: ignore[attr-defined]
        self.fields["region"].choices = places_offered(regions)  # type: ignore[attr-defined]

    def clean_region(self) -> str:
        """The code; the nation has none."""
        return place_chosen(self.cleaned_data["region"])

    def clean(self) -> dict[str, Any]:
        """Channel and region together must be the sender's."""
        told: dict[str, Any] = super().clean() or {}
        if {"channel", "region"} <= set(told) and not self.acting.may(
            May.SEND_RESULTS, told["region"], told["channel"]
        ):
            raise ValidationError(_("Anda tidak mengirim hasil penyalur itu untuk wilayah itu."))
        return told


class ReasonForm(forms.Form):
    """Why."""

    reason = text_field(
        _("Alasan"), most=500, rows=3, help_text=_("Tanpa NIK dan nomor rekening lengkap."), validators=[no_long_number]
    )


_ASKED = {Act.NOTE: gettext_lazy("Catatan"), Act.ASK_BANK: gettext_lazy("Pertanyaan kepada bank atau pos")}
"""What an act asks for where that is no reason."""


class ActForm(ReasonForm):
    """One act on an exception, with what that act asks for."""

    evidence = text_field(
        _("Bukti"), most=500, rows=2, required=False, validators=[no_long_number],
        help_text=_("Nomor surat, rekening koran, atau berita acara."),
    )  # fmt: skip

    def __init__(self, act: Act, suggested: list[Suggested], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.act = act
        self.fields["evidence"].required = MOVES[act].evidence
        self.fields["reason"].label = _ASKED.get(act, _("Alasan"))
        if act is Act.CODE:
            codes = [("", _("Pilih kode")), *((code, reason_name(code)) for code in REASON_CODES)]
            self.fields["code"] = forms.ChoiceField(label=_("Kode alasan"), choices=codes)
        if act is Act.ACCEPT:
            near = [
                (each.payment_id, f"{each.name}, {region_name(each.district)} ({each.payment_id})")
                for each in suggested
            ]
            self.fields["payment"] = forms.ChoiceField(
                label=_("Pembayaran yang dimaksud"), choices=near, widget=forms.RadioSelect
            )
        self.order_fields(["code", "payment", "reason", "evidence"])

    def chosen_payment(self) -> Payment | None:
        """The payment a suggestion names, of one's territory."""
        chosen = self.cleaned_data.get("payment")
        return Payment.objects.filter(pk=chosen).first() if chosen else None


class DecisionForm(ReasonForm):
    """Yes or no to a reissue."""

    decision = forms.ChoiceField(
        label=_("Keputusan"), choices=[("yes", _("Setujui bayar ulang")), ("no", _("Tolak"))], widget=forms.RadioSelect
    )
    field_order = ("decision", "reason")


class DepositForm(ReasonForm):
    """A receipt of the treasury, and which money it is for."""

    receipt_no = forms.RegexField(
        r"[A-Za-z0-9][A-Za-z0-9./ -]{3,39}", label=_("Nomor bukti setor"),
        help_text=_("Seperti tertulis pada bukti penerimaan negara."),
        error_messages={"invalid": _("Tulis nomornya dengan huruf, angka, titik, garis miring, atau tanda hubung.")},
    )  # fmt: skip
    deposited_on = forms.DateField(label=_("Tanggal setor"))
    rupiah = _sum_field(_("Jumlah pada bukti setor"))
    channel = forms.ChoiceField(label=_("Bank atau pos yang menyetor"))
    region = forms.ChoiceField(label=_("Wilayah"), help_text=_("Wilayah terkecil yang mencakup semua pembayarannya."))
    accounts = forms.MultipleChoiceField(
        label=_("Uang yang disetor"), choices=DepositedPayment.Account.choices, widget=forms.CheckboxSelectMultiple
    )
    until = forms.DateField(
        label=_("Kejadian terakhir paling lambat"), required=False,
        help_text=_("Kosongkan bila semua uang itu disetor. Isi bila hanya yang sejak hari itu tidak bergerak lagi."),
    )  # fmt: skip
    left_out = forms.CharField(
        label=_("Kecuali pembayaran ini"), required=False, max_length=8000,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text=_("ID pembayaran yang tidak ikut disetor, dipisahkan spasi atau baris baru; paling banyak 200."),
    )  # fmt: skip
    field_order = (
        "receipt_no", "deposited_on", "rupiah", "channel", "region", "accounts", "until", "left_out", "reason",
    )  # fmt: skip

    def __init__(self, acting: Acting, cycle: Cycle, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cycle = cycle
        regions, channels = senders_places(acting, cycle, May.TELL_DEPOSIT)
        self.fields["channel"].choices = [(code, channel_name(code)) for code in channels]  # type: ignore[attr-defined]
        self.fields["region"].choices = places_offered(regions)  # type: ignore[attr-defined]

    def clean_region(self) -> str:
        """The code; the nation has none."""
        return place_chosen(self.cleaned_data["region"])

    def clean_left_out(self) -> tuple[str, ...]:
        """Ids of payments of this cycle. Raises ValidationError and names the first that is none."""
        told = tuple(dict.fromkeys(self.cleaned_data["left_out"].split()))
        if len(told) > _LEFT_OUT_MAX:
            raise ValidationError(_("Paling banyak 200 pembayaran. Pilih wilayah yang lebih kecil."))
        known = set(Payment.objects.filter(cycle=self.cycle, pk__in=told).values_list("pk", flat=True))
        if unknown := [one[:40] for one in told if one not in known]:
            no_long_number(unknown[0])
            raise ValidationError(_("%(id)s bukan pembayaran tahap ini di wilayah Anda.") % {"id": unknown[0]})
        return told


class DepositDecisionForm(ReasonForm):
    """Yes or no to a deposit."""

    decision = forms.ChoiceField(
        label=_("Keputusan"), choices=[("yes", _("Sahkan dan bukukan")), ("no", _("Tolak"))], widget=forms.RadioSelect
    )
    field_order = ("decision", "reason")
