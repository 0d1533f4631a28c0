"""What was measured, as a table for the terminal, as JSON and as a page."""

import json
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from math import inf

from rich.console import Console
from rich.table import Table

from benchmarks.figures import Measured, Target
from benchmarks.measure import ROOT

RESULTS_JSON = ROOT / "benchmarks" / "results.json"
PAGE = ROOT / "docs" / "benchmarks.md"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
FULL_ROWS = 10_000_000
LIBRARIES = ("duckdb", "pyarrow", "pandas", "pyspark")
MEASURED_HEAD = ("task", "rows", "seconds", "CPU seconds", "peak MB")
TARGET_HEAD = ("benchmark", "what", "reached", "target", "verdict", "note")


def measured_rows(measured: Mapping[str, Measured]) -> list[tuple[str, ...]]:
    """A row per task, in the order they were measured."""
    return [
        (label, f"{one.rows:,}", f"{one.wall:.2f}", f"{one.cpu:.2f}", f"{one.peak_mb:,.0f}")
        for label, one in measured.items()
    ]


def target_rows(targets: Sequence[Target]) -> list[tuple[str, ...]]:
    """A row per target."""
    return [(one.benchmark, one.says, _number(one.value), _limit(one), _verdict(one), one.note) for one in targets]


def _number(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.2f}"


def _limit(target: Target) -> str:
    if target.limit == inf:
        return "-"
    return f"{'at least' if target.at_least else 'at most'} {_number(target.limit)}"


def _verdict(target: Target) -> str:
    return "-" if target.limit == inf else target.verdict


def show(rows: int, measured: Mapping[str, Measured], targets: Sequence[Target]) -> None:
    """Both tables on stdout; a missed target stands out."""
    console = Console()
    console.print(_table("Measured", MEASURED_HEAD, measured_rows(measured), right=(1, 2, 3, 4)))
    told = target_rows(targets)
    table = _table(_heading(rows), TARGET_HEAD, [], right=(2, 3))
    for row, target in zip(told, targets, strict=True):
        table.add_row(*row, style="bold red" if target.verdict == "misses" else None)
    console.print(table)


def _heading(rows: int) -> str:
    worded = "" if rows == FULL_ROWS else f"; the targets are worded for {FULL_ROWS:,}, fixed costs weigh more here"
    return f"At {rows:,} rows{worded}"


def _table(title: str, head: Sequence[str], rows: Sequence[Sequence[str]], *, right: Sequence[int]) -> Table:
    table = Table(title=title, title_justify="left")
    for place, name in enumerate(head):
        table.add_column(name, justify="right" if place in right else "left")
    for row in rows:
        table.add_row(*row)
    return table


def machine() -> dict[str, str]:
    """What it was measured on: nothing that names a machine or a person."""
    found = {"cores": str(os.cpu_count()), "system": platform.system(), "python": platform.python_version()}
    found["memory GB"] = f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 10**9:.0f}"
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def write(rows: int, measured: Mapping[str, Measured], targets: Sequence[Target]) -> None:
    """results.json, and the measured part of docs/benchmarks.md; the rest of the page is written by hand."""
    content = {
        "rows": rows,
        "machine": machine(),
        "measured": {label: asdict(one) for label, one in measured.items()},
        "targets": [
            asdict(one) | {"limit": None if one.limit == inf else one.limit, "verdict": _verdict(one)}
            for one in targets
        ],
    }
    RESULTS_JSON.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    page = PAGE.read_text(encoding="utf-8")
    before, after = page[: page.index(BEGIN) + len(BEGIN)], page[page.index(END) :]
    PAGE.write_text(f"{before}\n{_measured_page(rows, measured, targets)}\n{after}", encoding="utf-8")


def _measured_page(rows: int, measured: Mapping[str, Measured], targets: Sequence[Target]) -> str:
    facts = ", ".join(f"{name} {value}" for name, value in machine().items())
    return "\n".join([
        f"{_heading(rows)} ({facts}):",
        "",
        *_markdown(TARGET_HEAD, target_rows(targets)),
        "",
        *_markdown(MEASURED_HEAD, measured_rows(measured)),
    ])  # fmt: skip


def _markdown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    lines = [head, ["---"] * len(head), *rows]
    return [f"| {' | '.join(cell.replace('|', '/') for cell in line)} |" for line in lines]
