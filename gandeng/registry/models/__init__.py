"""Families, what changes them, lists that bring them; codes of places that a decree replaced."""

from gandeng.registry.models.changes import ChangeEvidence, ChangeRequest
from gandeng.registry.models.codes import CodeChange, RecodedFamily, Recoding
from gandeng.registry.models.deciles import DecileReading
from gandeng.registry.models.families import SEXES, Account, Family, Member
from gandeng.registry.models.ids import ordered_id
from gandeng.registry.models.lists import Intake, IntakeRow
from gandeng.registry.models.moves import Move
from gandeng.registry.models.stopped import StoppedByList, Telling

__all__ = [
    "SEXES", "Account", "ChangeEvidence", "ChangeRequest", "CodeChange", "DecileReading", "Family", "Intake",
    "IntakeRow", "Member", "Move", "RecodedFamily", "Recoding", "StoppedByList", "Telling", "ordered_id",
]  # fmt: skip
