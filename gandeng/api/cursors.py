"""Long lists page by page, by key: the cursor says after which row, signed so that it fits its own list alone."""

from collections.abc import Sequence
from typing import Any

from django.core.signing import BadSignature, Signer
from django.db.models import Model, Q, QuerySet
from ninja import Field, Schema

from gandeng.api.problems import Invalid

LIMIT_MAX = 500


class Paging(Schema):
    """Which page of a list."""

    cursor: str = Field("", max_length=1000, description="`next_cursor` of the page before; nothing for the first.")
    limit: int = Field(100, ge=1, le=LIMIT_MAX, description="Rows on the page at most.")


def page[Row: Model](
    rows: QuerySet[Row], paging: Paging, order: Sequence[str], *, of: str
) -> tuple[list[Row], str | None]:
    """One page of `rows` and the next one's cursor. The last of `order` is unique; `of` names the list.

    Raises Invalid for a cursor of another list, or one nobody gave out.
    """
    signer = Signer(salt=f"gandeng.api:{of}")
    if paging.cursor:
        try:
            last = signer.unsign_object(paging.cursor)
        except (BadSignature, ValueError) as error:
            raise Invalid(("cursor", "Kursor ini bukan dari daftar ini. Mulai dari halaman pertama.")) from error
        rows = rows.filter(_beyond(order, last))
    found = list(rows.order_by(*order)[: paging.limit + 1])
    more, shown = len(found) > paging.limit, found[: paging.limit]
    return shown, signer.sign_object(_mark(shown[-1], order)) if more else None


def _mark(row: Any, order: Sequence[str]) -> list[int | str]:
    values = (getattr(row, name.lstrip("-")) for name in order)
    return [value if isinstance(value, int) else str(value) for value in values]


def _beyond(order: Sequence[str], last: Sequence[Any]) -> Q:
    """Rows after `last`: equal in what comes first and beyond in the next, for each of the order."""
    found, equal = Q(), Q()
    for name, value in zip(order, last, strict=True):
        column = name.lstrip("-")
        found |= equal & Q(**{f"{column}__{'lt' if name.startswith('-') else 'gt'}": value})
        equal &= Q(**{column: value})
    return found
