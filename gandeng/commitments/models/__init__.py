"""From what school or clinic signed to what was decided, and what the school says of it by its own link."""

from gandeng.commitments.models.own import (
    WRONG_MAX,
    Confirmation,
    Difference,
    OwnCode,
    OwnCodeEnd,
    OwnLink,
    OwnLinkEnd,
    WrongCode,
)
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
    "WRONG_MAX", "Confirmation", "Decision", "Difference", "Effect", "Enrolment", "Facility", "Obligation", "OwnCode",
    "OwnCodeEnd", "OwnLink", "OwnLinkEnd", "Recommendation", "Record", "Sheet", "Step", "Verdict", "WrongCode",
]  # fmt: skip
