"""What may be typed where lists come in and go out."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from gandeng.accounts.acting import Acting
from gandeng.facilitators.import_queries import TAKES
from gandeng.facilitators.models import Import
from gandeng.registry.forms import offer_regions
from gandeng.registry.queries import Choice
from gandeng.web.fields import ListField

REASON_MIN = 5
_ONE = _("Pilih salah satu yang ditawarkan.")
_REASON = {"required": _("Tulis alasannya."), "min_length": _("Tulis alasannya dengan jelas.")}


class ImportForm(forms.Form):
    """A list, what it is, the region it is about, and on what it rests."""

    kind = forms.ChoiceField(
        label=_("Isi berkas"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Pilih isi berkasnya."), "invalid_choice": _ONE},
    )
    region = forms.ChoiceField(
        label=_("Wilayah"), help_text=_("Semua baris harus dari wilayah ini."),
        error_messages={"required": _("Pilih wilayahnya."), "invalid_choice": _ONE},
    )  # fmt: skip
    file = ListField(_("Berkas"), large=True, about=_("Judul kolomnya seperti pada contoh."))
    reason = forms.CharField(
        label=_("Dasar"), max_length=300, min_length=REASON_MIN, error_messages=_REASON,
        help_text=_("Surat atau keputusan yang menjadi dasar daftar ini."),
    )  # fmt: skip

    def __init__(
        self, *args: Any, acting: Acting, kinds: list[tuple[str, str]], regions: list[Choice], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.acting = acting
        cast(forms.ChoiceField, self.fields["kind"]).choices = kinds
        offer_regions(self, regions)

    def clean(self) -> dict[str, Any]:
        """The right is asked for the region chosen."""
        told = super().clean() or {}
        kind, region = told.get("kind"), told.get("region")
        if kind and region is not None and not any(self.acting.may(may, region) for may in TAKES[kind]):
            self.add_error("region", _("Anda tidak mengurus ini di wilayah itu."))
        return told


class EndImportForm(forms.Form):
    """Why a list is put away or undone."""

    reason = forms.CharField(
        label=_("Alasan"), max_length=1000, min_length=REASON_MIN, widget=forms.Textarea(attrs={"rows": 2}),
        error_messages=_REASON,
    )  # fmt: skip


class ListOutForm(forms.Form):
    """Which list is taken away, of what region, as what, and why."""

    kind = forms.ChoiceField(label=_("Daftar"), choices=Import.Kind.choices, widget=forms.RadioSelect,
                             error_messages={"required": _("Pilih daftarnya."), "invalid_choice": _ONE})  # fmt: skip
    region = forms.ChoiceField(label=_("Wilayah"), error_messages={
        "required": _("Pilih wilayahnya."), "invalid_choice": _ONE,
    })  # fmt: skip
    form = forms.ChoiceField(
        label=_("Bentuk"), choices=[("xlsx", "XLSX"), ("csv", "CSV")], widget=forms.RadioSelect,
        error_messages={"required": _("Pilih bentuknya."), "invalid_choice": _ONE},
    )  # fmt: skip
    purpose = forms.CharField(
        label=_("Keperluan unduhan"), max_length=300, min_length=REASON_MIN,
        error_messages={
            "required": _("Tulis keperluannya."), "min_length": _("Tulis keperluannya dengan jelas."),
        },
    )  # fmt: skip

    def __init__(self, *args: Any, regions: list[Choice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_regions(self, regions)
