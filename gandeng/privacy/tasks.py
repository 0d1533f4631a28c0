"""Once a day, in the night, what is kept too long ends."""

import logging

from procrastinate.contrib.django import app

from gandeng.privacy.disposing import dispose
from gandeng.privacy.retention import PeriodsBroken

_log = logging.getLogger(__name__)


@app.periodic(cron="23 19 * * *")
@app.task(name="gandeng.retention", queue="jobs", queueing_lock="gandeng.retention")
def dispose_daily(timestamp: int) -> None:  # noqa: ARG001 (the queue says when it meant the task to run)
    """At 02.23 WIB. A file of periods that cannot be used ends nothing, which the server's log says."""
    try:
        dispose()
    except PeriodsBroken:
        _log.error("nothing was disposed of: the file of retention periods cannot be used; see `gandeng retention`")
