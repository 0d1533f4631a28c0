"""Once a night everybody is compared, in the territory of the widest who may judge what is found."""

import logging

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from gandeng.accounts.acting import acting_for, grants_on, in_territory
from gandeng.accounts.roles import RULES, May
from gandeng.audit.actions import Machine
from gandeng.duplicates.looking import look_at
from gandeng.web.patience import allow_long_work

_log = logging.getLogger(__name__)
_ROLES = [role for role, rules in RULES.items() if May.JUDGE_DUPLICATES in rules.may]


@app.periodic(cron="33 18 * * *")
@app.task(name="gandeng.duplicates", queue="jobs", queueing_lock="gandeng.duplicates")
def look_nightly(timestamp: int) -> None:  # noqa: ARG001 (the queue says when it meant the task to run)
    """At 01.33 WIB."""
    look_at_all()


def look_at_all() -> int:
    """Each widest region by itself: one that goes wrong leaves its former list. Gives how many were searched."""
    today, done = timezone.localdate(), 0
    grants = grants_on(today).filter(role__in=_ROLES)
    whose = {one.region_code: one.person_id for one in grants.order_by("-role", "-valid_from", "pk")}
    widest = {region for region in whose if not any(region != each and region.startswith(each) for each in whose)}
    allow_long_work()
    for region in sorted(widest):
        acting = acting_for(whose[region], today)
        try:
            with in_territory(acting), transaction.atomic():
                look_at(acting, region, actor=Machine())
            done += 1
        except Exception:  # noqa: BLE001 (a worker outlives whatever a search does; the log has it whole)
            _log.exception("duplicates of %s", region)
    return done
