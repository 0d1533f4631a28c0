"""Every test the page of threats names is there, and every threat of the list has its row."""

import ast
import re
from functools import cache

from tests.house.source import ROOT

PAGE = (ROOT / "docs" / "threats.md").read_text(encoding="utf-8")
CITED = re.compile(r"`((?:gandeng|tests)/[\w/]+\.py)::(\w+)`")
IDS = {
    *(f"{letter}{number}"
      for letter, last in {"S": 13, "M": 16, "F": 7, "D": 7, "I": 7, "V": 5, "P": 5, "T": 13}.items()
      for number in range(1, last + 1)),
    *(str(number) for number in range(1, 46)),
}  # fmt: skip

SECTIONS = ("Patterns of fraud", "Privacy")


def section_of(heading):
    return PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


@cache
def functions(path):
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_every_test_that_is_named_exists():
    found = CITED.findall(PAGE)
    assert len(found) > 100
    assert [
        f"{path}::{name}" for path, name in found if not (ROOT / path).is_file() or name not in functions(path)
    ] == []
    assert PAGE.count("::") == len(found), "a citation the pattern does not read"


def test_every_threat_and_invariant_has_its_row():
    rows = re.findall(r"^\| ([SMFDIVPT]?\d+) \|", PAGE, re.MULTILINE)
    assert sorted(rows) == sorted(IDS)


def test_every_pattern_of_fraud_and_duty_of_privacy_has_its_row():
    """Sixteen patterns that were seen elsewhere; eight sections of what the law on personal data asks."""
    frauds, privacy = (re.findall(r"^\| (?!-)([^|]+) \|", section_of(name), re.MULTILINE)[1:] for name in SECTIONS)
    assert len(frauds) == len(set(frauds)) == 16
    assert [row.split()[0] for row in privacy] == [f"7.{number}" for number in range(1, 9)]


def test_no_row_is_left_empty():
    for line in PAGE.splitlines():
        if line.startswith("| ") and not line.startswith("| ---"):
            assert all(cell.strip() for cell in line.strip("|").split("|")), line
