"""What may be typed about groups and meetings."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext_lazy

from gandeng.family_sessions.actions import Asked, Told
from gandeng.family_sessions.models import AbsenceNote, Attendance
from gandeng.family_sessions.published import session_name, sessions
from gandeng.files.photos import Photo
from gandeng.registry.models import Family
from gandeng.web.fields import CHOOSE, REASON_MIN, PhotoField, day_field, line_field, no_long_number, text_field

ATTENDS = "keluarga_"
ABOUT = ("session_code", "topic", "on_day", "starts", "ends", "place", "speakers", "agreed")
"""What is told of a meeting beside who came and the photos."""


def _sessions() -> list[tuple[str, str]]:
    return [(code, session_name(code)) for code in sessions()]


class FamiliesForm(forms.Form):
    """Which of her families without a group."""

    families = forms.MultipleChoiceField(
        label=gettext_lazy("Keluarga"), widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": gettext_lazy("Pilih paling sedikit satu keluarga."),
            "invalid_choice": gettext_lazy("Daftarnya sudah berubah. Muat ulang halamannya."),
        },
    )  # fmt: skip
    since = day_field(gettext_lazy("Anggota sejak"))

    def __init__(self, *args: Any, offered: Sequence[Family], **how: Any) -> None:
        super().__init__(*args, **how)
        self.offered = {str(one.pk): one for one in offered}
        self.fields["families"].choices = [  # type: ignore[attr-defined]
            (key, f"{one.called} · {one.family_no}") for key, one in self.offered.items()
        ]

    def chosen(self) -> list[Family]:
        """The families ticked."""
        return [self.offered[key] for key in self.cleaned_data["families"]]


class GroupForm(FamiliesForm):
    """A new group of one village."""

    field_order = ("name", "families", "since")
    group_id = forms.UUIDField(widget=forms.HiddenInput(), initial=uuid4)
    name = line_field(gettext_lazy("Nama kelompok"), most=60, validators=[no_long_number])


class PlanRowForm(forms.Form):
    """One session and its day; without a day it is left out."""

    session = forms.ChoiceField(label=gettext_lazy("Sesi"), choices=_sessions, error_messages=CHOOSE)
    day = day_field(gettext_lazy("Hari"), required=False)


PlanRows = forms.formset_factory(PlanRowForm, extra=0, max_num=24, absolute_max=24)


class MeetingForm(forms.Form):
    """When, where, what, and a choice for each family."""

    meeting_id = forms.UUIDField(widget=forms.HiddenInput(), initial=uuid4)
    session_code = forms.ChoiceField(label=gettext_lazy("Sesi"), choices=_sessions, error_messages=CHOOSE)
    topic = line_field(
        gettext_lazy("Topik"), required=False, validators=[no_long_number],
        help_text=gettext_lazy("Hanya untuk modul tanpa daftar sesi dan topik setempat."),
    )  # fmt: skip
    on_day = day_field(gettext_lazy("Hari"))
    starts = forms.TimeField(
        label=gettext_lazy("Jam mulai"), widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        error_messages={"required": gettext_lazy("Isi jamnya."), "invalid": gettext_lazy("Tulis seperti 09:00.")},
    )  # fmt: skip
    ends = forms.TimeField(
        label=gettext_lazy("Jam selesai"), required=False,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        error_messages={"invalid": gettext_lazy("Tulis seperti 09:00.")},
    )  # fmt: skip
    place = line_field(gettext_lazy("Tempat"), validators=[no_long_number])
    speakers = line_field(
        gettext_lazy("Narasumber lain"), required=False, validators=[no_long_number],
        help_text=gettext_lazy("Nama atau jabatan; kosongkan bila hanya Anda."),
    )  # fmt: skip
    agreed = text_field(
        gettext_lazy("Yang disepakati untuk dikerjakan di rumah"), required=False, most=500, rows=3,
        validators=[no_long_number],
    )  # fmt: skip
    sheet = PhotoField(gettext_lazy("Foto lembar presensi"), required=False)
    photo = PhotoField(gettext_lazy("Foto kegiatan"), required=False)
    photo_2 = PhotoField(gettext_lazy("Foto kegiatan kedua"), required=False)

    def __init__(self, *args: Any, members: Iterable[tuple[UUID, str]], **how: Any) -> None:
        super().__init__(*args, **how)
        self.members = {f"{ATTENDS}{key.hex}": key for key, _name in members}
        for key, name in members:
            self.fields[f"{ATTENDS}{key.hex}"] = forms.ChoiceField(
                label=name, choices=Attendance.State.choices, widget=forms.RadioSelect,
                error_messages=CHOOSE | {"required": gettext_lazy("Pilih hadir atau tidak.")},
            )  # fmt: skip

    def of_members(self) -> list[Any]:
        """Their fields."""
        return [self[name] for name in self.members]

    def about(self) -> list[Any]:
        """The other fields a person sees, before the photos."""
        return [self[name] for name in ABOUT]

    def told(self) -> Told:
        """What was entered."""
        given = self.cleaned_data
        return Told(
            attendance={key: given[name] for name, key in self.members.items()},
            **{name: given[name] for name in ("meeting_id", *ABOUT)},
        )  # fmt: skip

    def pictures(self) -> list[tuple[str, Photo]]:
        """The photos that were added, with what they show."""
        named = (("SHEET", "sheet"), ("ACTIVITY", "photo"), ("ACTIVITY", "photo_2"))
        return [(kind, self.cleaned_data[name]) for kind, name in named if self.cleaned_data.get(name)]


class AmendForm(MeetingForm):
    """The same, told anew."""

    why = text_field(
        gettext_lazy("Alasan meralat"), most=300, rows=2, min_length=REASON_MIN, validators=[no_long_number]
    )


class AbsenceForm(forms.Form):
    """When, how, why."""

    note_id = forms.UUIDField(widget=forms.HiddenInput(), initial=uuid4)
    on_day = day_field(gettext_lazy("Hari"))
    how = forms.ChoiceField(
        label=gettext_lazy("Bagaimana Anda mengetahuinya"), choices=AbsenceNote.How.choices, widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )  # fmt: skip
    why = forms.ChoiceField(
        label=gettext_lazy("Sebab tidak hadir"), choices=AbsenceNote.Why.choices, widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )  # fmt: skip
    conveyed = forms.BooleanField(
        label=gettext_lazy("Materinya sudah saya sampaikan kepada keluarga ini"), required=False
    )
    note = text_field(gettext_lazy("Catatan"), required=False, most=300, rows=2, validators=[no_long_number])

    def asked(self) -> Asked:
        """What was entered."""
        return Asked(**self.cleaned_data)


def year_starts(first: date) -> list[date]:
    """The same day of each month from the first one to December; the month's last where it is shorter."""
    told = []
    for month in range(first.month, 13):
        day = first.day
        while True:
            try:
                told.append(date(first.year, month, day))
                break
            except ValueError:
                day -= 1
    return told


class StartForm(forms.Form):
    """From which day on, monthly, and with which session."""

    first = day_field(gettext_lazy("Pertemuan pertama"))
    session = forms.ChoiceField(label=gettext_lazy("Mulai dari sesi"), choices=_sessions, error_messages=CHOOSE)

    def rows(self) -> list[dict[str, Any]]:
        """A session a month, in the order of the modules; at the end it begins again."""
        codes = [code for code in sessions() if code != "LOKAL"]
        begin = codes.index(self.cleaned_data["session"]) if self.cleaned_data["session"] in codes else 0
        return [
            {"session": codes[(begin + place) % len(codes)], "day": day}
            for place, day in enumerate(year_starts(self.cleaned_data["first"]))
        ]
