"""The figures commitments of one quarter are judged by, chosen for its last day and digested."""

from dataclasses import dataclass
from datetime import date, timedelta

from gandeng.core.benefit_policy import Ages, Component
from gandeng.core.commitment import MONTHS, Rules
from gandeng.core.money import MONTHS_A_YEAR
from gandeng.policy.chosen import Chosen
from gandeng.policy.entitlement import SANCTION, WHO, digest
from gandeng.policy.figures import Dated, Figures, load_figures
from gandeng.policy.gaps import PolicyGap

APPEAL_DAYS = "commitment/appeal_days"
_TREATED = {"PRESENT": False, "ABSENT": True}


def quarter_ends(year: int, quarter: int) -> date:
    """Its last day."""
    month = quarter * MONTHS
    first_after = date(year + month // MONTHS_A_YEAR, month % MONTHS_A_YEAR + 1, 1)
    return first_after - timedelta(days=1)


def commitment_rules(year: int, quarter: int, *, figures: Figures | None = None) -> Rules:
    """Everything `core.commitment` needs; raises PolicyGap where the figures do not reach."""
    return _chosen(year, quarter, figures)[0]


def figures_of_rules(year: int, quarter: int, *, figures: Figures | None = None) -> dict[str, Dated]:
    """The figures those rules rest on, by name, each with its source."""
    return _chosen(year, quarter, figures)[1]


def appeal_days(day: date, *, figures: Figures | None = None) -> int:
    """Days a family has to object, counted from when it was told."""
    return Chosen(figures or load_figures(), day).whole(APPEAL_DAYS)


@dataclass(frozen=True)
class DutyAges:
    """Of whom a commitment is asked by age: those of the components that bring it."""

    school: Ages
    early_childhood: Ages
    elderly: Ages


def duty_ages(day: date, *, figures: Figures | None = None) -> DutyAges:
    """As `core.benefit` has them on that day; raises PolicyGap where the figures do not reach."""
    chosen = Chosen(figures or load_figures(), day)
    school, young, old = (
        Ages(*(chosen.whole(name) for name in WHO[component]))
        for component in (Component.PRIMARY, Component.EARLY_CHILDHOOD, Component.ELDERLY)
    )
    return DutyAges(school, young, old)


def _chosen(year: int, quarter: int, figures: Figures | None) -> tuple[Rules, dict[str, Dated]]:
    chosen = Chosen(figures or load_figures(), quarter_ends(year, quarter))
    attendance = chosen.whole("commitment/attendance_percent_min")
    leave, sickness = (_is_absence(chosen, name) for name in ("commitment/leave", "commitment/sickness"))
    infant, child, pregnancy = (
        chosen.whole(f"commitment/visits_{who}_min") for who in ("infant", "child", "pregnancy")
    )
    sanction = chosen.maybe(SANCTION)
    code = None if sanction is None else str(sanction.value)
    told = digest(chosen.used.items())
    return Rules(attendance, leave, sickness, infant, child, pregnancy, code, told), dict(chosen.used)


def _is_absence(chosen: Chosen, name: str) -> bool:
    code = chosen.text(name)
    if code not in _TREATED:
        raise PolicyGap("wrong_kind", figure=name)
    return _TREATED[code]
