"""`python -m django work`: take up what a dead worker left, seal the log, then work on the queue until stopped."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from gandeng.jobs.tasks import seal_the_log, take_up_again
from gandeng.web.log_lines import keep_uncaught_bare


class Command(BaseCommand):
    """The worker."""

    help = "Work on the queue."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Runs until stopped."""
        keep_uncaught_bare()
        take_up_again()
        seal_the_log()
        call_command("procrastinate", "worker", "--queues", "jobs", "--concurrency", "1")
