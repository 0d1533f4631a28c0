"""The tables people send us, by column."""

from gandeng.files.layouts.balance import (
    ASSIGNMENTS,
    BALANCE_LAYOUTS,
    FACILITATORS,
    LEAVE,
    LOCKS,
    NEEDS,
    SKILLS,
    VILLAGES,
)
from gandeng.files.layouts.contract import FAMILIES, LISTED_FAMILIES, MEMBERS, PAYMENTS, RESULTS, VERDICTS
from gandeng.files.layouts.office import CASELOAD, CIVIL_ANSWERS, EDUCATION, QUESTIONS, STAFF
from gandeng.files.layouts.shapes import NEVER_NUMERIC, SIXTEEN_DIGITS, WHOLE_KINDS, Field, Kind, Layout

__all__ = [
    "ASSIGNMENTS", "BALANCE_LAYOUTS", "CASELOAD", "CIVIL_ANSWERS", "EDUCATION", "FACILITATORS", "FAMILIES", "LAYOUTS",
    "LEAVE", "LISTED_FAMILIES", "LOCKS", "MEMBERS", "NEEDS", "NEVER_NUMERIC", "PAYMENTS", "QUESTIONS", "RESULTS",
    "SIXTEEN_DIGITS", "SKILLS", "STAFF", "VERDICTS", "VILLAGES", "WHOLE_KINDS", "Field", "Kind", "Layout",
]  # fmt: skip

_CONTRACT = (PAYMENTS, RESULTS, FAMILIES, LISTED_FAMILIES, MEMBERS, VERDICTS)
_OFFICE = (STAFF, CASELOAD, QUESTIONS, EDUCATION, CIVIL_ANSWERS)
LAYOUTS = {layout.name: layout for layout in (*_CONTRACT, *_OFFICE, *BALANCE_LAYOUTS)}
