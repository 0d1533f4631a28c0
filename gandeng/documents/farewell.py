"""The letter to a family that graduates, in plain words; it names no NIK and no account."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from gandeng.core.cycle import Cycle
from gandeng.documents.family_report import in_known_letters
from gandeng.documents.numerals import long_date
from gandeng.documents.typesetting import MASK, REGIONS, midnight, qr_svg, typeset
from gandeng.words import language, say

_NOON = timedelta(hours=12)


@dataclass(frozen=True)
class Farewell:
    """Who graduates how, since when it was in the programme, who decided, and from which stage on."""

    family_no: str
    name: str
    place: str
    since: date | None
    kind: str
    kind_words: str
    decided_on: date
    authority: str
    stage: str
    """Empty until the graduation is carried out."""
    certificate: str = ""
    """Whose electronic signature the file bears, if any."""
    code: str = ""
    """Grouped, as a person types it; empty for a letter decided before letters had codes."""
    address: str = ""
    """The public page with the code; `home` is the page where it is typed."""
    home: str = ""


def write_farewell(paper: Farewell) -> bytes:
    """The PDF; the same data give the same bytes."""
    day = paper.decided_on
    told = in_known_letters(_words(paper)) | _check(paper) | {"date": [day.year, day.month, day.day]}
    return typeset("farewell", told, midnight(day) + _NOON)


def _stage(key: str) -> str:
    told = Cycle.parse(key)
    return say("farewell.from_told", stage=told.stage, year=told.year)


def _words(paper: Farewell) -> dict[str, Any]:
    since = long_date(paper.since) if paper.since else say("farewell.since_unknown")
    begins = _stage(paper.stage) if paper.stage else say("farewell.from_not_yet")
    return {
        "title": say("farewell.title"), "programme": say("farewell.programme"), "language": language(),
        "region": REGIONS[language()],
        "facts": [
            [say("farewell.family"), paper.family_no], [say("farewell.name"), paper.name],
            [say("farewell.place"), paper.place], [say("farewell.since"), since],
            [say("farewell.kind"), paper.kind_words],
            [say("farewell.decided"),
             say("farewell.decided_told", day=long_date(paper.decided_on), authority=paper.authority)],
            [say("farewell.from"), begins],
        ],
        "greeting": say("farewell.greeting", name=paper.name),
        "opening": [say("farewell.thanks"), say(f"farewell.why_{paper.kind}")],
        "parts": [
            {"heading": say("farewell.help_heading"), "lines": [say("farewell.help")]},
            {"heading": say("farewell.after_heading"), "lines": [say("farewell.after"), say("farewell.back")]},
            {"heading": say("farewell.objection_heading"), "lines": [say("farewell.objection")]},
        ],
        "closing": say("farewell.free"),
        "signed": say("farewell.signed", certificate=paper.certificate) if paper.certificate else "",
        "sign": [] if paper.certificate else [say("farewell.sign_authority", authority=paper.authority),
                                              say("farewell.sign_name")],
        "footer": say("farewell.footer", number=paper.family_no),
        "of_pages": say("farewell.of_pages", page="{page}", pages="{pages}"),
    }  # fmt: skip


def _check(paper: Farewell) -> dict[str, str]:
    """How anybody finds out that the letter is genuine; empty without a code."""
    if not paper.code:
        return dict.fromkeys(("check", "code", "qr", "alt"), "")
    return {
        "check": say("farewell.check", address=paper.home), "code": paper.code,
        "qr": qr_svg(paper.address, mask=MASK), "alt": say("farewell.qr", address=paper.address),
    }  # fmt: skip
