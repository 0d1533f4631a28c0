"""Once a night every district is looked at, in the territory of somebody who keeps its data."""

import logging

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from gandeng.accounts.acting import acting_for, grants_on, in_territory
from gandeng.accounts.roles import Role
from gandeng.audit.actions import Machine
from gandeng.cleansing.looking import look_at
from gandeng.web.patience import allow_long_work

_log = logging.getLogger(__name__)


@app.periodic(cron="3 19 * * *")
@app.task(name="gandeng.cleansing", queue="jobs", queueing_lock="gandeng.cleansing")
def look_nightly(timestamp: int) -> None:  # noqa: ARG001 (the queue says when it meant the task to run)
    """At 02.03 WIB."""
    look_at_all()


def look_at_all() -> int:
    """Each district by itself: one that goes wrong leaves its former list, and the others go on. Gives how many."""
    today, done = timezone.localdate(), 0
    grants = grants_on(today).filter(role=Role.DISTRICT_OPERATOR)
    whose = {one.region_code: one.person_id for one in grants.order_by("-valid_from", "pk")}
    allow_long_work()
    for district, person in sorted(whose.items()):
        acting = acting_for(person, today)
        try:
            with in_territory(acting), transaction.atomic():
                look_at(acting, district, actor=Machine())
            done += 1
        except Exception:  # noqa: BLE001 (a worker outlives whatever a look does; the log has it whole)
            _log.exception("cleansing of %s", district)
    return done
