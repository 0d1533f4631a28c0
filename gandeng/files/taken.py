"""What becomes of an accepted file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from gandeng.core.faults import Fault


@dataclass(frozen=True)
class Taken:
    """An accepted file. `select` is DuckDB SQL over Parquet in `paths`: the layout's canonical columns in order, `row`
    (1-based data row) and, where the layout is not strict, `damage` ('' or comma-joined codes).

    `sha256` is of the file as sent; `total_rupiah` sums its readable amounts, None where the layout has none.
    `notes` are for the sender: what was read differently than it looks, in no way an error.
    """

    source: str
    sha256: str
    rows: int
    total_rupiah: int | None
    select: str
    notes: tuple[Fault, ...]
    paths: tuple[Path, ...]
    header_row: int = 1
    """As a spreadsheet numbers it: row 1 of `select` stands below it."""
    above: tuple[tuple[str, ...], ...] = ()
    """Cells of the lines above the header, where the layout is framed."""
    account_digits: Mapping[str, int] = field(default_factory=dict)
    """How long account numbers of a channel are, where a profile says so: shorter ones got zeros in front."""
