"""Jobs of the one who asks."""

from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from gandeng.accounts.acting import Acting
from gandeng.jobs.models import Job


def jobs_of(acting: Acting) -> QuerySet[Job]:
    """Newest first."""
    return Job.objects.filter(owner_id=acting.person_id).order_by("-created_at")


def access_job(acting: Acting, job_id: UUID) -> Job:
    """One's own job. Raises Http404."""
    job = jobs_of(acting).filter(pk=job_id).first()
    if job is None:
        raise Http404
    return job
