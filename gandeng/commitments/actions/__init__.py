"""What people do with sheets, files and decisions on commitments."""

from gandeng.commitments.actions.sheets import (
    CommitmentRefused,
    Entry,
    NotJudgedYet,
    Signed,
    add_facility,
    answer,
    appeal,
    decide,
    place,
    record_sheet,
    tell,
)

__all__ = [
    "CommitmentRefused", "Entry", "NotJudgedYet", "Signed", "add_facility", "answer", "appeal", "decide", "place",
    "record_sheet", "tell",
]  # fmt: skip
