"""Pages written by `make docs` say what the code says."""

import runpy
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"
GENERATE = runpy.run_path(str(DOCS / "generate.py"))


@pytest.mark.parametrize(("name", "text"), GENERATE["pages"]().items())
def test_the_page_is_what_make_docs_writes(name, text):
    assert (DOCS / name).read_text(encoding="utf-8") == text, "say make docs"
