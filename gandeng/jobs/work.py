"""Kinds of long work: each package names its functions here at start, and asks for one with `start`.

A function does its work in the owner's territory; whatever it makes visible it does in its last transaction, so a
worker killed at any moment leaves the old state, and the job runs again.
"""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils import timezone

from gandeng.accounts.acting import Acting
from gandeng.audit.actions import from_address
from gandeng.jobs.models import Job

type Report = Callable[[str, int, int], None]
"""Called with the step in words, done and total (0 where unknown). Raises Stopped when the owner asked to stop."""
type Work = Callable[[Acting, Report, dict[str, Any]], str]
"""Gets who asked, the report and the arguments; gives the address of the result page. Raises WorkRefused."""

KINDS: dict[str, Work] = {}
AGAIN: dict[str, str] = {}
"""Kind -> the name of the page where it is asked for, if that needs nothing more."""


class Stopped(Exception):
    """The owner asked to stop."""


class WorkRefused(Exception):
    """The work cannot be done; the message says why and what to do."""


def kind(name: str, *, again: str = "") -> Callable[[Work], Work]:
    """Register a function as the work of this kind; `again` names the page where a refused file is sent anew."""

    def register(work: Work) -> Work:
        KINDS[name] = work
        if again:
            AGAIN[name] = again
        return work

    return register


def start(acting: Acting, name: str, title: str, **arguments: Any) -> Job:
    """Put work in the queue, in the transaction of the caller."""
    from gandeng.jobs.tasks import run_job

    if name not in KINDS:
        raise KeyError(name)
    job = Job.objects.create(
        kind=name, title=title, owner_id=acting.person_id, arguments=arguments, from_address=from_address()
    )
    run_job.defer(job_id=str(job.id))
    return job


def ask_to_stop(job: Job) -> None:
    """Waiting work never starts, running work stops at its next report."""
    with transaction.atomic():
        Job.objects.filter(pk=job.pk, state=Job.State.WAITING).update(
            state=Job.State.CANCELLED, ended_at=timezone.now()
        )
        Job.objects.filter(pk=job.pk, state=Job.State.RUNNING).update(stop_asked=True)
