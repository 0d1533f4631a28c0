"""Once a night everybody is compared, in the territory of the widest who may judge what is found."""

import logging

from procrastinate.contrib.django import app

from gandeng.accounts.roles import May
from gandeng.audit.actions import Machine
from gandeng.duplicates.looking import look_at
from gandeng.jobs.nightly import in_each_region, roles_that

_log = logging.getLogger(__name__)


@app.periodic(cron="33 18 * * *")
@app.task(name="gandeng.duplicates", queue="jobs", queueing_lock="gandeng.duplicates")
def look_nightly(timestamp: int) -> None:  # noqa: ARG001 (the queue says when it meant the task to run)
    """At 01.33 WIB."""
    look_at_all()


def look_at_all() -> int:
    """Each widest region by itself. Gives how many were searched."""
    return in_each_region(
        roles_that(May.JUDGE_DUPLICATES),
        lambda acting, region: look_at(acting, region, actor=Machine()),
        _log,
        widest=True,
    )
