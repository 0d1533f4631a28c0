"""What people do with sheets, files and decisions on commitments."""

from gandeng.commitments.actions.common import CommitmentRefused, NotJudgedYet
from gandeng.commitments.actions.decisions import answer, appeal, decide, tell
from gandeng.commitments.actions.placing import place, place_many
from gandeng.commitments.actions.sheets import Entry, Signed, add_facility, record_sheet

__all__ = [
    "CommitmentRefused", "Entry", "NotJudgedYet", "Signed", "add_facility", "answer", "appeal", "decide", "place",
    "place_many", "record_sheet", "tell",
]  # fmt: skip
