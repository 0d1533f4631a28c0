"""The reader of SWIFT MT940 statements."""

from collections.abc import Iterator

import pyarrow as pa

from gandeng.files.iso20022_rows import read_rows
from gandeng.files.mt940_rows import rows_of_mt940
from gandeng.files.readers import Reading


def read(reading: Reading) -> Iterator[pa.RecordBatch]:
    """MT940 as the raw RESULT table; a statement whose balances do not hold is refused whole."""
    return read_rows(reading, rows_of_mt940)
