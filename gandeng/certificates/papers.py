"""The files of certificates: typeset from what was recorded, signed electronically where the office can."""

import shutil
import time
import zipfile
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from uuid import UUID, uuid4

from django.conf import settings

from gandeng.accounts.signed_papers import signed_paper
from gandeng.certificates.content import grouped
from gandeng.certificates.models import Certificate
from gandeng.documents.certificate import CertificatePaper, write_certificate, write_certificates

_REASON = "certificate.signing_reason"
KEPT_SECONDS = 24 * 3600
"""A file of many papers waits so long for whoever asked for it."""
PAGES = 100
"""So many papers between two reports of the work."""


def paper_of(certificate: Certificate, home: str, signed_as: str = "") -> CertificatePaper:
    """What its paper says; `home` is the absolute address of the page where codes are typed."""
    code = certificate.code or ""
    return CertificatePaper(
        number=certificate.number, code=grouped(code), address=f"{home}{code}/", home=home,
        digest=certificate.content_sha256, office=certificate.office_name, holder=certificate.holder_name,
        skill=certificate.skill.name, title=certificate.title, event=certificate.event_title,
        held_from=certificate.held_from, held_until=certificate.held_until, hours=certificate.hours,
        place=certificate.place, issued_on=certificate.issued_on, valid_until=certificate.valid_until,
        signer_name=certificate.signer_name, signer_post=certificate.signer_post, certificate=signed_as,
    )  # fmt: skip


def pdf_of(certificate: Certificate, home: str) -> bytes:
    """Its PDF. Without an electronic certificate of the office the same data give the same bytes."""
    return signed_paper(lambda name: write_certificate(paper_of(certificate, home, name)), _REASON)


def pdf_of_many(certificates: Sequence[Certificate], home: str) -> bytes:
    """One PDF with a page for each, in their order."""
    events = {one.event_title for one in certificates}
    title = events.pop() if len(events) == 1 else certificates[0].office_name
    return signed_paper(
        lambda name: write_certificates([paper_of(one, home, name) for one in certificates], title), _REASON
    )


def write_zip(certificates: Sequence[Certificate], home: str, path: Path, report: Callable[[int], None]) -> None:
    """A ZIP with one PDF for each, named by its number; signed without an authority's time, for there may be 1.000."""
    with zipfile.ZipFile(path, "w") as out:
        for place, one in enumerate(certificates):
            if place % PAGES == 0:
                report(place)
            made = signed_paper(partial(_page, one, home), _REASON, timed=False)
            day = one.issued_on
            out.writestr(zipfile.ZipInfo(f"{one.number}.pdf", (day.year, day.month, day.day, 0, 0, 0)), made)


def _page(one: Certificate, home: str, signed_as: str) -> bytes:
    return write_certificate(paper_of(one, home, signed_as))


def folder() -> Path:
    """Where files of many papers wait."""
    home = Path(settings.DATA_DIR) / "certificates"
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    return home


def new_file(suffix: str) -> Path:
    """A place of our own for one; those nobody fetched in time go."""
    for old in folder().iterdir():
        if old.stat().st_mtime < time.time() - KEPT_SECONDS:
            shutil.rmtree(old, ignore_errors=True) if old.is_dir() else old.unlink(missing_ok=True)
    return folder() / f"{uuid4()}.{suffix}"


def file_of(name: str) -> Path | None:
    """The file of that name, where it still waits."""
    stem, _dot, suffix = name.partition(".")
    try:
        path = folder() / f"{UUID(stem)}.{suffix}"
    except ValueError:
        return None
    return path if suffix in ("pdf", "zip") and path.is_file() else None


def names_of(certificates: Iterable[Certificate]) -> str:
    """A name for the file that holds them."""
    numbers = sorted(one.number for one in certificates)
    return f"{numbers[0]}-{numbers[-1]}" if len(numbers) > 1 else numbers[0]
