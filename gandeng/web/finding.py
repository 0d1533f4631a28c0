"""One row or no page: what is not there and what is not yours look the same."""

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
