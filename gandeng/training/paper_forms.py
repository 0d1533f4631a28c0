"""What may be typed about questions and tests."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gandeng.training.actions.questions import Asked
from gandeng.training.fields import choice_field
from gandeng.training.models import Course, Question
from gandeng.training.paper_queries import Asked as Before
from gandeng.training.question_lists import LETTERS, OPTION_MAX, TEXT_MAX, UNIT_MAX
from gandeng.web.fields import ListField, line_field, text_field


class QuestionForm(forms.Form):
    """A question, its options, and which is right."""

    unit = line_field(gettext_lazy("Unit materi"), most=UNIT_MAX, required=False)
    text = text_field(gettext_lazy("Soal"), most=TEXT_MAX, rows=3)
    right = choice_field(
        gettext_lazy("Jawaban yang benar"), [(str(place), letter) for place, letter in enumerate(LETTERS)]
    )
    explanation = text_field(
        gettext_lazy("Penjelasan"), most=TEXT_MAX, rows=2, required=False,
        help_text=gettext_lazy("Tampil bagi peserta setelah tes akhir ditutup."),
    )  # fmt: skip

    def __init__(self, *args: Any, units: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for place, letter in enumerate(LETTERS):
            self.fields[f"option_{place}"] = line_field(
                _("Pilihan %(letter)s") % {"letter": letter}, most=OPTION_MAX, required=place < 2
            )
        if units:
            self.fields["unit"].help_text = _("Unit pelatihan ini: %(units)s.") % {"units": "; ".join(units)}
        options = [f"option_{place}" for place in range(len(LETTERS))]
        self.order_fields(["unit", "text", *options, "right", "explanation"])

    def clean(self) -> dict[str, Any]:
        """Options in order, different, the right one among them."""
        told = super().clean() or {}
        options = self._options(told)
        if "" in options:
            self.add_error(f"option_{options.index('')}", ValidationError(_("Isi pilihan berurutan dari A.")))
        folded = [" ".join(one.casefold().split()) for one in options if one]
        if len(set(folded)) < len(folded):
            self.add_error(None, ValidationError(_("Dua pilihan sama bunyinya.")))
        if "right" in told and int(told["right"]) >= len(options):
            self.add_error("right", ValidationError(_("Pilihan itu kosong.")))
        return told

    @staticmethod
    def _options(told: Mapping[str, Any]) -> list[str]:
        options = [told.get(f"option_{place}") or "" for place in range(len(LETTERS))]
        last = max((place for place, one in enumerate(options) if one), default=1)
        return options[: last + 1]

    def asked(self) -> Asked:
        """What was entered."""
        told = self.cleaned_data
        options = tuple(self._options(told))
        return Asked(told["unit"], told["text"], options, int(told["right"]), told["explanation"])

    @staticmethod
    def initial_of(question: Question) -> dict[str, Any]:
        """The question that is to be replaced."""
        options = {f"option_{place}": text for place, text in enumerate(question.options)}
        return options | {
            "unit": question.unit, "text": question.text, "right": str(question.right_option),
            "explanation": question.explanation,
        }  # fmt: skip


class QuestionListForm(forms.Form):
    """A list of questions."""

    file = ListField(
        gettext_lazy("Berkas soal"),
        about=gettext_lazy("Semua kolom contoh harus ada; pilihan C sampai F boleh kosong."),
    )


class CopyForm(forms.Form):
    """Whose questions are copied."""

    source = choice_field(gettext_lazy("Salin soal dari"), [])

    def __init__(self, *args: Any, sources: Sequence[Course], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["source"]).choices = [(str(one.pk), one.title) for one in sources]


class PaperForm(forms.Form):
    """The questions of a test."""

    seed = forms.CharField(widget=forms.HiddenInput(), max_length=40, required=False)
    of_each = forms.IntegerField(widget=forms.HiddenInput(), min_value=0, max_value=100, required=False)
    questions = forms.MultipleChoiceField(
        label=gettext_lazy("Soal tes ini"), widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": gettext_lazy("Pilih paling sedikit satu soal."),
            "invalid_choice": gettext_lazy("Ada soal yang sudah tidak dipakai. Muat ulang halaman ini."),
        },
    )  # fmt: skip

    def __init__(self, *args: Any, bank: Mapping[str, Sequence[Question]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.bank = [one for questions in bank.values() for one in questions]
        cast(forms.MultipleChoiceField, self.fields["questions"]).choices = [
            (str(one.pk), f"{one.unit}: {one.text}" if one.unit else one.text) for one in self.bank
        ]

    def chosen(self) -> list[Question]:
        """Ticked, in the order of the bank."""
        return [one for one in self.bank if str(one.pk) in set(self.cleaned_data["questions"])]


class AnswerForm(forms.Form):
    """One's answers; a question may be left open until it is handed in."""

    def __init__(self, *args: Any, asked: Sequence[Before], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = asked
        for number, one in enumerate(asked, start=1):
            self.fields[one.field] = choice_field(
                f"{number}. {one.question.text}", [(str(place), text) for place, text in one.options], required=False,
                widget=forms.RadioSelect, initial="" if one.chosen is None else str(one.chosen),
            )  # fmt: skip
        self.fields["anyway"] = forms.BooleanField(
            label=_("Serahkan walaupun ada soal yang belum dijawab"), required=False
        )

    def answers(self) -> dict[str, int]:
        """By question, what was chosen."""
        told = self.cleaned_data
        return {str(one.question.pk): int(told[one.field]) for one in self.asked if told.get(one.field)}
