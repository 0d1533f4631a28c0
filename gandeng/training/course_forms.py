"""What may be typed about a course."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gandeng.accounts.acting import Acting
from gandeng.accounts.context import NATION_CHOICE, places_offered
from gandeng.certificates.queries import skills_for
from gandeng.training.actions.courses import Text
from gandeng.training.fields import choice_field, number_field
from gandeng.training.models import Course
from gandeng.web.fields import line_field, no_long_number, text_field

CAPACITY_MAX = 2_000


def office_field(offices: list[str]) -> forms.ChoiceField:
    """Whose; hidden where there is no choice."""
    field = choice_field(
        _("Kantor penyelenggara"), places_offered(offices), initial=(offices[0] or NATION_CHOICE) if offices else ""
    )
    if len(offices) == 1:
        field.widget = forms.HiddenInput()
    return field


class CourseForm(forms.Form):
    """A course."""

    title = line_field(gettext_lazy("Judul"), validators=[no_long_number])
    kind = choice_field(gettext_lazy("Jenis"), [])
    about = text_field(gettext_lazy("Tujuan dan isi"), most=2000, rows=3, required=False)
    units = text_field(
        gettext_lazy("Materi"),
        required=False,
        rows=6,
        help_text=gettext_lazy("Satu materi satu baris, menurut urutan."),
    )
    days = number_field(gettext_lazy("Lama (hari)"), 1, 60)
    hours = number_field(gettext_lazy("Jam pelajaran"), 1, 2000, required=False)
    capacity = number_field(
        gettext_lazy("Peserta paling banyak"), 1, CAPACITY_MAX,
        help_text=gettext_lazy("Untuk satu angkatan; dapat diubah pada tiap kegiatan."),
    )  # fmt: skip
    skill = choice_field(gettext_lazy("Keahlian yang diperoleh"), [], required=False)
    attendance_percent_min = number_field(
        gettext_lazy("Kehadiran paling sedikit"), 0, 100, required=False,
        help_text=gettext_lazy("Bagian hari yang dihadiri agar lulus. Kosong: kehadiran tidak menentukan."),
    )  # fmt: skip
    pass_percent = number_field(
        gettext_lazy("Nilai tes akhir paling sedikit"), 0, 100, required=False,
        help_text=gettext_lazy("Bagian jawaban benar agar lulus. Kosong: tes tidak menentukan."),
    )  # fmt: skip
    source = line_field(
        gettext_lazy("Dasar tertulis"), required=False,
        help_text=gettext_lazy("Keputusan atau pedoman tentang lama dan syaratnya. Kosong bila pilihan kantor."),
    )  # fmt: skip

    def __init__(self, *args: Any, acting: Acting, office: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"] = choice_field(_("Jenis"), [("", _("Pilih")), *Course.Kind.choices])
        skills = [(str(one.pk), one.name) for one in skills_for(acting, office, timezone.localdate())]
        self.fields["skill"] = choice_field(
            _("Keahlian yang diperoleh"), [("", _("Tidak ada (misalnya rapat)")), *skills], required=False,
            help_text=_("Yang lulus dapat diberi sertifikat keahlian ini."),
        )  # fmt: skip
        self.order_fields([
            "title", "kind", "about", "units", "days", "hours", "capacity", "skill", "attendance_percent_min",
            "pass_percent", "source",
        ])  # fmt: skip

    def told(self) -> Text:
        """What was entered."""
        told = self.cleaned_data
        units = [line.strip() for line in told["units"].splitlines() if line.strip()]
        return Text(
            told["title"], told["kind"], told["days"], told["capacity"], told["about"], units, told["source"],
            told["hours"], told["skill"] or None, told["attendance_percent_min"], told["pass_percent"],
        )  # fmt: skip


def of_course(course: Course) -> dict[str, Any]:
    """What the form begins with when a course is changed."""
    return {
        "title": course.title, "kind": course.kind, "about": course.about, "units": "\n".join(course.units),
        "days": course.days, "hours": course.hours, "capacity": course.capacity,
        "skill": str(course.skill_id) if course.skill_id else "", "source": course.source,
        "attendance_percent_min": course.attendance_percent_min, "pass_percent": course.pass_percent,
    }  # fmt: skip
