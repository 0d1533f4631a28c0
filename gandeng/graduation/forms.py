"""What may be typed about a case and its steps."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gandeng.files.photos import Photo
from gandeng.graduation.models import Kind
from gandeng.graduation.moves import FOLLOW_UPS, StepKind
from gandeng.graduation.published import Item
from gandeng.graduation.signing import NoSignature, drawn
from gandeng.graduation.words import ANSWERS, FARES, VISITED
from gandeng.registry.models import Member
from gandeng.web.fields import CHOOSE, PhotoField, day_field, no_long_number, text_field

WORDLESS = frozenset({StepKind.CHECKLIST, StepKind.STATEMENT, StepKind.EFFECTIVE})
"""Steps whose words may be left out."""
DATED = frozenset(
    {
        StepKind.CHECKLIST,
        StepKind.VISIT,
        StepKind.STATEMENT,
        StepKind.TOLD,
        StepKind.OBJECTED,
        StepKind.WITHDRAWN,
        *FOLLOW_UPS,
    }
)
"""Steps that happened on a day somebody tells; the others happen now."""
ITEM = "item_"
"""How the field of an item begins."""


def _words(label: Any, *, required: bool = True) -> forms.CharField:
    return text_field(label, required=required, most=2000, rows=4, validators=[no_long_number])


class OpenForm(forms.Form):
    """Which kind of graduation, and why."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Macam graduasi"), choices=Kind.choices, error_messages=CHOOSE, widget=forms.RadioSelect
    )
    reason = _words(gettext_lazy("Alasan"))


class StepForm(forms.Form):
    """The fields a step of that kind needs."""

    def __init__(self, *args: Any, kind: str, **how: Any) -> None:
        super().__init__(*args, **how)
        if kind in DATED:
            self.fields["on_day"] = day_field(_("Tanggal"))
        if kind == StepKind.VISIT:
            self.fields["result"] = _choice(_("Hasil kunjungan"), VISITED)
        if kind in FOLLOW_UPS:
            self.fields["result"] = _choice(_("Keadaan keluarga"), FARES)
        self.fields["words"] = _words(_("Catatan") if kind in WORDLESS else _("Uraian"), required=kind not in WORDLESS)


class ChecklistForm(StepForm):
    """An answer to each item."""

    def __init__(self, *args: Any, items: Mapping[str, Item], **how: Any) -> None:
        super().__init__(*args, **how)
        for code, item in items.items():
            self.fields[f"{ITEM}{code}"] = forms.ChoiceField(
                label=item.text.said(), choices=ANSWERS, widget=forms.RadioSelect, error_messages=CHOOSE,
                help_text=item.source.said(),
            )  # fmt: skip
        self.order_fields(["on_day", *(f"{ITEM}{code}" for code in items), "words"])

    def answers(self) -> dict[str, str]:
        """By code of the item."""
        told = self.cleaned_data
        return {name.removeprefix(ITEM): value for name, value in told.items() if name.startswith(ITEM)}


class StatementForm(StepForm):
    """Who signed, and the signature: drawn on the screen, or a photo of the stamped paper."""

    def __init__(self, *args: Any, signers: Iterable[Member], **how: Any) -> None:
        super().__init__(*args, **how)
        self.signers = {str(member.pk): member for member in signers}
        self.fields["signer"] = forms.ChoiceField(
            label=_("Yang menandatangani"), choices=[(key, member.name) for key, member in self.signers.items()],
            error_messages=CHOOSE,
        )  # fmt: skip
        self.fields["strokes"] = forms.CharField(required=False, widget=forms.HiddenInput(), strip=True)
        self.fields["photo"] = PhotoField(
            _("Foto pernyataan bermeterai"), required=False,
            help_text=_(
                "JPEG, PNG, atau WebP, paling besar 5 MB. Bila ada isian yang salah, pilih fotonya sekali lagi."
            ),
        )  # fmt: skip
        self.order_fields(["on_day", "signer", "strokes", "photo", "words"])

    def clean(self) -> dict[str, Any]:
        """One of the two."""
        told = super().clean() or {}
        strokes, photo = told.get("strokes", ""), told.get("photo")
        if photo is not None:
            return {**told, "picture": photo, "drawn": False}
        if not strokes:
            if "photo" not in self.errors:
                self.add_error("photo", _("Bubuhkan tanda tangan di layar, atau unggah foto pernyataannya."))
            return told
        try:
            made: Photo = drawn(strokes)
        except NoSignature:
            self.add_error("photo", _("Tanda tangan di layar tidak terbaca. Ulangi, atau unggah foto pernyataannya."))
            return told
        return {**told, "picture": made, "drawn": True}

    def signer(self) -> Member:
        """The member of the family."""
        return self.signers[self.cleaned_data["signer"]]


def _choice(label: str, choices: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, error_messages=CHOOSE, widget=forms.RadioSelect)
