"""How many are on the way, who could be, what waits, and what would be freed."""

from typing import Any

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
from gandeng.audit.actions import record
from gandeng.core.calculation import CheckFailed
from gandeng.entitlements.queries import component_words, why_words
from gandeng.exports.tables import table_bytes
from gandeng.graduation import queries
from gandeng.graduation.models import Kind
from gandeng.graduation.moves import AFTER, OPEN, State
from gandeng.graduation.published import years_hoped
from gandeng.graduation.standing import prospects_of
from gandeng.graduation.views.common import WORKS, case_row, known, tabs
from gandeng.graduation.what_if import Freed, freed
from gandeng.payments.next_stages import next_stage
from gandeng.policy import PolicyGap
from gandeng.registry.deciles import KNOWN, rises
from gandeng.registry.models import Family
from gandeng.registry.queries import region_choices
from gandeng.web.answers import CSV, as_file
from gandeng.web.paging import Page, known_filters, narrowed, page_by_column, page_by_key, query_of

FILTERS = ("region", "kind", "state")
_ROWS = 25
"""Candidates on a page: each is asked of the engine anew."""
_YEARS = ("3", "5", "6", "8", "10")
_DECILES = KNOWN[1:]
_NARROWING = {"years": _YEARS, "kind": (queries.EVERYBODY, queries.IMPROVED), "decile": _DECILES}
_HEADER = ("kode wilayah", "wilayah", "macam", "sudah diproses", "keluarga", "rupiah per tahap", "rupiah per tahun")


@allowed(*WORKS)
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Cases by kind and state, and what is due."""
    who = acting(request)
    known_filters(request, ())
    counted = queries.counted()
    by = {(one["kind"], one["state"]): one["count"] for one in counted}
    rows = [
        {
            "state": state.label,
            "url": narrowed(reverse("graduation:cases"), {"state": state.value}),
            "counts": [(kind.label, by.get((kind, state.value), 0)) for kind in Kind],
            "all": sum(by.get((kind, state.value), 0) for kind in Kind),
        }
        for state in State
    ]
    total = {name: sum(one["count"] for one in counted if one["state"] in group) for name, group in _GROUPS.items()}
    context = {
        "tabs": tabs(who, "overview"), "rows": [row for row in rows if row["all"]], "kinds": Kind.choices,
        "total": total, "due": queries.due_follow_ups(timezone.localdate()).count(), "today": timezone.localdate(),
    }  # fmt: skip
    return render(request, "graduation/overview.html", context)


_GROUPS = {"open": OPEN, "after": AFTER, "back": frozenset({State.REENTERED})}


@allowed(*WORKS)
@require_safe
def candidates(request: HttpRequest) -> HttpResponse:
    """Families without a component by the last calculation, or whose decile rose; of each the engine is asked anew."""
    who, filters = acting(request), known_filters(request, ("region", "years", "kind", "decile"))
    if any(filters[name] not in ("", *choices) for name, choices in _NARROWING.items()):
        raise BadRequest("filter")
    improved = filters["kind"] == queries.IMPROVED
    found = queries.candidates(filters, timezone.localdate())
    if improved:
        page = page_by_column(found, request, "rise", descending=True, size=_ROWS)
    else:
        page = page_by_key(found, request, key="family_no", size=_ROWS)
    rows, refused = _candidates(page, who)
    stages = {row["stage"] for row in rows if row["stage"]}
    context = {
        "tabs": tabs(who, "candidates"), "filters": filters, "page": page, "rows": rows, "refused": refused,
        "regions": region_choices(who, filters["region"]), "years": _YEARS, "hoped": years_hoped(),
        "narrowed": any(filters.values()), "stage": stages.pop() if len(stages) == 1 else "",
        "improved": improved, "deciles": _DECILES,
    }  # fmt: skip
    return render(request, "graduation/candidates.html", context)


def _candidates(page: Page, who: Acting) -> tuple[list[dict[str, Any]], bool]:
    """The rows, and whether the engine could not say."""
    today = timezone.localdate()
    try:
        found, refused = prospects_of(page.rows, today), False
    except (PolicyGap, CheckFailed):
        found, refused = {}, True
    rows, risen = [], rises([family.pk for family in page.rows])
    for family in page.rows:
        prospect = found.get(family.pk)
        due = prospect.due if prospect else None
        counts = [one for one in due.members if one.counted] if due else []
        rows.append({
            "family": family, "name": family.called, "village": region_name(family.village_code),
            "years": _years(family), "due": due, "case_id": vars(family)["case_id"],
            "opens": who.may(May.REQUEST_CHANGE, family.village_code),
            "stage": prospect.stage if prospect else "", "none": prospect is not None and prospect.no_component,
            "later": prospect.later_rupiah if prospect else 0, "rise": risen.get(family.pk),
            "why": [f"{one.name}: {component_words(one.component)}" for one in counts]
            or ([f"{one.name}: {why_words(one.why)}" for one in due.members] if due else []),
        })  # fmt: skip
    return rows, refused


def _years(family: Family) -> int | None:
    if family.entered_on is None:
        return None
    today = timezone.localdate()
    since = family.entered_on
    return today.year - since.year - ((today.month, today.day) < (since.month, since.day))


@allowed(*WORKS)
@require_safe
def cases(request: HttpRequest) -> HttpResponse:
    """Every case, newest first."""
    who, filters = acting(request), known(known_filters(request, FILTERS))
    page = page_by_key(queries.narrowed(queries.cases(), filters), request, key="id", descending=True)
    context = {
        "tabs": tabs(who, "cases"), "filters": filters, "page": page, "rows": [case_row(one) for one in page.rows],
        "regions": region_choices(who, filters["region"]), "kinds": Kind.choices, "states": State.choices,
        "narrowed": any(filters.values()), "query": query_of(filters),
    }  # fmt: skip
    return render(request, "graduation/cases.html", context)


@allowed(May.DECIDE_GRADUATION)
@require_safe
def decisions(request: HttpRequest) -> HttpResponse:
    """What waits for this person's word."""
    who = acting(request)
    known_filters(request, ())
    page = page_by_key(queries.waiting_decisions(who), request, key="id")
    context = {"tabs": tabs(who, "decisions"), "page": page, "rows": [case_row(one) for one in page.rows]}
    return render(request, "graduation/decisions.html", context)


