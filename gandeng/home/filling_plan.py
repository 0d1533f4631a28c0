"""A plan to share the main district's families anew, accepted by its coordinator, that takes effect in two weeks.

Until then everybody has the families she had; the hand-over list stands beside the plan.
"""

from datetime import timedelta

from django.utils import timezone

from gandeng.facilitators.actions import plans
from gandeng.facilitators.models import Plan
from gandeng.facilitators.moving import CaseloadRefused
from gandeng.facilitators.norm import norm_families
from gandeng.facilitators.plan_jobs import BALANCE
from gandeng.home.filling_people import Cast
from gandeng.home.filling_staff import Doing
from gandeng.jobs.work import KINDS, WorkRefused

WHY_KEPT = "Hasil rapat koordinasi: beban dibagi lebih rata"
_IN, _SECONDS = timedelta(days=14), 10


def fill_plan(cast: Cast, doing: Doing) -> None:
    """As the coordinator would; nothing where there is nothing to share, or no other way is better."""
    district, today = cast.facilitator.grants[0].region_code[:4], timezone.localdate()
    norm = norm_families(today)
    if norm is None:
        return
    asked = plans.Asked(district, today, norm, (), _SECONDS)
    try:
        with doing(cast.coordinators[district]) as coordinator:
            KINDS[BALANCE](coordinator, lambda *_told: None, asked.to_json())
            plan = Plan.objects.filter(region_code=district).latest("made_at")
            plans.choose(coordinator, plan, plan.options.count())
            plan = Plan.objects.select_related("chosen").get(pk=plan.pk)
            plans.approve(coordinator, plan, day=today + _IN, reason=WHY_KEPT)
    except (WorkRefused, CaseloadRefused):
        return
