"""What may be typed about an hour, and a file that is handed out."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gandeng.registry.evidence import BYTES_MAX, EvidenceRefused, drawn_anew
from gandeng.training.actions.agenda import Hour, Paper
from gandeng.training.agenda_queries import days_of
from gandeng.training.fields import choice_field
from gandeng.training.models import AgendaItem, Event, Problem
from gandeng.web.fields import line_field, no_long_number


def _time_field(label: Any) -> forms.TimeField:
    told = {"invalid": gettext_lazy("Tulis jamnya, misalnya 08:30."), "required": gettext_lazy("Isi jamnya.")}
    return forms.TimeField(
        label=label, input_formats=["%H:%M", "%H.%M", "%H"],
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages=told,
    )  # fmt: skip


class HourForm(forms.Form):
    """An hour of the agenda."""

    day = choice_field(gettext_lazy("Hari"), [])
    starts_at = _time_field(gettext_lazy("Mulai"))
    ends_at = _time_field(gettext_lazy("Selesai"))
    title = line_field(gettext_lazy("Acara"), validators=[no_long_number])
    speaker = line_field(gettext_lazy("Narasumber atau pemandu"), required=False, validators=[no_long_number])

    def __init__(self, *args: Any, event: Event, problems: Sequence[Problem] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        days = [(day.isoformat(), date_format(day, "j F Y")) for day in days_of(event)]
        self.fields["day"] = choice_field(_("Hari"), days)
        if problems:
            told = [(str(one.pk), f"{one.number}: {one.text[:80]}") for one in problems]
            self.fields["problem"] = choice_field(
                _("Masalah yang dibahas lagi"), [("", _("Tidak ada")), *told], required=False,
                help_text=_("Masalah kegiatan terdahulu yang belum selesai."),
            )  # fmt: skip
        self.order_fields(["day", "starts_at", "ends_at", "title", "speaker", "problem"])

    def clean(self) -> dict[str, Any]:
        """Some time."""
        told = super().clean() or {}
        if told.get("starts_at") and told.get("ends_at") and told["ends_at"] <= told["starts_at"]:
            self.add_error("ends_at", ValidationError(_("Jam selesai harus sesudah jam mulai.")))
        return told

    def told(self) -> Hour:
        """What was entered."""
        told = self.cleaned_data
        return Hour(
            told["day"], told["starts_at"], told["ends_at"], told["title"], told["speaker"], told.get("problem") or None
        )

    def clean_day(self) -> Any:
        """As a day."""
        return _as_day(self.cleaned_data["day"])


def _as_day(text: str) -> Any:
    return forms.DateField(input_formats=["%Y-%m-%d"]).clean(text)


def of_item(item: AgendaItem) -> dict[str, Any]:
    """What the form begins with."""
    return {
        "day": item.day.isoformat(), "starts_at": item.starts_at, "ends_at": item.ends_at, "title": item.title,
        "speaker": item.speaker,
    }  # fmt: skip


class MaterialForm(forms.Form):
    """A file to hand out."""

    label = line_field(gettext_lazy("Judul bahan"), most=120, validators=[no_long_number])
    file = forms.FileField(
        label=gettext_lazy("Berkas"), help_text=gettext_lazy("PDF, PNG, atau JPEG, paling besar 5 MB."),
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg"}),
        error_messages={"required": gettext_lazy("Pilih berkasnya."), "empty": gettext_lazy("Berkas kosong.")},
    )  # fmt: skip

    def clean_file(self) -> Any:
        """By what it is, not by what it is called; a picture is drawn anew."""
        sent: UploadedFile[bytes] = self.cleaned_data["file"]
        try:
            return drawn_anew(sent.read(BYTES_MAX + 1))
        except EvidenceRefused as refused:
            raise ValidationError(_("Bahan harus berupa PDF, PNG, atau JPEG, paling besar 5 MB.")) from refused

    def told(self) -> Paper:
        """As it will be kept."""
        kind, content = self.cleaned_data["file"]
        return Paper(self.cleaned_data["label"], kind, content)
