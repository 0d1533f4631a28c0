"""Cases with their events, and letters by which a family asks about its own money."""

from gandeng.helpdesk.models.cases import Case, CaseEvent
from gandeng.helpdesk.models.letters import CodeUse, FamilyCode, Letter

__all__ = ["Case", "CaseEvent", "CodeUse", "FamilyCode", "Letter"]
