"""The repository speaks of the product alone, and says under which terms and from where."""

import re
import tomllib
from pathlib import Path

import pytest

from tests.house.source import PACKAGE, ROOT, repository_files, text_of

# put together here, so that this file does not hold what it looks for
_MACHINE = re.compile("|".join(f"/{name}/" for name in ("work", "root", "home/[a-z]", "Users/[A-Za-z]", "workspace")))
_REGISTRY = re.compile(
    "|".join(("pypi" + r"\.org", "python" + r"hosted\.org", "index" + "-url", "trusted" + "-host", "find" + "-links"))
)
_DATA = (".parquet", ".csv", ".xml", ".mt940", ".xlsx")
LOCKS = sorted((ROOT / "requirements").glob("*.lock"))
PACKAGES = sorted(path.parent for path in PACKAGE.glob("*/__init__.py"))
_PACKAGE_ROW = re.compile(r"^\| \[(?:gandeng/)?(\w+)\]\(\S+/README\.md\)", re.MULTILINE)


def lines_with(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}: {line.strip()[:80]}"
        for path in repository_files()
        for line in (text_of(path) or "").splitlines()
        if pattern.search(line)
    ]


def test_no_file_names_a_machines_folder() -> None:
    assert lines_with(_MACHINE) == []


def test_no_file_names_a_package_registry() -> None:
    assert lines_with(_REGISTRY) == []


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_locks_hold_versions_and_hashes_and_no_address(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    assert "://" not in text
    assert " @ " not in text
    pinned = re.findall(r"^([a-zA-Z0-9][\w.-]*)(==\S+)?", text, re.MULTILINE)
    assert pinned
    assert [name for name, version in pinned if not version] == []
    entries = re.split(r"^(?=[a-zA-Z0-9])", text, flags=re.MULTILINE)[1:]
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_the_licence_is_there_and_the_package_says_so() -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert declared["license"] == "AGPL-3.0-or-later"
    assert "GNU AFFERO GENERAL PUBLIC LICENSE" in (ROOT / "LICENSE").read_text(encoding="utf-8")


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.name)
def test_every_package_says_what_it_owns(package: Path) -> None:
    readme = (package / "README.md").read_text(encoding="utf-8")
    assert readme.startswith("# ")
    assert len(readme.splitlines()) > 5


def test_the_map_of_packages_has_the_order_of_imports_and_the_front_page_the_same_packages() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    layers = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    order = [name.strip() for layer in layers for name in layer.split("|")]
    assert _PACKAGE_ROW.findall((PACKAGE / "README.md").read_text(encoding="utf-8")) == order
    front = _PACKAGE_ROW.findall((ROOT / "README.md").read_text(encoding="utf-8"))
    assert sorted(front) == sorted(order)


def test_data_of_others_carries_its_licence() -> None:
    folders = {path.parent for path in repository_files() if path.parent.name == "data" and path.suffix in _DATA}
    assert folders
    for folder in folders:
        assert [path.name for path in folder.iterdir() if re.match("(LICEN[CS]E|NOTICE)", path.name)], folder


def test_every_word_file_has_its_twin() -> None:
    topics = {lang: {path.name for path in (PACKAGE / "words" / lang).iterdir()} for lang in ("id", "en")}
    assert topics["id"] == topics["en"]
