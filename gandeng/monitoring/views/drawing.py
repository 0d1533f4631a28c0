"""A draw, what it was, and who asks whom."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gandeng.accounts.context import region_name
from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import allowed
from gandeng.audit.actions import record
from gandeng.core.sampling import frame_digest, rank_of
from gandeng.exports.tables import table_bytes
from gandeng.facilitators.models import Staff
from gandeng.monitoring import actions, queries
from gandeng.monitoring import frame as frames
from gandeng.monitoring.forms import DrawForm, HandForm
from gandeng.monitoring.models import Drawn
from gandeng.monitoring.published import figures, value
from gandeng.monitoring.refused import MonitoringRefused
from gandeng.monitoring.views.common import trail
from gandeng.web.answers import as_file
from gandeng.web.paging import known_filters
from gandeng.web.refusals import refuse

_FRAME_HEADER = ("urutan", "keluarga", "sha256", "terundi")


@allowed(May.DRAW_FAMILIES)
def draw(request: HttpRequest, cycle_id: UUID, drawn_district: str) -> HttpResponse:
    """Draw a stage of a district, or once more with a reason."""
    who, district = acting(request), drawn_district
    filters = known_filters(request, ("pendamping",))
    cycle = queries.access_stage(who, cycle_id, district, May.DRAW_FAMILIES)
    before = queries.draws_of(cycle, district)
    groups = frames.by_staff(frames.credited(cycle, district))
    people = _people(groups)
    form = DrawForm(people, request.POST or ({} if request.method == "POST" else None), first=not before,
                    chosen=filters["pendamping"])  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.draw(who, cycle, district, **form.asked())
        except MonitoringRefused as why:
            refuse(form, why)
        else:
            messages.success(request, _("Undian %(number)d selesai.") % {"number": made.number})
            return redirect("monitoring:drawing", made.pk)
    stage = reverse("monitoring:stage", args=[cycle.pk, district])
    context = {
        "form": form, "cycle": cycle, "place": region_name(district), "before": before, "facilitators": len(people),
        "families": sum(map(len, groups.values())), "each": value("each"), "why": figures()["each"].source.said(),
        "takes": sum(min(len(rows), value("each")) for rows in groups.values()),
        "trail": trail((region_name(district), stage), (_("Undi"), "")),
    }  # fmt: skip
    return render(request, "monitoring/draw.html", context, status=422 if form.errors else 200)


def _people(groups: dict[UUID | None, Any]) -> list[tuple[str, str]]:
    rows = Staff.objects.filter(pk__in=[key for key in groups if key]).select_related("person")
    return [(str(one.pk), f"{one.person.name} ({one.staff_no})") for one in rows.order_by("person__name", "pk")]


@allowed(May.SEE_MONITORING)
@require_safe
def drawing(request: HttpRequest, draw_id: UUID) -> HttpResponse:
    """One draw: its promise, its seed once told, its facilitators and who asks."""
    known_filters(request, ())
    who = acting(request)
    made = queries.access_draw(who, draw_id)
    seed = actions.seed_told(made)
    rows = [
        {"row": one, "families": len(one.families), "takes": min(made.each, len(one.families)),
         "digest": frame_digest([str(key) for key in one.families])}
        for one in queries.strata_of(made)
    ]  # fmt: skip
    stage = reverse("monitoring:stage", args=[made.cycle_id, made.region_code])
    context = {
        "draw": made, "rows": rows, "seed": seed.hex() if seed else "", "place": region_name(made.region_code),
        "same": actions.redrawn(made, seed) if seed else None, "waiting": 0 if seed else queries.still_waiting(made),
        "may_draw": who.may(May.DRAW_FAMILIES, made.region_code),
        "trail": trail((region_name(made.region_code), stage), (_("Undian %(number)d") % {"number": made.number}, "")),
    }  # fmt: skip
    return render(request, "monitoring/drawing.html", context)


@allowed(May.SEE_MONITORING)
@require_POST
def frame(request: HttpRequest, stratum_id: UUID) -> HttpResponse:
    """One facilitator's families in the order of the draw, once the seed is told: ids alone, to draw again."""
    known_filters(request, ())
    who = acting(request)
    stratum = queries.access_stratum(who, stratum_id, May.SEE_MONITORING)
    seed = actions.seed_told(stratum.draw)
    if seed is None:
        raise Http404
    taken = set(Drawn.objects.filter(stratum=stratum).values_list("family_id", flat=True))
    keys = sorted(stratum.families, key=lambda key: (rank_of(seed, str(key)), str(key)))
    rows = [(place, str(key), rank_of(seed, str(key)), int(key in taken)) for place, key in enumerate(keys, 1)]
    record(
        who, "monitoring.frame_exported", stratum, region=stratum.region_code,
        authority=who.authority(May.SEE_MONITORING, stratum.region_code), rows=len(rows),
    )  # fmt: skip
    number = stratum.staff.staff_no if stratum.staff else "tanpa-pendamping"
    return as_file(table_bytes(_FRAME_HEADER, rows), f"kerangka-{number}.csv", "text/csv")


@allowed(May.DRAW_FAMILIES)
def hand(request: HttpRequest, stratum_id: UUID) -> HttpResponse:
    """Who asks the families of one facilitator."""
    known_filters(request, ())
    who = acting(request)
    stratum = queries.access_stratum(who, stratum_id, May.DRAW_FAMILIES)
    form = HandForm(queries.people_for(stratum), request.POST or ({} if request.method == "POST" else None))
    if request.method == "POST" and form.is_valid():
        try:
            actions.hand_out(who, stratum, form.chosen())
        except MonitoringRefused as why:
            refuse(form, why)
        else:
            messages.success(request, _("Yang menanyakan sudah ditetapkan."))
            return redirect("monitoring:drawing", stratum.draw_id)
    back = reverse("monitoring:drawing", args=[stratum.draw_id])
    context = {
        "form": form, "stratum": stratum, "back": back, "place": region_name(stratum.region_code),
        "families": min(stratum.draw.each, len(stratum.families)),
        "trail": trail((_("Undian %(number)d") % {"number": stratum.draw.number}, back), (_("Yang menanyakan"), "")),
    }  # fmt: skip
    return render(request, "monitoring/hand.html", context, status=422 if form.errors else 200)
