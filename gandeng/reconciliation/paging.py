"""Worst money first, page by key: the key is the rupiah at stake with the row's own id."""

from typing import Any

from django.core.exceptions import BadRequest
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from gandeng.web.paging import ROWS, Page, page_between

_STAKE_DIGITS = 18


def page_by_worst(rows: QuerySet[Any], request: HttpRequest, *, stake: str, size: int = ROWS) -> Page:
    """One page of `rows`, largest `stake` first; `after` and `before` of the address are `<rupiah>_<id>`."""

    def beyond(mark: str, backwards: bool) -> Q:
        rupiah, _, key = mark.partition("_")
        if not (rupiah.isascii() and rupiah.isdigit() and len(rupiah) <= _STAKE_DIGITS and key):
            raise BadRequest("page")
        more, less = ("gt", "lt") if backwards else ("lt", "gt")
        return Q(**{f"{stake}__{more}": int(rupiah)}) | Q(**{stake: int(rupiah), f"pk__{less}": key})

    def order(backwards: bool) -> tuple[str, ...]:
        return (stake, "-pk") if backwards else (f"-{stake}", "pk")

    return page_between(
        rows, request, beyond=beyond, order=order, mark=lambda row: f"{getattr(row, stake)}_{row.pk}", size=size
    )
