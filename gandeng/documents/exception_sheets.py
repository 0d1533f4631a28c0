"""What a sheet of exceptions.xlsx holds: its columns, where its rows come from, and how each cell is shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import pyarrow as pa

from gandeng.documents.minutes_data import BY_EVENT

Show = Literal["text", "code", "masked", "free", "rupiah", "number", "day", "event", "keys"]
"""How a cell is shown: `masked` the last four, `free` text of a bank with long numbers masked, the rest as named."""


@dataclass(frozen=True)
class SheetColumn:
    """A column of the table handed over, by name; `width` in characters."""

    name: str
    show: Show
    width: int


OUTCOME_KINDS = ("INCONSISTENT", "OVERPAID", "UNDERPAID", "RETURNED", "FAILED", "UNREPORTED")
"""Outcomes a person must look at, worst first."""

BEYOND_FILES = ("REISSUE_UNFOUNDED", "DEPOSIT_UNFOUNDED")
"""Of payments sent again or paid to the treasury: none on files alone; a workbook shows them only where there are."""

PAYMENT_KINDS = (*BEYOND_FILES, *OUTCOME_KINDS)
"""Everything about a payment, worst first."""

DISPOSITION_KINDS = ("MISDIRECTED", "CONFLICTING", "UNKNOWN", "AMBIGUOUS", "MALFORMED", "REPEATED")
"""Result rows that were not accepted, worst first."""

OUTCOME_COLUMNS = (
    SheetColumn("payment_id", "code", 26),
    SheetColumn("district_code", "code", 8),
    SheetColumn("district", "text", 24),
    SheetColumn("channel", "code", 10),
    SheetColumn("name", "text", 28),
    SheetColumn("nik", "masked", 12),
    SheetColumn("instructed", "rupiah", 16),
    SheetColumn("credited", "rupiah", 16),
    SheetColumn("reversed", "rupiah", 16),
    SheetColumn("withdrawn", "rupiah", 16),
    SheetColumn("net", "rupiah", 16),
    SheetColumn("at_stake", "rupiah", 16),
    SheetColumn("reason", "free", 36),
    SheetColumn("first_on", "day", 14),
    SheetColumn("last_on", "day", 14),
)
DISPOSITION_COLUMNS = (
    SheetColumn("source", "text", 28),
    SheetColumn("row", "number", 10),
    SheetColumn("event", "event", 14),
    SheetColumn("channel", "code", 10),
    SheetColumn("amount", "rupiah", 16),
    SheetColumn("occurred_on", "day", 14),
    SheetColumn("reported_name", "text", 28),
    SheetColumn("nik", "masked", 12),
    SheetColumn("account_no", "masked", 12),
    SheetColumn("payment_id", "code", 26),
    SheetColumn("name", "text", 28),
    SheetColumn("district", "text", 24),
    SheetColumn("matched_by", "keys", 18),
    SheetColumn("evidence", "keys", 26),
    SheetColumn("detail", "free", 48),
    SheetColumn("reason", "free", 30),
    SheetColumn("bank_reference", "code", 20),
)
SUGGESTION_COLUMNS = tuple(SheetColumn(f"suggestion_{place}", "free", 52) for place in (1, 2, 3))


@dataclass(frozen=True)
class ExceptionSheet:
    """One kind. `rows` are those to list, in order, with the columns of `columns_of`; `count` and `amounts`, by the
    names of `amounts_of`, are of all rows of that kind. `suggestions` are those of `documents.suggestions`, for UNKNOWN
    rows.
    """

    kind: str
    rows: pa.Table
    count: int
    amounts: Mapping[str, int]
    suggestions: pa.Table | None = None

    @property
    def left_out(self) -> int:
        """Rows not listed; the sheet and the overview say so."""
        return self.count - int(self.rows.num_rows)


def amounts_of(kind: str) -> tuple[str, ...]:
    """The amounts the overview has of a kind: what is at stake, or what its rows tell of, event by event."""
    return ("at_stake",) if kind in PAYMENT_KINDS else BY_EVENT


def columns_of(kind: str) -> tuple[SheetColumn, ...]:
    """The columns of a kind, in order; UNKNOWN rows have suggestions besides."""
    if kind in PAYMENT_KINDS:
        return OUTCOME_COLUMNS
    return (*DISPOSITION_COLUMNS, *SUGGESTION_COLUMNS) if kind == "UNKNOWN" else DISPOSITION_COLUMNS


def whole_list_of(kind: str) -> str:
    """The file of the run that holds every row of that kind."""
    return "outcomes.parquet" if kind in PAYMENT_KINDS else "dispositions.parquet"


def by_row(suggestions: pa.Table | None) -> Mapping[tuple[str, int], list[dict[str, object]]]:
    """Suggestions of each result row (source, row), nearest first."""
    found: dict[tuple[str, int], list[dict[str, object]]] = {}
    for each in [] if suggestions is None else suggestions.to_pylist():
        found.setdefault((each["source"], each["row"]), []).append(each)
    return found
