"""A facilitator's groups: making one, its members, the year's plan, the sheet of names."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gandeng.accounts.context import region_name
from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import allowed
from gandeng.facilitators.models import Staff
from gandeng.facilitators.queries import own_record
from gandeng.family_sessions import actions, queries
from gandeng.family_sessions.actions import SessionRefused
from gandeng.family_sessions.forms import FamiliesForm, GroupForm, PlanRows, StartForm
from gandeng.family_sessions.published import modules, session_name
from gandeng.family_sessions.views.common import ANY, meeting_row, tabs, trail
from gandeng.registry.recoding_queries import code_today
from gandeng.web.finding import region_asked
from gandeng.web.language import indonesian
from gandeng.web.paging import known_filters, page_by_key
from gandeng.web.refusals import refuse

_MEETINGS, _OFFERED = 24, 200


@allowed(May.ACCOMPANY)
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Groups with her families, and how many families have none."""
    who, today = acting(request), timezone.localdate()
    known_filters(request, ())
    staff = own_record(who)
    context: dict[str, Any] = {"tabs": tabs(who, "mine"), "staff": staff}
    if staff is not None:
        page = page_by_key(queries.groups_of(who, today), request, key="name")
        villages: dict[str, int] = {}
        for code in queries.without_group(staff, today).values_list("village_code", flat=True):
            villages[code] = villages.get(code, 0) + 1
        context |= {
            "page": page, "rows": [{"group": one, "village": region_name(one.village_code)} for one in page.rows],
            "without": [
                {"code": code, "name": region_name(code), "families": count} for code, count in villages.items()
            ],
        }  # fmt: skip
    return render(request, "family_sessions/mine.html", context)


def _offered(staff: Staff | None, village: str, today: date) -> list[Any]:
    return list(queries.without_group(staff, today, village)[:_OFFERED]) if staff else []


@allowed(May.ACCOMPANY)
def make(request: HttpRequest) -> HttpResponse:
    """A new group of a village: the first families of those without one are ticked, as many as are asked for."""
    who, today = acting(request), timezone.localdate()
    asked = known_filters(request, ("desa", "banyak"))
    village, most = region_asked(asked["desa"]), _most(asked["banyak"])
    if request.method == "POST" and (there := queries.made_before(who, request.POST.get("group_id", ""))):
        return redirect("family_sessions:group", there.pk)
    offered = _offered(own_record(who), village, today)
    ticked = [str(one.pk) for one in offered[:most]]
    form = GroupForm(request.POST or None, offered=offered, initial={"families": ticked, "since": today.isoformat()})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = actions.make_group(who, given["group_id"], given["name"], village, form.chosen(), given["since"])
        except SessionRefused as why:
            refuse(form, why)
        else:
            messages.success(request, _("Kelompok %(name)s tersimpan.") % {"name": made.name})
            return redirect("family_sessions:group", made.pk)
    context = {
        "form": form, "village": region_name(village), "code": village, "most": most, "offered": len(offered),
        "back": reverse("family_sessions:mine"),
    }  # fmt: skip
    return render(request, "family_sessions/make.html", context, status=422 if form.errors else 200)


def _most(text: str) -> int:
    if not text:
        return 0
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= _OFFERED):
        raise BadRequest("banyak")
    return int(text)


@allowed(*ANY)
@require_safe
def group(request: HttpRequest, group_id: UUID) -> HttpResponse:
    """Its members, what is planned, what was held."""
    known_filters(request, ())
    return render(request, "family_sessions/group.html", _group(request, group_id))


def _group(request: HttpRequest, group_id: UUID, refused: str = "") -> dict[str, Any]:
    who, today = acting(request), timezone.localdate()
    found = queries.access_group(who, group_id)
    planned = queries.planned(found, today.year)
    held = queries.in_force().filter(group=found).select_related("by").order_by("-on_day", "-at")[:_MEETINGS]
    return {
        "group": found, "village": region_name(found.village_code), "trail": trail(found), "refused": refused,
        "members": [{"row": one, "name": one.family.called} for one in queries.members_on(found, today)],
        "planned": [
            {"one": one, "session": session_name(one.session), "late": one.meeting is None and one.day < today}
            for one in planned
        ],
        "held": [meeting_row(one) for one in held], "acts": who.may(May.ACCOMPANY), "year": today.year,
    }  # fmt: skip


