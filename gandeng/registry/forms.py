"""What a person may type about numbers, lists and decisions, and the sentence when it is wrong."""

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from gandeng.core.cycle import Cycle, UnreadableCycle
from gandeng.files.intake import explain_fault
from gandeng.policy import PolicyGap, benefit_policy
from gandeng.registry.queries import Choice
from gandeng.web.fields import TABLES, ListField, sixteen_digits

REASON_MIN = 8


class IdentifierForm(forms.Form):
    """Search by a full number; sent by POST, so that it stands in no address."""

    kind = forms.ChoiceField(label=_("Nomor"), choices=[("nik", "NIK"), ("kk", _("Nomor KK"))])
    number = forms.CharField(
        label=_("Nomor lengkap"), max_length=24,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text=_("16 angka. Pencarian ini dicatat."), error_messages={"required": _("Isi 16 angkanya.")},
    )  # fmt: skip

    def clean_number(self) -> str:
        """Sixteen digits."""
        return sixteen_digits(self.cleaned_data["number"])


class RevealForm(forms.Form):
    """Why a full identifier is needed."""

    what = forms.CharField(widget=forms.HiddenInput(), max_length=60)
    purpose = forms.CharField(
        label=_("Keperluan"), max_length=300, min_length=REASON_MIN,
        help_text=_("Misalnya: mencocokkan dengan KTP saat kunjungan. Dicatat bersama nama Anda."),
        error_messages={"required": _("Tulis keperluannya."), "min_length": _("Tulis keperluannya dengan jelas.")},
    )  # fmt: skip


class ExportForm(forms.Form):
    """Why a list is taken away."""

    purpose = forms.CharField(label=_("Keperluan unduhan"), max_length=300, min_length=REASON_MIN, error_messages={
        "required": _("Tulis keperluannya."), "min_length": _("Tulis keperluannya dengan jelas."),
    })  # fmt: skip


class DecisionForm(forms.Form):
    """Yes or no, and why."""

    decision = forms.ChoiceField(
        label=_("Keputusan"), choices=[("approve", _("Setujui")), ("refuse", _("Tolak"))], widget=forms.RadioSelect,
        error_messages={"required": _("Pilih setujui atau tolak.")},
    )  # fmt: skip
    reason = forms.CharField(
        label=_("Alasan"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Wajib bila menolak."),
    )  # fmt: skip

    def __init__(self, *args: Any, kept: bool = False, beyond: bool = False, **kwargs: Any) -> None:
        """Here it can be refused alone: `kept`, a package above approves it on a page of its own; `beyond`, an office
        above does."""
        super().__init__(*args, **kwargs)
        self.kept, self.beyond = kept, beyond
        if kept or beyond:
            cast(forms.ChoiceField, self.fields["decision"]).choices = [("refuse", _("Tolak"))]
            self.fields["decision"].error_messages["required"] = (
                _("Pilih tolak, atau biarkan diputuskan di graduasi.") if kept
                else _("Pilih tolak, atau biarkan diputuskan yang membawahi kedua wilayah.")
            )  # fmt: skip
            self.fields["reason"].required, self.fields["reason"].help_text = True, ""
            self.fields["reason"].error_messages["required"] = _("Tulis alasan penolakan dengan jelas.")

    def clean(self) -> dict[str, Any]:
        """A refusal says why."""
        told = super().clean() or {}
        if told.get("decision") == "refuse" and len(told.get("reason", "").strip()) < REASON_MIN:
            self.add_error("reason", _("Tulis alasan penolakan dengan jelas."))
        return told


def offer_regions(form: forms.Form, regions: list[Choice], *, always: bool = False) -> None:
    """Of its field `region`: the one there is, or a choice to be made; `always` where much hangs on it."""
    choices = [(one.code, one.name) for one in regions]
    first = choices if len(choices) == 1 and not always else [("", _("Pilih wilayah")), *choices]
    cast(forms.ChoiceField, form.fields["region"]).choices = first


class ListForm(forms.Form):
    """A list of the ministry: two files, the region they cover, the cycle the difference is priced for."""

    region = forms.ChoiceField(
        label=_("Wilayah yang dicakup"), error_messages={"required": _("Pilih wilayahnya.")},
        help_text=_("Keluarga di wilayah ini yang tidak ada di daftar akan diakhiri."),
    )  # fmt: skip
    cycle = forms.CharField(label=_("Tahap untuk menghitung rupiah"), max_length=7, help_text=_("Misalnya 2024-2."),
                            error_messages={"required": _("Isi tahapnya.")})  # fmt: skip
    families = ListField(_("Berkas keluarga"), kinds=TABLES, large=True)
    members = ListField(_("Berkas anggota"), kinds=TABLES, large=True)

    def __init__(self, *args: Any, regions: list[Choice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_regions(self, regions, always=True)

    def clean_cycle(self) -> str:
        """A cycle the policy has figures for."""
        try:
            cycle = Cycle.parse(self.cleaned_data["cycle"].strip())
            benefit_policy(cycle)
        except UnreadableCycle as error:
            raise ValidationError(_("Tulis seperti 2024-2.")) from error
        except PolicyGap as gap:
            raise ValidationError(explain_fault(gap.fault)) from gap
        return cycle.key


class EndListForm(forms.Form):
    """Why a list is withdrawn or undone."""

    reason = forms.CharField(
        label=_("Alasan"), max_length=1000, min_length=REASON_MIN, widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Tulis alasannya."), "min_length": _("Tulis alasannya dengan jelas.")},
    )  # fmt: skip
