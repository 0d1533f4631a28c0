"""What may be typed about a case, at the desk and by the public."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gandeng.accounts.acting import Acting
from gandeng.accounts.context import region_name
from gandeng.helpdesk import happenings, public, queries
from gandeng.helpdesk.actions.cases import Told
from gandeng.helpdesk.models import Case
from gandeng.helpdesk.published import answers, kinds
from gandeng.helpdesk.sum_forms import SumForm
from gandeng.regions import places
from gandeng.web.fields import CHOOSE, line_field, no_long_number, text_field

_CODE_MAX = 10


def _kinds() -> list[tuple[str, str]]:
    return [("", _("Pilih jenisnya")), *((code, kind.name.said()) for code, kind in kinds().items())]


def _districts() -> list[tuple[str, Any]]:
    """By province, as one long choice that works without JavaScript."""
    groups = [
        (province.name, [(one.code.digits, one.name) for one in places.districts_of(province.code)])
        for province in places.provinces()
    ]
    return [("", _("Pilih kabupaten/kota")), *groups]


class PlaceSelect(forms.Select):
    """Names of places are Indonesian in every language of the page."""

    def create_option(self, *told: Any, **how: Any) -> dict[str, Any]:
        """The empty choice alone is a sentence."""
        option: dict[str, Any] = super().create_option(*told, **how)
        if option["value"]:
            option["attrs"]["lang"] = "id"
        return option


def _what_field(**how: Any) -> forms.CharField:
    return text_field(
        gettext_lazy("Ceritakan keluhan atau pertanyaannya"), most=2000, rows=6, min_length=10,
        validators=[no_long_number],
        help_text=gettext_lazy("Apa yang terjadi, kapan, dan di mana. Tanpa NIK, nomor kartu, dan PIN kartu."), **how,
    )  # fmt: skip


class PlaceForm(forms.Form):
    """Asked first, so that the sub-districts of one district can be offered without scripts."""

    district = forms.ChoiceField(
        label=gettext_lazy("Kabupaten/kota"), choices=_districts, widget=PlaceSelect, error_messages=CHOOSE
    )


class FileForm(SumForm):
    """A complaint of anybody in a district; the sum is asked last."""

    kind = forms.ChoiceField(label=gettext_lazy("Jenis laporan"), choices=_kinds, error_messages=CHOOSE)
    sub_district = forms.ChoiceField(
        label=gettext_lazy("Kecamatan"), widget=PlaceSelect, required=False, error_messages=CHOOSE,
        help_text=gettext_lazy("Laporan dibaca dahulu oleh petugas yang terdekat dengan tempat itu."),
    )  # fmt: skip
    what = _what_field()
    contact = line_field(
        gettext_lazy("Nama dan nomor telepon"), required=False,
        help_text=gettext_lazy("Boleh dikosongkan: laporan tanpa nama diterima dan jawabannya tetap dapat dilihat."),
    )  # fmt: skip
    field_order = ("kind", "sub_district", "what", "contact", "sum")

    def __init__(self, district: str, data: Any = None, *, question: public.Question | None = None) -> None:
        super().__init__(data, question=question)
        self.district = district
        offered = [(one.code.digits, one.name) for one in places.sub_districts_of(district)]
        self.fields["sub_district"].choices = [("", _("Tidak tahu")), *offered]  # type: ignore[attr-defined]

    def told(self) -> Told:
        """What was entered; of the district where the sub-district is not known."""
        data = self.cleaned_data
        region, contact = data["sub_district"] or self.district, data["contact"].strip()
        return Told(data["kind"], region, data["what"], contact=contact, anonymous=not contact)


class LookForm(forms.Form):
    """Number and PIN."""

    number = line_field(gettext_lazy("Nomor laporan"), most=20)
    pin = line_field(gettext_lazy("PIN"), most=10)


class ReopenForm(forms.Form):
    """Why it is not over."""

    why = text_field(
        gettext_lazy("Apa yang belum selesai"), most=1000, rows=4, min_length=5, validators=[no_long_number]
    )


class RateForm(forms.Form):
    """One to five."""

    stars = forms.ChoiceField(
        label=gettext_lazy("Seberapa puas Anda dengan jawabannya"), widget=forms.RadioSelect, error_messages=CHOOSE,
        choices=lambda: [
            ("5", _("Sangat puas")), ("4", _("Puas")), ("3", _("Cukup")), ("2", _("Kurang puas")),
            ("1", _("Tidak puas")),
        ],
    )  # fmt: skip


class NewForm(forms.Form):
    """What somebody of the desk, a facilitator or an office writes down."""

    came = forms.ChoiceField(
        label=gettext_lazy("Dari siapa"), widget=forms.RadioSelect, error_messages=CHOOSE,
        choices=[one for one in Case.Came.choices if one[0] != "PUBLIC"],
    )  # fmt: skip
    kind = forms.ChoiceField(label=gettext_lazy("Jenis laporan"), choices=_kinds, error_messages=CHOOSE)
    place = forms.ChoiceField(label=gettext_lazy("Wilayah"), widget=PlaceSelect, error_messages=CHOOSE)
    what = _what_field()
    contact = line_field(gettext_lazy("Nama dan nomor telepon"), required=False)
    anonymous = forms.BooleanField(label=gettext_lazy("Pelapor tidak mau disebut namanya"), required=False)

    def __init__(self, acting: Acting, data: Any = None) -> None:
        super().__init__(data)
        codes = sorted(code for code in acting.territory.regions if code)
        below = [one.code.digits for code in codes for one in _below(code)]
        if not codes:
            below = [one.code.digits for each in places.provinces() for one in places.districts_of(each.code)]
        offered = [code for code in dict.fromkeys([*codes, *below]) if len(code) >= len("6371")]
        self.fields["place"].choices = [(code, region_name(code)) for code in offered]  # type: ignore[attr-defined]

    def told(self) -> Told:
        """What was entered."""
        data = self.cleaned_data
        return Told(data["kind"], data["place"], data["what"], data["came"], data["contact"], data["anonymous"])


def _below(code: str) -> tuple[places.Place, ...]:
    if len(code) == len("63"):
        return places.districts_of(code)
    return places.sub_districts_of(code) if len(code) < _CODE_MAX - 4 else ()


class FamilyForm(forms.Form):
    """What a facilitator writes down for a family she accompanies."""

    kind = forms.ChoiceField(label=gettext_lazy("Jenis laporan"), choices=_kinds, error_messages=CHOOSE)
    what = _what_field()


class TextForm(forms.Form):
    """A note, or why a case goes up or is opened again."""

    text = text_field(gettext_lazy("Catatan"), most=2000, min_length=5, validators=[no_long_number])


class AnswerForm(forms.Form):
    """Plain words; a template gives the beginning."""

    text = text_field(
        gettext_lazy("Jawaban untuk pelapor"), most=2000, min_length=10, validators=[no_long_number],
        help_text=gettext_lazy("Dibaca pelapor dengan nomor dan PIN. Pakai kata sehari-hari, tanpa nama orang lain."),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, template: str = "") -> None:
        super().__init__(data)
        if template in answers():
            self.initial["text"] = answers()[template].text.said()


class PersonForm(forms.Form):
    """Somebody with a role at the place of the case."""

    person = forms.ChoiceField(label=gettext_lazy("Orang"), error_messages=CHOOSE)

    def __init__(self, case: Case, data: Any = None, *, accused: bool = False) -> None:
        super().__init__(data)
        self.people = {str(one.pk): one for one in queries.people_for(case, accused=accused)}
        self.fields["person"].choices = [  # type: ignore[attr-defined]
            ("", _("Pilih orangnya")), *((key, one.name) for key, one in self.people.items())
        ]  # fmt: skip


class NumberForm(forms.Form):
    """The number of another case, of a family, of a payment."""

    number = line_field(gettext_lazy("Nomor"), most=60)

    def __init__(self, data: Any = None, *, label: str = "") -> None:
        super().__init__(data)
        self.fields["number"].help_text = label


class HappeningForm(forms.Form):
    """What happened with the family of the case."""

    happening = forms.ChoiceField(label=gettext_lazy("Kunjungan atau pertemuan"), error_messages=CHOOSE)

    def __init__(self, acting: Acting, case: Case, data: Any = None) -> None:
        super().__init__(data)
        self.offered = happenings.offered(acting, case.family) if case.family else {}
        choices = [(value, words) for value, (_one, words) in self.offered.items()]
        empty = _("Pilih salah satu") if choices else _("Belum ada yang tercatat")
        self.fields["happening"].choices = [("", empty), *choices]  # type: ignore[attr-defined]


class LinkedForm(forms.Form):
    """One of the links in force."""

    linked = forms.ChoiceField(label=gettext_lazy("Hubungan yang dilepas"), error_messages=CHOOSE)

    def __init__(self, acting: Acting, case: Case, data: Any = None) -> None:
        super().__init__(data)
        known = happenings.offered(acting, case.family) if case.family else {}
        values = happenings.in_force().filter(case=case).order_by("number").values_list("value", flat=True)
        choices = [(one, known[one][1] if one in known else happenings.words_of(one)) for one in values]
        self.fields["linked"].choices = [("", _("Pilih salah satu")), *choices]  # type: ignore[attr-defined]


class SureForm(forms.Form):
    """Nothing to type."""
