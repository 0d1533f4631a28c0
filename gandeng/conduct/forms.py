"""What may be typed about the code and clarifications."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gandeng.accounts.acting import Acting
from gandeng.accounts.context import place_chosen, places_offered
from gandeng.accounts.roles import May
from gandeng.conduct.actions.clarifications import Text as Clear
from gandeng.conduct.actions.code import TO_COMPLETE, Text
from gandeng.conduct.published import prohibitions
from gandeng.core.region_code import DISTRICT_DIGITS, PROVINCE_DIGITS
from gandeng.regions.places import districts_of
from gandeng.web.fields import REASON_MIN, day_field, line_field, no_long_number, text_field


class ReasonForm(forms.Form):
    """Why."""

    reason = text_field(gettext_lazy("Alasan"), most=1000, rows=3, min_length=REASON_MIN)


def starting_list() -> str:
    """The published prohibitions as articles that are yet to be completed, each with its source, in Indonesian."""
    return "\n\n".join(
        f"{one.fact.said('id')}. {TO_COMPLETE}: {one.source.said('id')}]" for one in prohibitions().values()
    )


def articles_of(text: str) -> list[str]:
    """Texts between empty lines, in order."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return [part.strip() for part in re.split(r"\n[ \t]*\n", lines) if part.strip()]


class CodeForm(forms.Form):
    """A version of the code."""

    region = forms.ChoiceField(label=gettext_lazy("Untuk wilayah"))
    title = line_field(gettext_lazy("Judul"))
    source = line_field(gettext_lazy("Nomor dan tanggal keputusan"))
    valid_from = day_field(gettext_lazy("Berlaku mulai"))
    articles = text_field(
        gettext_lazy("Pasal-pasal"), most=100_000, rows=18,
        help_text=gettext_lazy("Satu pasal satu bagian, dipisah baris kosong. Nomornya diberikan sesuai urutan."),
    )  # fmt: skip
    checked = forms.BooleanField(
        label=gettext_lazy("Sudah saya cocokkan dengan naskah keputusan"), required=True,
        error_messages={"required": gettext_lazy("Cocokkan dahulu dengan naskahnya, lalu centang.")},
    )  # fmt: skip

    def __init__(self, *args: Any, acting: Acting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offices = sorted(code for code in acting.where(May.KEEP_CODE).regions if len(code) <= PROVINCE_DIGITS)
        self.fields["region"] = forms.ChoiceField(label=_("Untuk wilayah"), choices=places_offered(offices))
        self.order_fields(["region", "title", "source", "valid_from", "articles", "checked"])

    def told(self) -> Text:
        """What was entered."""
        told = self.cleaned_data
        region = place_chosen(told["region"])
        return Text(region, told["title"], told["source"], articles_of(told["articles"]), told["valid_from"])


class SignForm(forms.Form):
    """Her own signature under the text whose digest she was shown."""

    digest = forms.CharField(widget=forms.HiddenInput(), max_length=64)
    agrees = forms.BooleanField(
        label=gettext_lazy("Saya sudah membaca dan akan menaati kode etik ini"),
        error_messages={"required": gettext_lazy("Baca seluruhnya, lalu centang bila Anda akan menaatinya.")},
    )


class ClarificationForm(forms.Form):
    """What people say, and what is true."""

    region = forms.ChoiceField(label=gettext_lazy("Untuk wilayah"))
    claim = line_field(gettext_lazy("Yang beredar, dalam satu kalimat"), most=300, validators=[no_long_number])
    truth = text_field(gettext_lazy("Yang benar"), most=3000, min_length=REASON_MIN, validators=[no_long_number])
    source = line_field(gettext_lazy("Sumbernya"), most=300, validators=[no_long_number])
    valid_until = day_field(gettext_lazy("Tampil sampai sebelum"))

    def __init__(self, *args: Any, acting: Acting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region"] = forms.ChoiceField(label=_("Untuk wilayah"), choices=_clarified(acting))
        self.order_fields(["region", "claim", "truth", "source", "valid_until"])

    def told(self) -> Clear:
        """What was entered."""
        told = self.cleaned_data
        region = place_chosen(told["region"])
        return Clear(region, told["claim"], told["truth"], told["source"], told["valid_until"])


def _clarified(acting: Acting) -> list[tuple[str, str]]:
    own: Sequence[str] = sorted(code for code in acting.where(May.CLARIFY).regions if len(code) <= DISTRICT_DIGITS)
    below = [one.code.digits for code in own if len(code) == PROVINCE_DIGITS for one in districts_of(code)]
    return places_offered(dict.fromkeys([*own, *below]))
