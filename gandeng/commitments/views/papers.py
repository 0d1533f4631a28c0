"""Sheets on paper, for one facility or all of a place, and the way from a paper back to its sheet."""

from collections.abc import Callable
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gandeng.accounts.context import place_chosen
from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import allowed
from gandeng.commitments import codes, queries
from gandeng.commitments.actions import CommitmentRefused
from gandeng.commitments.forms import CodeForm, PrintForm
from gandeng.commitments.papers import print_sheets
from gandeng.commitments.views.common import places_of, quarter_in
from gandeng.web.addresses import full_address
from gandeng.web.answers import PDF, as_file
from gandeng.web.paging import known_filters
from gandeng.web.refusals import refuse


@allowed(May.RECORD_COMMITMENT)
def print_many(request: HttpRequest) -> HttpResponse:
    """The sheets of all facilities of a village or sub-district, as one PDF."""
    who, offered = acting(request), queries.quarters(timezone.localdate())
    form = PrintForm(
        request.POST or None, places=places_of(who), quarters=[(one.key, one.words) for one in offered],
        initial={"quarter": offered[1].key},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        region, quarter = place_chosen(form.cleaned_data["place"]), quarter_in(form.cleaned_data["quarter"])
        try:
            made = print_sheets(who, queries.facilities_in(region), quarter, region=region, address=address_in(request))
        except CommitmentRefused as why:
            refuse(form, why)
        else:
            return as_file(made, f"lembar-komitmen-{region}-{quarter.key}.pdf", PDF)
    context = {"form": form, "title": _("Cetak lembar"), "back": reverse("commitments:overview"), "act": _("Cetak")}
    return render(request, "commitments/form.html", context, status=422 if form.errors else 200)


@allowed(May.RECORD_COMMITMENT)
@require_POST
def print_one(request: HttpRequest, facility_id: UUID, quarter_key: str) -> HttpResponse:
    """One facility's sheet."""
    who, quarter = acting(request), quarter_in(quarter_key)
    facility = queries.access_facility(facility_id)
    form = forms.Form(request.POST)
    try:
        made = print_sheets(who, [facility], quarter, region=facility.region_code, address=address_in(request))
    except CommitmentRefused as why:
        refuse(form, why)
        back = reverse("commitments:sheet", args=[facility.pk, quarter.key])
        context = {"form": form, "title": facility.name, "back": back, "act": _("Cetak lembar")}
        return render(request, "commitments/form.html", context, status=422)
    return as_file(made, f"lembar-komitmen-{facility.pk.hex[:10]}-{quarter.key}.pdf", PDF)


@allowed(May.RECORD_COMMITMENT)
@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """From the code typed off a paper to its sheet, in one's own territory."""
    typed = known_filters(request, ("kode",))["kode"]
    form = CodeForm({"kode": typed} if "kode" in request.GET else None)
    if form.is_valid():
        found = codes.find(form.cleaned_data["kode"])
        if found is not None:
            here = reverse("commitments:sheet", args=[found.facility.pk, found.quarter.key])
            return redirect(f"{here}?bagian={found.part}")
        form.add_error("kode", _("Tidak ada lembar dengan kode itu di wilayah tugas Anda. Periksa hurufnya."))
    context = {"form": form, "back": reverse("commitments:overview")}
    return render(request, "commitments/find.html", context, status=422 if form.errors else 200)


def address_in(request: HttpRequest) -> Callable[[UUID, str, int], str]:
    """How this site is addressed: the page of a facility's sheet, its quarter and part."""

    def address(facility_id: UUID, key: str, part: int) -> str:
        here = reverse("commitments:sheet", args=[facility_id, key])
        return full_address(request, f"{here}?bagian={part}")

    return address
