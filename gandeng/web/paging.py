"""Long lists page by page, by key and not by offset; unknown filters are refused."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.exceptions import BadRequest, ValidationError
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Concat
from django.http import HttpRequest

ROWS = 50
_PAGING = frozenset({"after", "before"})


@dataclass(frozen=True)
class Page:
    """Rows to show and the addresses of the neighbours, empty where there is none."""

    rows: list[Any]
    next: str
    previous: str

    def ticked(self, chosen: Collection[str]) -> list[Any] | None:
        """The rows of those ids; None where one of them is not on this page, which has changed since it was shown."""
        found = [row for row in self.rows if str(row.pk) in chosen]
        return found if len(found) == len(set(chosen)) else None


def known_filters(request: HttpRequest, names: Iterable[str]) -> dict[str, str]:
    """The filters of the address, trimmed. Raises BadRequest for one that is not known: it would widen the answer."""
    known = set(names)
    if unknown := set(request.GET) - known - _PAGING:
        raise BadRequest(f"unknown filter: {min(unknown)[:40]}")
    if any("\x00" in value for value in request.GET.values()):
        raise BadRequest("NUL")
    return {name: request.GET.get(name, "").strip() for name in known}


def page_by_key(
    rows: QuerySet[Any],
    request: HttpRequest,
    *,
    key: str,
    descending: bool = False,
    size: int = ROWS,
    sorted_apart: bool = False,
) -> Page:
    """One page of `rows` in the order of `key`, a unique column; `after` and `before` of the address say where.

    `sorted_apart`: find all rows and sort them, by a key of text. Else PostgreSQL walks the index of `key` and hopes
    to come upon a page of them soon; where a district's numbers are the last of the nation's, it reads the nation.
    """

    def beyond(mark: str, backwards: bool) -> Q:
        return Q(**{f"{key}__{'gt' if backwards == descending else 'lt'}": mark})

    def order(backwards: bool) -> tuple[str, ...]:
        return (f"{'-' if descending != backwards else ''}{key}",)

    narrow = _first_by(key, descending=descending) if sorted_apart else None
    return page_between(
        rows, request, beyond=beyond, order=order, mark=lambda row: str(getattr(row, key)), size=size, narrow=narrow
    )


def _first_by(key: str, *, descending: bool) -> Callable[[QuerySet[Any], bool, int], QuerySet[Any]]:
    def narrow(rows: QuerySet[Any], backwards: bool, size: int) -> QuerySet[Any]:
        of_no_index = Concat(F(key), Value(""))
        keys = rows.select_related(None).prefetch_related(None)
        keys = keys.order_by(of_no_index.desc() if descending != backwards else of_no_index.asc())
        return rows.filter(**{f"{key}__in": keys.values(key)[:size]})

    return narrow


def page_by_column(
    rows: QuerySet[Any], request: HttpRequest, column: str, *, descending: bool = False, size: int = ROWS
) -> Page:
    """One page in the order of a column that is not unique: the id decides among equals."""

    def beyond(mark: str, backwards: bool) -> Q:
        value, _sep, key = mark.rpartition("_")
        side = "lt" if backwards != descending else "gt"
        return Q(**{f"{column}__{side}": value}) | Q(**{column: value, f"pk__{side}": key})

    def order(backwards: bool) -> tuple[str, ...]:
        return (f"-{column}", "-pk") if backwards != descending else (column, "pk")

    def mark(row: Any) -> str:
        value = getattr(row, column)
        return f"{value.isoformat() if isinstance(value, date) else value}_{row.pk}"

    return page_between(rows, request, beyond=beyond, order=order, mark=mark, size=size)


def page_by_day(rows: QuerySet[Any], request: HttpRequest, column: str, *, size: int = ROWS) -> Page:
    """One page by a day, the newest first; among rows of one day the lower id."""

    def beyond(mark: str, backwards: bool) -> Q:
        told, _sep, key = mark.partition("_")
        day, pk = date.fromisoformat(told), UUID(key)
        if backwards:
            return Q(**{f"{column}__gt": day}) | Q(**{column: day, "pk__lt": pk})
        return Q(**{f"{column}__lt": day}) | Q(**{column: day, "pk__gt": pk})

    def order(backwards: bool) -> tuple[str, ...]:
        return (column, "-pk") if backwards else (f"-{column}", "pk")

    def mark(row: Any) -> str:
        return f"{getattr(row, column).isoformat()}_{row.pk}"

    return page_between(rows, request, beyond=beyond, order=order, mark=mark, size=size)


def page_between(
    rows: QuerySet[Any],
    request: HttpRequest,
    *,
    beyond: Callable[[str, bool], Q],
    order: Callable[[bool], tuple[str, ...]],
    mark: Callable[[Any], str],
    size: int,
    narrow: Callable[[QuerySet[Any], bool, int], QuerySet[Any]] | None = None,
) -> Page:
    """One page in any total order: `mark` names a row in an address, `beyond` finds the rows past a mark.

    `narrow` leaves only the first so many rows of that order. All three are told whether the page is read backwards.
    Raises BadRequest for a mark that is none.
    """
    after, before = request.GET.get("after", ""), request.GET.get("before", "")
    if "\x00" in after + before:  # not every page that has parts has filters
        raise BadRequest("NUL")
    backwards = bool(before) and not after
    try:
        if bound := before if backwards else after:
            rows = rows.filter(beyond(bound, backwards))
        if narrow:
            rows = narrow(rows, backwards, size + 1)
        found = list(rows.order_by(*order(backwards))[: size + 1])
    except (ValidationError, ValueError, TypeError) as error:
        raise BadRequest("page") from error
    more, shown = len(found) > size, found[:size]
    if backwards:
        shown.reverse()
    has_next = bool(shown) and (more if not backwards else True)
    has_previous = bool(shown) and (more if backwards else bool(after))
    return Page(
        shown,
        _address(request, after=mark(shown[-1])) if has_next else "",
        _address(request, before=mark(shown[0])) if has_previous else "",
    )


def query_of(filters: Mapping[str, str]) -> str:
    """What a list is narrowed by, as an address says it; nothing for nothing."""
    return urlencode({name: value for name, value in filters.items() if value})


def narrowed(url: str, filters: Mapping[str, str]) -> str:
    """The address of a list, narrowed."""
    query = query_of(filters)
    return f"{url}?{query}" if query else url


def _address(request: HttpRequest, **moved: str) -> str:
    kept = {name: value for name, value in request.GET.items() if name not in _PAGING and value}
    return f"{request.path}?{urlencode(kept | moved)}"
