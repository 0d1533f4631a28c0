"""A look at the first rows of a text table: encoding, delimiter, profile, header."""

import codecs
import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from gandeng.files import headers, profiles
from gandeng.files.layouts import Layout
from gandeng.files.profiles import Profile
from gandeng.files.readers import Reading

DELIMITERS = (",", ";", "\t")
WHITE = " \t\r\n\u00a0"
"""What is trimmed around a text cell."""

_CHUNK = 4 << 20
_LOOK_BYTES = 256 << 10
_LOOK_ROWS = 12


@dataclass(frozen=True)
class Dialect:
    """How to read a text table; `header_at` is the header's place among the records (0 is the first)."""

    encoding: str
    delimiter: str
    header: tuple[str, ...]
    header_at: int
    profile: Profile | None


def ended(path: Path) -> bool:
    """The last line has an end (in UTF-16 with the low byte first, the last byte of the file is zero)."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 2))
        last = file.read()
    return last.endswith((b"\n", b"\r")) or last in (b"\n\0", b"\r\0")


def look(reading: Reading) -> Dialect:
    """Encoding, delimiter, profile and header from the beginning of the file. Raises FileRefused."""
    encoding = _encoding(reading)
    with reading.path.open("rb") as file:
        head = _decoded(file.read(_LOOK_BYTES), encoding)
    if "\0" in head:
        raise reading.refuse("nul_bytes")
    if not head.strip(WHITE + "\ufeff"):
        raise reading.refuse("empty_file")
    best = max((_try(head, delimiter, reading) for delimiter in DELIMITERS), key=lambda tried: tried[0])
    _, delimiter, rows, profile = best
    place = _header_place(rows, profile, reading.layout)
    if place is None:
        raise reading.refuse("empty_file")
    if reading.layout.framed:
        reading.found.above = tuple(tuple(cell.strip(WHITE) for cell in row) for row in rows[:place])
    return Dialect(encoding, delimiter, headers.numbered(rows[place], reading.layout), place, profile)


def _header_place(rows: Sequence[Sequence[str]], profile: Profile | None, layout: Layout) -> int | None:
    if profile is not None and profile.skip_rows:
        return profile.skip_rows if len(rows) > profile.skip_rows else None
    return headers.place_of(rows, layout)


def _try(head: str, delimiter: str, reading: Reading) -> tuple[tuple[int, int], str, list[list[str]], Profile | None]:
    """How well the delimiter explains the first rows: names found, then cells."""
    rows = _first_rows(head, delimiter)
    place = headers.place_of(rows, reading.layout)
    first = [] if place is None else headers.numbered(rows[place], reading.layout)
    profile = reading.profile
    if profile is None and not reading.layout.strict and not headers.covers(first, reading.layout):
        profile = profiles.detect(rows)
    found = len(profile.columns) if profile and reading.profile is None else headers.nearness(first, reading.layout)
    if reading.profile and len(rows) > reading.profile.skip_rows:
        there = {profiles.folded(cell) for cell in rows[reading.profile.skip_rows]}
        found = sum(profiles.folded(name) in there for name in reading.profile.columns)
    return (found, max((len(row) for row in rows), default=0)), delimiter, rows, profile


def _first_rows(head: str, delimiter: str) -> list[list[str]]:
    """The first records, as far as they can be told apart."""
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(head.removeprefix("\ufeff"), newline=""), delimiter=delimiter):
            rows.append(row)
            if len(rows) == _LOOK_ROWS:
                break
    except csv.Error:
        pass
    return rows


def _encoding(reading: Reading) -> str:
    """By its mark; UTF-8 without one, unless the bytes say no (then Windows-1252, where that is certain)."""
    with reading.path.open("rb") as file:
        head = file.read(4)
    if head.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise reading.refuse("encoding_unknown")
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    return "utf-8-sig"


def _decoded(head: bytes, encoding: str) -> str:
    """The beginning as text; what cannot be read is replaced, the whole file is judged later."""
    return codecs.getincrementaldecoder(encoding)("replace").decode(head)


def single_byte_encoding(reading: Reading) -> str:
    """`cp1252` for a file that is not UTF-8 but certainly Windows-1252. Raises FileRefused where it is neither, or cut.

    Certain: no byte beyond ASCII belongs to a well-formed UTF-8 character, and every byte exists in Windows-1252.
    """
    whole, broken_at_end = _utf8_evidence(reading.path)
    if broken_at_end:
        raise reading.refuse("cut_short")
    if whole:
        raise reading.refuse("encoding_mixed")
    try:
        for _ in text_chunks(reading.path, "cp1252"):
            pass
    except UnicodeDecodeError as error:
        raise reading.refuse("encoding_unknown") from error
    return "cp1252"


def _utf8_evidence(path: Path) -> tuple[bool, bool]:
    """Whether some character beyond ASCII is well-formed UTF-8; whether only the very end is broken."""
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    whole = broken = False
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            text = decoder.decode(chunk)
            if not text.isascii():
                escaped = sum("\udc80" <= letter <= "\udcff" for letter in text)
                whole |= any(letter > "\x7f" and not "\udc80" <= letter <= "\udcff" for letter in text)
                broken |= escaped > 0
    waiting = len(decoder.getstate()[0])
    return whole, waiting > 0 and not broken


def holds_nul(path: Path, encoding: str) -> bool:
    """Whether a character NUL stands in the text. Raises UnicodeError."""
    return any("\0" in chunk for chunk in text_chunks(path, encoding))


def text_chunks(path: Path, encoding: str) -> Iterator[str]:
    """The whole file as text, a few megabytes at a time. Raises UnicodeError."""
    with path.open(encoding=encoding, newline="") as file:
        while chunk := file.read(_CHUNK):
            yield chunk
