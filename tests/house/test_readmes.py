"""A package's README names its modules and where a change goes; what it names in backticks is there."""

import re
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

import pytest

from gandeng.words import sentences
from tests.house.source import PACKAGE, ROOT, repository_files, text_of

READMES = sorted(PACKAGE.glob("*/README.md"))
ACTS = sentences("id", "acts")
_QUOTED = re.compile(r"`([^`\n]+)`")
_FILE = re.compile(r"[\w./]*\w\.(?:py|js|html|scss|typ|yaml)")
_NAME = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+(?:\(.*\))?")
"""`module.name`, `package.module.name`, `Class.name`, also with what it is called with."""
_OF_DATA = re.compile(r".*\.(?:csv|json|md|parquet|pdf|po|txt|xlsx)")
NAMED_ELSEWHERE = {("jobs", "jobs.py"), ("exports", "views/long_export.py")}
"""Files every package has that wants one: the README says how they are made."""
OF_OTHERS = {
    "family.all_members", "family.all_accounts", "replaced_by.year", "request.user", 'translation.override("id")',
    "transaction.non_atomic_requests", "AppConfig.ready", "gandeng.territory", "gandeng.channels",
}  # fmt: skip
"""Of rows, of libraries, of the connection."""
FROM = ("", "gandeng", "gandeng/documents", "gandeng/documents/templates", "gandeng/words/id", "frontend")
"""Folders a way may begin in, beside the package and the sources of the phone and of styles."""


@cache
def files() -> dict[Path, Path]:
    """By the path in the repository."""
    return {path.relative_to(ROOT): path for path in repository_files()}


@cache
def code() -> dict[Path, str]:
    """Text of code, ours and of the browsers."""
    return {
        name: text_of(path) or ""
        for name, path in files().items()
        if path.suffix in (".py", ".js") and "static" not in name.parts
    }


@cache
def below(place: Path) -> dict[Path, str]:
    return {path: text for path, text in code().items() if path.is_relative_to(place)}


def quoted(readme: Path, pattern: re.Pattern[str]) -> set[str]:
    words = {word.partition("::")[0] for word in _QUOTED.findall(readme.read_text(encoding="utf-8"))}
    return {word for word in words if pattern.fullmatch(word)}


@pytest.mark.parametrize("readme", READMES, ids=lambda readme: readme.parent.name)
def test_every_file_that_is_named_is_there(readme: Path) -> None:
    own = readme.parent.relative_to(ROOT)
    near = [f"/{path}" for path in files() if path.is_relative_to(own) or path.is_relative_to("frontend")]
    missing = [
        name
        for name in quoted(readme, _FILE)
        if not any(Path(start, name) in files() for start in FROM)
        and not any(path.endswith(f"/{name}") for path in near)
        and (own.name, name) not in NAMED_ELSEWHERE
    ]
    assert missing == []


@pytest.mark.parametrize("readme", READMES, ids=lambda readme: readme.parent.name)
def test_every_name_of_a_module_is_a_word_of_it(readme: Path) -> None:
    own = readme.parent.relative_to(ROOT)
    names = quoted(readme, _NAME) - quoted(readme, _FILE) - quoted(readme, _OF_DATA) - OF_OTHERS - set(ACTS)
    assert [name for name in names if not _is_said(re.findall(r"\w+", name.partition("(")[0]), own)] == []


def _is_said(names: list[str], own: Path) -> bool:
    """The words after the first stand in one module, folder or class of that name."""
    first, *rest = names[names[0] == "gandeng" :]
    return any(all(re.search(rf"\b{name}\b", text) for name in rest) for text in _texts_of(first, own))


def _texts_of(first: str, own: Path) -> list[str]:
    """Of the package, of the packages, of the sources of the phone; of a class, of wherever it is."""
    if first[0].isupper():
        return [text for text in code().values() if re.search(rf"\bclass {first}\b", text)]
    near = below(own) | below(Path("gandeng", first)) | below(Path("frontend", own.name))
    folder = [f"{path}\n{text}" for path, text in near.items() if first in path.parts[1:-1]]
    return [*(text for path, text in near.items() if path.stem == first), *(["\n".join(folder)] if folder else [])]


def inside_every_package() -> set[str]:
    """Names of modules and folders that hold the same everywhere, as gandeng/README.md lists them."""
    shared = text_of(PACKAGE / "README.md") or ""
    _, _, section = shared.partition("## Inside a package\n")
    return {word.removesuffix("/").removesuffix(".py") for word in _QUOTED.findall(section.partition("\n## ")[0])}


def told_of(readme: Path) -> set[str]:
    """Which modules it quotes: `cases` for `cases.take` and `cases.py`, `minutes` for `documents.minutes`, `csv_*`."""
    words = (word for quoted in _QUOTED.findall(readme.read_text("utf-8")) for word in re.findall(r"[\w.*/]+", quoted))
    own = re.compile(rf"(?:gandeng[./])?(?:{readme.parent.name}[./](?!py\b))?")
    first = {re.split(r"[./]", own.sub("", word, count=1))[0] for word in words}
    return {name for name in first if name.strip("*_")}


def test_what_every_package_has_is_listed() -> None:
    assert {"models", "queries", "*_queries", "actions", "views", "migrations", "tests"} <= inside_every_package()
    assert all(name.strip("*_") for name in inside_every_package())


@pytest.mark.parametrize("readme", READMES, ids=lambda readme: readme.parent.name)
def test_every_module_is_on_the_map_of_its_package(readme: Path) -> None:
    """A module whose name does not hold the same in every package is named by the README, alone or by `csv_*.py`."""
    told = told_of(readme) | inside_every_package() | {"__init__"}
    parts = [path for path in readme.parent.iterdir() if path.suffix == ".py" or any(path.glob("*.py"))]
    assert parts
    assert sorted(path.stem for path in parts if not any(fnmatch(path.stem, name) for name in told)) == []


@pytest.mark.parametrize("readme", READMES, ids=lambda readme: readme.parent.name)
def test_it_says_where_a_change_goes(readme: Path) -> None:
    assert "\n## Where a change goes\n" in readme.read_text("utf-8")
