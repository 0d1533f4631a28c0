"""Worst money first, page by key: the key is the rupiah at stake with the row's own id."""

from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import BadRequest, ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from gandeng.web.paging import ROWS, Page

_STAKE_DIGITS = 18


def page_by_worst(rows: QuerySet[Any], request: HttpRequest, *, stake: str, size: int = ROWS) -> Page:
    """One page of `rows`, largest `stake` first; `after` and `before` of the address are `<rupiah>_<id>`."""
    after, before = request.GET.get("after", ""), request.GET.get("before", "")
    backwards = bool(before) and not after
    if bound := before if backwards else after:
        rows = _beyond(rows, bound, stake, backwards=backwards)
    order = (stake, "-pk") if backwards else (f"-{stake}", "pk")
    try:
        found = list(rows.order_by(*order)[: size + 1])
    except (ValidationError, ValueError) as error:
        raise BadRequest("page") from error
    more, shown = len(found) > size, found[:size]
    if backwards:
        shown.reverse()
    has_next = bool(shown) and (more if not backwards else True)
    has_previous = bool(shown) and (more if backwards else bool(after))
    return Page(
        shown,
        _address(request, "after", shown[-1], stake) if has_next else "",
        _address(request, "before", shown[0], stake) if has_previous else "",
    )


def _beyond(rows: QuerySet[Any], bound: str, stake: str, *, backwards: bool) -> QuerySet[Any]:
    rupiah, _, key = bound.partition("_")
    if not (rupiah.isascii() and rupiah.isdigit() and len(rupiah) <= _STAKE_DIGITS and key):
        raise BadRequest("page")
    try:
        if backwards:
            return rows.filter(Q(**{f"{stake}__gt": int(rupiah)}) | Q(**{stake: int(rupiah), "pk__lt": key}))
        return rows.filter(Q(**{f"{stake}__lt": int(rupiah)}) | Q(**{stake: int(rupiah), "pk__gt": key}))
    except (ValidationError, ValueError) as error:
        raise BadRequest("page") from error


def _address(request: HttpRequest, name: str, row: Any, stake: str) -> str:
    kept = {key: value for key, value in request.GET.items() if key not in ("after", "before") and value}
    return f"{request.path}?{urlencode(kept | {name: f'{getattr(row, stake)}_{row.pk}'})}"
