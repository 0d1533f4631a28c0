"""A worksheet as rows of typed cells, streamed through expat: memory does not grow with the sheet.

Cell types and formulas are kept, as they tell a NIK that a spreadsheet has ruined from one that is whole.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from gandeng.files.xlsx_package import Package, local
from gandeng.files.xlsx_strings import Strings, Texts, number

_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_MERGE = re.compile(rb"mergeCell\s[^>]*?ref\s*=\s*[\"']([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})[\"']")


class Cell(NamedTuple):
    """A cell as stored: `type` as in the file (`n` number, `s` text, `b`, `e`, `d`), `text` resolved."""

    type: str
    text: str
    is_date: bool = False
    formula: bool = False


class Row(NamedTuple):
    """A row that has cells; `number` as the spreadsheet shows it, columns from 0."""

    number: int
    hidden: bool
    cells: dict[int, Cell]


class Merge(NamedTuple):
    """A merged range, both ends included; columns from 0."""

    first_row: int
    last_row: int
    first_column: int
    last_column: int


def column_of(letters: str) -> int:
    """`A` is 0, `XFD` is 16.383."""
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - 64
    return place - 1


def merges(package: Package, part: str) -> list[Merge]:
    """Merged ranges, by first row; they stand behind the rows, so this is a pass of its own over the bytes."""
    found: list[Merge] = []
    kept = b""
    for chunk in package.chunks(part):
        text = kept + chunk
        end = 0
        for match in _MERGE.finditer(text):
            first, top, last, bottom = (group.decode() for group in match.groups())
            found.append(Merge(int(top), int(bottom), column_of(first), column_of(last)))
            end = match.end()
        kept = text[max(end, len(text) - 256) :]
    return sorted(found)


class _SheetParser:
    """Collects rows between two chunks; the handlers are called for every element, so they stay small."""

    def __init__(self, package: Package, known: Strings) -> None:
        self.package, self.known = package, known
        self.rows: list[Row] = []
        self.hidden_columns: list[tuple[int, int]] = []
        self.number, self.hidden, self.cells = 0, False, dict[int, Cell]()
        self.column, self.type, self.style, self.formula = -1, "n", -1, False
        self.texts = Texts("v", "t")

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            self._start_cell(attributes)
        elif name == "f":
            self.formula = True
        elif name == "row":
            self._start_row(attributes)
        elif name == "col" and attributes.get("hidden") in ("1", "true"):
            self.hidden_columns.append((number(attributes.get("min")) - 1, number(attributes.get("max")) - 1))
        else:
            self.texts.start(name)

    def end(self, name: str) -> None:
        name = local(name)
        self.texts.end(name)
        if name == "c":
            self._end_cell()
        elif name == "row" and self.cells:
            self.rows.append(Row(self.number, self.hidden, self.cells))
            self.cells = {}

    def _start_row(self, attributes: dict[str, str]) -> None:
        here = number(attributes["r"]) if "r" in attributes else self.number + 1
        if here <= self.number:
            raise self.package.reading.refuse("workbook_broken")
        self.number, self.hidden, self.column = here, attributes.get("hidden") in ("1", "true"), -1

    def _start_cell(self, attributes: dict[str, str]) -> None:
        reference = attributes.get("r")
        if reference is None:
            self.column += 1
        else:
            match = _REFERENCE.fullmatch(reference)
            if match is None:
                raise self.package.reading.refuse("workbook_broken")
            self.column = column_of(match[1])
        self.type, self.style = attributes.get("t", "n"), number(attributes.get("s"))
        self.formula = False
        self.texts.elements = ("v", "t") if self.type == "inlineStr" else ("v",)
        self.texts.take()

    def _end_cell(self) -> None:
        text = self.texts.take()
        if not text and not self.formula:
            return
        if self.column >= self.package.reading.limits.columns:
            raise self.package.reading.refuse("far_cell", self.number, limit=self.package.reading.limits.columns)
        if self.column in self.cells:
            raise self.package.reading.refuse("workbook_broken")
        kind, text = self._resolved(text)
        self.cells[self.column] = Cell(kind, text, kind == "n" and self.style in self.known.date_styles, self.formula)

    def _resolved(self, text: str) -> tuple[str, str]:
        """Type and text; `lost` for a shared text that the workbook does not have."""
        if self.type == "s":
            place = number(text)
            known = self.known.texts
            return ("s", known[place]) if 0 <= place < len(known) else ("lost", "")
        return ("s" if self.type in ("inlineStr", "str") else self.type), text


@dataclass
class SheetRows:
    """The rows of a sheet as they stream; `hidden_columns` is known once the first row was given."""

    package: Package
    part: str
    known: Strings
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)

    def __iter__(self) -> Iterator[Row]:
        parser = _SheetParser(self.package, self.known)
        self.hidden_columns = parser.hidden_columns
        handlers = {"EndElementHandler": parser.end, "CharacterDataHandler": parser.texts.data}
        for _ in self.package.parsing(self.part, parser.start, **handlers):
            yield from parser.rows
            parser.rows.clear()
