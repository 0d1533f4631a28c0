"""What may be said of a pair of families."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gandeng.duplicates.actions import Said, Verdicts
from gandeng.duplicates.models import Found
from gandeng.web.fields import CHOOSE, REASON_MIN, no_long_number, text_field

_MOST = 1000
LATER = "LATER"


def field_of(pair: Mapping[str, Any]) -> str:
    """What the choice of a pair is called in the form."""
    return f"pair_{pair['member']}_{pair['other']}"


class JudgeForm(forms.Form):
    """A choice for each pair, named by its people; one for the families; how one made sure.

    A page of before asks about the pairs it showed: of others it says nothing, and is shown again. `people` are the two
    names of each pair, as in `Found.pairs`; `numbers` those of the families, the same where it is one.
    """

    reason = text_field(
        gettext_lazy("Bagaimana Anda memastikannya"), most=_MOST, rows=3, min_length=REASON_MIN,
        validators=[no_long_number],
        help_text=gettext_lazy(
            "Misalnya: KK dilihat pendamping pada kunjungan 3 September. Jangan menyebut keluarga lain: "
            "alasan ini dapat dibaca keluarganya."
        ),
    )  # fmt: skip

    def __init__(
        self, *args: Any, found: Found, people: list[tuple[str, str]], numbers: tuple[str, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.found = found
        two = numbers[0] != numbers[1]
        for place, names in enumerate(people):
            self.fields[field_of(found.pairs[place])] = self._choice(place, names, numbers if two else None)
        if two:
            ends = [(said, _("Ya, akhiri keluarga %(family)s") % {"family": number})
                    for said, number in zip((Said.ENDS_FIRST, Said.ENDS_OTHER), numbers, strict=True)]  # fmt: skip
            self.fields["families"] = forms.ChoiceField(
                label=_("Satu keluarga yang tercatat dua kali?"), initial=LATER, widget=forms.RadioSelect,
                choices=[(LATER, _("Tidak, nilai orangnya satu per satu")), *ends], error_messages=CHOOSE,
                help_text=_("Bila ya, semua pasangan di atas dianggap orang yang sama."),
            )  # fmt: skip
        self.order_fields([*(name for name in self.fields if name != "reason"), "reason"])

    def _choice(self, place: int, names: tuple[str, str], numbers: tuple[str, str] | None) -> forms.ChoiceField:
        where = numbers or tuple(str(number) for number in (1, 2))
        ends = (
            _("Orang yang sama: %(name)s keluar dari %(family)s")
            if numbers
            else _("Orang yang sama: hapus %(name)s (%(family)s)")
        )
        return forms.ChoiceField(
            label=_("Pasangan %(number)s: %(first)s dan %(other)s")
            % {"number": place + 1, "first": names[0], "other": names[1]},
            initial=LATER, widget=forms.RadioSelect, error_messages=CHOOSE,
            choices=[
                (LATER, _("Belum tahu, biarkan di daftar")), (Said.DIFFERENT, _("Orang yang berbeda")),
                *((said, ends % {"name": name, "family": family})
                  for said, name, family in zip((Said.ENDS_FIRST, Said.ENDS_OTHER), names, where, strict=True)),
            ],
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Something is said; of a family as a whole or of its people, not both."""
        told = super().clean() or {}
        if self.errors:
            return told
        families, pairs = self._ends(), self._pairs()
        if not families and not pairs:
            raise forms.ValidationError(_("Nilai sedikitnya satu pasangan."))
        if families and pairs:
            self.add_error("families", _("Akhiri satu keluarga, atau nilai orangnya satu per satu; tidak keduanya."))
        return told

    def _ends(self) -> Said | None:
        told = self.cleaned_data.get("families", LATER)
        return None if told == LATER else Said(told)

    def _pairs(self) -> dict[int, Said]:
        told = {place: self.cleaned_data[field_of(pair)] for place, pair in enumerate(self.found.pairs)}
        return {place: Said(said) for place, said in told.items() if said != LATER}

    def verdicts(self) -> Verdicts:
        """As the action takes it."""
        return Verdicts(self._pairs(), self.cleaned_data["reason"].strip(), self._ends())


class ReopenForm(forms.Form):
    """Why it is judged anew."""

    reason = text_field(
        gettext_lazy("Alasan dibuka lagi"), most=_MOST, rows=2, min_length=REASON_MIN, validators=[no_long_number]
    )
