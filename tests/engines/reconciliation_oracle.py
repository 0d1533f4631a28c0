"""The reconciliation contract once more, row by row in plain Python; shares no code with gandeng.core.matching."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

CHANNELS = {"BRI", "BNI", "MANDIRI", "BTN", "BSI", "POS"}
EVENTS = {"CREDIT", "FAILURE", "REVERSAL", "WITHDRAWAL"}


@dataclass(frozen=True)
class Payment:
    payment_id: str
    stage: str
    family_id: str
    nik: str
    name: str
    channel: str
    account_no: str
    district_code: str
    amount: int


@dataclass(frozen=True)
class Row:
    bank_reference: str
    channel: str
    payment_id: str
    account_no: str
    nik: str
    name: str
    event: str
    amount: int | None
    occurred_on: date | None
    reason: str
    damage: str = ""


@dataclass
class Placed:
    disposition: str
    payment_id: str | None = None
    matched_by: str | None = None
    evidence: str | None = None


@dataclass
class Outcome:
    outcome: str
    credited: int = 0
    reversed: int = 0
    withdrawn: int = 0
    reason: str | None = None
    days: list[date] = field(default_factory=list)


def is_malformed(row):
    if row.damage or row.event not in EVENTS or row.channel not in CHANNELS or row.occurred_on is None:
        return True
    if row.amount is None:
        if row.event != "FAILURE":
            return True
    elif row.amount <= 0:
        return True
    if row.nik and not (len(row.nik) == 16 and all(c in "0123456789" for c in row.nik)):
        return True
    return not (row.payment_id or row.account_no or row.nik)


def place(payments, rows):
    """Disposition of each row, in the order given."""
    placed = {}
    groups = defaultdict(list)
    for place_, row in enumerate(rows):
        if is_malformed(row):
            placed[place_] = Placed("MALFORMED")
            continue
        content = (row.payment_id, row.account_no, row.nik, row.amount, row.occurred_on)
        key = (row.channel, row.event, row.bank_reference) if row.bank_reference else (row.channel, row.event, content)
        groups[bool(row.bank_reference), key].append((place_, content))
    alive = []
    for members in groups.values():
        if len({content for _, content in members}) > 1:
            for place_, _ in members:
                placed[place_] = Placed("CONFLICTING")
            continue
        alive.append(members[0][0])
        for place_, _ in members[1:]:
            placed[place_] = Placed("REPEATED")
    for place_ in alive:
        placed[place_] = match(payments, rows[place_])
    return [placed[place_] for place_ in range(len(rows))]


def match(payments, row):
    keys = (
        ("payment_id", lambda p: row.payment_id and p.payment_id == row.payment_id),
        ("account_no", lambda p: row.account_no and p.channel == row.channel and p.account_no == row.account_no),
        ("nik", lambda p: row.nik and p.nik == row.nik),
    )
    for name, fits in keys:
        found = [payment for payment in payments if fits(payment)]
        if len(found) > 1:
            return Placed("AMBIGUOUS")
        if found:
            return compare(found[0], row, name)
    return Placed("UNKNOWN")


def compare(payment, row, name):
    evidence = [
        key
        for key in ("payment_id", "account_no", "nik")
        if getattr(row, key) and getattr(row, key) == getattr(payment, key)
    ]
    wrong = payment.channel != row.channel
    for key in ("account_no", "nik"):
        wrong = wrong or bool(
            getattr(row, key) and getattr(payment, key) and getattr(row, key) != getattr(payment, key)
        )
    return Placed("MISDIRECTED" if wrong else "ACCEPTED", payment.payment_id, name, "+".join(evidence))


def outcomes(payments, rows, placed):
    result = {}
    for payment in payments:
        mine = [
            r
            for r, p in zip(rows, placed, strict=True)
            if p.disposition == "ACCEPTED" and p.payment_id == payment.payment_id
        ]
        result[payment.payment_id] = outcome(payment, mine)
    return result


def outcome(payment, rows):
    if not rows:
        return Outcome("UNREPORTED")
    total = {event: sum(r.amount for r in rows if r.event == event) for event in ("CREDIT", "REVERSAL", "WITHDRAWAL")}
    credited, back, drawn = total["CREDIT"], total["REVERSAL"], total["WITHDRAWAL"]
    net = credited - back
    if net < 0 or drawn > credited:
        kind = "INCONSISTENT"
    elif net == payment.amount:
        kind = "PAID"
    elif net > payment.amount:
        kind = "OVERPAID"
    elif net > 0:
        kind = "UNDERPAID"
    elif credited > 0:
        kind = "RETURNED"
    else:
        kind = "FAILED"
    told = sorted((r.occurred_on, r.reason) for r in rows if r.event in ("FAILURE", "REVERSAL"))
    reason = (told[-1][1] or None) if told else None
    return Outcome(kind, credited, back, drawn, reason, sorted(r.occurred_on for r in rows))
