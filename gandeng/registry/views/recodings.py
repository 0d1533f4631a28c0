"""Codes of villages a decree replaced: what is missing, proposals, applying, undoing."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from gandeng.accounts.acting import Acting
from gandeng.accounts.context import region_name
from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import allowed
from gandeng.accounts.second_factor import ask_again
from gandeng.jobs.work import WorkRefused, start
from gandeng.registry import list_queries, recoding_queries
from gandeng.registry.actions import recodings as acts
from gandeng.registry.forms import EndListForm
from gandeng.registry.models import Recoding
from gandeng.registry.recoding_forms import RecodingForm
from gandeng.registry.views.lists import STATE_TONES
from gandeng.web.finding import region_asked
from gandeng.web.paging import known_filters, page_by_key
from gandeng.web.refusals import refuse

_TONES = STATE_TONES | {"PROPOSED": "warn"}
_SHOWN = 500
"""Pairs a page shows; the rest are counted."""


@allowed(*recoding_queries.SEEN_BY)
@require_safe
def recodings(request: HttpRequest) -> HttpResponse:
    """Changes of codes, newest first."""
    who = acting(request)
    known_filters(request, [])
    page = page_by_key(recoding_queries.recodings_visible_to(who), request, key="id", descending=True)
    rows = [{"row": one, "region": region_name(one.region_code), "tone": _TONES.get(one.state, "neutral")}
            for one in page.rows]  # fmt: skip
    context = {"page": page, "rows": rows, "may_propose": who.may(May.TAKE_LIST)}
    return render(request, "registry/recodings.html", context)


@allowed(May.TAKE_LIST)
def propose(request: HttpRequest) -> HttpResponse:
    """A decree and its codes; those of a region that no place has today are filled in where their successor is told."""
    who = acting(request)
    asked = known_filters(request, ["region"])["region"]
    regions = list_queries.list_regions(who)
    region = region_asked(asked) if asked else (regions[0].code if len(regions) == 1 else "")
    if region and not who.may(May.TAKE_LIST, region):
        region = ""
    missing = recoding_queries.outdated(region) if region else []
    known = [f"{one.code} {one.becomes}" for one in missing if one.becomes]
    form = RecodingForm(request.POST or None, initial={"pairs": "\n".join(known)})
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("registry:recoding", acts.propose(who, form.wanted()).pk)
        except acts.RecodingRefused as why:
            refuse(form, why)
    context = {
        "form": form, "regions": regions, "region": region, "region_name": region_name(region) if region else "",
        "known": len(known), "unknown": [one for one in missing if not one.becomes],
    }  # fmt: skip
    return render(request, "registry/recode.html", context, status=422 if form.errors else 200)


@allowed(*recoding_queries.SEEN_BY)
@require_safe
def recoding(request: HttpRequest, recoding_id: UUID) -> HttpResponse:
    """One change: its codes, and what goes along."""
    found = recoding_queries.access_recoding(acting(request), recoding_id)
    return render(request, "registry/recoding.html", _page(acting(request), found, EndListForm()))


def _page(who: Acting, found: Recoding, form: EndListForm) -> dict[str, Any]:
    may_apply = who.may(May.APPLY_LIST, found.region_code)
    proposed, own = found.state == Recoding.State.PROPOSED, found.proposed_by_id == who.person_id
    pairs = recoding_queries.pairs_of(found)
    return {
        "recoding": found, "region": region_name(found.region_code), "tone": _TONES.get(found.state, "neutral"),
        "pairs": pairs[:_SHOWN], "more": len(pairs) - len(pairs[:_SHOWN]), "codes": len(pairs),
        "families": sum(one.families for one in pairs), "parts": sum(not one.whole for one in pairs),
        "done": found.state in (Recoding.State.APPLIED, Recoding.State.UNDONE), "form": form,
        "own": own and proposed, "applies": proposed and may_apply and not own,
        "withdraws": proposed and (own or may_apply),
        "undoes": found.state == Recoding.State.APPLIED and may_apply,
    }  # fmt: skip


@allowed(May.APPLY_LIST)
@require_POST
def apply(request: HttpRequest, recoding_id: UUID) -> HttpResponse:
    """Start applying; by another person than the one who proposed it."""
    who, found = acting(request), recoding_queries.access_recoding(acting(request), recoding_id)
    who.authority(May.APPLY_LIST, found.region_code)
    if why := acts.why_not_apply(who, found):
        messages.error(request, why)
        return redirect("registry:recoding", found.pk)
    ask_again(request)
    job = start(who, "registry.recode", f"Mengganti kode desa {region_name(found.region_code)}", recoding=str(found.pk))
    return redirect("jobs:job", job.pk)


@allowed(*recoding_queries.SEEN_BY)
@require_POST
def withdraw(request: HttpRequest, recoding_id: UUID) -> HttpResponse:
    """Put a proposal away."""
    who, found = acting(request), recoding_queries.access_recoding(acting(request), recoding_id)
    form = EndListForm(request.POST)
    if form.is_valid():
        try:
            acts.withdraw_recoding(who, found, form.cleaned_data["reason"])
        except WorkRefused as why:
            messages.error(request, str(why))
        return redirect("registry:recoding", found.pk)
    return render(request, "registry/recoding.html", _page(who, found, form), status=422)


@allowed(May.APPLY_LIST)
@require_POST
def undo(request: HttpRequest, recoding_id: UUID) -> HttpResponse:
    """Start undoing a change as a whole."""
    who, found = acting(request), recoding_queries.access_recoding(acting(request), recoding_id)
    who.authority(May.APPLY_LIST, found.region_code)
    form = EndListForm(request.POST)
    if not form.is_valid():
        return render(request, "registry/recoding.html", _page(who, found, form), status=422)
    ask_again(request)
    job = start(
        who, "registry.recode_back", f"Mengembalikan kode desa {region_name(found.region_code)}",
        recoding=str(found.pk), reason=form.cleaned_data["reason"],
    )  # fmt: skip
    return redirect("jobs:job", job.pk)
