"""What may be typed to plan batches: for whom, and up to twelve batches, one row each."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gandeng.accounts.context import place_chosen, places_offered
from gandeng.core.region_code import PROVINCE_DIGITS
from gandeng.facilitators.models import Post
from gandeng.regions.places import districts_of, provinces
from gandeng.training.actions.plans import Asked, Offered
from gandeng.training.course_forms import CAPACITY_MAX, office_field
from gandeng.training.fields import choice_field, event_day_field, number_field
from gandeng.training.models import Course
from gandeng.training.planning import BATCHES_MAX
from gandeng.web.fields import line_field, no_long_number

OPEN_ROWS = 3
FIELDS = (
    "office", "region", "roles", "soon", "absent_max",
    *(f"{name}_{row}" for row in range(1, BATCHES_MAX + 1) for name in ("first", "venue", "seats")),
)  # fmt: skip


def regions_below(offices: Sequence[str]) -> list[tuple[str, str]]:
    """The offices' own places, and those a level below."""
    below: list[str] = []
    for office in offices:
        below.append(office)
        if len(office) == PROVINCE_DIGITS:
            below += [one.code.digits for one in districts_of(office)]
        elif not office:
            below += [one.code.digits for one in provinces()]
    return places_offered(dict.fromkeys(below))


class PlanForm(forms.Form):
    """For whom and when. It stands in the address: nothing is kept before somebody says so."""

    office = choice_field(gettext_lazy("Kantor penyelenggara"), [])
    region = choice_field(gettext_lazy("Untuk orang dari"), [])
    roles = choice_field(gettext_lazy("Tugasnya"), [])
    soon = choice_field(gettext_lazy("Siapa"), [])
    absent_max = number_field(
        gettext_lazy("Paling banyak pergi dari satu kecamatan"), 1, 50, required=False,
        help_text=gettext_lazy(
            "Orang sekaligus pada satu hari, dihitung bersama kegiatan lain. Kosong: tidak dibatasi."
        ),
    )  # fmt: skip

    def __init__(self, *args: Any, course: Course, offices: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.course = course
        self.fields["office"] = office_field(offices)
        regions = regions_below(offices)
        self.fields["region"] = choice_field(_("Untuk orang dari"), regions, initial=regions[0][0] if regions else "")
        if course.skill_id:
            del self.fields["roles"]
            self.fields["soon"] = choice_field(
                _("Siapa"),
                [
                    ("ya", _("Yang belum punya, dan yang segera berakhir")),
                    ("tidak", _("Hanya yang belum punya sekarang")),
                ],
                initial="ya",
            )  # fmt: skip
        else:
            del self.fields["soon"]
            self.fields["roles"] = choice_field(
                _("Tugasnya"), [("", _("Semua tugas")), *Post.Role.choices], required=False
            )
        for row in range(1, BATCHES_MAX + 1):
            self.fields[f"first_{row}"] = event_day_field(_("Hari pertama"), required=False)
            self.fields[f"venue_{row}"] = line_field(_("Tempat"), required=False, validators=[no_long_number])
            self.fields[f"seats_{row}"] = number_field(
                _("Tempat duduk"), 1, CAPACITY_MAX, required=False, initial=course.capacity
            )
        for name, field in self.fields.items():
            if name.partition("_")[0] in ("first", "venue", "seats"):
                told = {"label": field.label, "row": name.partition("_")[2]}
                field.widget.attrs["aria-label"] = _("%(label)s angkatan %(row)s") % told

    @property
    def rows(self) -> list[tuple[int, BoundField, BoundField, BoundField]]:
        """A batch each."""
        return [
            (row, self[f"first_{row}"], self[f"venue_{row}"], self[f"seats_{row}"]) for row in range(1, BATCHES_MAX + 1)
        ]

    @property
    def open_rows(self) -> int:
        """How many rows stand open: three, or as many as are filled and one more."""
        filled = [
            row for row in range(1, BATCHES_MAX + 1) if self.data.get(f"first_{row}") or self.errors.get(f"first_{row}")
        ]
        return min(max([OPEN_ROWS, *(row + 1 for row in filled)]), BATCHES_MAX)

    def clean(self) -> dict[str, Any]:
        """A batch has its day and its place, and the seats of the course unless told; one at least, none past."""
        told = super().clean() or {}
        batches = []
        for row in range(1, BATCHES_MAX + 1):
            first, venue = told.get(f"first_{row}"), told.get(f"venue_{row}")
            names = (f"first_{row}", f"venue_{row}", f"seats_{row}")
            if any(name in self.errors for name in names) or (not first and not venue):
                continue
            if self._whole(row, first, venue):
                seats = told.get(f"seats_{row}") or self.course.capacity
                batches.append(Offered(told[f"first_{row}"], told[f"venue_{row}"], seats))
        if not batches and not self.errors:
            raise ValidationError(_("Isi sedikitnya satu angkatan: hari pertama dan tempatnya."))
        return told | {"batches": batches}

    def _whole(self, row: int, first: date | None, venue: str | None) -> bool:
        wrong = {
            f"first_{row}": _("Isi tanggalnya.") if not first else "",
            f"venue_{row}": _("Isi tempatnya.") if not venue else "",
        }
        if first and first < timezone.localdate():
            wrong[f"first_{row}"] = _("Harinya sudah lewat.")
        for name, words in wrong.items():
            if words:
                self.add_error(name, words)
        return not any(wrong.values())

    def told(self) -> Asked:
        """What was asked."""
        told = self.cleaned_data
        roles = [told["roles"]] if told.get("roles") else list(Post.Role.values)
        return Asked(
            place_chosen(told["office"]), place_chosen(told["region"]), told["batches"], told["absent_max"],
            soon=told.get("soon", "ya") == "ya", roles=() if self.course.skill_id else roles,
        )  # fmt: skip
