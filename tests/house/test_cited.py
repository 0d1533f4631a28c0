"""What code and pages cite is in the repository: the page, the row of a threat, the source of a fact."""

import re

import yaml

from tests.house.source import PACKAGE, ROOT, repository_files, text_of

_PAGE = re.compile(r"(?<![\w./-])[\w./-]*\w\.md\b", re.IGNORECASE)
_ROW = r"[A-Z]?\d+(?:\.\d)?"
_THREAT = re.compile(rf"\bthreats(?:\.md|\]\([^)]*\)), ({_ROW}(?:(?:, | and ){_ROW})*)")
_KEY = re.compile(r"\b[WGSNLP]\d+\b")
PROGRAMME = (ROOT / "docs" / "programme.md").read_text(encoding="utf-8")


def found(pattern: re.Pattern[str]) -> list[tuple[str, str]]:
    """File and what it cites, over every text of ours."""
    return [
        (str(path.relative_to(ROOT)), cited)
        for path in repository_files()
        if "static" not in path.parts and not path.name.endswith(".min.js")
        for cited in pattern.findall(text_of(path) or "")
    ]


def test_every_page_that_is_named_is_there() -> None:
    paths = [f"/{path.relative_to(ROOT)}" for path in repository_files() if path.suffix == ".md"]
    named = found(_PAGE)
    assert len(named) > 300
    assert [(file, page) for file, page in named if not _is_there(page, paths)] == []


def _is_there(page: str, paths: list[str]) -> bool:
    name = re.sub(r"^(\.{0,2}/)+", "", page)
    return any(path.endswith(f"/{name}") for path in paths)


def test_every_row_of_threats_that_is_named_is_there() -> None:
    page = (ROOT / "docs" / "threats.md").read_text(encoding="utf-8")
    rows = set(re.findall(rf"^\| ({_ROW}) ", page, re.MULTILINE))
    named = [(file, row) for file, cited in found(_THREAT) for row in re.findall(_ROW, cited)]
    assert len(named) > 30
    assert [(file, row) for file, row in named if row not in rows] == []


def test_every_source_of_the_programme_s_page_is_told() -> None:
    figures = yaml.safe_load((PACKAGE / "policy" / "sources.yaml").read_text(encoding="utf-8"))
    facts, _, sources = PROGRAMME.partition("## Sources")
    told = set(_KEY.findall("".join(line.split("|")[1] for line in sources.splitlines() if line.startswith("| "))))
    cited = set(_KEY.findall("".join(line.split("|")[-2] for line in facts.splitlines() if line.startswith("| "))))
    assert cited - told - set(figures) == set()
    assert told - cited == set(), "nobody cites it"
