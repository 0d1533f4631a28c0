"""What reconciliation reads and gives, and the words of its contract. Text is never NULL: '' is empty."""

from dataclasses import dataclass
from datetime import date

from gandeng.core.tables import Column, Table, Type, columns

EVENTS = ("CREDIT", "FAILURE", "REVERSAL", "WITHDRAWAL")
OUTCOMES = ("UNREPORTED", "INCONSISTENT", "PAID", "OVERPAID", "UNDERPAID", "RETURNED", "FAILED")
DISPOSITIONS = ("MALFORMED", "CONFLICTING", "REPEATED", "AMBIGUOUS", "UNKNOWN", "MISDIRECTED", "ACCEPTED")
DETAILS = (
    "event_unknown", "channel_unknown", "date_missing", "amount_missing", "amount_not_allowed", "nik_damaged",
    "nobody_named", "conflicting", "repeated", "ambiguous_account_no", "ambiguous_nik", "unknown", "channel_differs",
    "account_differs", "nik_differs", "before_stage", "late",
)  # fmt: skip
"""Codes of `detail`; the run gives each its words."""

NIK_LENGTH = 16


def listed(names: tuple[str, ...]) -> str:
    """Our own words as an SQL list."""
    return ", ".join(f"'{name}'" for name in names)


PAYMENTS = Table(
    "payments",
    "one row per family and stage",
    (
        Column("payment_no", Type.BIGINT),
        *columns(
            Type.TEXT, "payment_id", "stage", "family_id", "nik", "name", "channel", "account_no", "district_code"
        ),
        Column("amount", Type.BIGINT),
    ),
)
RESULTS = Table(
    "results",
    "one row per event a channel reports",
    (
        Column("result_no", Type.BIGINT),
        Column("source"),
        Column("row", Type.BIGINT),
        *columns(Type.TEXT, "bank_reference", "channel", "payment_id", "account_no", "nik", "name", "event"),
        Column("amount", Type.BIGINT, nullable=True),
        Column("occurred_on", Type.DATE, nullable=True),
        *columns(Type.TEXT, "reason", "damage"),
    ),
)
STAGES = Table(
    "stages",
    "one row per stage on the payment list",
    (Column("stage"), Column("starts_on", Type.DATE), Column("late_after", Type.DATE)),
)
DETAIL_WORDS = Table(
    "detail_words", "one row per code of DETAILS or damage of a row", (Column("code"), Column("words"))
)
OUTCOME_NAMES = Table("outcome_names", "one row per outcome", (Column("place", Type.BIGINT), Column("outcome")))
DISPOSITION_ROWS = Table(
    "dispositions",
    "one row per result row",
    (
        Column("source"),
        Column("row", Type.BIGINT),
        Column("event"),
        Column("amount", Type.BIGINT, nullable=True),
        Column("disposition"),
        *columns(Type.TEXT, "payment_id", "matched_by", "evidence", "detail", nullable=True),
    ),
)
OUTCOME_ROWS = Table(
    "outcomes",
    "one row per payment",
    (
        *columns(Type.TEXT, "payment_id", "stage", "family_id", "channel", "district_code"),
        Column("amount", Type.BIGINT),
        Column("outcome"),
        *columns(Type.BIGINT, "credited", "reversed", "withdrawn", "net"),
        Column("reason", nullable=True),
        *columns(Type.DATE, "first_on", "last_on", nullable=True),
    ),
)
SUMMARY_ROWS = Table(
    "summary",
    "one row per district and channel",
    (
        *columns(Type.TEXT, "district_code", "channel"),
        *columns(Type.BIGINT, "payments", "instructed", "net", "withdrawn"),
        *(Column(f"{name.lower()}_{what}", Type.BIGINT) for name in OUTCOMES for what in ("count", "amount")),
    ),
)


@dataclass(frozen=True)
class StageDays:
    """From when a stage's events are plausible, and after which day they are late."""

    stage: str
    starts_on: date
    late_after: date
