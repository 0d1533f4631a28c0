"""The next stage of a place: the first whose data are not frozen yet, which what changes today still reaches."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from gandeng.core.benefit_policy import BenefitPolicy
from gandeng.core.cycle import Cycle as Stage
from gandeng.core.money import MONTHS_A_YEAR
from gandeng.payments.models import Cycle
from gandeng.policy import PolicyGap, benefit_policy
from gandeng.policy.entitlement import months_of


@dataclass(frozen=True)
class Next:
    """A stage and how many months it pays."""

    stage: Stage
    months: int

    @property
    def policy(self) -> BenefitPolicy:
        """Its figures. Raises PolicyGap where they do not reach it yet."""
        return benefit_policy(self.stage, self.months)

    @property
    def starts_on(self) -> date:
        """Its first day."""
        return self.stage.starts_on(months=self.months)

    @property
    def stages_a_year(self) -> int:
        """How many as long as this one a year has."""
        return MONTHS_A_YEAR // self.months


def next_stage(village: str, today: date) -> Next:
    """The first stage that what changes of a family of that village still reaches.

    A stage is beyond reach from its freezing on, and every stage before it with it. Where the cycles opened there lie
    behind, it is the stage of today. Raises PolicyGap where neither a cycle nor the calendar says how long stages are.
    """
    return next_stages({village}, today)[village]


def next_stages(villages: Collection[str], today: date) -> dict[str, Next]:
    """Of each village its own, in one question."""
    around = {village: [village[:length] for length in range(len(village) + 1)] for village in villages}
    rows = Cycle.objects.filter(region_code__in={one for regions in around.values() for one in regions})
    newest = list(rows.order_by("-year", "-stage", "-months"))
    return {
        village: _after(next((one for one in newest if one.region_code in regions), None), today)
        for village, regions in around.items()
    }


def _after(newest: Cycle | None, today: date) -> Next:
    if newest is None:
        return _stage_of(today)
    here = Next(Stage(newest.year, newest.stage), newest.months)
    found = here if newest.state == Cycle.State.OPEN else after(here)
    try:
        return max(found, _stage_of(today), key=lambda one: one.starts_on)
    except PolicyGap:
        return found


def after(this: Next) -> Next:
    """The stage that follows."""
    stage = this.stage
    if stage.stage * this.months < MONTHS_A_YEAR:
        return Next(Stage(stage.year, stage.stage + 1), this.months)
    return Next(Stage(stage.year + 1, 1), this.months)


def _stage_of(today: date) -> Next:
    months = months_of(Stage(today.year, 1))
    return Next(Stage(today.year, (today.month - 1) // months + 1), months)
