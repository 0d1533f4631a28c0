"""XLSX in: the first visible sheet with the right header, hidden rows and all; what a spreadsheet spoils is damage."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from itertools import islice

from gandeng.files import headers, profiles, xlsx_package, xlsx_sheet, xlsx_strings
from gandeng.files.csv_dialect import WHITE
from gandeng.files.headers import Columns
from gandeng.files.layouts import NEVER_NUMERIC, WHOLE_KINDS, Field, Kind
from gandeng.files.profiles import Profile
from gandeng.files.readers import (
    Batches,
    Reading,
    batches,
    keep_totals,
    require_rows,
    require_totals,
    require_totals_last,
)
from gandeng.files.xlsx_package import Package, Sheet
from gandeng.files.xlsx_sheet import Cell, Merge, Row, SheetRows
from gandeng.files.xlsx_strings import Strings

_LOOK_ROWS = 12
_DAYS_MOST = 100_000
_EXPONENT_MOST = 18
_EXACT_DIGITS = 15
"""As many as a spreadsheet keeps of a number."""
_NAMES_SHOWN = 5


type Above = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class _Chosen:
    """The sheet to read, and where its header stands."""

    sheet: Sheet
    header: tuple[str, ...]
    row: int
    profile: Profile | None
    above: Above = ()


def read(reading: Reading) -> Batches:
    """The rows of a workbook (see `readers`)."""
    package = xlsx_package.opened(reading)
    known = xlsx_strings.strings(package)
    chosen = _choose(package, known)
    reading.found.profile, reading.found.header_row = chosen.profile, chosen.row
    reading.found.above = chosen.above
    columns = headers.match(chosen.header, reading)
    return batches(reading.layout, _rows(package, known, chosen, columns))


def _choose(package: Package, known: Strings) -> _Chosen:
    """The first sheet with the right header, visible ones first; else the first that has anything, for its faults."""
    looked = [(sheet, _look(package, known, sheet)) for sheet in package.sheets]
    filled = [_Chosen(sheet, *found) for sheet, found in looked if found is not None]
    if not filled:
        raise package.reading.refuse("empty_file")
    filled.sort(key=lambda chosen: not chosen.sheet.visible)
    right = [chosen for chosen in filled if _is_right(chosen, package.reading)]
    chosen = (right or filled)[0]
    _tell_sheets(package, filled, right, chosen)
    return chosen


def _is_right(chosen: _Chosen, reading: Reading) -> bool:
    return chosen.profile is not None or headers.covers(chosen.header, reading.layout)


def _tell_sheets(package: Package, filled: list[_Chosen], right: list[_Chosen], chosen: _Chosen) -> None:
    """Name what was not read; a second sheet of the same kind may be half of somebody's money."""
    if not chosen.sheet.visible:
        package.reading.note("hidden_sheet_read", sheet=chosen.sheet.name)
    others = [other.sheet.name for other in filled if other is not chosen and other.sheet.visible]
    hidden = [other.sheet.name for other in filled if other is not chosen and not other.sheet.visible]
    if others:
        package.reading.note("sheets_not_read", sheet=chosen.sheet.name, names=_listed(others))
    if hidden:
        package.reading.note("hidden_sheets", names=_listed(hidden))
    twins = [other.sheet.name for other in right if other is not chosen and other.sheet.visible]
    if twins:
        raise package.reading.refuse("two_sheets", names=_listed([chosen.sheet.name, *twins]))


def _listed(names: Sequence[str]) -> str:
    more = f" (+{len(names) - _NAMES_SHOWN})" if len(names) > _NAMES_SHOWN else ""
    return ", ".join(name[:40] for name in names[:_NAMES_SHOWN]) + more


