"""Papers people send with a request: small, and a picture or PDF by what they are, not by what they are called.

Of a picture its points alone are kept, drawn anew: where and when it was taken and whatever else was in the file is
gone. A PDF stays as it came.
"""

from django.utils.translation import gettext as _

from gandeng.files.photos import PhotoRefused, reduced
from gandeng.words import say

BYTES_MAX = 5 * 1024 * 1024
LONGEST_PX = 1600
"""Of a picture as it is kept: small print of a card on a whole sheet is still read."""
_PDF, _PNG, _JPEG = "application/pdf", "image/png", "image/jpeg"
_SIGNS = {b"%PDF-": _PDF, b"\x89PNG\r\n\x1a\n": _PNG, b"\xff\xd8\xff": _JPEG}
SUFFIXES = {_PDF: "pdf", _PNG: "png", _JPEG: "jpg"}


class EvidenceRefused(ValueError):
    """The file is not taken; the message says why."""


def drawn_anew(content: bytes) -> tuple[str, bytes]:
    """Type and content as they are kept. Raises EvidenceRefused."""
    if _media_type(content) == _PDF:
        return _PDF, content
    try:
        return _JPEG, reduced(content, longest_px=LONGEST_PX).jpeg
    except PhotoRefused as why:
        raise EvidenceRefused(say(f"photos.{why.code}", **why.facts)) from why


def _media_type(content: bytes) -> str:
    if not content:
        raise EvidenceRefused(_("Berkas kosong."))
    if len(content) > BYTES_MAX:
        raise EvidenceRefused(_("Berkas paling besar 5 MB."))
    found = next((name for sign, name in _SIGNS.items() if content.startswith(sign)), None)
    if found is None:
        raise EvidenceRefused(_("Bukti harus berupa PDF, PNG, atau JPEG."))
    return found
