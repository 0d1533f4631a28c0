"""Writes the pages that come from the code: `make docs`. A test holds them against it."""

import os
import subprocess
import sys
from html import unescape
from pathlib import Path

from gandeng.core.money import format_rupiah
from gandeng.policy.figures import Entry, Figure, Figures, Unit, load_figures
from gandeng.policy.sources import Grade, keys_of

DOCS = Path(__file__).parent
NOTE = "<!-- Written by `make docs`; change the code or the policy files instead. -->\n\n"


def pages() -> dict[str, str]:
    """Every page by its file name."""
    return {"command-line.md": command_line(), "policy-figures.md": policy_figures(load_figures())}


def command_line() -> str:
    """The `--help` of every command, in English."""
    told = subprocess.run(
        [sys.executable, "-m", "typer", "gandeng.cli.main", "utils", "docs", "--name", "gandeng"],
        env=os.environ | {"GANDENG_LANG": "en", "TERM": "dumb", "COLUMNS": "120"},
        capture_output=True,
        text=True,
        check=True,
    )
    return NOTE + unescape(told.stdout)


def policy_figures(figures: Figures) -> str:
    """Every dated figure with its grade and source."""
    lines = [
        "# Policy figures",
        "",
        "Grades: A ministry or regulation, B national press or audit, C regional press or facilitators,",
        "D news portals, G source code of practice, **U unsourced: shown as such wherever it is used**.",
        "",
        "| figure | what it says | since | value | grade | source |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for name, figure in sorted(figures.by_name.items()):
        for day, entry in sorted(figure.values.items()):
            grade = f"**{entry.grade.value}**" if entry.grade is Grade.UNSOURCED else entry.grade.value
            told = _value(figure, entry), grade, _source(figures, entry)
            cells = (f"`{name}`", figure.description.en, day.isoformat(), *told)
            lines.append(f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |")
    return NOTE + "\n".join(lines) + "\n"


def _value(figure: Figure, entry: Entry) -> str:
    if entry.value is None:
        return "ended"
    items = entry.value if isinstance(entry.value, tuple) else (entry.value,)
    money = figure.unit is Unit.RUPIAH
    shown = ", ".join(format_rupiah(item) if money and isinstance(item, int) else str(item) for item in items)
    return shown if money else f"{shown} {figure.unit.value}"


def _source(figures: Figures, entry: Entry) -> str:
    note = entry.note.en if entry.note else ""
    if entry.grade is Grade.UNSOURCED:
        return f"unsourced: {note}"
    titles = "; ".join(f"{key} {figures.sources[key].said('en')}" for key in keys_of(entry.source))
    return f"{titles}. {note}" if note else titles


if __name__ == "__main__":
    for name, text in pages().items():
        (DOCS / name).write_text(text, encoding="utf-8")
