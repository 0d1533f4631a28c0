"""certificate.pdf: one page for each certificate of a member of staff, or many in one file."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from gandeng.documents.masking import printable
from gandeng.documents.numerals import long_date
from gandeng.documents.typesetting import MASK, REGIONS, midnight, qr_svg, typeset_often
from gandeng.words import language, say

DIGEST_SHOWN = 16
"""Hexadecimal digits of the digest on the paper; the public page shows all of it."""


@dataclass(frozen=True)
class CertificatePaper:
    """What one paper says. `address` is the public page with the code, `home` the page where the code is typed."""

    number: str
    code: str
    """Grouped, as a person types it."""
    address: str
    home: str
    digest: str
    office: str
    holder: str
    skill: str
    title: str
    event: str
    held_from: date | None
    held_until: date | None
    hours: int | None
    place: str
    issued_on: date
    valid_until: date | None
    """The first day without it."""
    signer_name: str
    signer_post: str
    certificate: str = ""
    """Whose electronic signature the file bears, if any."""


def write_certificate(paper: CertificatePaper) -> bytes:
    """The PDF of one; the same data give the same bytes."""
    return _typeset(say("certificate.document", number=paper.number), [paper])


def write_certificates(papers: Sequence[CertificatePaper], event: str) -> bytes:
    """All of them in one PDF, a page each, in their order."""
    return _typeset(say("certificate.documents", event=printable(event)), papers)


def _typeset(title: str, papers: Sequence[CertificatePaper]) -> bytes:
    day = max(paper.issued_on for paper in papers)
    data = {
        "language": language(), "region": REGIONS[language()], "date": [day.year, day.month, day.day], "title": title,
        "papers": [_words(paper) for paper in papers],
    }  # fmt: skip
    return typeset_often("certificate", data, midnight(day))


def _words(paper: CertificatePaper) -> dict[str, Any]:
    told = {
        "office": paper.office.upper(),
        "programme": say("certificate.programme"),
        "heading": say("certificate.heading"),
        "number": say("certificate.number", number=paper.number),
        "given_to": say("certificate.given_to"),
        "holder": paper.holder,
        "title": paper.title,
        "validity": _validity(paper),
        "issued": say("certificate.issued", day=long_date(paper.issued_on)),
        "post": paper.signer_post,
        "name": paper.signer_name,
        "signed": say("certificate.signed", certificate=paper.certificate) if paper.certificate else "",
        "code": paper.code,
        "digest": say("certificate.digest", digest=paper.digest[:DIGEST_SHOWN]),
        "alt": say("certificate.qr", address=paper.address),
    }
    lists = {"about": _about(paper), "check": [say("certificate.check", address=paper.home)]}
    return {
        **{name: printable(text) for name, text in told.items()},
        **{name: [printable(line) for line in lines if line] for name, lines in lists.items()},
        "qr": qr_svg(paper.address, mask=MASK),
    }


def _about(paper: CertificatePaper) -> list[str]:
    if paper.event and paper.hours:
        event = say("certificate.event_hours", event=paper.event, hours=paper.hours)
    else:
        event = paper.event or (say("certificate.hours", hours=paper.hours) if paper.hours else "")
    return [say("certificate.skill", skill=paper.skill), event, _days(paper)]


def _days(paper: CertificatePaper) -> str:
    if paper.held_from is None:
        return paper.place
    first, last = long_date(paper.held_from), long_date(paper.held_until or paper.held_from)
    days = first if first == last else say("certificate.days", first=first, last=last)
    return say("certificate.days_place", days=days, place=paper.place) if paper.place else days


def _validity(paper: CertificatePaper) -> str:
    if paper.valid_until is None:
        return say("certificate.valid_always")
    return say("certificate.valid_until", day=long_date(paper.valid_until - timedelta(days=1)))
