"""Tables written piece by piece: one Parquet or CSV file each, the same bytes for the same pieces."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Literal, Self

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

from gandeng.core.tables import Column, Table, Type
from gandeng.runs.publish import MANIFEST

Format = Literal["parquet", "csv"]

_ARROW = {Type.TEXT: pa.string(), Type.BIGINT: pa.int64(), Type.DATE: pa.date32(), Type.BOOLEAN: pa.bool_()}


def arrow_schema(columns: Iterable[Column]) -> pa.Schema:
    """The Arrow schema of declared columns."""
    return pa.schema([pa.field(one.name, _ARROW[one.type], nullable=one.nullable) for one in columns])


class TableFile:
    """A table being written; `rows` counts what it holds so far."""

    def __init__(self, folder: Path, table: Table, form: Format) -> None:
        self.path = folder / f"{table.name}.{form}"
        self.rows = 0
        self._schema = arrow_schema(table.columns)
        self._writer = _open(self.path, self._schema, form)
        self._form = form

    def write(self, piece: pa.Table) -> None:
        """Add rows; columns are taken by name and cast to the declared types."""
        rows = piece.select(self._schema.names).cast(self._schema).combine_chunks()
        self.rows += rows.num_rows
        self._writer.write_table(rows if self._form == "parquet" else _as_text(rows))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_raised: object) -> None:
        self._writer.close()


def write_manifest(folder: Path, facts: Mapping[str, object], files: Mapping[str, int]) -> None:
    """`manifest.json`: how the folder was made, and every file with its rows. No clock: same seed, same bytes."""
    outputs = [{"name": name, "rows": rows} for name, rows in sorted(files.items())]
    text = json.dumps({**facts, "outputs": outputs}, ensure_ascii=False, indent=1)
    (folder / MANIFEST).write_text(f"{text}\n", encoding="utf-8")


def _open(path: Path, schema: pa.Schema, form: Format) -> pq.ParquetWriter | pyarrow.csv.CSVWriter:
    if form == "parquet":
        return pq.ParquetWriter(path, schema, compression="zstd", compression_level=1)
    return pyarrow.csv.CSVWriter(path, pa.schema([(name, pa.string()) for name in schema.names]), write_options=_CSV)


_CSV = pyarrow.csv.WriteOptions(quoting_style="needed")


def _as_text(rows: pa.Table) -> pa.Table:
    """Cells as our own CSV files write them; nothing for an empty cell."""
    return pa.table({name: pc.fill_null(rows[name].cast(pa.string()), "") for name in rows.column_names})