@allowed(*WORKS)
@require_safe
def follow_ups(request: HttpRequest) -> HttpResponse:
    """Families that graduated six or twelve months ago and were not asked since."""
    who, today = acting(request), timezone.localdate()
    known_filters(request, ())
    page = page_by_key(queries.due_follow_ups(today), request, key="id")
    rows = []
    for one in page.rows:
        due = queries.which_follow_up(one, today)
        if due is not None:
            rows.append({
                **case_row(one), "kind": due.kind, "what": due.kind.label, "due_on": due.due_on,
                "records": who.may(May.REQUEST_CHANGE, one.village_code),
            })  # fmt: skip
    return render(request, "graduation/follow_ups.html", {"tabs": tabs(who, "follow_ups"), "page": page, "rows": rows})


@allowed(May.SEE_SUMMARY)
@require_safe
def what_if(request: HttpRequest) -> HttpResponse:
    """Places and rupiah freed, if those under way graduate."""
    who = acting(request)
    filters = known(known_filters(request, ("region", "kind")))
    rows, stages = _freed(filters)
    context = {
        "tabs": tabs(who, "what_if"), "filters": filters, "kinds": Kind.choices, "stages": stages,
        "regions": region_choices(who, filters["region"]), "rows": rows,
        "families": sum(row["freed"].families for row in rows),
        "rupiah": sum(row["freed"].stage_rupiah for row in rows), "year": sum(row["year"] for row in rows),
        "export": narrowed(reverse("graduation:export_what_if"), filters),
    }  # fmt: skip
    return render(request, "graduation/what_if.html", context)


def _freed(filters: dict[str, str]) -> tuple[list[dict[str, Any]], int]:
    today = timezone.localdate()
    found: list[Freed] = freed(filters, today)
    stages = next_stage(found[0].place, today).stages_a_year if found else 0
    rows = [
        {
            "freed": one, "name": region_name(one.place), "kind": Kind(one.kind).label,
            "year": one.stage_rupiah * stages,
        }
        for one in found
    ]  # fmt: skip
    return rows, stages


@allowed(May.SEE_SUMMARY)
@require_POST
def export_what_if(request: HttpRequest) -> HttpResponse:
    """The same as CSV; sums alone."""
    who = acting(request)
    filters = known({name: request.GET.get(name, "").strip() for name in ("region", "kind")})
    rows = [
        (
            row["freed"].place, row["name"], str(row["kind"]), _("ya") if row["freed"].begun else _("tidak"),
            row["freed"].families, row["freed"].stage_rupiah, row["year"],
        )
        for row in _freed(filters)[0]
    ]  # fmt: skip
    record(
        who, "graduation.what_if_exported", object_type="Case", region=filters["region"].replace(".", ""),
        authority=who.authority(May.SEE_SUMMARY), rows=len(rows),
    )  # fmt: skip
    return as_file(table_bytes(_HEADER, rows), "andaikan-graduasi.csv", CSV)
