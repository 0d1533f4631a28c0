"""The statement somebody signed to keep the code of ethics, typeset with the text it is about."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from gandeng.documents.family_report import in_known_letters
from gandeng.documents.numerals import long_date
from gandeng.documents.typesetting import REGIONS, typeset
from gandeng.words import language, say


@dataclass(frozen=True)
class Statement:
    """Who signed which text, when and how. `signed_words` is the instant as people of that place read it."""

    name: str
    staff_no: str
    place: str
    code_title: str
    code_source: str
    articles: Sequence[str]
    since: date
    digest: str
    signed_at: datetime
    signed_words: str
    second_factor: bool
    certificate: str = ""
    """Whose electronic signature the file bears, if any."""


def write_statement(paper: Statement) -> bytes:
    """The PDF; the same data give the same bytes."""
    day = paper.signed_at
    told = in_known_letters(_words(paper)) | {"date": [day.year, day.month, day.day]}
    return typeset("statement", told, day)


def _words(paper: Statement) -> dict[str, Any]:
    factor = "factor_shown" if paper.second_factor else "factor_none"
    return {
        "title": say("statement.title"), "programme": say("statement.programme"), "language": language(),
        "region": REGIONS[language()],
        "facts": [
            [say("statement.name"), paper.name], [say("statement.number"), paper.staff_no],
            [say("statement.place"), paper.place], [say("statement.code"), paper.code_title],
            [say("statement.source"), paper.code_source], [say("statement.since"), long_date(paper.since)],
        ],
        "declares": say(
            "statement.declares", name=paper.name, number=paper.staff_no, title=paper.code_title,
            source=paper.code_source,
        ),
        "how_heading": say("statement.how_heading"),
        "how": [
            [say("statement.signed_at"), paper.signed_words],
            [say("statement.factor"), say(f"statement.{factor}")],
        ],
        "digest_label": say("statement.digest"), "digest": paper.digest, "digest_says": say("statement.digest_says"),
        "signed": say("statement.signed", certificate=paper.certificate) if paper.certificate else "",
        "text_heading": say("statement.text_heading"),
        "articles": [
            {"heading": say("statement.article", number=number), "lines": _lines(text)}
            for number, text in enumerate(paper.articles, 1)
        ],
        "footer": say("statement.footer", number=paper.staff_no, title=paper.code_title),
        "of_pages": say("statement.of_pages", page="{page}", pages="{pages}"),
    }  # fmt: skip


def _lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]
