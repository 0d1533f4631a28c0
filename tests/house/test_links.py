"""Links between our pages lead somewhere."""

import re

from tests.house.source import ROOT, repository_files

LINK = re.compile(r"\]\((?!https?://)([^)#]+)(?:#[^)]*)?\)")


def pages():
    return [path for path in repository_files() if path.suffix == ".md"]


def test_every_link_between_pages_leads_somewhere():
    links = [(page, link) for page in pages() for link in LINK.findall(page.read_text(encoding="utf-8"))]
    assert len(links) > 50
    assert [f"{page.relative_to(ROOT)}: {link}" for page, link in links if not (page.parent / link).exists()] == []
