"""Canonical rows in Parquet, and how a raw relation becomes them."""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from gandeng.engine import parquet
from gandeng.files import normalise
from gandeng.files.layouts import Layout
from gandeng.files.readers import Reading
from gandeng.files.sql import write

FILE, RAW_FILE = "canonical.parquet", "raw.parquet"
_COUNTED = "file_row_number + 1 as row"


@dataclass(frozen=True)
class Canonical:
    """`relation` is SQL with the layout's columns, `row` and `damage` (marks `code@column`); its Parquet is `path`.

    `cells` is the same without `row`: DuckDB pushes filters into a Parquet file only where rows are not numbered.
    `raw` has the cells as found and `row`, for telling faults; None where a careful reading has to come first.
    `bare` where `damage` has its codes without the columns already.
    """

    relation: str
    cells: str
    path: Path
    raw: str | None = None
    bare: bool = False

    def select(self, layout: Layout) -> str:
        """What a run reads: canonical columns and `row`, and `damage` as bare codes where bad rows are kept."""
        codes = "damage" if self.bare else normalise.codes_sql("damage")
        damage = "" if layout.strict else f", {codes} as damage"
        return f"select {', '.join(layout.names)}, row{damage} from ({self.relation})"


def from_raw(con: duckdb.DuckDBPyConnection, raw: str, reading: Reading, out: Path, *, guarded: bool) -> Path:
    """Write the canonical Parquet of a raw relation, which carries `row` and `damage`; `guarded` as in `normalise`."""
    profile = reading.found.profile or reading.profile
    sql = normalise.canonical_sql(reading.layout, raw, profile=profile, guarded=guarded)
    write(con, sql, out / FILE, repeating=[*reading.layout.repeating, "damage"])
    return out / FILE


def counted(path: Path, layout: Layout) -> str:
    """A relation over canonical Parquet whose rows are numbered by their place."""
    return f"select {', '.join(layout.names)}, {_COUNTED}, damage from {parquet(path, numbered=True)}"


def carried(path: Path) -> str:
    """Canonical Parquet as it stands, with the row numbers it carries, if any."""
    return f"select * from {parquet(path)}"
