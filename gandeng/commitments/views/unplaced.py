"""Who has a duty and is enrolled nowhere: many chosen at once, at one school or clinic that is found by typing."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from gandeng.accounts.context import region_name
from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import allowed
from gandeng.commitments import actions, queries, unplaced_queries
from gandeng.commitments.actions import CommitmentRefused
from gandeng.commitments.forms import PlaceManyForm
from gandeng.commitments.models import Obligation
from gandeng.commitments.views.common import asked, places_of, quarters_offered, tabs
from gandeng.registry.models import Member
from gandeng.web.paging import Page, known_filters, page_between
from gandeng.web.refusals import refuse

_FILTERS = ("quarter", "wilayah", "kewajiban", "cari")


@allowed(May.RECORD_COMMITMENT)
def unplaced(request: HttpRequest) -> HttpResponse:
    """Members without a place, page by page; those that are ticked go to the facility that is chosen."""
    who, filters = acting(request), known_filters(request, _FILTERS)
    quarter, region = asked(filters)
    if filters["kewajiban"] not in ("", *Obligation.values):
        raise BadRequest("kewajiban")
    page = _page(unplaced_queries.unplaced(quarter, region, filters["kewajiban"]), request)
    found = unplaced_queries.facilities_named(filters["cari"], filters["kewajiban"])
    form = PlaceManyForm(
        request.POST or None, found=[(each.pk, _facility(each)) for each in found],
        initial={"since": quarter.months()[0].isoformat(), "facility": found[0].pk if len(found) == 1 else None},
    )  # fmt: skip
    chosen = request.POST.getlist("chosen")
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            facility = queries.access_facility(UUID(told["facility"]))
            made = actions.place_many(who, _ticked(page, chosen), facility, quarter, told["since"])
        except CommitmentRefused as why:
            refuse(form, why)
        else:
            words = _("%(count)s anggota terdaftar di %(facility)s.")
            messages.success(request, words % {"count": len(made), "facility": facility.name})
            return redirect(request.get_full_path())
    context = {
        "tabs": tabs(who, "unplaced"), "quarter": quarter, "quarters": quarters_offered(), "filters": filters,
        "places": places_of(who), "duties": Obligation.choices, "page": page, "form": form, "found": found,
        "rows": [_row(each, chosen) for each in page.rows],
    }  # fmt: skip
    return render(request, "commitments/unplaced.html", context, status=422 if form.errors else 200)


def _page(rows: Any, request: HttpRequest) -> Page:
    """By village and name; the address names the row at its edge."""

    def beyond(mark: str, backwards: bool) -> Q:
        at = Member.objects.filter(pk=UUID(mark)).values("village_code", "name", "pk").first()
        if at is None:
            raise ValueError(mark)
        side = "lt" if backwards else "gt"
        further = Q(village_code=at["village_code"]) & (
            Q((f"name__{side}", at["name"])) | Q((f"pk__{side}", at["pk"]), name=at["name"])
        )
        return Q((f"village_code__{side}", at["village_code"])) | further

    def order(backwards: bool) -> tuple[str, ...]:
        return ("-village_code", "-name", "-pk") if backwards else ("village_code", "name", "pk")

    return page_between(
        rows.select_related("family"), request, beyond=beyond, order=order, mark=lambda row: str(row.pk), size=_ROWS
    )


_ROWS = 100


def _ticked(page: Page, chosen: list[str]) -> list[UUID]:
    """Those of this page alone. Raises CommitmentRefused."""
    if (found := page.ticked(chosen)) is None:
        raise CommitmentRefused(_("Daftarnya berubah sejak halaman dibuka. Muat ulang, lalu pilih lagi."))
    return [each.pk for each in found]


def _facility(facility: Any) -> str:
    place = region_name(facility.region_code)
    return f"{facility.name} ({', '.join(filter(None, [facility.code, place]))})"


def _row(member: Member, chosen: list[str]) -> dict[str, Any]:
    return {
        "row": member, "village": region_name(member.village_code), "chosen": str(member.pk) in chosen,
        "duties": [each.label for each in unplaced_queries.duties_lacking(member)],
    }  # fmt: skip
