"""What people read on pages: said in Indonesian, marked for translation, with its English beside it."""

import ast
import re
import runpy
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.template.base import Lexer, TokenType
from django.utils.translation import gettext, override, pgettext

from tests.house.source import PACKAGE, ROOT

SENTENCES = runpy.run_path(str(ROOT / "frontend" / "sentences.py"))
PACKAGES = SENTENCES["packages"]()
TEMPLATES = sorted(
    path for package in PACKAGES for path in package.glob("templates/**/*.*") if "allauth/elements" not in str(path)
)
"""Elements are shapes of allauth's words, and have none of their own."""
NAMES = {
    "Gandeng", "English", "Bahasa Indonesia", "Enter", "NIK", "KK", "PDF", "CSV", "XLSX", "ZIP", "QR", "RHK",
    "Rp", "SHA",
}  # fmt: skip
"""Words that are the same in both languages."""
INDONESIAN = re.compile(
    r"\b(yang|dan|untuk|dengan|tidak|belum|sudah|ini|itu|atau|dari|oleh|harus|Anda|akan|pada|sebelum|setelah|bukan|"
    r"keluarga|nomor|tanggal|berkas|daftar|pembayaran|hanya|lagi|orang|tahap|penyalur|wilayah|petugas)\b",
    re.IGNORECASE,
)
_VISIBLE = {"title", "aria-label", "placeholder", "alt", "label", "summary"}
_LINKS = {("c-summary-row", "action"), ("c-empty", "action")}
"""What a form calls its address is here the words of a link."""
_SENT = {("c-button", "value")}
"""What a form sends, not what it shows."""
_TECHNICAL = {
    "name", "icon", "tone", "variant", "href", "id", "class", "type", "method", "action", "size", "shape", "align",
    "target", "form", "field", "role", "colspan", "rel", "autocomplete", "inputmode", "for", "level", "as", "lang",
}  # fmt: skip


class _Shown(HTMLParser):
    """Literal words a page would show."""

    def __init__(self):
        super().__init__()
        self.words = []

    def handle_starttag(self, tag, attrs):
        for name, value in attrs:
            if name.startswith((":", "hx-", "data-", "aria-describedby", "aria-labelledby")):
                continue
            of_component = tag.startswith("c-") and name not in _TECHNICAL and not name.endswith("-lang")
            shown = of_component and (tag, name) not in _SENT
            if shown or name in _VISIBLE or (tag, name) in _LINKS:
                self.words.append(value or "")

    def handle_data(self, data):
        if self.lasttag not in ("style", "script"):
            self.words.append(data)


def unmarked(text):
    """Words of a template that stand outside every mark for translation."""
    text = re.sub(r"{% block \w+_(class|attributes) %}.*?{% endblock %}", "", text)
    kept, inside = [], ""
    for token in Lexer(text).tokenize():
        word = token.contents.split()[0] if token.token_type == TokenType.BLOCK else ""
        if inside:
            inside = "" if word == f"end{inside}" else inside
        elif word in ("blocktranslate", "comment"):
            inside = word
        else:
            kept.append(token.contents if token.token_type == TokenType.TEXT else "\x01")
    page = _Shown()
    page.feed("".join(kept).replace("\x01", "¤"))
    told = [re.sub("|".join(map(re.escape, NAMES)), "", words) for words in page.words]
    return [words.strip() for words in told if re.search(r"[^\W\d_]{2,}", words)]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_template_says_nothing_unmarked(path):
    assert unmarked(path.read_text(encoding="utf-8")) == []


def test_it_would_notice():
    assert unmarked("<p>Belum ada</p>") == ["Belum ada"]
    assert unmarked('<c-alert title="Belum ada" tone="bad">{% translate "Ada" %}</c-alert>') == ["Belum ada"]
    assert unmarked("{% blocktranslate %}Ada {{ n }}{% endblocktranslate %}<br>{{ name }}") == []


