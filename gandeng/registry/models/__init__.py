"""Families and what changes them; codes of places that a decree replaced."""

from gandeng.registry.models.codes import CodeChange, RecodedFamily, Recoding
from gandeng.registry.models.families import (
    SEXES,
    Account,
    ChangeEvidence,
    ChangeRequest,
    DecileReading,
    Family,
    Intake,
    IntakeRow,
    Member,
    ordered_id,
)

__all__ = [
    "SEXES", "Account", "ChangeEvidence", "ChangeRequest", "CodeChange", "DecileReading", "Family", "Intake",
    "IntakeRow", "Member", "RecodedFamily", "Recoding", "ordered_id",
]  # fmt: skip