def _look(package: Package, known: Strings, sheet: Sheet) -> tuple[tuple[str, ...], int, Profile | None, Above] | None:
    """Header, its row, its profile and the lines above it; None for an empty sheet."""
    first = list(islice(SheetRows(package, sheet.part, known), _LOOK_ROWS))
    shown = {row.number: _texts(row) for row in first if any(_texts(row))}
    if not shown:
        return None
    reading, top = package.reading, min(shown)
    if reading.layout.framed:
        lines = [shown.get(number, []) for number in range(1, max(shown) + 1)]
        place = headers.place_of(lines, reading.layout) or 0
        return headers.numbered(lines[place], reading.layout), place + 1, None, tuple(map(tuple, lines[:place]))
    if reading.profile is not None:
        at = reading.profile.skip_rows + 1
        return tuple(shown.get(at, ())), at, reading.profile, ()
    if not reading.layout.strict and not headers.covers(shown[top], reading.layout):
        profile = profiles.detect([shown.get(number, []) for number in range(1, min(max(shown), _LOOK_ROWS) + 1)])
        if profile is not None:
            return tuple(shown[profile.skip_rows + 1]), profile.skip_rows + 1, profile, ()
    return tuple(shown[top]), top, None, ()


def _texts(row: Row) -> list[str]:
    width = max(row.cells, default=-1) + 1
    return [row.cells[place].text.strip(WHITE) if place in row.cells else "" for place in range(width)]


def _rows(package: Package, known: Strings, chosen: _Chosen, columns: Columns) -> Iterator[Sequence[str | int]]:
    """Cells, row and damage of each row below the header that holds anything."""
    reading, trailer = package.reading, chosen.profile.trailer if chosen.profile else None
    digits = (chosen.profile.account_digits if chosen.profile else None) or 0
    merged = _Merged(xlsx_sheet.merges(package, chosen.sheet.part), columns)
    sheet = SheetRows(package, chosen.sheet.part, known)
    hidden = found = 0
    for row in sheet:
        if row.number <= chosen.row:
            continue
        if trailer is not None and _texts(row)[:1] == [trailer.marker]:
            keep_totals(
                reading, trailer, [_plain_text(row.cells.get(place)) for place in range(columns.width)], row.number
            )
            continue
        cells, marks = _raw_row(row, reading, columns, from_1904=package.from_1904, digits=digits)
        marks += merged.marks(row.number)
        if any(cells) or marks:
            require_totals_last(reading)
            found += 1
            hidden += row.hidden
            yield [*cells, row.number - chosen.row, ",".join(dict.fromkeys(marks))]
    require_rows(reading, found=found > 0)
    _tell_hidden(reading, hidden, sheet, columns)
    require_totals(reading, chosen.profile)


def _tell_hidden(reading: Reading, hidden: int, sheet: SheetRows, columns: Columns) -> None:
    if hidden:
        reading.note("hidden_rows", count=hidden)
    ranges = sheet.hidden_columns
    names = [name for name, at in columns.places.items() if any(first <= at <= last for first, last in ranges)]
    if names:
        reading.note("hidden_columns", names=", ".join(names))


def _raw_row(
    row: Row, reading: Reading, columns: Columns, *, from_1904: bool, digits: int
) -> tuple[list[str], list[str]]:
    """The layout's cells as text, and the marks of those a spreadsheet has spoilt.

    Under a profile that knows how long account numbers are, a number that keeps all its `digits` is one without the
    zeros in front, which are put back as they are in text.
    """
    cells, marks = [], []
    for field in reading.layout.fields:
        cell = row.cells.get(columns.places.get(field.name, -1))
        text, code = ("", "") if cell is None else _read_cell(cell, field, from_1904=from_1904, digits=digits)
        cells.append(text)
        if code:
            marks.append(f"{code}@{field.name}")
    if any(place >= columns.width and cell.text.strip(WHITE) for place, cell in row.cells.items()):
        marks.append("too_many_cells")
    return cells, marks


def _account(cell: Cell, digits: int) -> str:
    """An account number that a spreadsheet keeps as a number, whole; "" where it may have lost digits."""
    whole = whole_number(cell.text) if cell.type == "n" and not cell.is_date else None
    exact = whole is not None and whole.isdigit() and len(whole) <= digits <= _EXACT_DIGITS
    return whole if whole is not None and exact else ""


