"""Commitments of one quarter: what was recorded becomes a verdict with its reason, and verdicts a recommendation.

A family is never harmed by what nobody wrote down: only months that were recorded can speak against it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from gandeng.core.cycle import Cycle
from gandeng.core.money import MONTHS_A_YEAR

QUARTERS, MONTHS = 4, 3
_HUNDRED = 100


class Verdict(StrEnum):
    """As the entitlement contract has them."""

    MET = "MET"
    NOT_MET = "NOT_MET"
    EXCUSED = "EXCUSED"
    UNVERIFIED = "UNVERIFIED"


class Reason(StrEnum):
    """Why."""

    ATTENDED = "ATTENDED"
    TOO_FEW_DAYS = "TOO_FEW_DAYS"
    NO_DAYS = "NO_DAYS"
    VISITED = "VISITED"
    TOO_FEW_VISITS = "TOO_FEW_VISITS"
    TOOK_PART = "TOOK_PART"
    NO_MEASURE = "NO_MEASURE"
    NO_SERVICE = "NO_SERVICE"
    NO_DUTY = "NO_DUTY"
    MONTHS_MISSING = "MONTHS_MISSING"


@dataclass(frozen=True)
class Month:
    """What was recorded of a member in one month of the quarter (1, 2, 3)."""

    number: int
    service: bool = True
    """False: there was no school or clinic to go to."""
    days: int = 0
    """Effective school days; absences by kind are among them."""
    absent: int = 0
    leave: int = 0
    sick: int = 0
    visits: int = 0


@dataclass(frozen=True)
class Rules:
    """Figures of the policy for one quarter; `sanction` is the code a commitment that was not met recommends."""

    attendance_percent_min: int
    leave_is_absence: bool
    sickness_is_absence: bool
    visits_infant_min: int
    visits_child_min: int
    visits_pregnancy_min: int
    sanction: str | None
    digest: str


@dataclass(frozen=True)
class Judged:
    """A verdict and its reason; `reached` of `wanted`: percent of the worst month, or visits."""

    verdict: Verdict
    reason: Reason
    reached: int = 0
    wanted: int = 0


def without_duty(judged: Judged) -> Judged:
    """The same of a member who has no such duty on the last day of the quarter: that it was not met harms nobody."""
    if judged.verdict != Verdict.NOT_MET:
        return judged
    return Judged(Verdict.EXCUSED, Reason.NO_DUTY, judged.reached, judged.wanted)


def judge_education(rules: Rules, months: Sequence[Month]) -> Judged:
    """Each month by itself, as the rule says; a month without school, or without school days, asks for nothing."""
    wanted = rules.attendance_percent_min
    counted = [each for each in months if each.service and each.days > 0]
    shares = [_HUNDRED * _attended(rules, each) // each.days for each in counted]
    if any(_below(rules, each) for each in counted):
        return Judged(Verdict.NOT_MET, Reason.TOO_FEW_DAYS, min(shares), wanted)
    if _incomplete(months):
        return Judged(Verdict.UNVERIFIED, Reason.MONTHS_MISSING, min(shares, default=0), wanted)
    if not counted:
        none = all(not each.service for each in months)
        return Judged(Verdict.EXCUSED, Reason.NO_SERVICE if none else Reason.NO_DAYS, 0, wanted)
    return Judged(Verdict.MET, Reason.ATTENDED, min(shares), wanted)


def judge_health(wanted: int, months: Sequence[Month]) -> Judged:
    """Visits of the whole quarter; too few are no breach where in some month there was nobody to go to."""
    visits = sum(each.visits for each in months)
    if visits >= wanted:
        return Judged(Verdict.MET, Reason.VISITED, visits, wanted)
    if any(not each.service for each in months):
        return Judged(Verdict.EXCUSED, Reason.NO_SERVICE, visits, wanted)
    if _incomplete(months):
        return Judged(Verdict.UNVERIFIED, Reason.MONTHS_MISSING, visits, wanted)
    return Judged(Verdict.NOT_MET, Reason.TOO_FEW_VISITS, visits, wanted)


def judge_welfare(months: Sequence[Month]) -> Judged:
    """Taking part "as needed" has no measure: who did is told, and nobody breaches it."""
    visits = sum(each.visits for each in months)
    if visits:
        return Judged(Verdict.MET, Reason.TOOK_PART, visits)
    return Judged(Verdict.UNVERIFIED, Reason.NO_MEASURE)


def visits_wanted(rules: Rules, *, born: date, pregnant: bool, ends: date) -> int:
    """Visits in the quarter that ends that day: a pregnancy's, an infant's up to eleven months, or a child's.

    An infant's are one a month: none is asked of a month that had begun before it was born.
    """
    group = visits_group(born=born, pregnant=pregnant, ends=ends)
    wanted = visits_of(rules, group)
    lived = sum(born <= date(ends.year, ends.month - back, 1) for back in range(MONTHS))
    return min(wanted, lived) if group == "infant" else wanted


def visits_group(*, born: date, pregnant: bool, ends: date) -> str:
    """Whose protocol it is on the last day of the quarter: `pregnancy`, `infant` or `child`."""
    if pregnant:
        return "pregnancy"
    months_old = (ends.year - born.year) * MONTHS_A_YEAR + ends.month - born.month - (ends.day < born.day)
    return "infant" if months_old < MONTHS_A_YEAR else "child"


def visits_of(rules: Rules, group: str) -> int:
    """What the protocol of that group asks in a quarter."""
    return {
        "pregnancy": rules.visits_pregnancy_min, "infant": rules.visits_infant_min, "child": rules.visits_child_min,
    }[group]  # fmt: skip


def recommendation(rules: Rules, verdicts: Iterable[Verdict]) -> str | None:
    """The year's sanction where a verdict of the family is NOT_MET, else none. A supervisor decides, nobody else."""
    return rules.sanction if Verdict.NOT_MET in set(verdicts) else None


def decided_cycle(year: int, quarter: int, *, months: int) -> Cycle:
    """The stage a verified quarter decides about: the first that begins after it."""
    after = quarter * MONTHS
    stages = [stage for stage in range(1, MONTHS_A_YEAR // months + 1) if (stage - 1) * months >= after]
    return Cycle(year, stages[0]) if stages else Cycle(year + 1, 1)


def _attended(rules: Rules, month: Month) -> int:
    missed = month.absent
    missed += month.leave if rules.leave_is_absence else 0
    missed += month.sick if rules.sickness_is_absence else 0
    return max(0, month.days - missed)


def _below(rules: Rules, month: Month) -> bool:
    return _HUNDRED * _attended(rules, month) < rules.attendance_percent_min * month.days


def _incomplete(months: Sequence[Month]) -> bool:
    return {each.number for each in months} != set(range(1, MONTHS + 1))
