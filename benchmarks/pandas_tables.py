"""Reading and writing for the pandas yardsticks."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from gandeng.core.tables import Table, Type

_ARROW = {Type.TEXT: pa.string(), Type.BIGINT: pa.int64(), Type.DATE: pa.date32(), Type.BOOLEAN: pa.bool_()}


def frame(path: Path, columns: Sequence[str], *, categories: Sequence[str]) -> pd.DataFrame:
    """The columns of a Parquet file: text in Arrow, few-valued text as categories, whole numbers never as floats."""
    table = pq.read_table(path, columns=list(columns), read_dictionary=list(categories))
    whole = {pa.int64(): pd.Int64Dtype()} if any(table[name].null_count for name in _whole(table)) else {}
    read: pd.DataFrame = table.to_pandas(
        types_mapper=whole.get, date_as_object=False, split_blocks=True, self_destruct=True
    )
    return read


def _whole(table: pa.Table) -> list[str]:
    return [field.name for field in table.schema if field.type == pa.int64()]


def write(rows: pd.DataFrame, table: Table, path: Path) -> None:
    """Write the columns of `table`, in its order and types; categories become dictionaries, in Parquet text."""
    arrays = [_column(rows[column.name], _ARROW[column.type]) for column in table.columns]
    pq.write_table(pa.Table.from_arrays(arrays, names=list(table.column_names())), path)


def _column(values: "pd.Series[object]", wanted: pa.DataType) -> pa.Array:
    if isinstance(values.dtype, pd.CategoricalDtype):
        return pa.Array.from_pandas(values)
    arrow = pa.Array.from_pandas(values)
    return arrow.cast(pa.large_string() if wanted == pa.string() else wanted)


def joined_words(notes: Sequence[tuple[str, np.ndarray]]) -> tuple[np.ndarray, list[str]]:
    """The notes of each row joined by `; `: a code per row, 0 for none, and the words of codes 1, 2, 3 …"""
    bits = np.zeros(len(notes[0][1]), dtype="int8")
    for place, (_, holds) in enumerate(notes):
        bits |= (holds << place).astype("int8")
    kinds, codes = np.unique(np.append(bits, np.int8(0)), return_inverse=True)
    words = ["; ".join(word for place, (word, _) in enumerate(notes) if kind >> place & 1) for kind in kinds]
    return codes[:-1], words[1:]
