"""Whose column is whose: a file's header row against a layout, with the nearest right name where one is missing."""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from gandeng.core.faults import Fault, FileRefused
from gandeng.files.layouts import Layout
from gandeng.files.profiles import Profile, folded
from gandeng.files.readers import Reading

_NEAR_ENOUGH = 60
_SHOWN = 60

_LOOKS_LIKE = str.maketrans(
    # Greek, then Cyrillic letters that a Latin reader cannot tell from his own (a small part of Unicode's confusables)
    "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧαεικνορτυχγωϲϳ" + "АВЕЅІЈКМНОРСТУХаеѕіјкмнорстухԁԛԝһӏ",
    "ABEZHIKMNOPTYXaeiknoptuxywcj" + "ABESIJKMHOPCTYXaesijkmhopctyxdqwhl",
)


@dataclass(frozen=True)
class Columns:
    """Where each column of the layout stands in the file (0 is the first), and how many cells a row should have."""

    places: Mapping[str, int]
    width: int
    header: tuple[str, ...]


def covers(header: Sequence[str], layout: Layout) -> bool:
    """Every column of the layout is there by its own name."""
    return {folded(name) for name in layout.names} <= {folded(cell) for cell in header}


def nearness(header: Sequence[str], layout: Layout) -> int:
    """How many of the layout's names stand in this row: tells a header from a title."""
    return len({folded(name) for name in layout.names} & {folded(cell) for cell in header})


def match(header: Sequence[str], reading: Reading) -> Columns:
    """Find the layout's columns in a header row; extra ones become a note. Raises FileRefused with every fault."""
    row = reading.found.header_row
    names = [_clean(cell) for cell in header]
    while names and not names[-1]:
        names.pop()
    wanted = _wanted(reading.layout, reading.found.profile)
    faults = [*_too_many(names, reading, row), *_twice(names, row), *_missing(names, wanted, row)]
    if faults:
        raise FileRefused(reading.source, faults)
    places = {wanted[folded(name)][1]: place for place, name in enumerate(names) if folded(name) in wanted}
    _tell_extra([name for name in names if name and folded(name) not in wanted], reading, row)
    return Columns(places, len(names), tuple(names))


def _wanted(layout: Layout, profile: Profile | None) -> dict[str, tuple[str, str]]:
    """Folded header name -> (the name as it should be, our column)."""
    if profile is not None:
        return {folded(theirs): (theirs, ours) for theirs, ours in profile.columns.items()}
    return {folded(name): (name, name) for name in layout.names}


def _clean(cell: str) -> str:
    return " ".join(cell.replace("\ufeff", "").split())


def _too_many(names: Sequence[str], reading: Reading, row: int) -> list[Fault]:
    limit = reading.limits.columns
    return [Fault("too_many_columns", row, None, {"limit": limit})] if len(names) > limit else []


def _twice(names: Iterable[str], row: int) -> list[Fault]:
    counted = Counter(folded(name) for name in names if name)
    return [Fault("duplicate_column", row, name[:_SHOWN], {"times": n}) for name, n in counted.items() if n > 1]


def _missing(names: Sequence[str], wanted: Mapping[str, tuple[str, str]], row: int) -> list[Fault]:
    """One fault per wanted column that is not there, each with the cell that was probably meant."""
    present = {folded(name) for name in names}
    spare = [name for name in names if name and folded(name) not in wanted]
    faults = []
    for key, (name, _) in wanted.items():
        if key not in present:
            faults.append(_missing_one(name, key, spare, row))
    return faults


def _missing_one(name: str, key: str, spare: Sequence[str], row: int) -> Fault:
    alike = next((cell for cell in spare if folded(unconfused(cell)) == key), None)
    if alike is not None:
        return Fault("foreign_letters", row, name, {"found": alike[:_SHOWN], "letters": _foreign(alike)})
    near = process.extractOne(key, [folded(cell) for cell in spare], scorer=fuzz.ratio, score_cutoff=_NEAR_ENOUGH)
    if near is None:
        return Fault("missing_column", row, name)
    return Fault("misnamed_column", row, name, {"found": spare[near[2]][:_SHOWN]})


def unconfused(text: str) -> str:
    """Look-alike letters as the Latin ones; only for telling what was meant, never for matching."""
    return unicodedata.normalize("NFKC", text).translate(_LOOKS_LIKE)


def _foreign(cell: str) -> str:
    """The letters that are not what they look like, with their names: `Ν (GREEK CAPITAL LETTER NU)`."""
    letters = dict.fromkeys(letter for letter in cell if not letter.isascii())
    return ", ".join(f"{letter} ({unicodedata.name(letter, f'U+{ord(letter):04X}')})" for letter in letters)


def _tell_extra(extra: Sequence[str], reading: Reading, row: int) -> None:
    if extra:
        reading.note("extra_columns", row, count=len(extra), names=", ".join(name[:_SHOWN] for name in extra))