def _read_cell(cell: Cell, field: Field, *, from_1904: bool, digits: int) -> tuple[str, str]:
    """Raw text, and the code of the damage ('' for none)."""
    if cell.formula:
        return cell.text, "formula"
    if cell.type == "e":
        return cell.text, "error_cell"
    if cell.type == "lost":
        return "", "cell_unreadable"
    if cell.type == "d":
        return cell.text[:10], ""
    if cell.type in ("n", "b") and field.kind in NEVER_NUMERIC:
        return _read_identifier(cell, field, digits)
    if cell.type == "n":
        return _read_number(cell, field, from_1904=from_1904)
    return _plain_text(cell), ""


_TRUTH = {"1": "TRUE", "0": "FALSE"}
"""True and false as a spreadsheet stores them: neither is a number, an identifier or a day."""


_DAMAGED = {
    Kind.NIK: "nik_damaged",
    Kind.FAMILY_CARD: "family_card_damaged",
    Kind.ACCOUNT: "account_damaged",
}


def _read_identifier(cell: Cell, field: Field, digits: int) -> tuple[str, str]:
    """What is no text may have lost digits, whatever it looks like; an account whose digits all fit has not."""
    account = _account(cell, digits) if field.kind is Kind.ACCOUNT else ""
    if account:
        return account, ""
    return _plain_text(cell) if cell.type == "b" else cell.text, _DAMAGED.get(field.kind, "identifier_damaged")


def _read_number(cell: Cell, field: Field, *, from_1904: bool) -> tuple[str, str]:
    """A number is fine as money or a day."""
    if field.kind in WHOLE_KINDS:
        whole = whole_number(cell.text)
        return (cell.text, f"{field.kind}_unreadable") if whole is None or cell.is_date else (whole, "")
    if field.kind is Kind.DAY:
        day = day_of(cell.text, from_1904=from_1904) if cell.is_date else None
        return (cell.text, "date_unreadable") if day is None else (day.isoformat(), "")
    return _plain_text(cell), ""


def _plain_text(cell: Cell | None) -> str:
    """A number or a truth value as a person would write it; text without white space around it."""
    if cell is None:
        return ""
    if cell.type == "b":
        return _TRUTH.get(cell.text, cell.text)
    whole = whole_number(cell.text) if cell.type == "n" else None
    return whole if whole is not None else cell.text.strip(WHITE)


def whole_number(text: str) -> str | None:
    """Plain digits of a stored number that is whole (`2.25E5`, `225000.0`); None for any other."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    if not number.is_finite() or number.adjusted() > _EXPONENT_MOST or number != number.to_integral_value():
        return None
    return str(int(number))


def day_of(text: str, *, from_1904: bool) -> date | None:
    """The day of a serial number, its hours left off; None where there was no such day (29 February 1900)."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    if not number.is_finite() or not 0 <= number < _DAYS_MOST:
        return None
    serial = int(number)
    if from_1904:
        return date(1904, 1, 1) + timedelta(serial)
    if serial in (0, 60):
        return None
    return date(1899, 12, 30 if serial > 60 else 31) + timedelta(serial)


class _Merged:
    """Merged ranges that reach the row at hand; rows must come in order."""

    def __init__(self, ranges: Iterable[Merge], columns: Columns) -> None:
        self.waiting = list(ranges)[::-1]
        self.names = sorted((place, name) for name, place in columns.places.items())
        self.reaching: list[Merge] = []

    def marks(self, number: int) -> list[str]:
        """Which of the layout's columns are merged in this row."""
        while self.waiting and self.waiting[-1].first_row <= number:
            self.reaching.append(self.waiting.pop())
        if not self.reaching:
            return []
        self.reaching = [merge for merge in self.reaching if merge.last_row >= number]
        return [
            f"merged_cells@{name}"
            for place, name in self.names
            if any(merge.first_column <= place <= merge.last_column for merge in self.reaching)
        ]
