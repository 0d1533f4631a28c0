"""Families a list took out of payment, and that they were told."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from gandeng.accounts.context import region_name
from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import allowed
from gandeng.registry.actions.stopped import TellingRefused, tell_stopped, untell_stopped
from gandeng.registry.change_forms import ToldForm
from gandeng.registry.models import StoppedByList, Telling
from gandeng.registry.queries import region_choices
from gandeng.registry.stopped_queries import FILTERS, TOLD, stopped
from gandeng.registry.views.families import STATUS_TONES
from gandeng.web.paging import Page, known_filters, narrowed, page_by_key
from gandeng.web.refusals import refuse


@allowed(May.SEE_FAMILIES)
def stopped_families(request: HttpRequest) -> HttpResponse:
    """In the order of the lists; whoever asks changes for families ticks those who were told."""
    who, filters = acting(request), known_filters(request, FILTERS)
    page = page_by_key(stopped(filters), request, key="pk")
    chosen = request.POST.getlist("chosen")
    form = ToldForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            count = tell_stopped(who, _ticked(page, chosen), Telling(form.cleaned_data["told_how"]), form.told_day)
        except TellingRefused as why:
            refuse(form, why)
        else:
            told = ngettext("Dicatat: %(n)s keluarga.", "Dicatat: %(n)s keluarga.", count)
            messages.success(request, told % {"n": count})
            return redirect(narrowed(reverse("registry:stopped"), filters))
    asks = who.may(May.REQUEST_CHANGE)
    context = {
        "page": page, "filters": filters, "form": form, "asks": asks, "told": filters["shelf"] == TOLD,
        "rows": [_row(one, chosen) for one in page.rows], "tabs": _tabs(filters),
        "regions": region_choices(who, filters["region"]), "narrowed": bool(filters["region"]),
        "untell": f"{reverse('registry:untell')}?{request.GET.urlencode()}",
    }  # fmt: skip
    return render(request, "registry/stopped.html", context, status=422 if form.errors else 200)


@allowed(May.REQUEST_CHANGE)
@require_POST
def untell(request: HttpRequest) -> HttpResponse:
    """Those ticked among the told were not."""
    filters = known_filters(request, FILTERS) | {"shelf": TOLD}
    page = page_by_key(stopped(filters), request, key="pk")
    try:
        count = untell_stopped(acting(request), _ticked(page, request.POST.getlist("chosen")))
    except TellingRefused as why:
        messages.error(request, str(why))
        return redirect(narrowed(reverse("registry:stopped"), filters))
    told = ngettext("Kembali menunggu: %(n)s keluarga.", "Kembali menunggu: %(n)s keluarga.", count)
    messages.success(request, told % {"n": count})
    return redirect(narrowed(reverse("registry:stopped"), filters | {"shelf": ""}))


def _ticked(page: Page, chosen: list[str]) -> list[StoppedByList]:
    """All of what was ticked, or nothing of it. Raises TellingRefused."""
    if not (found := page.ticked(chosen)):
        raise TellingRefused(_("Centang sedikitnya satu keluarga yang masih ada di halaman ini."))
    return found


def _row(one: StoppedByList, chosen: list[str]) -> dict[str, Any]:
    return {
        "row": one, "village": region_name(one.family.village_code), "chosen": str(one.pk) in chosen,
        "tone": STATUS_TONES.get(one.status, "neutral"),
    }  # fmt: skip


def _tabs(filters: dict[str, str]) -> list[dict[str, Any]]:
    shelves = (("", _("Belum diberi tahu")), (TOLD, _("Sudah dicatat")))
    url = reverse("registry:stopped")
    return [
        {"label": label, "url": narrowed(url, filters | {"shelf": shelf}), "current": shelf == filters["shelf"]}
        for shelf, label in shelves
    ]
