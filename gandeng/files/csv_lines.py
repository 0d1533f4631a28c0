"""Lines of a text table into text columns by a fast parser, where all readers of CSV understand them alike.

What that parser forgives (quotes that do not pair, text behind a quote, empty lines) is never left to it: such lines
are `Irregular`, so that it and the careful `csv_reader` cannot but find the same cells.
"""

from collections.abc import Iterator
from typing import BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

_QUOTE = ord('"')


class Irregular(Exception):
    """Only a careful reading can tell what stands here. Never a verdict on the file."""


def whole_lines(file: BinaryIO, size: int) -> Iterator[bytes]:
    """The rest of the file in pieces of about `size` bytes that end with a line feed; the last one may not."""
    while piece := file.read(size):
        cut = piece.rfind(b"\n") + 1
        if len(piece) == size and cut:
            file.seek(cut - size, 1)
            yield piece[:cut]
        else:
            yield piece


def parsed(lines: bytes, names: list[str], *, delimiter: str, longest: int) -> pa.Table:
    """The cells of whole lines as text under these names, neither trimmed nor read. Raises Irregular."""
    _require_regular(lines, longest)
    rows = _split(lines, names, delimiter) if b'"' in lines else _read(lines, names, delimiter, quotes=False)
    if rows is None:
        raise Irregular
    return rows


def _split(lines: bytes, names: list[str], delimiter: str) -> pa.Table | None:
    """Lines with quotes: most often no quote hides a delimiter, then the cells are unwrapped once they are apart."""
    rows = _read(lines, names, delimiter, quotes=False)
    columns = [_unwrapped(column) for column in rows.columns] if rows is not None else [None]
    if all(column is not None for column in columns):
        return pa.table(columns, names=names)
    return _read(lines, names, delimiter, quotes=True) if _quotes_enclose_cells(lines, delimiter) else None


def _read(lines: bytes, names: list[str], delimiter: str, *, quotes: bool) -> pa.Table | None:
    """None where a row has too few cells or too many, and where rows are not lines: an empty one, or one in quotes."""
    try:
        rows = pa.csv.read_csv(
            pa.BufferReader(lines),
            pa.csv.ReadOptions(column_names=names, block_size=len(lines) + 1, use_threads=False),
            pa.csv.ParseOptions(delimiter=delimiter, quote_char='"' if quotes else False),
            pa.csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False, check_utf8=False
            ),
        )
    except pa.ArrowInvalid:
        return None
    return rows if rows.num_rows == lines.count(b"\n") + (not lines.endswith(b"\n")) else None


def _unwrapped(column: pa.ChunkedArray) -> pa.ChunkedArray | None:
    """Cells without the quotes around them; None where a quote stands elsewhere."""
    if not hold(column, b'"'):
        return column
    wrapped = pc.and_(pc.starts_with(column, '"'), pc.ends_with(column, '"'))
    wrapped = pc.and_(wrapped, pc.greater(pc.binary_length(column), 1))
    inside = pc.binary_slice(column.cast(pa.binary()), 1, -1)
    bare = pc.if_else(wrapped, pa.chunked_array([part.view(pa.string()) for part in inside.chunks]), column)
    return None if hold(bare, b'"') else bare


def hold(cells: pa.ChunkedArray, *letters: bytes) -> bool:
    """Some cell may hold one of the letters: a look at all their bytes, far cheaper than one at each cell."""
    texts = [part.buffers()[2].to_pybytes() for part in cells.chunks if part.buffers()[2]]
    return any(letter in text for text in texts for letter in letters)


def _require_regular(lines: bytes, longest: int) -> None:
    """Raises Irregular for what two readers understand differently, and for lines that may be over the limit."""
    if b"\0" in lines or (b"\r" in lines and lines.count(b"\r") != lines.count(b"\r\n")):
        raise Irregular
    if not (lines.isascii() or _utf8(lines)) or _long_line(lines, longest):
        raise Irregular


def _utf8(lines: bytes) -> bool:
    try:
        lines.decode()
    except UnicodeDecodeError:
        return False
    return True


def _long_line(lines: bytes, longest: int) -> bool:
    """Some half of the limit without a line feed. Where there is none, no line is over the limit."""
    half = max(longest // 2, 1)
    return any(lines.find(b"\n", at, at + half) < 0 for at in range(0, len(lines) - half, half))


def _quotes_enclose_cells(lines: bytes, delimiter: str) -> bool:
    """Every odd quote begins a cell and every even one ends it, or two of them inside a cell stand for one.

    A quote that opens has a delimiter or a line feed before it, one that closes has one behind it. Between an even
    quote and the odd one after it nothing stands but what two quotes in a cell are: then each is the other's neighbour.
    """
    letters = pa.Array.from_buffers(pa.uint8(), len(lines), [None, pa.py_buffer(lines)])
    places = pc.indices_nonzero(pc.equal(letters, pa.scalar(_QUOTE, pa.uint8()))).cast(pa.int64())
    if len(places) % 2:
        return False
    pairs = pa.FixedSizeListArray.from_arrays(places, 2)
    opening, closing = pc.list_element(pairs, 0), pc.list_element(pairs, 1)
    before = opening if opening[0].as_py() else opening[1:]
    behind = closing if closing[-1].as_py() < len(lines) - 1 else closing[:-1]
    edges = pa.array([_QUOTE, ord(delimiter), ord("\n"), ord("\r")], pa.uint8())
    sides = (letters.take(pc.subtract(before, 1)), letters.take(pc.add(behind, 1)))
    return all(pc.all(pc.is_in(side, edges), min_count=0).as_py() for side in sides)
