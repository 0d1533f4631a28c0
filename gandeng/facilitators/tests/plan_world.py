"""A tiny district whose right answer is plain: two villages of six families, one facilitator who has them all."""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from gandeng.accounts.acting import Acting, in_territory
from gandeng.facilitators.actions import caseload, plans
from gandeng.facilitators.models import Plan, Staff
from gandeng.facilitators.tests.factories import make_staff
from gandeng.jobs.work import KINDS
from gandeng.registry.tests.factories import make_family

NEAR, FAR = "6371011001", "6371021001"
"""In the sub-districts where Siti and Ani live."""
FAMILIES = 6
WHY = "Uji"


@dataclass(frozen=True)
class District:
    """The people of the world."""

    siti: Staff
    ani: Staff


def make_district(coordinator: Acting) -> District:
    """Siti has everything, Ani nothing."""
    siti, ani = make_staff(name="Siti Uji", home="637101"), make_staff(name="Ani Uji", home="637102")
    for village in (NEAR, FAR):
        for _ in range(FAMILIES):
            make_family(village)
    with in_territory(coordinator):
        for village in (NEAR, FAR):
            caseload.assign_unaccompanied(coordinator, village, siti, day=timezone.localdate(), reason=WHY)
    return District(siti, ani)


def asked(**told: Any) -> plans.Asked:
    """A question about the district, as of today."""
    usual: dict[str, Any] = {
        "region": "6371", "as_of": timezone.localdate(), "norm": 5, "left_out": (), "seconds": 4, "follows": None,
    }  # fmt: skip
    return plans.Asked(**(usual | told))


def silent(*_told: Any) -> None:
    """Nobody watches."""


def make_plan(coordinator: Acting, **told: Any) -> Plan:
    """As the job makes it; the way without a limit is chosen."""
    with in_territory(coordinator):
        url = KINDS["facilitators.balance"](coordinator, silent, asked(**told).to_json())
        plan = Plan.objects.get(pk=url.split("/")[-2])
        plans.choose(coordinator, plan, plan.options.count())
        return Plan.objects.select_related("chosen").get(pk=plan.pk)
