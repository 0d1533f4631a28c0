"""Outcomes of payments and rows of files, as lists."""

from uuid import UUID

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from gandeng.accounts.context import region_name
from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import allowed
from gandeng.core.matching_tables import DISPOSITIONS, EVENTS, OUTCOMES
from gandeng.payments.queries import access_cycle
from gandeng.reconciliation.paging import page_by_worst
from gandeng.reconciliation.queries import (
    BY_OURS_ALONE,
    OUTCOME_FILTERS,
    ROW_FILTERS,
    access_file,
    credited_by_channel,
    outcomes_of,
    places_of,
    rows_in_force,
)
from gandeng.reconciliation.views.cycles import tabs
from gandeng.reconciliation.words import channel_name, disposition_choices, kind_name, outcome_choices
from gandeng.web.paging import known_filters, page_by_key, query_of


@allowed(May.SEE_RECONCILIATION)
def outcomes(request: HttpRequest, cycle_id: UUID) -> HttpResponse:
    """Every payment with its outcome, worst money first."""
    filters = known_filters(request, OUTCOME_FILTERS)
    _one_of(filters["outcome"], OUTCOMES)
    cycle = access_cycle(acting(request), cycle_id)
    districts, channels = places_of(cycle)
    page = page_by_worst(outcomes_of(cycle, filters), request, stake="at_stake_rupiah")
    context = {
        "cycle": cycle,
        "page": page,
        "filters": filters,
        "outcomes": outcome_choices(),
        "channels": [(code, channel_name(code)) for code in channels],
        "districts": [(code, region_name(code)) for code in districts],
        "query": query_of(filters),
        "tabs": tabs(cycle, "outcomes"),
    }
    return render(request, "reconciliation/outcomes.html", context)


@allowed(May.SEE_RECONCILIATION)
def rows(request: HttpRequest, cycle_id: UUID) -> HttpResponse:
    """Every row of the files in use with its disposition."""
    filters = known_filters(request, ROW_FILTERS)
    _one_of(filters["disposition"], DISPOSITIONS)
    _one_of(filters["event"], EVENTS)
    _one_of(filters["evidence"], (BY_OURS_ALONE,))
    cycle = access_cycle(acting(request), cycle_id)
    file = access_file(acting(request), filters["file"]) if filters["file"] else None
    found = rows_in_force(cycle, filters)
    page = page_by_key(found, request, key="id")
    context = {
        "cycle": cycle,
        "page": page,
        "filters": filters,
        "file": file,
        "dispositions": disposition_choices(),
        "events": [(event, kind_name(event)) for event in EVENTS],
        "evidences": [(BY_OURS_ALONE, _("ID pembayaran saja"))],
        "credited": credited_by_channel(found) if filters["evidence"] else [],
        "tabs": tabs(cycle, "rows"),
    }
    return render(request, "reconciliation/rows.html", context)


def _one_of(value: str, known: tuple[str, ...]) -> None:
    if value and value not in known:
        raise BadRequest("filter")
