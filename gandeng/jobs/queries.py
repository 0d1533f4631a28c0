"""Jobs of the one who asks."""

from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from gandeng.accounts.acting import Acting
from gandeng.jobs.models import Job
from gandeng.web.finding import found_or_404

_SILENT = "1 minute"
"""A worker says every ten seconds that it lives, also in the middle of a job."""


def worker_lives() -> bool:
    """Whether a worker was heard of lately; where not, whatever is asked for waits."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select exists (select from procrastinate_workers where last_heartbeat > now() - %s::interval)", [_SILENT]
        )
        (lives,) = cursor.fetchone()
    return bool(lives)


def jobs_of(acting: Acting) -> QuerySet[Job]:
    """Newest first."""
    return Job.objects.filter(owner_id=acting.person_id).order_by("-created_at")


def access_job(acting: Acting, job_id: UUID) -> Job:
    """One's own job. Raises Http404."""
    return found_or_404(jobs_of(acting), job_id)
