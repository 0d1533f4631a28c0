"""What may be typed about opinions, problems and costs."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from gandeng.accounts.context import place_chosen
from gandeng.training.actions.costs import Line
from gandeng.training.actions.problems import Raised
from gandeng.training.fields import choice_field, cost_field, event_day_field
from gandeng.training.models import Cost, Problem
from gandeng.training.published import HIGHEST, LOWEST, statements
from gandeng.web.fields import REASON_MIN, line_field, no_long_number, text_field

_SCORES = {
    1: _("1 – sama sekali tidak"), 2: _("2 – kurang"), 3: _("3 – cukup"), 4: _("4 – baik"), 5: _("5 – sepenuhnya"),
}  # fmt: skip


class OpinionForm(forms.Form):
    """Each statement from 1 to 5, and a remark."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for key, words in statements().items():
            scores = [(str(score), _SCORES[score]) for score in range(LOWEST, HIGHEST + 1)]
            self.fields[key] = choice_field(words.said(), scores, widget=forms.RadioSelect)
        self.fields["remark"] = text_field(
            _("Saran atau catatan"), most=1000, rows=3, required=False, validators=[no_long_number],
            help_text=_("Tanpa nama. Jangan tulis nama Anda atau orang lain."),
        )  # fmt: skip

    def scores(self) -> dict[str, int]:
        """By statement."""
        return {key: int(self.cleaned_data[key]) for key in statements()}


class RaiseForm(forms.Form):
    """A problem of the field."""

    about = choice_field(_("Tentang apa"), Problem.About.choices)
    region = choice_field(_("Tempat"), [])
    text = text_field(
        _("Masalahnya"), most=2000, rows=5, min_length=REASON_MIN, validators=[no_long_number],
        help_text=_("Apa yang terjadi dan sejak kapan. Jangan tulis NIK, nomor kartu, atau nama keluarga."),
    )  # fmt: skip

    def __init__(self, *args: Any, places: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["region"]).choices = list(places)

    def raised(self) -> Raised:
        """What was written."""
        told = self.cleaned_data
        return Raised(place_chosen(told["region"]), told["about"], told["text"])


class GiveForm(forms.Form):
    """Who answers, and by when."""

    owner = choice_field(_("Diserahkan kepada"), [])
    due_on = event_day_field(_("Dijawab paling lambat"), required=False)

    def __init__(self, *args: Any, owners: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["owner"]).choices = [("", _("Pilih orangnya")), *owners]


class SayForm(forms.Form):
    """An answer, or why it is closed or opened again."""

    text = text_field(_("Keterangan"), most=2000, rows=4, min_length=REASON_MIN, validators=[no_long_number])


class CostForm(forms.Form):
    """A line of cost."""

    kind = choice_field(_("Untuk apa"), Cost.Kind.choices)
    text = line_field(_("Uraian"), validators=[no_long_number])
    planned = cost_field(_("Direncanakan"), error_messages={"required": _("Isi jumlahnya, 0 bila tidak ada.")})
    spent = cost_field(_("Terpakai"), required=False, help_text=_("Kosongkan sampai diketahui."))

    def line(self) -> Line:
        """What was written."""
        told = self.cleaned_data
        return Line(told["kind"], told["text"], told["planned"], told["spent"])

    @staticmethod
    def initial_of(cost: Cost) -> dict[str, Any]:
        """The line that is changed."""
        return {"kind": cost.kind, "text": cost.text, "planned": cost.planned_rupiah, "spent": cost.spent_rupiah}
