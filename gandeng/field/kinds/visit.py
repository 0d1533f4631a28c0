"""field.visit: a visit to a home, with its purpose, what came of it, and perhaps a case."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.audit.actions import Line as LogLine
from gandeng.audit.actions import record_all
from gandeng.field.kinds import Given, Kind, Line, Many, refused_by
from gandeng.field.models import Visit
from gandeng.web.fields import CHOOSE, day_field, no_long_number, text_field

OLDEST_DAYS = 366
_TYPED = ("purpose", "result", "found_case", "note")


class VisitForm(forms.Form):
    """As the app asks."""

    on_day = day_field(gettext_lazy("Hari"))
    purpose = forms.ChoiceField(choices=Visit.Purpose.choices, error_messages=CHOOSE)
    result = forms.ChoiceField(choices=Visit.Result.choices, error_messages=CHOOSE)
    found_case = forms.ChoiceField(choices=[("", ""), *Visit.Found.choices], required=False, error_messages=CHOOSE)
    note = text_field(gettext_lazy("Catatan"), required=False, most=500, validators=[no_long_number])

    def clean_on_day(self) -> date:
        """Not long past."""
        day: date = self.cleaned_data["on_day"]
        if (timezone.localdate() - day).days > OLDEST_DAYS:
            raise ValidationError(_("Paling lama satu tahun yang lalu."))
        return day

    def clean(self) -> dict[str, Any]:
        """What the choice does not say, words say."""
        told = super().clean() or {}
        others = {told.get("purpose"), told.get("result"), told.get("found_case")} & {"OTHER", "ELSE"}
        if others and not told.get("note", "").strip():
            self.add_error("note", _("Tulis hasilnya."))
        return told


def take(acting: Acting, given: Given) -> str:
    """Keep it, under the name of who went."""
    visit, address = made(acting, given)
    keep(acting, [visit])
    return address


def made(acting: Acting, given: Given) -> tuple[Visit, str]:
    """The visit, and the page of its family."""
    form = VisitForm(given.typed(*_TYPED) | {"on_day": given.day("on_day").isoformat()})
    if not form.is_valid():
        raise refused_by(form)
    right = KIND.right if given.by_office else May.ACCOMPANY
    visit = Visit(
        pk=given.record_id, entry_id=given.entry.pk, family=given.family, village_code=given.family.village_code,
        by_id=given.entry.person_id, accepted_by_id=acting.person_id if given.by_office else None,
        authority=acting.authority(right, given.family.village_code), **form.cleaned_data,
    )  # fmt: skip
    return visit, reverse("registry:family", args=[given.family.pk])


def keep(acting: Acting, visits: Sequence[Visit]) -> None:
    """All of them, each with its line in the log."""
    Visit.objects.bulk_create(visits)
    record_all(acting, [_line(one) for one in visits])


def _line(one: Visit) -> LogLine:
    return LogLine(
        "visit.told", one, region=one.village_code, authority=one.authority,
        facts={"purpose": one.purpose, "result": one.result, "family": str(one.family_id), "by": str(one.by_id)},
    )  # fmt: skip


def compare(_acting: Acting, given: Given) -> list[Line]:
    """Beside the newest visit to the same family."""
    told = given.typed(*_TYPED, "on_day")
    last = Visit.objects.filter(family=given.family).order_by("-on_day", "-pk").first()
    return [
        Line(_("Hari"), told["on_day"], last.on_day.isoformat() if last else ""),
        Line(_("Tujuan"), _label(Visit.Purpose.choices, told["purpose"]), last.get_purpose_display() if last else ""),
        Line(_("Hasil"), _label(Visit.Result.choices, told["result"]), last.get_result_display() if last else ""),
        Line(
            _("Kasus"), _label(Visit.Found.choices, told["found_case"]),
            last.get_found_case_display() if last and last.found_case else "",
        ),
        Line(_("Catatan"), told["note"], last.note if last else ""),
    ]  # fmt: skip


def _label(choices: list[tuple[str, Any]], code: str) -> str:
    return str(dict(choices).get(code, code))


KIND = Kind("field.visit", 1, gettext_lazy("Kunjungan rumah"), take, compare, May.DECIDE_ENTRIES, Many(made, keep))
