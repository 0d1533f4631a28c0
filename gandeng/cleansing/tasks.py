"""Once a night every district is looked at, in the territory of somebody who keeps its data."""

import logging

from procrastinate.contrib.django import app

from gandeng.accounts.roles import Role
from gandeng.audit.actions import Machine
from gandeng.cleansing.looking import look_at
from gandeng.jobs.nightly import in_each_region

_log = logging.getLogger(__name__)


@app.periodic(cron="3 19 * * *")
@app.task(name="gandeng.cleansing", queue="jobs", queueing_lock="gandeng.cleansing")
def look_nightly(timestamp: int) -> None:  # noqa: ARG001 (the queue says when it meant the task to run)
    """At 02.03 WIB."""
    look_at_all()


def look_at_all() -> int:
    """Each district by itself. Gives how many."""
    return in_each_region(
        [Role.DISTRICT_OPERATOR], lambda acting, region: look_at(acting, region, actor=Machine()), _log
    )
