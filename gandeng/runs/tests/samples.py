"""Two payments and what the bank says of them: the smallest files of a run."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gandeng.core.faults import FileRefused
from gandeng.files import child, conversion, intake
from gandeng.files.layouts import Layout
from gandeng.files.limits import Limits
from gandeng.files.profiles import Profile
from gandeng.files.readers import Reading
from gandeng.files.taken import Taken

PAID = ("2024-2-F1", "2024-2", "F1", "6371014101800001", "SITI AMINAH", "BRI", "001234567890123", "63.71", "225000")
SILENT = ("2024-2-F2", "2024-2", "F2", "6371014101800002", "NORLAILA", "POS", "", "63.01", "450000")
CREDIT = ("R1", "BRI", "2024-2-F1", "001234567890123", "6371014101800001", "SITI", "CREDIT", "225000", "2024-05-17", "")
STRANGER = ("R2", "BRI", "2024-2-F9", "", "", "", "CREDIT", "1", "2024-05-17", "")

FAMILY = ("F1", "F1-1", "63.71.01.1001", "ACTIVE", "BRI", "001234567890123")
COLLECTOR = ("F1", "F1-1", "6371014101800001", "SITI AMINAH", "1980-01-01", "F", "", "", "false", "false", "")
PUPIL = ("F1", "F1-2", "6371010101120001", "ADI", "2012-01-01", "M", "SMP", "", "false", "false", "")
VERDICT = ("F1-2", "EDUCATION", "NOT_MET")


def with_cells(layout: Layout, row: Sequence[str], **cells: str) -> tuple[str, ...]:
    return tuple(cells.get(name, cell) for name, cell in zip(layout.names, row, strict=True))


def write(path: Path, layout: Layout, rows: Iterable[Sequence[str]], **dialect: Any) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, **({"lineterminator": "\n"} | dialect))
        writer.writerow(layout.names)
        writer.writerows(rows)
    return path


def content_of(folder: Path) -> dict[str, bytes]:
    """Every file of a folder by name; empty where there is no folder."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())} if folder.is_dir() else {}


def read_in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are read without the child process, which costs most of a small run's time."""

    def convert(
        path: Path, layout: Layout, out: Path, name: str, profile: Profile | None, limits: Limits, _: object
    ) -> Taken:
        try:
            return replace(conversion.convert(Reading(path, layout, limits, profile, name), out), source=name)
        except FileRefused as refused:
            raise child.refused_from_json(child.refused_to_json(refused)) from None

    monkeypatch.setattr(intake, "_in_child", convert)
