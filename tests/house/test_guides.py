"""What the guides tell people to press or read stands on our screens, small and capital letters apart."""

import re
from functools import cache

import pytest

from tests.house.source import ROOT, repository_files, text_of

GUIDES = sorted((ROOT / "docs" / "guide").glob("*.md"))
LABEL = re.compile(r"\*\*([^*]+)\*\*|(?<!\*)\*([A-Z][^*\n]+)\*(?!\*)")
BETWEEN = re.compile(r",\s|\.\.\.|[.:,]\s*$")
"""**Daftar masuk, Unggah daftar** are two; **Periksa ... sekarang** has a name of a place in its middle."""


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip().lower()


@cache
def screens() -> str:
    """All that our pages, papers and the phone may say: code, templates, words; literals in pieces as one."""
    texts = (
        text_of(path) or ""
        for path in repository_files()
        if (path.suffix in (".py", ".html", ".yaml", ".js") or path.name == "id.json")
        and {"tests", "static", "docs"}.isdisjoint(path.relative_to(ROOT).parts)
    )
    return plain(re.sub(r'"\s*\n\s*f?"', "", "\n".join(texts)))


def not_said(text: str) -> list[str]:
    labels = [bold or slanted for bold, slanted in LABEL.findall(text)]
    parts = [plain(part) for label in labels for part in BETWEEN.split(label)]
    return [part for part in parts if part and part not in screens()]


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.stem)
def test_every_label_is_on_a_screen(guide) -> None:
    assert not_said(guide.read_text("utf-8")) == []


def test_a_label_nobody_has_is_found() -> None:
    assert not_said("Tekan **Setujui daftar**, lalu **Setujui saja semuanya**.") == ["setujui saja semuanya"]
