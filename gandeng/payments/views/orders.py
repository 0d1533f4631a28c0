"""Orders of all stages, and what a channel tells of the file it holds."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import allowed
from gandeng.payments import actions, order_queries, queries
from gandeng.payments.forms import ConfirmForm
from gandeng.payments.models import Confirmation, Instruction
from gandeng.payments.order_queries import ALL, DIFFERS, MATCHES, SHELVES, UNCONFIRMED
from gandeng.payments.refused import Refused
from gandeng.payments.story import crumbs
from gandeng.payments.views.shared import cycle_name, region_words
from gandeng.web.paging import known_filters, page_by_column

_TONES = {UNCONFIRMED: "warn", DIFFERS: "bad", MATCHES: "good"}


@allowed(May.SEE_PAYMENTS)
@require_GET
def orders(request: HttpRequest) -> HttpResponse:
    """One shelf, newest first."""
    who = acting(request)
    asked = known_filters(request, ["shelf"])["shelf"]
    shelf = asked if asked in SHELVES else UNCONFIRMED if who.may(May.CONFIRM_ORDER) else ALL
    page = page_by_column(order_queries.orders_visible_to(who, shelf), request, "made_at", descending=True)
    told = order_queries.told_of(page.rows)
    rows = [
        {"made": each, "stage": cycle_name(each.cycle), "region": region_words(each.cycle), **word(told.get(each.pk))}
        for each in page.rows
    ]
    tabs = [
        {
            "label": label, "url": f"{request.path}?shelf={name}", "current": name == shelf,
            "count": order_queries.orders_visible_to(who, name).count() if name in (UNCONFIRMED, DIFFERS) else None,
        }
        for name, (label, _which) in SHELVES.items()
    ]  # fmt: skip
    context = {
        "page": page, "rows": rows, "tabs": tabs,
        "crumbs": crumbs((_("Pembayaran"), reverse("payments:cycles")), (_("Perintah bayar"), "")),
    }  # fmt: skip
    return render(request, "payments/orders.html", context)


def word(told: Confirmation | None) -> dict[str, Any]:
    """What a page shows of the file a channel holds."""
    shelf = order_queries.shelf_of(told)
    return {"told": told, "differs": shelf == DIFFERS, "word": SHELVES[shelf][0], "tone": _TONES[shelf]}


@allowed(May.CONFIRM_ORDER)
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest, instruction_id: UUID) -> HttpResponse:
    """The channel's own officer tells the digest of the copy that was fetched."""
    who = acting(request)
    found = queries.access_instruction(who, instruction_id)
    if not who.may(May.CONFIRM_ORDER, found.region_code, found.channel):
        raise PermissionDenied
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            told = actions.confirm(who, found, form.cleaned_data["digest"])
        except Refused as refused:
            form.add_error("digest", str(refused))
        else:
            if told.matches:
                messages.success(request, _("Berkas Anda sama dengan yang dibuat kantor."))
            return redirect(address_of(found))
    context = {
        "made": found, "form": form, "name": cycle_name(found.cycle), "back": address_of(found),
        "crumbs": crumbs(
            (_("Pembayaran"), reverse("payments:cycles")), (_("Perintah bayar"), reverse("payments:orders")),
            (_("Periksa berkas"), ""),
        ),
    }  # fmt: skip
    return render(request, "payments/confirm.html", context, status=422 if form.errors else 200)


def address_of(order: Instruction) -> str:
    """Where an order stands among those of its stage."""
    return f"{reverse('payments:instructions', args=[order.cycle_id])}#{order.pk}"
