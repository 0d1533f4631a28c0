"""Lists of staff and caseload that leave the office: small ones at once, long ones through two people."""

from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from gandeng.accounts.acting import Acting
from gandeng.accounts.context import region_name
from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import allowed
from gandeng.exports.sources import Listing, Marked, one_region, source
from gandeng.facilitators.actions.lists_out import ListRefused, export_list
from gandeng.facilitators.caseload_exports import FORMATS
from gandeng.facilitators.import_forms import ListOutForm
from gandeng.facilitators.import_queries import regions_of
from gandeng.facilitators.listing import count_of, header_of, invented_line, lines_of, whole_for
from gandeng.facilitators.models import Import
from gandeng.web.answers import as_file

STAFF_KIND, CASELOAD_KIND = "pendamping", "dampingan"
SLUGS: dict[str, str] = {Import.Kind.STAFF: STAFF_KIND, Import.Kind.CASELOAD: CASELOAD_KIND}

_STAFF_TITLE = "Daftar pendamping"
_CASELOAD_TITLE = "Keluarga dampingan"


@allowed(May.SEE_STAFF)
@require_http_methods(["GET", "POST"])
def export(request: HttpRequest) -> HttpResponse:
    """Choose a list; it comes at once, or the page says why not."""
    who = acting(request)
    form = ListOutForm(request.POST or None, regions=regions_of(who, (May.SEE_STAFF,)))
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        kind, region, as_ = told["kind"], told["region"], told["form"]
        try:
            content = export_list(who, kind, region, told["purpose"], as_)
        except ListRefused as refused:
            form.add_error(None, str(refused))
        else:
            return as_file(content, f"{SLUGS[kind]}-{region}.{as_}", FORMATS[as_][1])
    context: dict[str, Any] = {"form": form, "long": [
        (label, reverse("exports:ask", args=[SLUGS[kind]])) for kind, label in Import.Kind.choices
    ]}  # fmt: skip
    return render(request, "facilitators/list_out.html", context, status=422 if form.errors else 200)


def _region(who: Acting, arguments: Mapping[str, str]) -> str:
    """What the address says, or all one sees. Raises BadRequest, PermissionDenied."""
    asked = arguments.get("region") or one_region(who.where(May.SEE_STAFF).regions)
    if asked and not (asked.isdigit() and len(asked) in (2, 4, 6)):
        raise BadRequest(asked)
    who.authority(May.SEE_STAFF, asked)
    return asked


def _listing(
    who: Acting, kind: str, words: str, region: str, mark: Callable[[], Marked | None] | None = None
) -> Listing:
    whole = whole_for(who, region)
    return Listing(
        title=f"{words}, {region_name(region)}", region=region, channel="", header=header_of(kind, whole=whole),
        count=lambda: count_of(kind, region), lines=lambda: lines_of(kind, region, whole=whole),
        back=reverse("facilitators:export"), mark=mark,
    )  # fmt: skip


@source(STAFF_KIND, May.SEE_STAFF, ("region",))
def staff(who: Acting, arguments: Mapping[str, str]) -> Listing:
    """Staff of a region."""
    return _listing(who, Import.Kind.STAFF, _STAFF_TITLE, _region(who, arguments))


@source(CASELOAD_KIND, May.SEE_STAFF, ("region",))
def caseload(who: Acting, arguments: Mapping[str, str]) -> Listing:
    """Who accompanies whom in a region."""
    region = _region(who, arguments)
    who.authority(May.SEE_FAMILIES, region)
    return _listing(who, Import.Kind.CASELOAD, _CASELOAD_TITLE, region, lambda: invented_line(region))
