"""Once a night the caseload of the whole nation is counted, for the pages of whoever looks at all of it."""

import logging

from procrastinate.contrib.django import app

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.facilitators.load_queries import keep_national_counts
from gandeng.jobs.nightly import in_each_region, roles_that

_log = logging.getLogger(__name__)


@app.periodic(cron="48 18 * * *")
@app.task(name="gandeng.national_counts", queue="jobs", queueing_lock="gandeng.national_counts")
def count_nightly(timestamp: int) -> None:  # noqa: ARG001 (the queue says when it meant the task to run)
    """At 01.48 WIB."""
    count_nation()


def count_nation() -> int:
    """In the territory of somebody who sees all of it; an office of a province counts nothing. Gives how many."""
    return in_each_region(roles_that(May.SEE_STAFF), _count, _log, widest=True)


def _count(_acting: Acting, region: str) -> None:
    if not region:
        keep_national_counts()
