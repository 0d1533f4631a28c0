"""What slip of the pen lies between two NIKs: people who look like one person, or twins registered together?"""

import re
from enum import StrEnum
from itertools import pairwise

_FORM = re.compile(r"[0-9]{16}")
_SERIAL_AT = 12


class Slip(StrEnum):
    """How one NIK could have been written instead of the other; the first that holds."""

    SAME = "SAME"
    SERIAL = "SERIAL"  # same place, day and sex, serials side by side: as twins registered together have them
    DIGIT = "DIGIT"  # one digit differs
    SWAPPED = "SWAPPED"  # two neighbouring digits swapped
    NONE = "NONE"


def slip(nik: str, other: str) -> Slip:
    """The slip between two NIKs; NONE also where one of them is not sixteen digits."""
    if _FORM.fullmatch(nik) is None or _FORM.fullmatch(other) is None:
        return Slip.NONE
    if nik == other:
        return Slip.SAME
    beside = abs(int(nik[_SERIAL_AT:]) - int(other[_SERIAL_AT:])) == 1
    if beside and nik[:_SERIAL_AT] == other[:_SERIAL_AT]:
        return Slip.SERIAL
    differing = [place for place in range(len(nik)) if nik[place] != other[place]]
    if len(differing) == 1:
        return Slip.DIGIT
    return Slip.SWAPPED if _swapped(nik, other, differing) else Slip.NONE


def _swapped(nik: str, other: str, differing: list[int]) -> bool:
    return any(
        differing == [left, right] and (nik[left], nik[right]) == (other[right], other[left])
        for left, right in pairwise(range(len(nik)))
    )
