"""Which approvals the programme asks of a list, in which order, and what a list is called in between.

Who approves is an assumption (docs/programme.md); an office that does it otherwise changes this table.
"""

from gandeng.accounts.roles import May
from gandeng.payments.models import Approval, Cycle, PaymentList

Level = Approval.Level
State = PaymentList.State

AFTER_INSTRUCTION = (Cycle.State.INSTRUCTED, Cycle.State.RECONCILING, Cycle.State.SIGNED)
"""States of a cycle in which supplementary lists are made, approved and instructed."""

ASKED: tuple[Level, ...] = (Level.DISTRICT, Level.PROVINCE)
"""Levels asked of every list."""
ASKED_OF_NATION: tuple[Level, ...] = (*ASKED, Level.CENTRE)
"""The same, where the cycle covers the nation."""

MAY: dict[Level, May] = {
    Level.PREPARE: May.RUN_CYCLE,
    Level.DISTRICT: May.APPROVE_DISTRICT,
    Level.PROVINCE: May.APPROVE_PROVINCE,
    Level.CENTRE: May.APPROVE_CENTRE,
}
APPROVES = tuple(MAY[level] for level in ASKED_OF_NATION)
"""Rights of whoever says yes at some level."""
WAITS: dict[Level, State] = {
    Level.PREPARE: State.DRAFT,
    Level.DISTRICT: State.SUBMITTED,
    Level.PROVINCE: State.DISTRICT,
    Level.CENTRE: State.PROVINCE,
}
"""What a list is while it waits for that level."""
BECOMES: dict[Level, State] = {
    Level.PREPARE: State.SUBMITTED,
    Level.DISTRICT: State.DISTRICT,
    Level.PROVINCE: State.PROVINCE,
    Level.CENTRE: State.CENTRE,
}


def level_words(code: str) -> str:
    """What the log's page calls a level."""
    return str(Level(code).label) if code in Level.values else code


def asked(cycle: Cycle) -> tuple[Level, ...]:
    """Levels that approve the lists of a cycle, in order."""
    return ASKED if cycle.region_code else ASKED_OF_NATION


def fully_approved(cycle: Cycle) -> State:
    """What a list is when nobody else has to approve it."""
    return BECOMES[asked(cycle)[-1]]


def decided_while(payment_list: PaymentList) -> tuple[Cycle.State, ...]:
    """States of its cycle in which a list is handed in and approved."""
    return AFTER_INSTRUCTION if payment_list.round else (Cycle.State.LISTED,)


def of_before(cycle: Cycle) -> bool:
    """Data were frozen or calculated again: what lists there are is of before, and made anew before it is decided."""
    return cycle.state in (Cycle.State.FROZEN, Cycle.State.CALCULATED)


def returned_while(payment_list: PaymentList) -> tuple[Cycle.State, ...]:
    """States of its cycle in which a list may still be returned: also when all are approved and none is out."""
    return (*decided_while(payment_list), Cycle.State.APPROVED)


def next_level(cycle: Cycle, state: str) -> Level | None:
    """Who has to say yes next; None where nobody has."""
    return next((level for level in (Level.PREPARE, *asked(cycle)) if WAITS[level] == state), None)
