"""What a workbook's cells refer to: shared texts, and the styles that show a date."""

import re
from dataclasses import dataclass, field

from gandeng.files.xlsx_package import Package, local

_BUILTIN_DATES = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
_NOT_FORMAT = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.')


@dataclass
class Strings:
    """What cells refer to: shared texts, and which styles show a date."""

    texts: list[str] = field(default_factory=list)
    date_styles: set[int] = field(default_factory=set)


def strings(package: Package) -> Strings:
    """Shared texts and date styles of a workbook."""
    return Strings(_shared(package), _date_styles(package))


class Texts:
    """Collects the characters of `<t>` elements, phonetic guides left out; handlers for expat."""

    def __init__(self, *elements: str) -> None:
        self.elements = elements
        self.parts: list[str] = []
        self.inside = self.phonetic = False

    def start(self, name: str) -> None:
        """An element begins."""
        if name == "rPh":
            self.phonetic = True
        elif name in self.elements:
            self.inside = not self.phonetic

    def end(self, name: str) -> None:
        """An element ends."""
        if name == "rPh":
            self.phonetic = False
        elif name in self.elements:
            self.inside = False

    def data(self, text: str) -> None:
        """Characters."""
        if self.inside:
            self.parts.append(text)

    def take(self) -> str:
        """What was collected since the last time."""
        text = "".join(self.parts)
        self.parts.clear()
        return text


def _shared(package: Package) -> list[str]:
    texts: list[str] = []
    collected = Texts("t")

    def end(name: str) -> None:
        collected.end(local(name))
        if local(name) == "si":
            texts.append(collected.take())

    if package.has("xl/sharedStrings.xml"):
        handlers = {"EndElementHandler": end, "CharacterDataHandler": collected.data}
        package.parse("xl/sharedStrings.xml", lambda name, _: collected.start(name), **handlers)
    return texts


def _date_styles(package: Package) -> set[int]:
    """Places in cellXfs whose number format shows a date."""
    custom: dict[int, bool] = {}
    formats: list[int] = []
    inside = {"cellXfs": False}

    def start(name: str, attributes: dict[str, str]) -> None:
        if name == "numFmt":
            custom[number(attributes.get("numFmtId"))] = shows_date(attributes.get("formatCode", ""))
        elif name == "cellXfs":
            inside["cellXfs"] = True
        elif name == "xf" and inside["cellXfs"]:
            formats.append(number(attributes.get("numFmtId")))

    def end(name: str) -> None:
        if local(name) == "cellXfs":
            inside["cellXfs"] = False

    if package.has("xl/styles.xml"):
        package.parse("xl/styles.xml", start, EndElementHandler=end)
    return {place for place, key in enumerate(formats) if custom.get(key, key in _BUILTIN_DATES)}


def shows_date(code: str) -> bool:
    """A number format with a day, month or year in it."""
    return re.search("[dmy]", _NOT_FORMAT.sub("", code.split(";")[0]).lower()) is not None


def number(text: str | None) -> int:
    """A plain number of an attribute, -1 for anything else."""
    return int(text) if text is not None and text.isascii() and text.isdigit() else -1
