"""What our pages name is there: pages and headings that links lead to, commands with their options."""

import re
import shlex
from functools import cache

import typer

from gandeng.cli.main import app
from tests.house.source import ROOT, repository_files

LINK = re.compile(r"\]\((?!https?://)([^)#]*)(?:#([^)]*))?\)")
COMMAND = re.compile(r"`gandeng ([^`\n]+)`|^(?: {4})?gandeng ([^\n]+)$", re.MULTILINE)
"""Quoted in a line, or a line of its own."""


def pages():
    return [path for path in repository_files() if path.suffix == ".md"]


@cache
def headings(page):
    """As links name them: small letters, hyphens, no other sign."""
    plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", page.read_text(encoding="utf-8")).lower()
    return {re.sub(r"[^\w\- ]", "", line).replace(" ", "-") for line in re.findall(r"^#+ (.*)$", plain, re.MULTILINE)}


def unknown(words):
    """The command that is not there, the options it does not have."""
    command, rest = typer.main.get_command(app), words
    while hasattr(command, "commands") and rest:
        if rest[0] not in command.commands:
            return [] if rest[0] in ("[OPTIONS]", "--help") else rest[:1]
        command, rest = command.commands[rest[0]], rest[1:]
    known = {"--help", *(name for each in command.params for name in (*each.opts, *each.secondary_opts))}
    return [word for word in rest if word.startswith("--") and word.partition("=")[0] not in known]


def test_every_link_between_pages_leads_somewhere():
    links = [(page, *link) for page in pages() for link in LINK.findall(page.read_text(encoding="utf-8"))]
    assert len(links) > 50
    assert [f"{page.relative_to(ROOT)}: {link}" for page, link, _ in links if not (page.parent / link).exists()] == []
    named = [(page, (page.parent / link).resolve() if link else page, anchor) for page, link, anchor in links if anchor]
    assert len(named) > 10
    assert [f"{page.relative_to(ROOT)}: #{anchor}" for page, to, anchor in named if anchor not in headings(to)] == []


def test_every_command_that_is_told_is_there_with_its_options():
    texts = [
        (page, page.read_text(encoding="utf-8").replace("\\\n", " ")) for page in pages() if page.name != "CHANGELOG.md"
    ]
    told = [(page, "".join(command)) for page, text in texts for command in COMMAND.findall(text)]
    assert len(told) > 100
    words = [(page, shlex.split(command.partition("#")[0].partition("|")[0])) for page, command in told]
    assert [f"{page.relative_to(ROOT)}: {' '.join(each)}" for page, each in words if unknown(each)] == []


def test_a_command_or_option_nobody_has_is_found():
    assert unknown(["server"]) == ["server"]
    assert unknown(["keys", "make", "FILE", "--quickly"]) == ["--quickly"]
    assert unknown(["policy", "show", "--year", "2024"]) == []
