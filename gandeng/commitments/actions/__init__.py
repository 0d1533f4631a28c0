"""What people do with sheets, files and decisions on commitments."""

from gandeng.commitments.actions.placing import place, place_many
from gandeng.commitments.actions.sheets import (
    CommitmentRefused,
    Entry,
    NotJudgedYet,
    Signed,
    add_facility,
    answer,
    appeal,
    decide,
    record_sheet,
    tell,
)

__all__ = [
    "CommitmentRefused", "Entry", "NotJudgedYet", "Signed", "add_facility", "answer", "appeal", "decide", "place",
    "place_many", "record_sheet", "tell",
]  # fmt: skip
