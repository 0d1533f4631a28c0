"""The reader of ISO 20022 files: which message it is decides who reads its rows."""

from collections.abc import Iterator
from typing import IO, Final

import pyarrow as pa

from gandeng.files.iso20022_camt import rows_of_camt
from gandeng.files.iso20022_pain002 import rows_of_pain002
from gandeng.files.iso20022_rows import Notes, ResultRow, RowsOf, read_rows
from gandeng.files.iso20022_xml import identify
from gandeng.files.readers import Reading

ROWS_OF: Final[dict[str, RowsOf]] = {"pain.002": rows_of_pain002, "camt.053": rows_of_camt, "camt.054": rows_of_camt}


def read(reading: Reading) -> Iterator[pa.RecordBatch]:
    """pain.002, camt.053 or camt.054 as the raw RESULT table; anything else is refused with words."""
    return read_rows(reading, rows_of_message)


def rows_of_message(stream: IO[bytes], notes: Notes) -> Iterator[ResultRow]:
    """The rows of whichever message the stream holds."""
    return ROWS_OF[identify(stream).name](stream, notes)
