"""Phones in use, and taking one out of use."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gandeng.accounts.context import region_name
from gandeng.accounts.requests import acting
from gandeng.accounts.rules import allowed
from gandeng.field import queries
from gandeng.field.actions.devices import DeviceRefused
from gandeng.field.actions.devices import revoke as take_out
from gandeng.field.forms import RevokeForm
from gandeng.field.views.common import DEVICE_RIGHTS, tabs
from gandeng.web.paging import known_filters, page_by_column
from gandeng.web.refusals import refuse


@allowed(*DEVICE_RIGHTS)
@require_safe
def devices(request: HttpRequest) -> HttpResponse:
    """One's own, and those one may revoke; newest first."""
    known_filters(request, ())
    who = acting(request)
    page = page_by_column(queries.devices_visible_to(who), request, "made_at", descending=True)
    rows = [{"device": one, "place": region_name(one.region_code)} for one in page.rows]
    return render(request, "field/devices.html", {"page": page, "rows": rows, "tabs": tabs(who, "devices")})


@allowed(*DEVICE_RIGHTS)
def revoke(request: HttpRequest, device_id: UUID) -> HttpResponse:
    """Asked first; then at once."""
    who, found = acting(request), queries.access_device(acting(request), device_id)
    form = RevokeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            take_out(who, found, form.cleaned_data["reason"])
        except DeviceRefused as why:
            refuse(form, why)
        else:
            messages.success(request, _("Ponsel dicabut. Isinya dihapus saat ponsel itu terhubung lagi."))
            return redirect("field:devices")
    context = {"device": found, "form": form, "place": region_name(found.region_code)}
    return render(request, "field/revoke.html", context, status=422 if form.errors else 200)
