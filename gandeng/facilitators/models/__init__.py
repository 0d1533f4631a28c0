"""Who works in the field, who accompanies whom, and plans to share families more evenly."""

from gandeng.facilitators.models.caseload import Accompaniment, CaseloadChange, LoadLimit, NationalCount
from gandeng.facilitators.models.identities import Identity
from gandeng.facilitators.models.imports import Import, ImportRow
from gandeng.facilitators.models.people import Employment, Equipment, Leave, Post, Staff
from gandeng.facilitators.models.plans import Plan, PlanLock, PlanOption, PlanRow

__all__ = [
    "Accompaniment", "CaseloadChange", "Employment", "Equipment", "Identity", "Import", "ImportRow", "Leave",
    "LoadLimit", "NationalCount", "Plan", "PlanLock", "PlanOption", "PlanRow", "Post", "Staff",
]  # fmt: skip
