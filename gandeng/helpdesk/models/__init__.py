"""Cases with their events and origins, and letters by which a family asks about its own money."""

from gandeng.helpdesk.models.cases import Case, CaseEvent
from gandeng.helpdesk.models.letters import CodeUse, FamilyCode, Letter
from gandeng.helpdesk.models.origins import Origin

__all__ = ["Case", "CaseEvent", "CodeUse", "FamilyCode", "Letter", "Origin"]
