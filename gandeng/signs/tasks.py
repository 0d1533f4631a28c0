"""Once a night every district is looked at, in the territory of somebody who looks at its signs."""

import logging

from procrastinate.contrib.django import app

from gandeng.accounts.roles import May
from gandeng.audit.actions import Machine
from gandeng.jobs.nightly import in_each_region, roles_that
from gandeng.signs.looking import look_at

_log = logging.getLogger(__name__)


@app.periodic(cron="3 18 * * *")
@app.task(name="gandeng.signs", queue="jobs", queueing_lock="gandeng.signs")
def look_nightly(timestamp: int) -> None:  # noqa: ARG001 (the queue says when it meant the task to run)
    """At 01.03 WIB."""
    look_at_all()


def look_at_all() -> int:
    """Each district by itself. Gives how many."""
    return in_each_region(
        roles_that(May.REVIEW_SIGNS), lambda acting, region: look_at(acting, region, actor=Machine()), _log
    )
