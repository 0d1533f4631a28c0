"""No template asks for a file, a package or a program: what a paper shows comes as data, so nothing is fetched."""

import re
from importlib.resources import files

import pytest

TEMPLATES = sorted(path.name for path in files("gandeng.documents").joinpath("templates").iterdir())
READERS = "read|csv|toml|yaml|xml|cbor|plugin|bibliography|eval|asset"
"""Functions of Typst that open what is named or run what is given; `json` and `image` do too, looked at apart."""


def asked_for(text: str) -> list[str]:
    """What it would open or run beyond its inputs."""
    code = re.sub(r"(?m)^\s*//.*$", "", text)
    found = re.findall(rf"\b(?:{READERS})(?:\.\w+)?\s*\([^)]*", code)
    found += re.findall(r"(?:#|\n\s*)(?:import|include)\s[^\n]*", code)
    found += re.findall(r"\bjson(?:\.\w+)?\s*\((?!bytes\(sys\.inputs\.)[^)]*", code)
    return found + re.findall(r"\bimage(?:\.\w+)?\s*\((?!\s*bytes\()[^)]*", code)


@pytest.mark.parametrize("name", TEMPLATES)
def test_it_works(name):
    text = files("gandeng.documents").joinpath("templates", name).read_text(encoding="utf-8")
    assert "sys.inputs.data" in text
    assert asked_for(text) == []


@pytest.mark.parametrize("line", [
    '#import "@preview/tablex:0.0.9": tablex', '#include "other.typ"', "  include path", '#read("/etc/hostname")',
    'let a = json("data.json")', "let a = json(sys.inputs.data)", 'image("logo.png")', "image(\n  path,\n)",
    "#eval(data.name)", "yaml.decode(data)",
])  # fmt: skip
def test_the_search_finds_it(line):
    assert asked_for(f"#let data = json(bytes(sys.inputs.data))\n{line}\n")
