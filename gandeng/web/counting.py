"""What each night finds, counted by what it is."""

from typing import Any

from django.db.models import Count, Max, QuerySet


def counted_by(rows: QuerySet[Any], column: str) -> tuple[dict[str, int], Any]:
    """How many rows of each value of `column`, and when the last of them was found."""
    told = list(rows.order_by().values(column).annotate(n=Count("pk"), at=Max("found_at")))
    return {one[column]: one["n"] for one in told}, max((one["at"] for one in told), default=None)
