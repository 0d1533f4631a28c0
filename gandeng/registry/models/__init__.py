"""Families and what changes them."""

from gandeng.registry.models.families import (
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
    "Account", "ChangeEvidence", "ChangeRequest", "DecileReading", "Family", "Intake", "IntakeRow",
    "Member", "ordered_id",
]  # fmt: skip
