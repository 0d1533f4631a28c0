"""`python -m django work`: take up what a dead worker left, seal the log, then work on the queue until stopped."""

import logging
import time
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from gandeng.jobs.tasks import seal_the_log, take_up_again
from gandeng.web.log_lines import keep_uncaught_bare

_log = logging.getLogger(__name__)
_LOCK = 71_067
_LOOK_AGAIN_SECONDS = 5


class Command(BaseCommand):
    """The worker."""

    help = "Work on the queue."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Runs until stopped."""
        keep_uncaught_bare()
        alone = wait_for_the_other()
        take_up_again()
        seal_the_log()
        call_command("procrastinate", "worker", "--queues", "jobs", "--concurrency", "1")
        alone.close()


def wait_for_the_other() -> BaseDatabaseWrapper:
    """Wait until no other worker works. A second one would take up again what the first is in the middle of.

    Gives the connection whose lock says so: it ends with this process.
    """
    own, told = connections["default"].copy(), False
    while not _locked(own):
        if not told:
            _log.warning("another worker works on this database: this one waits until it has ended")
        told = True
        time.sleep(_LOOK_AGAIN_SECONDS)
    return own


def _locked(own: BaseDatabaseWrapper) -> bool:
    with own.cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(%s)", [_LOCK])
        return bool(cursor.fetchone() == (True,))
