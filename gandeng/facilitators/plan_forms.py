"""What may be typed about plans, and the sentence when it is wrong."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.context import region_name
from gandeng.accounts.roles import May
from gandeng.core.region_code import DISTRICT_DIGITS, PROVINCE_DIGITS
from gandeng.facilitators.actions.plans import Asked
from gandeng.regions import places
from gandeng.web.fields import no_long_number

SECONDS = (30, 60, 180, 600)
_WHOLE = re.compile(r"[0-9]{1,7}|[0-9]{1,3}(?:\.[0-9]{3}){1,2}")
_NORM_MAX = 5_000
_FAMILIES_MAX = 1_000_000
_PEOPLE_MAX = 10_000
_PERCENT_MAX = 200
_AHEAD = timedelta(366)
_NUMERIC = {"inputmode": "numeric", "autocomplete": "off"}


class WholeField(forms.CharField):
    """`10000` or `10.000`, from `least` to `most`; empty is `empty`."""

    widget = forms.TextInput(attrs=_NUMERIC)

    def __init__(self, *, least: int = 0, most: int, empty: int = 0, **kwargs: Any) -> None:
        self.least, self.most, self.empty = least, most, empty
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Any:
        """The number. Raises ValidationError."""
        text = str(super().clean(value)).strip()
        if not text:
            return self.empty
        number = int(text.replace(".", "")) if _WHOLE.fullmatch(text) else -1
        if not self.least <= number <= self.most:
            raise ValidationError(
                _("Tulis angka bulat dari %(least)s sampai %(most)s, misalnya 1.250.")
                % {"least": f"{self.least:,}".replace(",", "."), "most": f"{self.most:,}".replace(",", ".")}
            )
        return number


class DayField(forms.DateField):
    """A day of the device's calendar, from today on, within a year."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("error_messages", {"invalid": _("Tulis tanggal, misalnya 2026-01-31.")})
        super().__init__(**kwargs)

    def clean(self, value: Any) -> date | None:
        """The day. Raises ValidationError."""
        day: date | None = super().clean(value)
        today = timezone.localdate()
        if day is not None and not today <= day <= today + _AHEAD:
            raise ValidationError(_("Pilih tanggal dari hari ini sampai setahun lagi."))
        return day


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(
        label=_("Alasan"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Tercatat dalam jejak. Tanpa NIK dan nomor rekening lengkap."), validators=[no_long_number],
    )  # fmt: skip


class ApproveForm(ReasonForm):
    """From when on, and why."""

    day = DayField(label=_("Berlaku mulai"), help_text=_("Sejak hari itu keluarga didampingi orang yang baru."))
    field_order = ("day", "reason")


class AskForm(forms.Form):
    """What to ask the solver."""

    as_of = DayField(
        label=_("Beban per tanggal"), help_text=_("Pembagian pada hari itu yang dijadikan dasar; biasanya hari ini.")
    )
    norm = WholeField(
        label=_("Norma: keluarga untuk satu pendamping"), least=1, most=_NORM_MAX,
        help_text=_("Terisi angka yang berlaku. Dipakai untuk menghitung siapa yang di atas norma."),
    )  # fmt: skip
    left_out = forms.MultipleChoiceField(
        label=_("Tidak ikut dibagi"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Misalnya yang akan berhenti. Keluarganya pindah ke orang lain. Yang sedang cuti tidak ikut."),
    )  # fmt: skip
    seconds = forms.TypedChoiceField(
        label=_("Waktu mencari"), coerce=int, choices=[(one, "") for one in SECONDS],
        help_text=_("Makin lama, makin dekat dengan yang terbaik. Halaman memberi tahu bila selesai."),
    )  # fmt: skip

    field_order = ("as_of", "norm", "seconds", "left_out")

    def __init__(self, people: Sequence[tuple[UUID, str]], data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["left_out"].choices = [(str(pk), name) for pk, name in people]  # type: ignore[attr-defined]
        self.fields["seconds"].choices = [(one, _seconds(one)) for one in SECONDS]  # type: ignore[attr-defined]
        if not people:
            del self.fields["left_out"]

    def clean_left_out(self) -> tuple[UUID, ...]:
        """Somebody has to be left."""
        chosen = self.cleaned_data["left_out"]
        if len(chosen) == len(self.fields["left_out"].choices):  # type: ignore[attr-defined]
            raise ValidationError(_("Semua pendamping dikeluarkan. Sisakan paling sedikit satu orang."))
        return tuple(UUID(one) for one in chosen)

    def asked(self, region: str, follows: UUID | None) -> Asked:
        """Of a valid form."""
        told = self.cleaned_data
        return Asked(region, told["as_of"], told["norm"], told.get("left_out", ()), told["seconds"], follows)


def _seconds(seconds: int) -> Any:
    return (
        _("%(count)s menit") % {"count": seconds // 60} if seconds >= 60 else _("%(count)s detik") % {"count": seconds}
    )


class GiveForm(forms.Form):
    """To whom, how many."""

    taker = forms.ChoiceField(label=_("Berikan kepada"))
    families = WholeField(label=_("Berapa keluarga"), least=1, most=_FAMILIES_MAX)

    def __init__(self, people: Sequence[tuple[UUID, str]], most: int, data: Any = None) -> None:
        super().__init__(data, initial={"families": most})
        self.fields["taker"].choices = [("", _("Pilih orang")), *((str(pk), name) for pk, name in people)]  # type: ignore[attr-defined]
        self.fields["families"].most = most  # type: ignore[attr-defined]

    def clean_taker(self) -> UUID:
        """One of the people of the plan."""
        return UUID(self.cleaned_data["taker"])


class WhatIfForm(forms.Form):
    """Asked in the address: an answer can be sent on and asked again."""

    region = forms.ChoiceField(label=_("Wilayah"))
    newcomers = WholeField(label=_("Tambahan pendamping"), most=_PEOPLE_MAX, required=False)
    families = WholeField(label=_("Tambahan keluarga"), most=_FAMILIES_MAX, required=False)
    percent = WholeField(label=_("Tambahan keluarga dalam persen"), most=_PERCENT_MAX, required=False)
    leaves = forms.ChoiceField(label=_("Siapa yang berhenti"), required=False)
    norm = WholeField(label=_("Norma: keluarga untuk satu pendamping"), least=1, most=_NORM_MAX, required=False)

    def __init__(
        self, regions: Sequence[str], people: Sequence[tuple[UUID, str]], norm: int, data: Mapping[str, str] | None
    ) -> None:
        super().__init__(data, initial={"norm": norm, "region": regions[0] if regions else ""})
        self.fields["region"].choices = [(code, _indented(code)) for code in regions]  # type: ignore[attr-defined]
        self.fields["leaves"].choices = [("", _("Tidak ada")), *((str(pk), name) for pk, name in people)]  # type: ignore[attr-defined]
        self.fields["norm"].empty = norm  # type: ignore[attr-defined]
        if not people:
            del self.fields["leaves"]

    def clean(self) -> dict[str, Any]:
        """Families in one way, not in two."""
        told: dict[str, Any] = super().clean() or {}
        if told.get("families") and told.get("percent"):
            self.add_error("percent", _("Isi jumlah keluarga atau persennya, jangan keduanya."))
        return told


def _indented(code: str) -> str:
    return region_name(code) if len(code) < DISTRICT_DIGITS else f"\u2003{region_name(code)}"


def districts_for(acting: Acting, may: May) -> list[str]:
    """Districts in which one has the right, in order of their codes."""
    return [code for code in regions_for(acting, may) if len(code) == DISTRICT_DIGITS]


def regions_for(acting: Acting, may: May) -> list[str]:
    """Provinces and districts in which one has the right; each province before its districts."""
    found: set[str] = set()
    for region in acting.where(may).regions:
        if len(region) == DISTRICT_DIGITS:
            found.add(region)
        elif len(region) == PROVINCE_DIGITS:
            found |= {region, *(one.code.digits for one in places.districts_of(region))}
        elif not region:
            found |= {one.code.digits for one in places.provinces()}
            found |= {one.code.digits for province in places.provinces() for one in places.districts_of(province.code)}
    return sorted(found)
