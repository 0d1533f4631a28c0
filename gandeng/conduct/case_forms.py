"""What may be typed in a case: the report, and one form for each deed."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gandeng.accounts.models import Person
from gandeng.conduct.actions.cases import Paper, Report
from gandeng.conduct.actions.steps import Decision, Said
from gandeng.conduct.models import Party
from gandeng.conduct.published import OTHER, UNFOUNDED, prohibition_words, prohibitions, sanctions
from gandeng.registry.evidence import BYTES_MAX, EvidenceRefused, drawn_anew
from gandeng.web.fields import REASON_MIN, day_field, line_field, text_field


class _WithPaper(forms.Form):
    """One file, small and what it says it is."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["paper"] = forms.FileField(
            label=_("Berkas"), required=False,
            help_text=_("PDF, PNG, atau JPEG, paling besar 5 MB. Disimpan tersegel."),
            widget=forms.ClearableFileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg"}),
        )  # fmt: skip

    def clean_paper(self) -> "Paper | None":
        """The file as it will be kept."""
        sent: UploadedFile[bytes] | None = self.cleaned_data["paper"]
        if sent is None:
            return None
        try:
            return Paper(sent.name or "", *drawn_anew(sent.read(BYTES_MAX + 1)))
        except EvidenceRefused as refused:
            raise ValidationError(str(refused)) from refused


class ReportForm(_WithPaper):
    """What somebody is said to have done."""

    case_id = forms.UUIDField(widget=forms.HiddenInput())
    prohibition = forms.ChoiceField(label=gettext_lazy("Larangan yang dilanggar"))
    happened_on = day_field(gettext_lazy("Tanggal kejadian"), required=False)
    what = text_field(
        gettext_lazy("Apa yang terjadi"), min_length=REASON_MIN, rows=7,
        help_text=gettext_lazy("Apa, di mana, siapa melihat. Disimpan tersegel; hanya dibaca yang menangani."),
    )  # fmt: skip
    source = line_field(
        gettext_lazy("Siapa yang memberi tahu Anda, dan cara menghubunginya"), required=False, most=300,
        help_text=gettext_lazy("Disegel terpisah bersama nama Anda."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["prohibition"] = forms.ChoiceField(
            label=_("Larangan yang dilanggar"),
            choices=[("", _("Pilih")), *((code, prohibition_words(code)) for code in (*prohibitions(), OTHER))],
            error_messages={"required": _("Pilih larangannya.")},
        )  # fmt: skip
        self.order_fields(["case_id", "prohibition", "happened_on", "what", "paper", "source"])

    def clean_happened_on(self) -> Any:
        """Not to come."""
        day = self.cleaned_data["happened_on"]
        if day and day > timezone.localdate():
            raise ValidationError(_("Tanggalnya belum tiba."))
        return day

    def told(self) -> Report:
        """What was reported."""
        told = self.cleaned_data
        case_id: UUID = told["case_id"]
        return Report(case_id, told["prohibition"], told["happened_on"], told["what"], told["source"], told["paper"])


class SaidForm(_WithPaper):
    """A text, and perhaps a paper."""

    text = text_field(gettext_lazy("Uraian"), min_length=REASON_MIN, rows=7)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields([name for name in self.fields if name != "paper"] + ["paper"])

    def told(self) -> Said:
        """As the action takes it."""
        return Said(self.cleaned_data["text"], self.cleaned_data["paper"])


class DayForm(SaidForm):
    """The same, of a day."""

    day = day_field(gettext_lazy("Hari pemeriksaan"))
    field_order = ("day", "text", "paper")


class DecisionForm(SaidForm):
    """What is decided, and why."""

    outcome = forms.ChoiceField(label=gettext_lazy("Putusan perkara"))
    referred = forms.BooleanField(label=gettext_lazy("Diteruskan ke proses hukum"), required=False)
    appeal_until = day_field(
        gettext_lazy("Hari terakhir banding"), required=False,
        help_text=gettext_lazy("Hanya bila aturan kantor Anda menetapkan batasnya; tanpa itu banding tidak dibatasi."),
    )  # fmt: skip

    with_appeal = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ladder = [(code, f"{one.fact.said()} ({one.source.said()})") for code, one in sanctions().items()]
        self.fields["outcome"] = forms.ChoiceField(
            label=_("Putusan perkara"), widget=forms.RadioSelect, choices=[(UNFOUNDED, _("Tidak terbukti")), *ladder],
            error_messages={"required": _("Pilih putusannya.")},
        )  # fmt: skip
        if not self.with_appeal:
            del self.fields["appeal_until"]
        self.order_fields(["outcome", "referred", "text", "appeal_until", "paper"])

    def decision(self) -> Decision:
        """As the action takes it."""
        told = self.cleaned_data
        return Decision(told["outcome"], told["referred"], told.get("appeal_until"))


class AppealDecisionForm(DecisionForm):
    """The same, and no further appeal."""

    with_appeal = False


class AppointForm(forms.Form):
    """Who investigates, or who decides."""

    def __init__(self, *args: Any, people: dict[str, Sequence[Person]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = people
        groups = [
            (Party.Part(part).label, [(f"{part}:{one.pk}", one.name) for one in found])
            for part, found in people.items()
        ]
        self.fields["person"] = forms.ChoiceField(
            label=_("Siapa, sebagai apa"), choices=[("", _("Pilih")), *groups],
            error_messages={"required": _("Pilih orangnya.")},
            help_text=_("Pemeriksa dan pemutus tidak boleh orang yang sama."),
        )  # fmt: skip

    def chosen(self) -> tuple[str, Person]:
        """Part and person."""
        part, _colon, key = self.cleaned_data["person"].partition(":")
        return part, next(one for one in self.people[part] if str(one.pk) == key)
