"""What families said: by district, by facilitator, row by row, and on a family's page."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gandeng.accounts.context import region_name
from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import allowed
from gandeng.audit.actions import record
from gandeng.core.region_code import DISTRICT_DIGITS
from gandeng.exports.tables import table_bytes
from gandeng.monitoring import figures, queries
from gandeng.monitoring.published import assumed
from gandeng.monitoring.published import figures as published
from gandeng.monitoring.views.common import KIND_WORDS, standing, tabs, trail
from gandeng.payments.models import Cycle
from gandeng.registry.queries import access_family
from gandeng.registry.views.families import family_part
from gandeng.web.answers import as_file
from gandeng.web.paging import known_filters, page_by_key
from gandeng.web.sections import Section
from gandeng.web.templatetags.gandeng import tahap

HEADER = (
    "nomor sdm", "nama", "terundi", "belum ditanyakan", "terjangkau", "utuh", "kurang", "belum diterima",
    "kartu atau pin pada orang lain", "diminta bagian", "tidak terjangkau", "ada tanda masalah", "keluarga seluruhnya",
    "paling banyak bermasalah", "ditandai",
)  # fmt: skip
_FILE_KEPT = "pemantauan-{cycle}-{district}.csv"


@allowed(May.SEE_MONITORING)
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """A stage by district, worst first."""
    who, filters = acting(request), known_filters(request, ("tahap",))
    cycles = queries.stages(who)
    cycle = queries.stage_asked(cycles, filters["tahap"])
    context: dict[str, Any] = {"tabs": tabs(who, "overview"), "cycles": cycles, "cycle": cycle, "filters": filters}
    if cycle is not None:
        found, every = figures.sums(figures.lines(cycle, ""))
        own = sorted(one for one in who.where(May.DRAW_FAMILIES).regions if len(one) == DISTRICT_DIGITS)
        drawn = {one.district for one in found}
        context |= {
            "every": every,
            "rows": [
                {"sum": one, "name": region_name(one.district), "url": _stage_url(cycle, one.district)} for one in found
            ],
            "undrawn": [
                {"name": region_name(one), "url": reverse("monitoring:draw", args=[cycle.pk, one])}
                for one in own if one not in drawn and one.startswith(cycle.region_code)
            ],
        }  # fmt: skip
    return render(request, "monitoring/overview.html", context)


def _stage_url(cycle: Cycle, district: str) -> str:
    return reverse("monitoring:stage", args=[cycle.pk, district])


@allowed(May.SEE_MONITORING)
@require_safe
def stage(request: HttpRequest, cycle_id: UUID, drawn_district: str) -> HttpResponse:
    """A district's stage by facilitator, those to look at first."""
    known_filters(request, ())
    who, district = acting(request), drawn_district
    cycle = queries.access_stage(who, cycle_id, district, May.SEE_MONITORING)
    rows = figures.with_names(figures.lines(cycle, district))
    _found, every = figures.sums(rows)
    context = {
        "trail": trail((region_name(district), "")), "cycle": cycle, "district": district, "every": every,
        "place": region_name(district), "rows": [_line(cycle, one) for one in rows],
        "background": assumed().background_permille / 1000, "false_alarm": assumed().false_alarm_permille / 1000,
        "draws": queries.draws_of(cycle, district), "may_draw": who.may(May.DRAW_FAMILIES, district),
        "figures": {name: one.source.said() for name, one in published().items()},
        "stages": len(figures.counted_stages(cycle)),
    }  # fmt: skip
    return render(request, "monitoring/stage.html", context)


def _line(cycle: Cycle, line: figures.Line) -> dict[str, Any]:
    staff = str(line.staff_id) if line.staff_id else "none"

    def opened(kind: str) -> str:
        asked = {"tahap": str(cycle.pk), "district": line.district, "staff": staff, "kind": kind}
        return f"{reverse('monitoring:rows')}?{urlencode(asked)}"

    counts = [
        {"label": _("Terundi") if name == "drawn" else KIND_WORDS[name], "count": line.counts[name],
         "url": opened("" if name == "drawn" else name)}
        for name in figures.COUNTS if name != "troubled" and line.counts[name]
    ]  # fmt: skip
    return {"line": line, "counts": counts, "troubled": opened("troubled"), "staff": staff, "says": _says(line)}


def _says(line: figures.Line) -> str:
    """Exactly what the sample allows to say of this stage."""
    asked, bad = line.counts["reached"], line.counts["troubled"]
    if not asked:
        return _("Belum ada yang menjawab: sampel ini belum berkata apa-apa.")
    return _(
        "%(bad)d dari %(asked)d keluarga yang menjawab menceritakan masalah. Dari %(all)d keluarganya paling banyak "
        "%(most)d yang bermasalah, dengan keyakinan %(sure)s %%."
    ) % {
        "bad": bad, "asked": asked, "all": line.families, "most": line.most, "sure": assumed().sure_permille // 10,
    }  # fmt: skip


@allowed(May.SEE_MONITORING)
@require_POST
def export_stage(request: HttpRequest, cycle_id: UUID, drawn_district: str) -> HttpResponse:
    """The table as CSV; sums of facilitators, no family."""
    known_filters(request, ())
    who, district = acting(request), drawn_district
    cycle = queries.access_stage(who, cycle_id, district, May.SEE_MONITORING)
    rows = [_row(one) for one in figures.with_names(figures.lines(cycle, district))]
    if not rows:
        raise Http404
    record(
        who, "monitoring.exported", cycle, region=district,
        authority=who.authority(May.SEE_MONITORING, district), rows=len(rows),
    )  # fmt: skip
    return as_file(table_bytes(HEADER, rows), _FILE_KEPT.format(cycle=cycle, district=district), "text/csv")


def _row(line: figures.Line) -> tuple[str | int, ...]:
    staff = line.staff
    return (
        staff.staff_no if staff else "", staff.person.name if staff else "", *line.counts.values(), line.families,
        line.most, int(line.marked),
    )  # fmt: skip


@allowed(May.SEE_MONITORING)
@require_safe
def rows(request: HttpRequest) -> HttpResponse:
    """Families that were drawn: what a figure counts."""
    who, filters = acting(request), known_filters(request, queries.ROW_FILTERS)
    page = page_by_key(queries.rows_of(filters), request, key="id", descending=True)
    cycles = queries.stages(who)
    context = {
        "tabs": tabs(who, "rows"), "filters": filters, "page": page, "rows": [standing(one) for one in page.rows],
        "cycles": [(str(one.pk), tahap(one).capitalize()) for one in cycles],
        "kinds": [(name, KIND_WORDS[name]) for name in queries.KINDS],
        "narrowed": any(filters.values()),
    }  # fmt: skip
    return render(request, "monitoring/rows.html", context)


@allowed(May.SEE_MONITORING)
@require_safe
def family(request: HttpRequest, family_id: UUID) -> HttpResponse:
    """Whether a family was drawn and what it said, on its page."""
    who = acting(request)
    found = access_family(who, family_id)
    if not who.may(May.SEE_MONITORING, found.village_code):
        raise Http404
    context = {"rows": [standing(one) for one in queries.drawn_of(found)]}
    return family_part(request, found, Section(_("Pemantauan pasca-salur"), "monitoring/of_family.html", context))
