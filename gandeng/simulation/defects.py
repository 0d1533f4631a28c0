"""What goes wrong between an order and its answer: every defect the simulator can plant, and its usual rate."""

from collections.abc import Mapping

RATES = {
    "failure": 0.020,
    "reversal": 0.004,
    "late_credit": 0.004,
    "underpaid": 0.002,
    "overpaid": 0.001,
    "unreported": 0.008,
    "told_again": 0.003,
    "conflicting": 0.0005,
    "missing_reference": 0.010,
    "missing_payment_id": 0.020,
    "only_nik": 0.003,
    "misdirected": 0.001,
    "wrong_channel": 0.0005,
    "zeros_lost": 0.002,
    "damaged_amount": 0.0005,
    "damaged_date": 0.0004,
    "damaged_nik": 0.0007,
    "date_out_of_range": 0.0004,
}
"""Share of the payments whose result rows carry the defect; one payment has one at most. Assumptions."""

EXTRA_RATES = {"unknown": 0.001, "replayed_tail": 0.002, "withdrawn": 0.82, "withdrawn_in_part": 0.06}
"""Rows nobody ordered (share of payments), rows told again at the end of each file (share of its rows), and what
families take out of what banks credited (share of credited payments)."""

SHARED_ACCOUNT_AMBIGUOUS = 0.5
"""Of payments that share their account with another, so many are answered by the account alone."""

ALL_RATES = RATES | EXTRA_RATES

OUTCOMES = {
    "failure": "FAILED",
    "reversal": "RETURNED",
    "underpaid": "UNDERPAID",
    "overpaid": "OVERPAID",
    "unreported": "UNREPORTED",
    "conflicting": "UNREPORTED",
    "ambiguous": "UNREPORTED",
    "misdirected": "UNREPORTED",
    "wrong_channel": "UNREPORTED",
    "damaged_amount": "UNREPORTED",
    "damaged_date": "UNREPORTED",
    "damaged_nik": "UNREPORTED",
}
"""The outcome the reconciliation contract gives a payment with that defect alone; PAID for every other."""

REASONS = (
    ("F02 NAMA BERBEDA DENGAN DATA DUKCAPIL", 0.22),
    ("F01 REKENING BELUM DIBUKA", 0.16),
    ("F03 NIK TIDAK PADAN", 0.14),
    ("F14 REKENING PASIF", 0.12),
    ("F04 GAGAL CEK REKENING OMSPAN", 0.10),
    ("F05 PENERIMA MENINGGAL DUNIA", 0.08),
    ("F10 KKS BELUM TERDISTRIBUSI", 0.06),
    ("F06 PENERIMA PINDAH", 0.05),
    ("F07 PENERIMA TIDAK DITEMUKAN", 0.04),
)
"""Codes of docs/programme.md with words a bank might write; the rest of the failures carry a bare bank code."""

OTHER_REASON = "AC04"


class UnknownDefect(ValueError):
    """No defect of that name, or a rate that is no share; `name` says which."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(name)


def with_defaults(rates: Mapping[str, float]) -> dict[str, float]:
    """The usual rates with those given in their place. Raises UnknownDefect."""
    for name, rate in rates.items():
        if name not in ALL_RATES or not 0 <= rate <= 1:
            raise UnknownDefect(name)
    merged = ALL_RATES | dict(rates)
    if sum(merged[name] for name in RATES) > 1:
        raise UnknownDefect("+".join(rates))
    return merged
