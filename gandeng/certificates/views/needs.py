"""Who lacks what: a table of districts and skills, each count opening into its people, and the list to take away."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gandeng.accounts.acting import Acting
from gandeng.accounts.context import region_name
from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import allowed
from gandeng.certificates import needs as asked
from gandeng.certificates import queries
from gandeng.certificates.models import Skill
from gandeng.certificates.needs import GAPS, RUNS_OUT_MONTHS, Covered, Narrowed
from gandeng.certificates.views.common import not_alone, note_taken, tabs
from gandeng.core.region_code import DISTRICT_DIGITS
from gandeng.exports.sources import ROWS_ALONE
from gandeng.exports.tables import table_bytes
from gandeng.registry.queries import region_choices
from gandeng.web.answers import CSV, as_file
from gandeng.web.finding import key_asked
from gandeng.web.language import indonesian
from gandeng.web.paging import known_filters, narrowed, page_by_key

FILTERS = ("region", "skill", "urgency", "gap")
FILE_KEPT = "kebutuhan-pelatihan-%s.csv"
HEADER = (
    "kemendesakan", "keahlian", "kabupaten/kota", "kecamatan", "nomor SDM", "nama", "sebab", "berlaku sampai sebelum",
)  # fmt: skip


@allowed(May.SEE_STAFF)
@require_safe
def needs(request: HttpRequest) -> HttpResponse:
    """Counts by district and skill; with a skill chosen, its people."""
    return render(request, "certificates/needs.html", _page(request, known_filters(request, FILTERS)))


def _page(request: HttpRequest, filters: dict[str, str], refused: str = "") -> dict[str, Any]:
    who, today, which = acting(request), timezone.localdate(), _narrowed(filters)
    by_home = len(filters["region"]) >= DISTRICT_DIGITS
    found = queries.coverage(who, filters["region"], today, narrowed=which, by_home=by_home)
    page = people = None
    if which.skill is not None:
        page = page_by_key(queries.staff_lacking(who, filters["region"], today, which), request, key="staff_no")
        people = _people(who, today, which, [one.pk for one in page.rows])
    needed, held = sum(one.needed for one in found), sum(one.held for one in found)
    return {
        "tabs": tabs(who, "needs"), "filters": filters, "refused": refused, "now": timezone.now(),
        "skills": _by_skill(found, filters), "places": _by_place(found, filters), "by_home": by_home,
        "page": page, "people": people,
        "skill_name": next((one.skill_name for one in found), "") if which.skill else "",
        "needed": needed, "held": held, "soon": sum(one.running_out for one in found),
        "lacking": sum(one.lacking for one in found), "gaps": GAPS.items(), "months": RUNS_OUT_MONTHS,
        "urgencies": Skill.Urgency.choices, "regions": region_choices(who, filters["region"]),
        "choices": [(str(one.pk), one.name) for one in queries.skills(who) if one.ended_on is None],
        "narrowed": any(filters.values()),
    }  # fmt: skip


def _narrowed(filters: dict[str, str]) -> Narrowed:
    """Raises BadRequest for what no page offers."""
    urgency, gap = filters["urgency"], filters["gap"]
    if (urgency and urgency not in {str(one) for one in Skill.Urgency.values}) or (gap and gap not in GAPS):
        raise BadRequest("filter")
    return Narrowed(
        key_asked(filters["skill"]) if filters["skill"] else None, int(urgency) if urgency else None,
        [gap] if gap else [*GAPS],
    )  # fmt: skip


def _people(who: Acting, today: date, which: Narrowed, staff: Sequence[UUID]) -> list[dict[str, Any]]:
    """Those of one page, with why each is there."""
    told = Narrowed(which.skill, which.urgency, which.states, which.months, staff)
    rows = sorted(queries.lacking(who, "", today, narrowed=told), key=lambda one: one.staff_no)
    return [
        {
            "row": one, "region": region_name(one.district), "tone": _TONES[one.state],
            "home": region_name(one.home_code) if one.home_code else "",
        }
        for one in rows
    ]  # fmt: skip


_TONES = {asked.NEVER: "bad", asked.EXPIRED: "bad", asked.SOON: "warn"}


def _by_skill(found: list[Covered], filters: dict[str, str]) -> list[dict[str, Any]]:
    """One line per skill, most urgent first; whoever lacks it opens."""
    told: dict[UUID, list[Covered]] = {}
    for one in found:
        told.setdefault(one.skill_id, []).append(one)
    return [
        {
            "name": rows[0].skill_name, "urgency": str(Skill.Urgency(rows[0].urgency).label),
            "tone": {1: "bad", 2: "warn", 3: "info"}[rows[0].urgency],
            "opens": True, **_counts(rows, filters, skill=str(key)),
        }
        for key, rows in told.items()
    ]  # fmt: skip


def _by_place(found: list[Covered], filters: dict[str, str]) -> list[dict[str, Any]]:
    """One line per district and skill, or per sub-district; of people without one no list opens by itself."""
    return [
        {
            "place": region_name(one.district) if one.district else "", "name": one.skill_name,
            "opens": bool(one.district),
            **_counts([one], filters, skill=str(one.skill_id), region=one.district),
        }
        for one in sorted(found, key=lambda row: (row.district, row.urgency, row.skill_name))
    ]  # fmt: skip


def _counts(rows: list[Covered], filters: dict[str, str], **chosen: str) -> dict[str, Any]:
    def opened(gap: str) -> str:
        return f"{narrowed(reverse('certificates:needs'), filters | chosen | {'gap': gap})}#orang"

    return {
        "needed": sum(one.needed for one in rows), "held": sum(one.held for one in rows),
        "never": sum(one.never for one in rows), "expired": sum(one.expired for one in rows),
        "soon": sum(one.running_out for one in rows), "never_url": opened(asked.NEVER),
        "expired_url": opened(asked.EXPIRED), "soon_url": opened(asked.SOON),
    }  # fmt: skip


@allowed(May.SEE_STAFF)
@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """Everybody who lacks something, as narrowed, as CSV: the list a training is planned by."""
    who, today = acting(request), timezone.localdate()
    filters = {name: request.POST.get(name, "").strip() for name in FILTERS}
    rows = queries.lacking(who, filters["region"], today, narrowed=_narrowed(filters), at_most=ROWS_ALONE + 1)
    too_many = _("Lebih dari seribu baris. Pilih wilayah, keahlian, atau sebab.")
    if why := not_alone(who, "TrainingNeeds", len(rows), filters["region"], too_many):
        return render(request, "certificates/needs.html", _page(request, filters, why), status=422)
    with indonesian():
        content = table_bytes(HEADER, [
            (
                one.urgency_words, one.skill_name, region_name(one.district),
                region_name(one.home_code) if one.home_code else "", one.staff_no, one.name, one.words,
                one.until.isoformat() if one.until else "",
            )
            for one in rows
        ])  # fmt: skip
    note_taken(who, "certificate.needs_exported", len(rows), filters)
    return as_file(content, FILE_KEPT % today.isoformat(), CSV)
