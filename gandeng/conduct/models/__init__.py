"""Code of ethics and signatures, ethics cases, clarifications."""

from gandeng.conduct.models.cases import Case, CaseFile, Dismissal, Matter, Party, Reporter, Step
from gandeng.conduct.models.clarifications import Acknowledgement, Clarification
from gandeng.conduct.models.code import Code, Signature

__all__ = [
    "Acknowledgement", "Case", "CaseFile", "Clarification", "Code", "Dismissal", "Matter", "Party", "Reporter",
    "Signature", "Step",
]  # fmt: skip
