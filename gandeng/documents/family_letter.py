"""family_letter.pdf: the number by which a family asks what became of its money. It names nobody."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from gandeng.documents.masking import printable
from gandeng.documents.numerals import long_date
from gandeng.documents.typesetting import MASK, REGIONS, midnight, qr_svg, typeset_often
from gandeng.words import language, say

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
        "language": language(), "region": REGIONS[language()], "date": [day.year, day.month, day.day],
        "title": say("family_letter.document"), "programme": say("family_letter.programme"),
        "heading": say("family_letter.heading"), "lead": say("family_letter.lead"),
        "number_label": say("family_letter.number"), "number": paper.number,
        "steps": [say(f"family_letter.{name}", address=paper.address) for name in _STEPS],
        "care": [say(f"family_letter.{name}") for name in _CARE],
        "printed": say("family_letter.printed", day=long_date(day)), "qr": qr_svg(paper.address, mask=MASK),
        "alt": say("family_letter.qr", address=paper.address),
    }  # fmt: skip
    return typeset_often("family_letter", _plain(data), midnight(day))


def _plain(data: dict[str, Any]) -> dict[str, Any]:
    return data | {name: printable(text) for name, text in data.items() if isinstance(text, str) and name != "qr"}
