"""My work: what runs, how far it is."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from gandeng.accounts.requests import acting
from gandeng.accounts.rules import signed_in
from gandeng.core.money import format_number
from gandeng.jobs.models import Job
from gandeng.jobs.queries import access_job, jobs_of, worker_lives
from gandeng.jobs.work import AGAIN, ask_to_stop

_NEWEST = 50
_MINUTE = 60


@signed_in
def jobs(request: HttpRequest) -> HttpResponse:
    """The newest of mine."""
    return render(request, "jobs/jobs.html", {"jobs": jobs_of(acting(request))[:_NEWEST]})


@signed_in
def job(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """One job; done leads to its result."""
    found = access_job(acting(request), job_id)
    if found.state == Job.State.DONE and found.result_url and not request.GET.get("stay"):
        return _to_result(request, found.result_url)
    runs = found.state in (Job.State.WAITING, Job.State.RUNNING)
    context = {"job": found, "runs": runs, "percent": _percent(found), "estimate": _estimate(found)}
    context |= {"note": _note(found), "told": _told(found), "again": AGAIN.get(found.kind, "")}
    context["stands_still"] = found.state == Job.State.WAITING and not worker_lives()
    return render(request, "jobs/job.html#progress" if request.htmx else "jobs/job.html", context)  # type: ignore[attr-defined]


def _told(job: Job) -> list[list[str]]:
    """Why it was not done: for each file, what happened to it and then a line per fault."""
    return [block.splitlines() for block in job.message.split("\n\n") if block.strip()]


def _to_result(request: HttpRequest, url: str) -> HttpResponse:
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponse(status=200, headers={"HX-Redirect": url})
    return redirect(url)


def _percent(job: Job) -> int | None:
    return min(99, job.done * 100 // job.total) if job.total else None


def _note(job: Job) -> str:
    done, total = format_number(job.done), format_number(job.total)
    return _("%(part)s dari %(whole)s") % {"part": done, "whole": total} if job.total else ""


def _estimate(job: Job) -> str:
    """Time left, in words, as the rest goes as the part done went."""
    if not (job.started_at and job.total and job.done):
        return ""
    spent = (timezone.now() - job.started_at).total_seconds()
    minutes = round(spent * (job.total - job.done) / job.done) // _MINUTE
    if minutes < 1:
        return _("kurang dari semenit")
    return ngettext("%(minutes)s menit lagi", "%(minutes)s menit lagi", minutes) % {"minutes": minutes}


@signed_in
@require_POST
def stop(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """Ask it to stop."""
    ask_to_stop(access_job(acting(request), job_id))
    return redirect("jobs:job", job_id)
