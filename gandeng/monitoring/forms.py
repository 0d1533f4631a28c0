"""What may be typed: a draw and its reason, who asks, and what a family said."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gandeng.accounts.models import Person
from gandeng.monitoring.actions import Told
from gandeng.monitoring.models import Answer
from gandeng.monitoring.published import value
from gandeng.monitoring.signs import Said
from gandeng.web.fields import CHOOSE, RupiahField, day_field, no_long_number, text_field

EACH_MAX = 100
RUPIAH_MAX = 999_999_999
_YES, _NO = "YES", "NO"
_OF_REACHED = ("arrived", "in_hand_rupiah", "card", "pin", "levy", "drawn_at")


class DrawForm(forms.Form):
    """A first draw asks nothing; a later one its reason, how many, and of whom."""

    reason = text_field(gettext_lazy("Alasan undian tambahan"), most=500, rows=3, validators=[no_long_number])
    each = forms.IntegerField(
        label=gettext_lazy("Keluarga per pendamping"), min_value=1, max_value=EACH_MAX,
        error_messages={"required": gettext_lazy("Isi bagian ini.")},
    )  # fmt: skip
    staff = forms.ChoiceField(label=gettext_lazy("Pendamping"), required=False, error_messages=CHOOSE)

    def __init__(self, people: list[tuple[str, str]], data: Any = None, *, first: bool, chosen: str = "") -> None:
        super().__init__(data, initial={"each": value("each"), "staff": chosen})
        if first:
            self.fields.clear()
            return
        self.fields["staff"].choices = [("", _("Semua pendamping")), *people]  # type: ignore[attr-defined]

    def asked(self) -> dict[str, Any]:
        """As the act takes it."""
        told = self.cleaned_data
        staff = frozenset({UUID(told["staff"])}) if told.get("staff") else frozenset()
        return {"reason": told.get("reason", ""), "each": told.get("each"), "staff": staff}


class HandForm(forms.Form):
    """Who asks these families."""

    to = forms.ChoiceField(
        label=gettext_lazy("Yang menanyakan"), required=False, error_messages=CHOOSE,
        help_text=gettext_lazy("Pendamping kecamatan lain, operator, atau petugas pengaduan kabupaten/kota."),
    )  # fmt: skip

    def __init__(self, people: list[Person], data: Any = None) -> None:
        super().__init__(data)
        self.people = {str(one.pk): one for one in people}
        offered = [(key, one.name) for key, one in self.people.items()]
        self.fields["to"].choices = [("", _("Meja kabupaten/kota")), *offered]  # type: ignore[attr-defined]

    def chosen(self) -> Person | None:
        """Nobody: the desks of the district."""
        return self.people.get(self.cleaned_data.get("to", ""))


class OpenForm(forms.Form):
    """Of which answer, and what kind of complaint."""

    answer = forms.UUIDField(widget=forms.HiddenInput())
    kind = forms.CharField(max_length=20, widget=forms.HiddenInput())


def _radio(label: Any, choices: Any, **how: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect, error_messages=CHOOSE, **how)


class AskForm(forms.Form):
    """One attempt: reached with everything asked, or not reached with why."""

    answer_id = forms.UUIDField(widget=forms.HiddenInput(), initial=uuid4)
    corrects = forms.UUIDField(widget=forms.HiddenInput(), required=False)
    on_day = day_field(gettext_lazy("Hari"))
    how = forms.ChoiceField(
        label=gettext_lazy("Bagaimana ditanyakan"), choices=Answer.How.choices, widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )  # fmt: skip
    reached = forms.ChoiceField(
        label=gettext_lazy("Apakah keluarganya terjangkau"), widget=forms.RadioSelect, error_messages=CHOOSE,
        choices=[(_YES, gettext_lazy("Ya, keluarga menjawab")), (_NO, gettext_lazy("Tidak"))],
    )  # fmt: skip
    arrived = _radio(
        gettext_lazy("Apakah uang tahap ini sudah sampai"),
        [(_YES, gettext_lazy("Sudah")), (_NO, gettext_lazy("Belum"))],
    )
    in_hand_rupiah = RupiahField(
        label=gettext_lazy("Berapa rupiah yang diterima keluarga"), max_length=20, most=RUPIAH_MAX,
        beyond=gettext_lazy("Jumlahnya terlalu besar. Periksa angkanya."),
        error_messages={"required": gettext_lazy("Tulis jumlahnya; 0 bila belum ada.")},
        help_text=gettext_lazy(
            "Seluruhnya dari tahap ini: yang dipegang, yang sudah dibelanjakan, dan yang masih di rekeningnya sendiri. "
            "Tulis 0 bila belum ada."
        ),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip
    card = _radio(gettext_lazy("Siapa yang memegang kartunya"), Answer.Holder.choices)
    pin = _radio(gettext_lazy("Siapa selain keluarga yang tahu PIN-nya"), [
        (code, gettext_lazy("Tidak ada, hanya keluarga sendiri") if code == Answer.Holder.FAMILY else label)
        for code, label in Answer.Holder.choices
    ])  # fmt: skip
    levy = _radio(gettext_lazy("Adakah yang meminta sebagian uangnya"), Answer.Levy.choices)
    drawn_at = _radio(gettext_lazy("Di mana uangnya diambil"), Answer.Where.choices)
    why_not = _radio(gettext_lazy("Sebabnya"), Answer.WhyNot.choices)
    next_on = day_field(
        gettext_lazy("Dicoba lagi pada"), required=False, help_text=gettext_lazy("Kosongkan bila tidak perlu.")
    )
    words = text_field(
        gettext_lazy("Kata keluarga"), required=False, most=1000, rows=4, validators=[no_long_number],
        help_text=gettext_lazy("Disegel dan hanya dibaca kantor. Tanpa NIK, nomor kartu, dan PIN."),
    )  # fmt: skip

    def __init__(self, data: Any = None, **how: Any) -> None:
        super().__init__(data, **how)
        reached = data.get("reached", "") if data else ""
        for name in _OF_REACHED:
            self.fields[name].required = reached != _NO
        self.fields["why_not"].required = reached != _YES

    @property
    def first_fields(self) -> list[forms.BoundField]:
        """Asked of every attempt."""
        return [self[name] for name in ("on_day", "how", "reached")]

    @property
    def answer_fields(self) -> list[forms.BoundField]:
        """Asked of a family that was reached."""
        return [self[name] for name in _OF_REACHED]

    @property
    def missed_fields(self) -> list[forms.BoundField]:
        """Asked where nobody was reached."""
        return [self[name] for name in ("why_not", "next_on")]

    def clean(self) -> dict[str, Any]:
        """What belongs to a family that was reached, and to one that was not; nothing of the other."""
        told: dict[str, Any] = super().clean() or {}
        reached = told.get("reached")
        if reached == _YES and told.get("why_not"):
            self.add_error("why_not", _("Kosongkan bila keluarganya menjawab."))
        if reached == _NO:
            for name in _OF_REACHED:
                if told.get(name) not in (None, ""):
                    self.add_error(name, _("Kosongkan bila keluarganya tidak terjangkau."))
        return told

    def clean_on_day(self) -> date:
        """Not yet to come."""
        day: date = self.cleaned_data["on_day"]
        if day > timezone.localdate():
            raise ValidationError(_("Hari itu belum tiba."))
        return day

    def clean_next_on(self) -> date | None:
        """After today."""
        day: date | None = self.cleaned_data["next_on"]
        if day is not None and day <= timezone.localdate():
            raise ValidationError(_("Pilih hari sesudah hari ini."))
        return day

    @property
    def was_reached(self) -> bool:
        """What the first question was answered with."""
        return bool(self.cleaned_data["reached"] == _YES)

    def told(self) -> Told:
        """The attempt."""
        data = self.cleaned_data
        return Told(data["answer_id"], data["on_day"], data["how"], data["words"], data["corrects"])

    def said(self) -> Said:
        """What the family said."""
        data = self.cleaned_data
        return Said(data["arrived"] == _YES, data["in_hand_rupiah"], data["card"], data["pin"], data["levy"])
