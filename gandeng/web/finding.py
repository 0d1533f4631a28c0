"""One row or no page: what is not there and what is not yours look the same. What an address says, or no page."""

from datetime import date
from uuid import UUID

from django.core.exceptions import BadRequest, ValidationError
from django.db.models import Model, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from gandeng.core.region_code import RegionCode, UnreadableRegionCode


def found_or_404[M: Model](rows: QuerySet[M], key: object) -> M:
    """The row of that key among rows already limited to what the asker may see. A key that is none is not there."""
    try:
        return get_object_or_404(rows, pk=key)
    except (ValueError, ValidationError) as error:
        raise Http404 from error


def key_asked(text: str) -> UUID:
    """An id of an address. Raises BadRequest for what is none."""
    try:
        return UUID(text)
    except ValueError as error:
        raise BadRequest("id") from error


def region_asked(text: str) -> str:
    """The region of an address, with dots or without, as digits. Raises BadRequest for what is none."""
    try:
        return RegionCode.parse(text).digits
    except UnreadableRegionCode as error:
        raise BadRequest("region") from error


def day_asked(text: str) -> date:
    """The day of an address, as `2026-11-30`, of the years 2000 to 2199. Raises BadRequest for what is none."""
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise BadRequest("day") from error
    if not date(2000, 1, 1) <= day < date(2200, 1, 1):
        raise BadRequest("day")
    return day


def year_asked(text: str, *, first: int = 1, last: int = 9999) -> int:
    """The year of an address, four digits, not before `first` and not after `last`. Raises BadRequest."""
    if not (text.isascii() and text.isdigit() and len(text) == len("2024") and first <= int(text) <= last):
        raise BadRequest("year")
    return int(text)
