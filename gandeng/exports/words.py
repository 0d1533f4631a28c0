"""Words and places several modules share."""

from gandeng.audit.sealing import Place
from gandeng.exports.models import ExportRequest

TONES = {
    "ASKED": "info", "APPROVED": "info", "READY": "good", "REFUSED": "bad", "WITHDRAWN": "neutral",
    "EXPIRED": "neutral",
}  # fmt: skip


def password_place(export: ExportRequest) -> Place:
    """Where the sealed password lies."""
    return Place("exports_exportrequest", "password", str(export.pk))
