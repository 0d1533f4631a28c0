"""Result files, runs, outcomes and dispositions, exceptions, statements and signatures, deposits."""

from gandeng.reconciliation.models.exceptions import ExceptionAct, ExceptionCase, ReissueRequest
from gandeng.reconciliation.models.files import ResultFile, of_today
from gandeng.reconciliation.models.outcomes import (
    CurrentOutcome,
    LateOutcome,
    OutcomeInForce,
    OutcomeRow,
    Reconciliation,
    ResultRow,
    SummaryRow,
)
from gandeng.reconciliation.models.statements import Signature, Statement
from gandeng.reconciliation.models.treasury import DepositedPayment, TreasuryDeposit

__all__ = [
    "CurrentOutcome", "DepositedPayment", "ExceptionAct", "ExceptionCase", "LateOutcome", "OutcomeInForce",
    "OutcomeRow", "Reconciliation", "ReissueRequest", "ResultFile", "ResultRow", "Signature", "Statement", "SummaryRow",
    "TreasuryDeposit", "of_today",
]  # fmt: skip
