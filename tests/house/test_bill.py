"""The bill of materials names everything an office runs that others made."""

import json
import re
import subprocess
import sys
import tomllib

import pytest

from tests.house.source import ROOT

DIRECT_MOST = 40
SHIPPED = [
    ROOT / "gandeng" / "web" / "static" / "gandeng" / "licences" / "charts.txt",
    ROOT / "gandeng" / "field" / "static" / "field" / "licences.txt",
]


@pytest.fixture(scope="module")
def told() -> bytes:
    return subprocess.run([sys.executable, ROOT / "requirements" / "bill.py"], capture_output=True, check=True).stdout


@pytest.fixture(scope="module")
def components(told: bytes) -> dict[str, dict]:
    return {one["purl"]: one for one in json.loads(told)["components"]}


def test_everything_locked_for_an_office_is_in_it(components) -> None:
    lock = (ROOT / "requirements" / "run.lock").read_text(encoding="utf-8")
    locked = {f"pkg:pypi/{name}@{version}" for name, version in re.findall(r"^([\w.-]+)==(\S+)", lock, re.MULTILINE)}
    assert locked == {purl for purl in components if purl.startswith("pkg:pypi/")}
    digests = [one["content"] for purl, each in components.items() if ":pypi/" in purl for one in each["hashes"]]
    assert sorted(digests) == sorted(re.findall(r"sha256:(\w+)", lock))


def test_everything_the_pages_carry_is_in_it(components) -> None:
    """What the build found in the files it made, as their licences tell."""
    rule = f"\n{'-' * 79}\n\n"
    texts = [text for path in SHIPPED for text in path.read_text(encoding="utf-8").split(rule)]
    carried = {text.splitlines()[0].rpartition("node_modules/")[2] for text in texts} | {
        "@fontsource/public-sans",
        "govuk-frontend",
        "htmx.org",
        "lucide-static",
    }
    named = {one["name"] for purl, one in components.items() if purl.startswith("pkg:npm/")}
    assert len(texts) > len(SHIPPED)
    assert carried - named == set()
    assert named & {"esbuild", "sass", "axe-core"} == set()


def test_a_package_in_two_versions_is_in_it_twice(components) -> None:
    packages = json.loads((ROOT / "frontend" / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    wanted = {one["version"] for place, one in packages.items() if place.endswith("/d3-array")}
    assert wanted == {one["version"] for one in components.values() if one["name"] == "d3-array"}


def test_each_names_its_licence_where_it_is_installed(components) -> None:
    silent = [purl for purl, one in components.items() if "licenses" not in one and "properties" not in one]
    assert silent == []


def test_the_same_commit_gives_the_same_bytes(told) -> None:
    assert (
        subprocess.run([sys.executable, ROOT / "requirements" / "bill.py"], capture_output=True, check=True).stdout
        == told
    )


def test_few_are_asked_for_by_name() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert len(project["dependencies"]) <= DIRECT_MOST
