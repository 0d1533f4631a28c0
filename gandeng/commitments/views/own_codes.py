"""Links that wait for their code, and the code, which is shown this once to another person than who made the link."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gandeng.accounts.context import region_name
from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import allowed
from gandeng.commitments import own_queries
from gandeng.commitments.actions import CommitmentRefused, own_codes
from gandeng.commitments.own_queries import LinkState
from gandeng.commitments.queries import Quarter
from gandeng.commitments.views.common import tabs
from gandeng.web.paging import known_filters, page_by_key

_TONES = {LinkState.DRAW: "warn", LinkState.WAIT: "neutral", LinkState.DRAWN: "good", LinkState.CLOSED: "bad"}


@allowed(May.RECORD_COMMITMENT, May.DRAW_CODE)
@require_safe
def links(request: HttpRequest) -> HttpResponse:
    """Those one made or draws codes for, until they are answered, ended or over."""
    who = acting(request)
    state = known_filters(request, ["state"])["state"]
    if state and state not in LinkState.values:
        raise BadRequest("state")
    page = page_by_key(own_queries.links(who, state).select_related("facility", "by"), request, key="pk")
    rows = [
        {"row": each, "quarter": Quarter(each.year, each.quarter), "village": region_name(each.region_code),
         "state": LinkState(each.state).label, "tone": _TONES[LinkState(each.state)],
         "draws": each.may_draw and each.state != LinkState.CLOSED, "withdraws": each.state == LinkState.DRAWN,
         "opens": who.may(May.RECORD_COMMITMENT, each.region_code)}
        for each in page.rows
    ]  # fmt: skip
    context = {
        "tabs": tabs(who, "own_links"), "page": page, "rows": rows, "states": LinkState.choices, "chosen": state,
    }  # fmt: skip
    return render(request, "commitments/own_links.html", context)


@allowed(May.DRAW_CODE)
@require_POST
def draw(request: HttpRequest, own_link_id: UUID) -> HttpResponse:
    """A new code, shown this once."""
    who = acting(request)
    found = own_queries.access_link(who, own_link_id, May.DRAW_CODE)
    try:
        code = own_codes.draw_code(who, found)
    except CommitmentRefused as why:
        messages.error(request, str(why))
        return redirect("commitments:own_links")
    context = {
        "facility": found.facility, "quarter": Quarter(found.year, found.quarter), "code": f"{code[:4]} {code[4:]}",
        "village": region_name(found.region_code), "until": found.until, "maker": found.by,
    }  # fmt: skip
    answer = render(request, "commitments/own_drawn.html", context)
    answer["Cache-Control"] = "no-store"
    return answer


@allowed(May.DRAW_CODE)
@require_POST
def withdraw(request: HttpRequest, own_link_id: UUID) -> HttpResponse:
    """The code opens nothing any more."""
    who = acting(request)
    try:
        own_codes.withdraw_code(who, own_queries.access_link(who, own_link_id, May.DRAW_CODE))
    except CommitmentRefused as why:
        messages.error(request, str(why))
    else:
        messages.success(request, _("Kodenya tidak berlaku lagi."))
    return redirect("commitments:own_links")
