"""Whose column is whose: a file's header row against a layout, with the nearest right name where one is missing."""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from gandeng.core.faults import Fault, FileRefused
from gandeng.files.layouts import FAMILIES, LISTED_FAMILIES, MEMBERS, PAYMENTS, RESULTS, VERDICTS, Layout
from gandeng.files.profiles import Profile, folded
from gandeng.files.readers import Reading

_NEAR_ENOUGH = 60
_MIXED_UP = (FAMILIES, MEMBERS, PAYMENTS, RESULTS, VERDICTS)
"""Tables that are handed in beside each other, or one after the other."""
_SHOWN = 60

_LOOKS_LIKE = str.maketrans(
    # Greek, then Cyrillic letters that a Latin reader cannot tell from his own (a small part of Unicode's confusables)
    "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧαεικνορτυχγωϲϳ" + "АВЕЅІЈКМНОРСТУХаеѕіјкмнорстухԁԛԝһӏ",
    "ABEZHIKMNOPTYXaeiknoptuxywcj" + "ABESIJKMHOPCTYXaesijkmhopctyxdqwhl",
)


class ColumnsMissing(FileRefused):
    """Nothing is wrong with a header but that it lacks `columns`: what stands in the others can still be told."""

    def __init__(self, source: str, faults: list[Fault], columns: Set[str]) -> None:
        super().__init__(source, faults)
        self.columns = columns


@dataclass(frozen=True)
class Columns:
    """Where each column of the layout stands in the file (0 is the first), and how many cells a row should have."""

    places: Mapping[str, int]
    width: int
    header: tuple[str, ...]


def covers(header: Sequence[str], layout: Layout) -> bool:
    """Every column of the layout is there by one of its own names, but those it may lack."""
    present = {folded(cell) for cell in header}
    return all(field.may_lack or any(folded(title) in present for title in field.titles) for field in layout.fields)


def nearness(header: Sequence[str], layout: Layout) -> int:
    """How many of the layout's columns stand in this row: tells a header from a title."""
    present = {folded(cell) for cell in header}
    return sum(any(folded(title) in present for title in field.titles) for field in layout.fields)


def place_of(rows: Sequence[Sequence[str]], layout: Layout) -> int | None:
    """Where the header stands: the first row with anything; of a framed layout the one that names most columns."""
    filled = [place for place, row in enumerate(rows) if any(_clean(cell) for cell in row)]
    if layout.framed and filled:
        return max(filled, key=lambda place: (nearness(numbered(rows[place], layout), layout), -place))
    return min(filled, default=None)


def numbered(header: Sequence[str], layout: Layout) -> tuple[str, ...]:
    """The header as it is; in a framed layout titles that repeat get their number: `ALPA 1`, `ALPA 2`, `ALPA 3`."""
    if not layout.framed:
        return tuple(header)
    often, seen, told = Counter(folded(_clean(cell)) for cell in header), Counter[str](), []
    for cell in header:
        key = folded(_clean(cell))
        seen[key] += 1
        told.append(f"{_clean(cell)} {seen[key]}" if key and often[key] > 1 else cell)
    return tuple(told)


def match(header: Sequence[str], reading: Reading) -> Columns:
    """Find the layout's columns in a header row; extra ones become a note. Raises FileRefused with every fault."""
    row = reading.found.header_row
    names = [_clean(cell) for cell in header]
    while names and not names[-1]:
        names.pop()
    wanted = _wanted(reading.layout, reading.found.profile)
    odd = [*_too_many(names, reading, row), *_twice(names, row), *_by_two_names(names, wanted, row)]
    missing = _missing(names, wanted, row, {field.name for field in reading.layout.fields if field.may_lack})
    if odd:
        raise FileRefused(reading.source, [*odd, *missing.values()])
    if missing and (other := _of_another(names, reading)):
        raise FileRefused(reading.source, [Fault(f"looks_like_{other.name}", row), *missing.values()])
    if missing:
        raise ColumnsMissing(reading.source, [*missing.values()], missing.keys())
    places = {wanted[folded(name)][1]: place for place, name in enumerate(names) if folded(name) in wanted}
    reading.found.titles = {ours: names[place][:_SHOWN] for ours, place in places.items()}
    _tell_extra([name for name in names if name and folded(name) not in wanted], reading, row)
    return Columns(places, len(names), tuple(names))


def _of_another(names: Sequence[str], reading: Reading) -> Layout | None:
    """The table whose columns these are, where two files were mixed up: its cells are not looked at then."""
    ours = FAMILIES if reading.layout is LISTED_FAMILIES else reading.layout
    if reading.found.profile is not None:
        return None
    return next((other for other in _MIXED_UP if other is not ours and covers(names, other)), None)


def _wanted(layout: Layout, profile: Profile | None) -> dict[str, tuple[str, str]]:
    """Folded header name -> (the name as it should be, our column)."""
    if profile is not None:
        return {folded(theirs): (theirs, ours) for theirs, ours in profile.columns.items()}
    return {folded(title): (title, field.name) for field in layout.fields for title in field.titles}


def _clean(cell: str) -> str:
    return " ".join(cell.replace("\ufeff", "").split())


def _too_many(names: Sequence[str], reading: Reading, row: int) -> list[Fault]:
    limit = reading.limits.columns
    return [Fault("too_many_columns", row, None, {"limit": limit})] if len(names) > limit else []


def _twice(names: Iterable[str], row: int) -> list[Fault]:
    counted = Counter(folded(name) for name in names if name)
    return [Fault("duplicate_column", row, name[:_SHOWN], {"times": n}) for name, n in counted.items() if n > 1]


def _by_two_names(names: Iterable[str], wanted: Mapping[str, tuple[str, str]], row: int) -> list[Fault]:
    """Columns that are there twice, under different names of theirs."""
    by_column: dict[str, set[str]] = {}
    for name in names:
        if folded(name) in wanted:
            by_column.setdefault(wanted[folded(name)][1], set()).add(folded(name))
    return [
        Fault("duplicate_column", row, column, {"times": len(titles)})
        for column, titles in by_column.items() if len(titles) > 1
    ]  # fmt: skip


def _missing(
    names: Sequence[str], wanted: Mapping[str, tuple[str, str]], row: int, may_lack: Set[str]
) -> dict[str, Fault]:
    """One fault per column of ours that is not there, each with the cell that was probably meant."""
    present = {wanted[folded(name)][1] for name in names if folded(name) in wanted} | may_lack
    spare = [name for name in names if name and folded(name) not in wanted]
    titles: dict[str, list[str]] = {}
    for title, ours in wanted.values():
        titles.setdefault(ours, []).append(title)
    return {ours: _missing_one(each, spare, row) for ours, each in titles.items() if ours not in present}


def _missing_one(titles: Sequence[str], spare: Sequence[str], row: int) -> Fault:
    """Named as the file would name it: by its first alias where it has some, else by our name."""
    name = titles[min(1, len(titles) - 1)]
    keys = [folded(title) for title in titles]
    alike = next((cell for cell in spare if folded(unconfused(cell)) in keys), None)
    if alike is not None:
        return Fault("foreign_letters", row, name, {"found": alike[:_SHOWN], "letters": _foreign(alike)})
    cells = [folded(cell) for cell in spare]
    near = [process.extractOne(key, cells, scorer=fuzz.ratio, score_cutoff=_NEAR_ENOUGH) for key in keys]
    found = max((one for one in near if one is not None), key=lambda one: one[1], default=None)
    if found is None:
        return Fault("missing_column", row, name)
    return Fault("misnamed_column", row, name, {"found": spare[found[2]][:_SHOWN]})


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