MARKS = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy"}
WRITTEN_DOWN = {"record", "start", "report", "authority", "Listing", "Whole", "void", "book", "ExceptionAct"}
"""Calls whose words are kept in the log, with a job, a row or a list that leaves the office: Indonesian."""
KEPT = ("HEADER", "TITLE", "TITLES", "KEPT")
"""Ends of names of constants of such words: heads of those lists, titles of jobs, reasons we give ourselves."""
OWN_LANGUAGE = ("home/filling", "api/", "accounts/refusals")
"""The try-out's invented reasons; what machines are told, which is Indonesian (docs/api.md); why somebody was refused,
as the log has it."""


def spoken(tree):
    """Literal texts outside marks, docstrings and what is written down."""
    skipped = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name in MARKS | WRITTEN_DOWN:
                skipped |= {id(each) for each in ast.walk(node)}
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            skipped.add(id(node.value))
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "").endswith(KEPT):
            skipped |= {id(each) for each in ast.walk(node.value)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in skipped:
            yield node.lineno, node.value


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.name)
def test_code_says_nothing_unmarked(package):
    found = [
        f"{path.relative_to(PACKAGE)}:{line}: {words}"
        for path in sorted(package.rglob("*.py"))
        if not {"tests", "migrations"} & set(path.relative_to(package).parts)
        and not str(path.relative_to(PACKAGE)).startswith(OWN_LANGUAGE)
        for line, words in spoken(ast.parse(path.read_text(encoding="utf-8")))
        if INDONESIAN.search(words) and " " in words.strip()
    ]
    assert found == []


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.name)
def test_every_sentence_has_its_english(package):
    wanted, there = SENTENCES["collected"](package), SENTENCES["read"](package)
    ids = {(SENTENCES["_key"](message.id), message.context) for message in wanted if message.id}
    assert ids == {(SENTENCES["_key"](message.id), message.context) for message in there if message.id}, (
        "make sentences"
    )
    assert [message.id for message in there if message.id and not SENTENCES["_told"](message.string)] == []
    assert [(message.id, errors) for message in there if (errors := [str(one) for one in message.check(there)])] == []


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.name)
def test_what_a_site_reads_is_what_people_wrote(package):
    catalogue: Path = SENTENCES["catalogue_of"](package)
    if catalogue.exists():
        assert catalogue.with_suffix(".mo").read_bytes() == SENTENCES["compiled"](SENTENCES["read"](package))


def test_a_sentence_has_one_english():
    """A site reads all catalogues as one: of two it would tell either. A word with two meanings has a context."""
    told, twice = {}, []
    for package in PACKAGES:
        for message in SENTENCES["read"](package):
            key = (SENTENCES["_key"](message.id), message.context)
            if SENTENCES["_told"](message.string) and told.setdefault(key, message.string) != message.string:
                twice.append((*key, told[key], message.string))
    assert twice == []


def test_mail_is_called_by_one_word():
    """Surel, also where Django and allauth speak."""
    with override("id"):
        borrowed = [
            pgettext(message.context, message.id) if message.context else gettext(message.id)
            for message in SENTENCES["one_word"]()
            if message.id
        ]
        assert len(borrowed) > 40
        assert [told for told in borrowed if SENTENCES["_MAIL"].search(told)] == []
        assert (gettext("Email address"), gettext("Enter a valid email address.")) == (
            "Alamat surel", "Masukkan alamat surel yang valid.",
        )  # fmt: skip
    ours = [str(each.id) for package in PACKAGES for each in SENTENCES["collected"](package)]
    assert [told for told in ours if SENTENCES["_MAIL"].search(told)] == []


def test_the_word_for_mail_is_that_of_today_s_libraries():
    kept, path = SENTENCES["one_word"](), SENTENCES["ONE_WORD"]
    assert path.with_suffix(".mo").read_bytes() == SENTENCES["compiled"](kept), "run `make sentences`"
