"""What people do with families: one function per act, each checking the right and writing the log."""

from gandeng.registry.actions.changes import (
    ChangeRefused,
    Proof,
    Wanted,
    approve_change,
    end_kept,
    open_evidence,
    refuse_change,
    request_change,
    withdraw_change,
)
from gandeng.registry.actions.exports import ExportRefused, export_families
from gandeng.registry.actions.identifiers import RevealRefused, note_search, reveal_identifier

__all__ = [
    "ChangeRefused",
    "ExportRefused",
    "Proof",
    "RevealRefused",
    "Wanted",
    "approve_change",
    "end_kept",
    "export_families",
    "note_search",
    "open_evidence",
    "refuse_change",
    "request_change",
    "reveal_identifier",
    "withdraw_change",
]
