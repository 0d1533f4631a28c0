"""The short code under the square on a printed sheet: finds the sheet again, and gives nobody a right to it."""

import hashlib
import re
from dataclasses import dataclass
from uuid import UUID

from gandeng.commitments.models import Facility
from gandeng.commitments.queries import Quarter

_CHECK = "ABCDEFGHJKMNPQRSTUVWXYZ"
_CODE = re.compile(r"([0-9A-F]{10})([0-9]{2})([1-4])([0-9]{2,3})([A-Z])")
_CENTURY = 2000
_OTHER_DIGITS = 22


@dataclass(frozen=True)
class Found:
    """A facility of one's own, its quarter, and the part of its sheet."""

    facility: Facility
    quarter: Quarter
    part: int


def code_of(facility_id: UUID, quarter: Quarter, part: int) -> str:
    """`7F3A9-C12E4-263-01K`: the facility, year and quarter, the part, and a letter that shows a slip of the pen."""
    begins = facility_id.hex[:10].upper()
    check = _check(facility_id, quarter, part)
    return f"{begins[:5]}-{begins[5:]}-{quarter.year % 100:02}{quarter.number}-{part:02}{check}"


def find(code: str) -> Found | None:
    """In one's territory; None for a code of elsewhere as for one of nothing."""
    told = _CODE.fullmatch("".join(one for one in code.upper() if one.isascii() and one.isalnum()))
    if told is None:
        return None
    begins, year, number, part, check = told.groups()
    quarter = Quarter(_CENTURY + int(year), int(number))
    first, last = (UUID(begins + digit * _OTHER_DIGITS) for digit in "0f")
    for each in Facility.objects.filter(pk__range=(first, last)):
        if _check(each.pk, quarter, int(part)) == check:
            return Found(each, quarter, int(part))
    return None


def _check(facility_id: UUID, quarter: Quarter, part: int) -> str:
    told = hashlib.sha256(f"{facility_id}|{quarter.key}|{part}".encode()).digest()
    return _CHECK[int.from_bytes(told[:4]) % len(_CHECK)]
