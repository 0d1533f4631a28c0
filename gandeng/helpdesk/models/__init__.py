"""Cases with their events and origins, what figures count, and letters by which a family asks about its own money."""

from gandeng.helpdesk.models.cases import UNDER_WAY, Case, CaseEvent
from gandeng.helpdesk.models.facts import CaseFacts
from gandeng.helpdesk.models.letters import CodeUse, FamilyCode, Letter
from gandeng.helpdesk.models.origins import Origin

__all__ = ["UNDER_WAY", "Case", "CaseEvent", "CaseFacts", "CodeUse", "FamilyCode", "Letter", "Origin"]
