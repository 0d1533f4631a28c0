"""What may be typed: an office's targets and last day, her words and photos, a supervisor's word; no figure of work."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gandeng.accounts.acting import Acting
from gandeng.accounts.context import place_chosen, places_offered
from gandeng.accounts.roles import May
from gandeng.core.region_code import DISTRICT_DIGITS
from gandeng.facilitators.models import Employment, Post
from gandeng.performance.actions.targets import Wanted
from gandeng.performance.models import Review, Target
from gandeng.performance.months import next_month
from gandeng.performance.published import areas
from gandeng.web.fields import REASON_MIN, PhotoField, line_field, no_long_number, text_field

COUNT_MOST = 2_000


def _office_field(acting: Acting) -> forms.ChoiceField:
    offices = sorted(code for code in acting.where(May.SET_TARGETS).regions if len(code) <= DISTRICT_DIGITS)
    return forms.ChoiceField(label=_("Untuk wilayah"), choices=places_offered(offices))


class TargetForm(forms.Form):
    """What an office asks for in a year."""

    area = forms.ChoiceField(label=gettext_lazy("Hasil kerja"))
    whose = forms.ChoiceField(
        label=gettext_lazy("Untuk siapa"),
        help_text=gettext_lazy("Jabatan PPPK; untuk yang tidak punya jabatan, tugasnya."),
    )
    year = forms.TypedChoiceField(label=gettext_lazy("Tahun"), coerce=int)
    basis = forms.ChoiceField(
        label=gettext_lazy("Target"), choices=Target.Basis.choices, widget=forms.RadioSelect(),
        error_messages={"required": gettext_lazy("Pilih salah satu.")},
    )  # fmt: skip
    count = forms.IntegerField(
        label=gettext_lazy("Jumlah setahun"), min_value=1, max_value=COUNT_MOST, required=False,
        help_text=gettext_lazy("Diisi hanya untuk jumlah setahun."),
        error_messages={"invalid": gettext_lazy("Tulis angka.")},
    )  # fmt: skip
    reason = text_field(
        gettext_lazy("Dasar atau alasan"), most=1000, rows=3, min_length=REASON_MIN,
        help_text=gettext_lazy("Misalnya nomor perjanjian kinerja atau keputusan kantor."),
    )  # fmt: skip

    def __init__(self, *args: Any, acting: Acting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        this = timezone.localdate().year
        self.fields["region"] = _office_field(acting)
        self.fields["area"] = forms.ChoiceField(
            label=_("Hasil kerja"),
            choices=[(str(one.number), f"RHK {one.number}. {one.subject.said()}") for one in areas().values()],
        )
        self.fields["whose"] = forms.ChoiceField(
            label=_("Untuk siapa"), help_text=self.fields["whose"].help_text,
            choices=[
                (_("Jabatan PPPK"), [(value, label) for value, label in Employment.Title.choices]),
                (_("Tugas, bagi yang tanpa jabatan"), [(value, label) for value, label in Post.Role.choices]),
            ],
        )  # fmt: skip
        self.fields["year"] = forms.TypedChoiceField(
            label=_("Tahun"), coerce=int, choices=[(this, this), (this + 1, this + 1)]
        )
        self.order_fields(["region", "year", "area", "whose", "basis", "count", "reason"])

    def clean(self) -> dict[str, Any]:
        """A number where one is meant, and there alone."""
        told = super().clean() or {}
        if told.get("basis") == Target.Basis.COUNT and told.get("count") is None and "count" not in self.errors:
            self.add_error("count", ValidationError(_("Tulis jumlahnya.")))
        if told.get("basis") != Target.Basis.COUNT:
            told["count"] = None
        return told

    def told(self) -> Wanted:
        """What was entered."""
        told = self.cleaned_data
        title = told["whose"] if told["whose"] in Employment.Title else ""
        return Wanted(
            place_chosen(told["region"]), told["year"], [int(told["area"])], title, "" if title else told["whose"],
            told["basis"], told["count"], told["reason"],
        )  # fmt: skip


class ReportDayForm(forms.Form):
    """Until when an office awaits reports."""

    day = forms.TypedChoiceField(
        label=gettext_lazy("Tanggal terakhir pada bulan berikutnya"), coerce=int, empty_value=None, required=False,
        choices=[("", gettext_lazy("Tanpa batas tanggal")), *((day, day) for day in range(1, 29))],
    )  # fmt: skip
    begins = forms.ChoiceField(label=gettext_lazy("Mulai laporan bulan"))
    reason = text_field(gettext_lazy("Dasar atau alasan"), most=1000, rows=3, min_length=REASON_MIN)

    def __init__(self, *args: Any, acting: Acting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        from gandeng.performance.months import month_words

        month, months = timezone.localdate().replace(month=1, day=1), []
        for _place in range(12 + timezone.localdate().month):
            months.append((month.isoformat(), month_words(month)))
            month = next_month(month)
        self.fields["region"] = _office_field(acting)
        self.fields["begins"] = forms.ChoiceField(label=_("Mulai laporan bulan"), choices=months)
        self.order_fields(["region", "day", "begins", "reason"])

    def told(self) -> tuple[str, int | None, date, str]:
        """Region, day, first month, reason."""
        told = self.cleaned_data
        return place_chosen(told["region"]), told["day"], date.fromisoformat(told["begins"]), told["reason"]


class BeginForm(forms.Form):
    """Which month."""

    month = forms.ChoiceField(label=gettext_lazy("Bulan"))

    def __init__(self, *args: Any, months: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["month"] = forms.ChoiceField(
            label=_("Bulan"), choices=months, error_messages={"invalid_choice": _("Pilih bulan dari daftar.")}
        )

    def told(self) -> date:
        """Its first day."""
        return date.fromisoformat(self.cleaned_data["month"])


class RemarksForm(forms.Form):
    """Her own words."""

    obstacles = text_field(gettext_lazy("Kendala"), required=False, rows=4, validators=[no_long_number])
    suggestions = text_field(gettext_lazy("Saran"), required=False, rows=4, validators=[no_long_number])
    conclusion = text_field(
        gettext_lazy("Kesimpulan"), required=False, rows=4, validators=[no_long_number],
        help_text=gettext_lazy("Wajib sebelum diserahkan. Angka tidak perlu ditulis: sudah ada dari catatan."),
    )  # fmt: skip


class PhotoForm(forms.Form):
    """A picture and what it shows."""

    photo = PhotoField(
        gettext_lazy("Foto"),
        help_text=gettext_lazy(
            "JPEG, PNG, atau WebP, paling besar 5 MB dan 10 megapiksel (JPEG 16). Tempat dan waktu dalam foto dihapus."
        ),
    )
    caption = line_field(
        gettext_lazy("Keterangan"),
        help_text=gettext_lazy("Apa, di mana, kapan. Tanpa nama keluarga dan tanpa NIK."),
        validators=[no_long_number],
    )


class ReviewForm(forms.Form):
    """A supervisor's word about what lies before her."""

    digest = forms.CharField(widget=forms.HiddenInput(), max_length=64)
    verdict = forms.ChoiceField(
        label=gettext_lazy("Tinjauan"), widget=forms.RadioSelect(),
        choices=[
            (Review.Verdict.AGREED, gettext_lazy("Setujui laporan ini")),
            (Review.Verdict.RETURNED, gettext_lazy("Kembalikan untuk diperbaiki")),
        ],
        error_messages={"required": gettext_lazy("Pilih salah satu.")},
    )  # fmt: skip
    comment = text_field(
        gettext_lazy("Komentar"), required=False, rows=4, most=2000, validators=[no_long_number],
        help_text=gettext_lazy("Wajib bila dikembalikan: tulis apa yang harus diperbaiki. Ia membacanya."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """A reason where it goes back."""
        told = super().clean() or {}
        if told.get("verdict") == Review.Verdict.RETURNED and not (told.get("comment") or "").strip():
            self.add_error("comment", ValidationError(_("Tulis apa yang harus diperbaiki.")))
        return told
