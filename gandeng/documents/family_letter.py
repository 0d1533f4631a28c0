"""family_letter.pdf: the number by which a family asks what became of its money. It names nobody."""

import io
import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from importlib.resources import files
from typing import Any

import segno
import typst

from gandeng.documents.masking import printable
from gandeng.documents.minutes import PDF_STANDARDS
from gandeng.documents.numerals import long_date
from gandeng.words import language, say

_MASK: int | None = 3
_REGIONS = {"id": "ID", "en": "GB"}
_STEPS = ("step_code", "step_page", "step_once")
_CARE = ("care_number", "care_lost", "care_code")


@dataclass(frozen=True)
class LetterPaper:
    """What the paper says. `address` is the public page, without the number."""

    number: str
    address: str
    printed_on: date


def write_letter(paper: LetterPaper) -> bytes:
    """The PDF, half a sheet; the same data give the same bytes."""
    day = paper.printed_on
    data = {
        "language": language(), "region": _REGIONS[language()], "date": [day.year, day.month, day.day],
        "title": say("family_letter.document"), "programme": say("family_letter.programme"),
        "heading": say("family_letter.heading"), "lead": say("family_letter.lead"),
        "number_label": say("family_letter.number"), "number": paper.number,
        "steps": [say(f"family_letter.{name}", address=paper.address) for name in _STEPS],
        "care": [say(f"family_letter.{name}") for name in _CARE],
        "printed": say("family_letter.printed", day=long_date(day)), "qr": _qr(paper.address),
        "alt": say("family_letter.qr", address=paper.address),
    }  # fmt: skip
    compiler, template = _compiler()
    made = compiler.compile(
        template,
        sys_inputs={"data": json.dumps(_plain(data), ensure_ascii=False)},
        pdf_standards=[*PDF_STANDARDS],
        timestamp=int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()),
        format="pdf",
    )
    return bytes(made)


@cache
def _compiler() -> tuple[Any, bytes]:
    template = files(__package__).joinpath("templates", "family_letter.typ").read_bytes()
    return typst.Compiler(ignore_system_fonts=True), template


def _plain(data: dict[str, Any]) -> dict[str, Any]:
    return data | {name: printable(text) for name, text in data.items() if isinstance(text, str) and name != "qr"}


def _qr(address: str) -> str:
    drawn = io.BytesIO()
    segno.make_qr(address, error="m", mask=_MASK).save(drawn, kind="svg", xmldecl=False, border=2)
    return drawn.getvalue().decode()
