"""What the worker runs: one task, which looks the work up, and once an hour a look whether the log is sealed today."""

import logging
import time
from contextlib import closing, suppress
from typing import Any

from django.db import OperationalError, connections, transaction
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from gandeng.accounts.acting import acting_for, in_territory
from gandeng.audit.actions import coming_from
from gandeng.audit.heads import NoKey, seal_log
from gandeng.files.room import is_full
from gandeng.jobs.models import Job
from gandeng.jobs.work import KINDS, Report, Stopped, WorkRefused
from gandeng.web.language import indonesian
from gandeng.web.patience import allow_long_work

_log = logging.getLogger(__name__)
_TELL_SECONDS = 0.5
_TRY_AGAIN_SECONDS = 60
_TRIES_MAX = 1_000


@app.task(name="gandeng.run_job", queue="jobs", retry=RetryStrategy(max_attempts=_TRIES_MAX, wait=_TRY_AGAIN_SECONDS))
def run_job(job_id: str) -> None:
    """Do the work of a job in its owner's territory and in Indonesian, which papers are; failures end in words.

    Where not even the failure can be written, as on a database without room, it is tried again until it can.
    """
    with indonesian():
        _run(job_id)


def _run(job_id: str) -> None:
    job = Job.objects.select_related("owner").filter(pk=job_id).first()
    if job is None or job.state not in (Job.State.WAITING, Job.State.RUNNING):
        return
    Job.objects.filter(pk=job.pk).update(state=Job.State.RUNNING, started_at=timezone.now(), step="", done=0, total=0)
    acting = acting_for(job.owner_id, timezone.localdate())
    try:
        allow_long_work()
        with in_territory(acting), coming_from(job.from_address), transaction.atomic():
            url = KINDS[job.kind](acting, _report(job), job.arguments)
            _end(job, Job.State.DONE, result_url=url)
    except Stopped:
        _end(job, Job.State.CANCELLED)
    except WorkRefused as refused:
        _end(job, Job.State.FAILED, message=str(refused))
    except Exception as error:  # noqa: BLE001 (a worker outlives whatever a job does; the log has it whole)
        _log.exception("job %s of kind %s", job.pk, job.kind)
        words = _("Pekerjaan berhenti karena kesalahan sistem. Tidak ada yang berubah. Sebutkan nomor %(number)s.")
        if is_full(error):
            words = _(
                "Ruang penyimpanan kantor penuh, jadi pekerjaan ini berhenti. Tidak ada yang berubah. Beri tahu"
                " pengelola Gandeng nomor %(number)s, lalu ulangi sesudah ruangnya ditambah."
            )
        _end(job, Job.State.FAILED, message=words % {"number": str(job.pk)[:8]})


def _end(job: Job, state: Job.State, **fields: Any) -> None:
    Job.objects.filter(pk=job.pk).update(state=state, ended_at=timezone.now(), **fields)


def _report(job: Job) -> Report:
    """Progress goes through a connection of its own: the work's transaction shows nothing until it is done."""
    told = 0.0

    def report(step: str, done: int = 0, total: int = 0) -> None:
        nonlocal told
        if time.monotonic() - told < _TELL_SECONDS:
            return
        told = time.monotonic()
        if _tell(job, step, done, total):
            raise Stopped

    return report


def _tell(job: Job, step: str, done: int, total: int) -> bool:
    """Write the progress; True where the owner asked to stop. Work goes on where no connection is free to tell it."""
    with suppress(OperationalError), closing(connections["default"].copy()) as own, own.cursor() as cursor:
        cursor.execute(
            "update jobs_job set step = %s, done = %s, total = %s where id = %s returning stop_asked",
            [step, done, total, job.pk],
        )
        row = cursor.fetchone()
        return bool(row and row[0])
    return False


_IN_THE_QUEUE = """select (args ->> 'job_id')::uuid from procrastinate_jobs
    where task_name = 'gandeng.run_job' and status = 'todo'"""


def take_up_again() -> int:
    """Put jobs that nothing in the queue leads to back into it; gives how many. For the start of the only worker.

    Their worker died while it did them, or between taking one out of the queue and beginning it.
    """
    with transaction.atomic():
        unfinished = Job.objects.filter(state__in=(Job.State.WAITING, Job.State.RUNNING))
        queued = RawSQL(_IN_THE_QUEUE, [])  # noqa: S611 (constant text)
        left = list(unfinished.exclude(pk__in=queued).select_for_update(no_key=True))
        for job in left:
            Job.objects.filter(pk=job.pk).update(state=Job.State.WAITING, started_at=None)
            run_job.defer(job_id=str(job.pk))
    return len(left)


@app.periodic(cron="7 * * * *")
@app.task(name="gandeng.seal_log", queue="jobs", queueing_lock="gandeng.seal_log")
def seal_log_hourly(timestamp: int) -> None:  # noqa: ARG001 (the queue says when it meant the task to run)
    """The first one of a day makes the head; a worker that was down at midnight makes it when it is back."""
    seal_the_log()


def seal_the_log() -> None:
    """The head of today, if there is none yet. Without a key there is none, which the page of heads says too."""
    try:
        seal_log()
    except NoKey:
        _log.warning("the log is not sealed: there is no key; gandeng keys make-log writes one")
