"""Jobs of the one who asks."""

from uuid import UUID

from django.db.models import QuerySet

from gandeng.accounts.acting import Acting
from gandeng.jobs.models import Job
from gandeng.web.finding import found_or_404


def jobs_of(acting: Acting) -> QuerySet[Job]:
    """Newest first."""
    return Job.objects.filter(owner_id=acting.person_id).order_by("-created_at")


def access_job(acting: Acting, job_id: UUID) -> Job:
    """One's own job. Raises Http404."""
    return found_or_404(jobs_of(acting), job_id)
