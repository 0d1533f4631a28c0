"""The rows behind a figure, each with the page of its record where the reader may open it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gandeng.accounts.acting import Acting
from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import allowed
from gandeng.facilitators.models import Staff
from gandeng.performance.figures import ROWS, Act, acts
from gandeng.performance.people_queries import FILTERS, access_done, period_of, staff_in
from gandeng.performance.published import areas
from gandeng.performance.sources import of_area
from gandeng.performance.views.common import ANY, tabs
from gandeng.web.paging import known_filters, narrowed

_FILTERS = (*FILTERS, "staff", "area", "page")


@allowed(*ANY)
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """Of one of the staff, or of all of a list; as many rows as the figure said that led here."""
    who, filters = acting(request), known_filters(request, _FILTERS)
    period = period_of(filters, timezone.localdate())
    area = areas().get(_number(filters["area"], "area"))
    if area is None:
        raise BadRequest("area")
    staff = _one(who, filters["staff"])
    people = {staff.pk: staff} if staff else {one.pk: one for one in _all(who, period, filters)}
    first = ROWS * _number(filters["page"] or "0", "page")
    whole, found = acts([*people], period, [area.number], first=first)
    context = {
        "tabs": tabs(who, "own" if staff and staff.person_id == who.person_id else "people"), "staff": staff,
        "area": area, "subject": area.subject.said(), "period": period, "whole": whole, "first": first + 1,
        "last": first + len(found), "rows": rows_of(who, found, people), "sources": of_area(area.number),
        "next": _page(filters, first // ROWS + 1) if first + len(found) < whole else "",
        "previous": _page(filters, first // ROWS - 1) if first else "", "now": timezone.now(),
        "trail": _trail(who, staff),
    }  # fmt: skip
    return render(request, "performance/acts.html", context)


def _number(text: str, name: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        raise BadRequest(name)
    return int(text)


def _one(who: Acting, text: str) -> Staff | None:
    if not text:
        return None
    try:
        return access_done(who, UUID(text))
    except ValueError as error:
        raise Http404 from error


def _all(who: Acting, period: Any, filters: dict[str, str]) -> Sequence[Staff]:
    if not who.may(May.SEE_STAFF):
        raise Http404
    return list(staff_in(who, period, filters))


def _page(filters: dict[str, str], number: int) -> str:
    return narrowed(reverse("performance:acts"), filters | {"page": str(number) if number else ""})


def _trail(who: Acting, staff: Staff | None) -> list[dict[str, str]]:
    last = {"label": _("Catatan"), "url": ""}
    if staff is not None and staff.person_id == who.person_id:
        return [{"label": _("Kinerja saya"), "url": reverse("performance:own")}, last]
    top = {"label": _("Kinerja"), "url": reverse("performance:people")}
    if staff is None:
        return [top, last]
    return [top, {"label": staff.person.name, "url": reverse("performance:person", args=[staff.pk])}, last]


def rows_of(who: Acting, found: Sequence[Act], people: dict[UUID, Staff]) -> list[dict[str, Any]]:
    """Each with its address, where the reader may open the record now."""
    open_: dict[str, set[UUID]] = {}
    for source in {one.source.key: one.source for one in found}.values():
        things = {one.thing_id for one in found if one.source.key == source.key}
        open_[source.key] = source.reachable(who, things) if source.address else set()
    return [
        {
            "act": one, "staff": people[one.staff_id],
            "url": reverse(one.source.address, args=[one.thing_id]) if one.thing_id in open_[one.source.key] else "",
        }
        for one in found
    ]  # fmt: skip
