"""Papers people send with a request: small, and a picture or PDF by what they are, not by what they are called."""

from django.utils.translation import gettext as _

BYTES_MAX = 5 * 1024 * 1024
_SIGNS = {b"%PDF-": "application/pdf", b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}
SUFFIXES = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg"}


class EvidenceRefused(ValueError):
    """The file is not taken; the message says why."""


def media_type(content: bytes) -> str:
    """The type by the first bytes. Raises EvidenceRefused."""
    if not content:
        raise EvidenceRefused(_("Berkas kosong."))
    if len(content) > BYTES_MAX:
        raise EvidenceRefused(_("Berkas paling besar 5 MB."))
    found = next((name for sign, name in _SIGNS.items() if content.startswith(sign)), None)
    if found is None:
        raise EvidenceRefused(_("Bukti harus berupa PDF, PNG, atau JPEG."))
    return found
