"""Lists in the order of a column that is not unique: the id decides among equals."""

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest

from gandeng.web.paging import ROWS, Page, page_between


def page_by_column(rows: QuerySet[Any], request: HttpRequest, column: str, *, size: int = ROWS) -> Page:
    """One page, in the order of `column` and then of the id. Raises BadRequest for a mark that is none."""

    def beyond(mark: str, backwards: bool) -> Q:
        value, _sep, key = mark.rpartition("_")
        side = "lt" if backwards else "gt"
        return Q(**{f"{column}__{side}": value}) | Q(**{column: value, f"pk__{side}": key})

    def order(backwards: bool) -> tuple[str, ...]:
        return (f"-{column}", "-pk") if backwards else (column, "pk")

    def mark(row: Any) -> str:
        value = getattr(row, column)
        return f"{value.isoformat() if isinstance(value, date) else value}_{row.pk}"

    return page_between(rows, request, beyond=beyond, order=order, mark=mark, size=size)
