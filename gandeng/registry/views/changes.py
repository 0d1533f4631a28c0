"""Requests for changes: asking, the shelves, deciding."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from gandeng.accounts.acting import Acting
from gandeng.accounts.context import region_name
from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import allowed
from gandeng.accounts.second_factor import ask_again
from gandeng.core.region_code import DISTRICT_DIGITS
from gandeng.regions import places
from gandeng.registry import actions, change_queries, queries
from gandeng.registry.actions.applying import names_collector_anew
from gandeng.registry.change_forms import FORMS, ChangeForm
from gandeng.registry.cooling import COOLING_DAYS
from gandeng.registry.evidence import SUFFIXES
from gandeng.registry.forms import DecisionForm
from gandeng.registry.keeping import is_kept
from gandeng.registry.models import ChangeRequest, Family
from gandeng.registry.sections import change_sections
from gandeng.registry.views.families import kinds_for
from gandeng.web.answers import as_file
from gandeng.web.finding import region_asked
from gandeng.web.paging import known_filters, page_by_key

STATE_TONES = {"PENDING": "warn", "APPROVED": "good", "REFUSED": "bad"}
COOLED = frozenset({ChangeRequest.Kind.ACCOUNT, ChangeRequest.Kind.COLLECTOR})
COOLED_OF_COLLECTOR = frozenset(ChangeRequest.OF_COLLECTOR) - COOLED


@allowed(May.REQUEST_CHANGE, *change_queries.DECIDE)
@require_safe
def changes(request: HttpRequest) -> HttpResponse:
    """One shelf of requests, of one kind or place if wanted."""
    who, filters = acting(request), known_filters(request, ["shelf", *change_queries.FILTERS])
    if filters["kind"] and filters["kind"] not in ChangeRequest.Kind:
        raise BadRequest("kind")
    shelf = filters["shelf"] if filters["shelf"] in change_queries.SHELVES else _first_shelf(who)
    found = change_queries.narrowed_to(change_queries.changes_visible_to(who, shelf), filters)
    page = page_by_key(found, request, key="id", descending=True)
    context = {
        "page": page, "rows": [_row(change) for change in page.rows], "shelf": shelf, "filters": filters,
        "tabs": _tabs(who, request.path, shelf), "kinds": ChangeRequest.Kind.choices,
        "regions": queries.region_choices(who, filters["region"]),
        "narrowed": any(filters[name] for name in change_queries.FILTERS),
    }  # fmt: skip
    return render(request, "registry/changes.html", context)


def _first_shelf(who: Acting) -> str:
    return "waiting" if any(map(who.may, change_queries.DECIDE)) else "mine"


def _tabs(who: Acting, path: str, shelf: str) -> list[dict[str, Any]]:
    shown = {name: label for name, label in change_queries.SHELVES.items() if _concerns(who, name)}
    counts = {name: of(who).count() for name, of in change_queries.TO_DECIDE.items() if name in shown}
    return [
        {"label": label, "url": f"{path}?shelf={name}", "current": name == shelf, "count": counts.get(name)}
        for name, label in shown.items()
    ]


def _concerns(who: Acting, shelf: str) -> bool:
    if shelf in change_queries.TO_DECIDE:
        return any(map(who.may, change_queries.DECIDE))
    return shelf != "mine" or who.may(May.REQUEST_CHANGE)


def _row(change: ChangeRequest) -> dict[str, Any]:
    return {
        "change": change, "village": region_name(change.village_code), "tone": STATE_TONES.get(change.state, "neutral"),
    }  # fmt: skip


@allowed(May.REQUEST_CHANGE)
@sensitive_post_parameters()
def ask(request: HttpRequest, family_id: UUID, kind: str) -> HttpResponse:
    """Ask for a change of one family."""
    who, family = acting(request), queries.access_family(acting(request), family_id)
    if kind not in kinds_for(who, family):
        raise Http404
    about = queries.gone if kind == ChangeRequest.Kind.BACK else queries.present
    members = about(queries.members_of(family))
    initial = known_filters(request, ["member"] if kind != ChangeRequest.Kind.MOVE else ["member", "district"])
    to = {"district": _district(initial.pop("district"))} if "district" in initial else {}
    form = FORMS[kind](
        request.POST or None, request.FILES or None, family=family, members=members, initial=initial, **to
    )
    if request.method == "POST" and form.is_valid():
        try:
            change = actions.request_change(
                who, family, kind, form.member(), form.wanted(), form.cleaned_data["reason"], form.proof()
            )
        except actions.ChangeRefused as why:
            form.add_error(None, str(why))
        else:
            messages.success(request, _("Permintaan tersimpan dan menunggu keputusan orang lain."))
            return redirect("registry:change", change.pk)
    return _asked(request, family, kind, form)


def _district(code: str) -> str:
    """Digits of a district; "" where none was asked for."""
    if not code:
        return ""
    digits = region_asked(code)
    if len(digits) != DISTRICT_DIGITS or places.place(digits) is None:
        raise BadRequest("district")
    return digits


def _districts() -> list[tuple[str, str]]:
    """Those of the nation, with the name of their province."""
    return [
        (district.code.digits, f"{district.name}, {province.name}")
        for province in places.provinces()
        for district in places.districts_of(province.code)
    ]


def _asked(request: HttpRequest, family: Family, kind: str, form: ChangeForm) -> HttpResponse:
    context = {
        "family": family, "form": form, "kind": ChangeRequest.Kind(kind), "cooled": kind in COOLED,
        "cooled_of_collector": kind in COOLED_OF_COLLECTOR, "holds": kind in ChangeRequest.HOLDS, "days": COOLING_DAYS,
        "village": region_name(family.village_code),
        "districts": _districts() if kind == ChangeRequest.Kind.MOVE else (),
    }  # fmt: skip
    return render(request, "registry/ask.html", context, status=422 if form.errors else 200)


@allowed(May.SEE_FAMILIES)
@require_safe
def change(request: HttpRequest, change_id: UUID) -> HttpResponse:
    """Before beside after, and the decision."""
    found = change_queries.access_change(acting(request), change_id)
    who = acting(request)
    return render(request, "registry/change.html", _page(who, found, _decision(who, found)))


def _decision(who: Acting, found: ChangeRequest, *told: Any) -> DecisionForm:
    kept = is_kept(found.kind, found.family)
    return DecisionForm(*told, kept=kept, beyond=not kept and not change_queries.decides(who, found))


def _page(who: Acting, found: ChangeRequest, form: DecisionForm) -> dict[str, Any]:
    names = {str(member.pk): member.name for member in queries.members_of(found.family)}
    pending, mine = found.state == ChangeRequest.State.PENDING, found.requested_by_id == who.person_id
    says = who.may(May.DECIDE_CHANGE, found.village_code) or change_queries.decides(who, found)
    decides = pending and not mine and says
    own = decides and change_queries.is_judge_of_own(who, found)
    return {
        "change": found, "form": form, "rows": change_queries.differences(found, names),
        "evidence": getattr(found, "evidence", None), "village": region_name(found.village_code),
        "tone": STATE_TONES.get(found.state, "neutral"), "days": COOLING_DAYS,
        "holds": found.kind in ChangeRequest.HOLDS, "brought": change_queries.brought_by(found),
        "cooled": found.kind in COOLED or names_collector_anew(found, found.family),
        "age": change_queries.age_to_check(found) if pending else None,
        "untold": pending and change_queries.is_untold(found),
        "decides": decides and not own, "own_change": decides and own,
        "withdraws": pending and mine,
        "opens_evidence": change_queries.opens_evidence(who, found),
        "sections": change_sections(who, found),
    }  # fmt: skip


@allowed(*change_queries.DECIDE)
@require_POST
def decide(request: HttpRequest, change_id: UUID) -> HttpResponse:
    """Yes or no, after showing once more who one is."""
    who = acting(request)
    found = change_queries.access_change(who, change_id)
    form = _decision(who, found, request.POST)
    if form.is_valid():
        ask_again(request)
        yes, reason = form.cleaned_data["decision"] == "approve", form.cleaned_data["reason"]
        try:
            (actions.approve_change if yes else actions.refuse_change)(who, found, reason)
        except actions.ChangeRefused as why:
            form.add_error(None, str(why))
        else:
            messages.success(request, _("Perubahan diterapkan.") if yes else _("Permintaan ditolak."))
            return redirect("registry:changes")
    found = change_queries.access_change(who, change_id)
    return render(request, "registry/change.html", _page(who, found, form), status=422)


@allowed(May.REQUEST_CHANGE, May.JUDGE_DUPLICATES)
@require_POST
def withdraw(request: HttpRequest, change_id: UUID) -> HttpResponse:
    """Take one's own request back."""
    found = change_queries.access_change(acting(request), change_id)
    try:
        actions.withdraw_change(acting(request), found)
    except actions.ChangeRefused as why:
        messages.error(request, str(why))
    else:
        messages.success(request, _("Permintaan ditarik."))
    return redirect("registry:change", found.pk)


@allowed(May.REQUEST_CHANGE, *change_queries.DECIDE)
@require_POST
def evidence(request: HttpRequest, change_id: UUID) -> HttpResponse:
    """The paper, as an attachment; by POST, for opening it is written down."""
    found = change_queries.access_change(acting(request), change_id)
    opened = change_queries.opens_evidence(acting(request), found)
    if not opened or not getattr(found, "evidence", None) or not found.evidence.file_bytes:
        raise Http404
    media, content = actions.open_evidence(acting(request), found)
    return as_file(content, f"bukti-{str(found.pk)[:8]}.{SUFFIXES[media]}", media)
