"""Half-open dates of rows that follow one another: from a day on, until the first day without."""

from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db.models import CheckConstraint, F, Func, Q

DAYS = Func(F("valid_from"), F("valid_until"), function="daterange", output_field=DateRangeField())
"""Half-open; without an end it goes on; from and until alike is no day."""


def one_at_a_time(name: str, *fields: str) -> Any:
    """No two rows with equal `fields` share a day: the database refuses the second (btree_gist)."""
    same: list[Any] = [(field, RangeOperators.EQUAL) for field in fields]
    return ExclusionConstraint(name=name, expressions=[*same, (DAYS, RangeOperators.OVERLAPS)])


def in_order(name: str) -> CheckConstraint:
    """It does not end before it begins; what ends where it began was taken back and never counted."""
    return CheckConstraint(condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")), name=name)
