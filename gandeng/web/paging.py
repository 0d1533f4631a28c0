"""Long lists page by page, by key and not by offset; unknown filters are refused."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import BadRequest
from django.db.models import QuerySet
from django.http import HttpRequest

ROWS = 50
_PAGING = frozenset({"after", "before"})


@dataclass(frozen=True)
class Page:
    """Rows to show and the addresses of the neighbours, empty where there is none."""

    rows: list[Any]
    next: str
    previous: str


def known_filters(request: HttpRequest, names: Iterable[str]) -> dict[str, str]:
    """The filters of the address, trimmed. Raises BadRequest for one that is not known: it would widen the answer."""
    known = set(names)
    if unknown := set(request.GET) - known - _PAGING:
        raise BadRequest(f"unknown filter: {min(unknown)[:40]}")
    if any("\x00" in value for value in request.GET.values()):
        raise BadRequest("NUL")
    return {name: request.GET.get(name, "").strip() for name in known}


def page_by_key(
    rows: QuerySet[Any], request: HttpRequest, *, key: str, descending: bool = False, size: int = ROWS
) -> Page:
    """One page of `rows` in the order of `key`, a unique column; `after` and `before` of the address say where."""
    after, before = request.GET.get("after", ""), request.GET.get("before", "")
    backwards = bool(before) and not after
    bound = before if backwards else after
    if bound:
        greater = backwards == descending
        try:
            rows = rows.filter(**{f"{key}__{'gt' if greater else 'lt'}": bound})
        except (ValueError, TypeError) as error:
            raise BadRequest(key) from error
    found = list(rows.order_by(f"{'-' if descending != backwards else ''}{key}")[: size + 1])
    more, shown = len(found) > size, found[:size]
    if backwards:
        shown.reverse()
    has_next = bool(shown) and (more if not backwards else True)
    has_previous = bool(shown) and (more if backwards else bool(after))
    return Page(
        shown,
        _address(request, after=_value(shown[-1], key)) if has_next else "",
        _address(request, before=_value(shown[0], key)) if has_previous else "",
    )


def _value(row: Any, key: str) -> str:
    return str(row[key] if isinstance(row, dict) else getattr(row, key))


def _address(request: HttpRequest, **moved: str) -> str:
    kept = {name: value for name, value in request.GET.items() if name not in _PAGING and value}
    return f"{request.path}?{urlencode(kept | moved)}"
