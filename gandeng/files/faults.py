"""Is a file sound? Counted in one pass; only a file that is not is read again for its faults, by row and column."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

import duckdb

from gandeng.core.faults import Fault, FileRefused
from gandeng.core.money import UnreadableAmount, format_rupiah, parse_total
from gandeng.files import normalise, unique
from gandeng.files.canonical import Canonical
from gandeng.files.layouts import SIXTEEN_DIGITS, Kind, Layout
from gandeng.files.readers import Reading

_SHOWN = 40
_SECRET = (*SIXTEEN_DIGITS, Kind.ACCOUNT)


@dataclass(frozen=True)
class Counts:
    """What one pass over canonical rows tells; `bad` cells break a rule, `duplicates` repeat the unique column."""

    rows: int
    rupiah: int | None
    bad: int
    duplicates: int

    @property
    def sound(self) -> bool:
        """Nothing to refuse."""
        return not self.bad and not self.duplicates


def count(con: duckdb.DuckDBPyConnection, canonical: Canonical, layout: Layout) -> Counts:
    """Rows, rupiah (readable amounts), and for strict layouts the bad cells and the repeated rows."""
    rupiah = "null"
    if "amount" in layout.names:
        rupiah = f"coalesce(sum(amount) filter (amount between 0 and {normalise.AMOUNT_MOST:d}), 0)"
    rows, total = con.execute(f"select count(*), {rupiah} from ({canonical.cells})").fetchall()[0]
    bad = _bad(con, canonical, layout) if layout.strict else 0
    repeated = unique.repeats(con, canonical, layout.unique) if layout.unique else 0
    return Counts(rows, None if total is None else int(total), bad, repeated)


def _bad(con: duckdb.DuckDBPyConnection, canonical: Canonical, layout: Layout) -> int:
    """Rows with a broken cell, a query per column: each reads that one, and often only its statistics."""
    queries = (f"select count(*) from ({canonical.cells}) where {broken}" for broken in _broken_by_column(layout))
    return sum(int(con.execute(query).fetchall()[0][0]) for query in queries)


def _broken_by_column(layout: Layout) -> Iterator[str]:
    """What breaks a rule, column by column."""
    by_column: dict[str, list[str]] = {"damage": ["damage <> ''"]}
    for rule in normalise.rules(layout):
        by_column.setdefault(rule.column, []).append(f"({rule.broken})")
    return (" or ".join(rules) for rules in by_column.values())


def refusal(con: duckdb.DuckDBPyConnection, canonical: Canonical, reading: Reading) -> FileRefused:
    """The error for a strict file that is not sound: its first faults in row order, and the count of all."""
    con.execute(f"create or replace temp table marked as {_marked(canonical, reading.layout)}")
    total = con.execute("select coalesce(sum(len(string_split(marks, ','))), 0) from marked").fetchall()[0][0]
    found = [*_bad_cells(con, canonical, reading)]
    if reading.layout.unique:
        repeated, more = _repeats(con, canonical, reading, reading.layout.unique)
        found, total = [*found, *repeated], total + more
    places = {name: place for place, name in enumerate(reading.layout.names)}
    found.sort(key=lambda fault: (fault.row or 0, places.get(fault.column or "", -1), fault.code))
    named = [_as_headed(fault, reading) for fault in found[: reading.limits.faults]]
    return FileRefused(reading.source, named, int(total))


def _as_headed(fault: Fault, reading: Reading) -> Fault:
    """Columns that go by several names are told by the one this file has."""
    column = fault.column or ""
    if column in reading.layout.names and reading.layout.field(column).aliases:
        return replace(fault, column=reading.found.titles.get(column, column))
    return fault


def _marked(canonical: Canonical, layout: Layout) -> str:
    """`row` and `marks` of every row that breaks a rule."""
    marks = normalise.damage_sql(normalise.rules(layout), raw_damage="damage")
    return f"select row, marks from (select row, {marks} as marks from ({canonical.relation})) where marks <> ''"


def _bad_cells(con: duckdb.DuckDBPyConnection, canonical: Canonical, reading: Reading) -> Iterator[Fault]:
    names = reading.layout.names
    cells = ", ".join(f"cast(raw.{name} as varchar)" for name in names)
    rows = con.execute(
        f"select m.row, m.marks, {cells} from marked m join {canonical.raw} raw on raw.row = m.row"
        f" order by m.row limit {reading.limits.faults:d}"
    ).fetchall()
    for row, marks, *values in rows:
        found = dict(zip(names, values, strict=True))
        for mark in marks.split(","):
            code, _, column = mark.partition("@")
            yield _fault(code, column, found, reading, row)


def _fault(code: str, column: str, cells: dict[str, str | None], reading: Reading, row: int) -> Fault:
    facts: dict[str, str | int] = {}
    if column:
        field = reading.layout.field(column)
        facts["found"] = shown(cells[column] or "", field.kind)
        if field.choices:
            facts["choices"] = ", ".join([word for word, _ in field.words] or field.choices)
    return Fault(code, row + reading.found.header_row, column or None, facts)


def _repeats(
    con: duckdb.DuckDBPyConnection, canonical: Canonical, reading: Reading, key: str
) -> tuple[list[Fault], int]:
    """The first rows that repeat a key, each with the row it repeats; and how many there are."""
    twice = f"select {key} from ({canonical.relation}) where {key} <> '' group by {key} having count(*) > 1"
    placed = (
        f"select row, {key} as key, min(row) over (partition by {key}) as first"
        f" from ({canonical.relation}) where {key} in ({twice})"
    )
    con.execute(f"create or replace temp table repeated as select * from ({placed}) where row > first")
    rows = con.execute(f"select row, key, first from repeated order by row limit {reading.limits.faults:d}").fetchall()
    below = reading.found.header_row
    found = [
        Fault("duplicate_key", row + below, key, {"found": shown_key(value), "first_row": first + below})
        for row, value, first in rows
    ]
    return found, int(con.execute("select count(*) from repeated").fetchall()[0][0])


def shown(value: str, kind: Kind) -> str:
    """A cell as a message may show it: never a full NIK or account number, never a page of text."""
    short = value if len(value) <= _SHOWN else value[:_SHOWN] + "…"
    digits = sum(letter.isdigit() for letter in value)
    if kind in _SECRET or digits > _DIGITS_SHOWN:
        return "•" * max(0, min(len(value), _SHOWN) - 4) + value[-4:] if len(value) > 4 else "•" * len(value)
    return short


_DIGITS_SHOWN = 12
_LOOKS_PRIVATE = re.compile("[0-9]{10,}")


def shown_key(value: str) -> str:
    """A key of ours as a message may show it: whole, unless it looks like a NIK or an account number."""
    return shown(value, Kind.NIK) if _LOOKS_PRIVATE.fullmatch(value) else value[:_SHOWN]


def require_totals(counts: Counts, reading: Reading) -> None:
    """Control totals the file states about itself must agree with what was read. Raises FileRefused."""
    found = reading.found
    wrong = [
        *_disagreement("rows", found.rows_stated, counts.rows),
        *_disagreement("rupiah", found.rupiah_stated, counts.rupiah),
    ]
    if wrong:
        raise FileRefused(
            reading.source, [Fault(code, found.totals_row, None, facts) for code, facts in wrong], len(wrong)
        )


def _disagreement(what: str, stated: str | None, read: int | None) -> Iterator[tuple[str, dict[str, str | int]]]:
    if stated is None or read is None:
        return
    try:
        agrees = parse_total(stated) == read
    except UnreadableAmount:
        agrees = False
    if not agrees:
        yield (
            f"totals_{what}_differ",
            {"stated": stated[:_SHOWN], "read": format_rupiah(read) if what == "rupiah" else read},
        )
