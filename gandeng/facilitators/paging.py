"""Long lists village by village, page by key."""

from operator import attrgetter
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest

from gandeng.web.paging import ROWS, Page, page_between


def page_by_village(rows: QuerySet[Any], request: HttpRequest, *, unique: str, size: int = ROWS) -> Page:
    """One page of `rows` by village, there by `unique`, which no two rows of a village share.

    `after` and `before` of the address are `<village>.<unique>`.
    """
    unique_of = attrgetter(unique.replace("__", "."))

    def beyond(mark: str, backwards: bool) -> Q:
        village, _dot, value = mark.partition(".")
        side = "lt" if backwards else "gt"
        return Q((f"village_code__{side}", village)) | Q(("village_code", village), (f"{unique}__{side}", value))

    def order(backwards: bool) -> tuple[str, ...]:
        sign = "-" if backwards else ""
        return f"{sign}village_code", f"{sign}{unique}"

    return page_between(
        rows, request, beyond=beyond, order=order, mark=lambda row: f"{row.village_code}.{unique_of(row)}", size=size
    )
