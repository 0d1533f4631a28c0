"""From what school or clinic signed to what was decided, and what the school says of it by its own link."""

from gandeng.commitments.models.own import Confirmation, Difference, OwnLink, OwnLinkEnd
from gandeng.commitments.models.records import (
    Decision,
    Effect,
    Enrolment,
    Facility,
    Obligation,
    Recommendation,
    Record,
    Sheet,
    Step,
    Verdict,
)

__all__ = [
    "Confirmation", "Decision", "Difference", "Effect", "Enrolment", "Facility", "Obligation", "OwnLink", "OwnLinkEnd",
    "Recommendation", "Record", "Sheet", "Step", "Verdict",
]  # fmt: skip
