"""The office's electronic signature on minutes: what is kept of it with the statement, and what pages say of it.

People's signatures never wait for it. Minutes that cannot bear it (no certificate, an expired one, one that cannot be
read) are kept without and say why: nothing is signed with an expired certificate and nothing is put on later, for the
paper is known by the digest it was kept with.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gandeng.accounts.certificate import office_certificate_now
from gandeng.documents.numerals import long_date
from gandeng.documents.signing import Certificate
from gandeng.reconciliation.models import Statement

_WITHOUT = {
    "none": _("Kantor belum memakai sertifikat elektronik."),
    "unreadable": _("Sertifikat elektronik kantor tidak dapat dibaca ketika berita acara disusun."),
    "failed": _("Tanda tangan elektronik kantor gagal dibubuhkan ketika berita acara disusun."),
    "expired": _("Sertifikat elektronik kantor (%(subject)s) berakhir pada %(until)s, sebelum berita acara disusun."),
    "not_yet": _("Sertifikat elektronik kantor (%(subject)s) belum berlaku ketika berita acara disusun."),
}


@dataclass(frozen=True)
class PaperSignature:
    """Whose it is; `without` says why there is none, and is empty where there is one."""

    subject: str = ""
    issuer: str = ""
    serial: str = ""
    valid_until: datetime | None = None
    signed_at: datetime | None = None
    timestamped: bool = False
    without: str = ""


def usable_certificate() -> tuple[Certificate | None, dict[str, Any]]:
    """The certificate that may sign now; or none, and what is kept of why not."""
    certificate, why = office_certificate_now()
    if why:
        return None, {**(_whose(certificate) if certificate else {}), "without": why}
    return certificate, {}


def kept_of(certificate: Certificate, *, timestamped: bool) -> dict[str, Any]:
    """What is kept of a signature that was put on now."""
    return {**_whose(certificate), "signed_at": timezone.now().isoformat(), "timestamped": timestamped}


def _whose(certificate: Certificate) -> dict[str, Any]:
    return {
        "subject": certificate.subject, "issuer": certificate.issuer, "serial": certificate.serial,
        "valid_until": certificate.valid_until.isoformat(),
    }  # fmt: skip


def paper_signature(statement: Statement) -> PaperSignature:
    """What pages say of the signature on the statement's minutes."""
    return _signature(statement.minutes_certificate)


def certificate_words(kept: dict[str, Any]) -> str:
    """What the log's page says of the signature on minutes that were written."""
    told = _signature(kept)
    return str(told.without or _("Ditandatangani dengan sertifikat %(subject)s.") % {"subject": told.subject})


def _signature(kept: dict[str, Any]) -> PaperSignature:
    until = datetime.fromisoformat(kept["valid_until"]) if "valid_until" in kept else None
    subject = kept.get("subject", "")
    if "signed_at" not in kept:
        day = long_date(timezone.localtime(until).date()) if until else ""
        why = _WITHOUT[kept.get("without", "none")]
        return PaperSignature(without=why % {"subject": subject, "until": day})
    signed = datetime.fromisoformat(kept["signed_at"])
    return PaperSignature(subject, kept["issuer"], kept["serial"], until, signed, kept["timestamped"])
