"""What may be typed about an event and its people."""

from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gandeng.accounts.context import place_chosen
from gandeng.training.actions.events import Place, Text
from gandeng.training.course_forms import CAPACITY_MAX, office_field
from gandeng.training.fields import event_day_field, number_field
from gandeng.training.models import Course, Event
from gandeng.web.fields import REASON_MIN, line_field, no_long_number, text_field

_REPLY_DAYS = 7
NAMED_MAX = 200


class EventForm(forms.Form):
    """A draft."""

    title = line_field(gettext_lazy("Judul"), validators=[no_long_number])
    batch_no = number_field(gettext_lazy("Angkatan"), 1, 999, required=False)
    starts_on = event_day_field(gettext_lazy("Hari pertama"))
    ends_on = event_day_field(gettext_lazy("Hari terakhir"))
    venue = line_field(gettext_lazy("Tempat"), validators=[no_long_number])
    address = line_field(gettext_lazy("Alamat"), required=False, validators=[no_long_number])
    capacity = number_field(gettext_lazy("Tempat duduk"), 1, CAPACITY_MAX)
    absent_max = number_field(
        gettext_lazy("Paling banyak pergi dari satu kecamatan"), 1, 50, required=False,
        help_text=gettext_lazy(
            "Orang sekaligus pada satu hari, dihitung bersama kegiatan lain. Kosong: tidak dibatasi."
        ),
    )  # fmt: skip
    hours = number_field(gettext_lazy("Jam pelajaran"), 1, 2000, required=False)
    attendance_percent_min = number_field(gettext_lazy("Kehadiran paling sedikit"), 0, 100, required=False)
    pass_percent = number_field(gettext_lazy("Nilai tes akhir paling sedikit"), 0, 100, required=False)

    def __init__(self, *args: Any, offices: list[str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if offices:
            self.fields["office"] = office_field(offices)
            self.order_fields(["office", *self.fields])

    def clean(self) -> dict[str, Any]:
        """In order, and no longer than a course can be."""
        told = super().clean() or {}
        first, last = told.get("starts_on"), told.get("ends_on")
        if first and last and last - first > timedelta(days=60):
            self.add_error("ends_on", ValidationError(_("Kegiatan paling lama 60 hari. Periksa tanggalnya.")))
        return told

    def office(self) -> str:
        """Whose event it is."""
        return place_chosen(self.cleaned_data["office"])

    def told(self) -> Text:
        """What was entered."""
        return Text(**{name: self.cleaned_data[name] for name in Text.__dataclass_fields__})


def from_course(course: Course) -> dict[str, Any]:
    """What a new event begins with."""
    return {
        "title": course.title, "capacity": course.capacity, "hours": course.hours,
        "attendance_percent_min": course.attendance_percent_min, "pass_percent": course.pass_percent,
    }  # fmt: skip


def of_event(event: Event) -> dict[str, Any]:
    """What the form begins with when a draft is changed."""
    return {name: getattr(event, name) for name in Text.__dataclass_fields__}


def _reply_field() -> forms.DateField:
    return event_day_field(
        gettext_lazy("Jawaban ditunggu sampai"), help_text=gettext_lazy("Paling lambat hari pertama kegiatan.")
    )


class InviteForm(forms.Form):
    """Until when people answer."""

    reply_until = _reply_field()


def usual_reply(event: Event) -> dict[str, Any]:
    """The day already told, or a week from now, but before it begins."""
    today = timezone.localdate()
    return {"reply_until": event.reply_until or max(min(today + timedelta(days=_REPLY_DAYS), event.starts_on), today)}


class MoveForm(forms.Form):
    """Another hall after people were invited."""

    venue = line_field(gettext_lazy("Tempat"), validators=[no_long_number])
    address = line_field(gettext_lazy("Alamat"), required=False, validators=[no_long_number])
    reply_until = _reply_field()

    def told(self) -> Place:
        """What was entered."""
        return Place(self.cleaned_data["venue"], self.cleaned_data["address"], self.cleaned_data["reply_until"])


class NominateForm(forms.Form):
    """Whom; a list of boxes on the page."""

    staff = forms.TypedMultipleChoiceField(
        choices=[], error_messages={"required": gettext_lazy("Pilih sedikitnya satu orang.")}
    )
    reason = text_field(
        gettext_lazy("Alasan mengganti"), most=500, rows=2, min_length=REASON_MIN, required=False,
        validators=[no_long_number],
    )  # fmt: skip


class AnswerForm(forms.Form):
    """Coming or not."""

    comes = forms.ChoiceField(
        label=gettext_lazy("Jawaban"),
        choices=[("ya", gettext_lazy("Bersedia hadir")), ("tidak", gettext_lazy("Tidak dapat hadir"))],
        widget=forms.RadioSelect, error_messages={"required": gettext_lazy("Pilih jawabannya.")},
    )  # fmt: skip
    reason = text_field(
        gettext_lazy("Alasan bila tidak dapat hadir"), most=500, rows=2, min_length=REASON_MIN, required=False,
        validators=[no_long_number],
        help_text=gettext_lazy("Dibaca penyelenggara. Jangan menulis sebab sakit."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """No without a reason is no answer."""
        told = super().clean() or {}
        if told.get("comes") == "tidak" and not told.get("reason") and "reason" not in self.errors:
            self.add_error("reason", ValidationError(_("Tulis alasannya.")))
        return told