@allowed(May.ACCOMPANY)
def add(request: HttpRequest, group_id: UUID) -> HttpResponse:
    """More of her families of the village."""
    who, today = acting(request), timezone.localdate()
    found = queries.access_group(who, group_id)
    form = FamiliesForm(
        request.POST or None, offered=_offered(own_record(who), code_today(found.village_code), today),
        initial={"since": today.isoformat()},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            count = actions.add(who, found, form.chosen(), form.cleaned_data["since"])
        except SessionRefused as why:
            refuse(form, why)
        else:
            messages.success(request, _("%(count)s keluarga masuk kelompok ini.") % {"count": count})
            return redirect("family_sessions:group", found.pk)
    context = {"form": form, "group": found, "trail": trail(found, _("Tambah anggota")), "offered": len(form.offered)}
    return render(request, "family_sessions/add.html", context, status=422 if form.errors else 200)


@allowed(May.ACCOMPANY)
@require_POST
def take_out(request: HttpRequest, group_id: UUID, family_id: UUID) -> HttpResponse:
    """From today on no member."""
    who = acting(request)
    found = queries.access_group(who, group_id)
    try:
        actions.take_out(who, found, family_id, timezone.localdate())
    except SessionRefused as why:
        return render(request, "family_sessions/group.html", _group(request, group_id, str(why)), status=422)
    messages.success(request, _("Keluarga itu keluar dari kelompok mulai hari ini."))
    return redirect("family_sessions:group", group_id)


@allowed(May.ACCOMPANY)
def plan(request: HttpRequest, group_id: UUID) -> HttpResponse:
    """The year's sessions: filled monthly from a first day, each day to be changed, then saved as a whole."""
    who, today = acting(request), timezone.localdate()
    found = queries.access_group(who, group_id)
    asked = known_filters(request, ("first", "session"))
    start = StartForm(request.GET if asked["first"] else None, initial=_begin(found, today))
    there = queries.plan_of(found, today.year)
    rows = [{"session": row["session"], "day": row["day"]} for row in there.rows] if there else []
    year = today.year
    if start.is_bound and start.is_valid():
        rows, year = start.rows(), start.cleaned_data["first"].year
    formset = PlanRows(request.POST or None, initial=rows)
    refused = ""
    if request.method == "POST" and formset.is_valid():
        told = [(row["session"], row["day"]) for row in formset.cleaned_data if row.get("day")]
        try:
            made = actions.plan(who, found, told[0][1].year if told else year, told)
        except SessionRefused as why:
            refused = str(why)
        else:
            messages.success(request, _("Rencana tahun %(year)s tersimpan.") % {"year": made.year})
            return redirect("family_sessions:group", found.pk)
    wrong = refused or start.errors or (formset.is_bound and not formset.is_valid())
    context = {
        "group": found, "trail": trail(found, _("Rencana setahun")), "start": start, "formset": formset,
        "rows": bool(rows) or request.method == "POST", "refused": refused, "year": year, "sources": _sources(),
    }  # fmt: skip
    return render(request, "family_sessions/plan.html", context, status=422 if wrong else 200)


def _begin(found: Any, today: date) -> dict[str, str]:
    return {"first": today.isoformat(), "session": queries.next_session(found, today)}


def _sources() -> list[str]:
    """Who published the modules, each once."""
    return list(dict.fromkeys(one.source.said() for one in modules().values()))


@allowed(*ANY)
@require_safe
def sheet(request: HttpRequest, group_id: UUID) -> HttpResponse:
    """The sheet of names to print and sign; a paper, so in Indonesian."""
    who, today = acting(request), timezone.localdate()
    known_filters(request, ())
    found = queries.access_group(who, group_id)
    with indonesian():
        context = {
            "group": found, "village": region_name(found.village_code),
            "sub_district": region_name(found.village_code[:6]), "trail": trail(found, _("Lembar presensi")),
            "session": session_name(queries.next_session(found, today)),
            "members": [{"row": one, "name": one.family.called} for one in queries.members_on(found, today)],
        }  # fmt: skip
        return render(request, "family_sessions/sheet.html", context)
