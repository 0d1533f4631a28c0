"""What waits for me, and whether the site lives."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import public, signed_in
from gandeng.conduct.case_queries import against
from gandeng.conduct.clarification_queries import unread
from gandeng.home.first_steps import first_steps
from gandeng.home.waiting import cycles_for, waiting_for
from gandeng.jobs.queries import jobs_of, worker_lives
from gandeng.payments.queries import totals_by_cycle
from gandeng.payments.story import step_of


@signed_in
def home(request: HttpRequest) -> HttpResponse:
    """What waits for me, where the stages stand, what runs."""
    who = acting(request)
    cycles = cycles_for(who)
    totals = totals_by_cycle(cycles)
    stages = [{"cycle": each, "totals": totals.get(each.pk), "step": step_of(each)} for each in cycles]
    waiting, clarifications = waiting_for(who), reverse("conduct:clarifications")
    some_unread = any(one.count for one in waiting if one.url == clarifications)
    some_wait = any(one.count for one in waiting)
    context = {
        "clarifications": unread(who)[:5] if some_unread else [],
        "against": against(who)[:5] if who.may(May.ACCOMPANY) else [],
        "waiting": waiting, "some_wait": some_wait, "first": [] if some_wait else first_steps(who),
        "some_do_not": not all(one.count for one in waiting), "stages": stages, "now": timezone.now(),
        "running": jobs_of(who).filter(state__in=["WAITING", "RUNNING"])[:5], "may_find": who.may(May.SEE_FAMILIES),
    }  # fmt: skip
    return render(request, "home/home.html", context)


@public
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Keep the chosen language in this browser and go back to the page it was chosen on."""
    return set_language(request)


@public
def health(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """For whoever watches the machine."""
    return HttpResponse("ok", content_type="text/plain")


@public
def health_of_worker(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """The same of the worker and the database through which it tells that it lives."""
    lives = worker_lives()
    return HttpResponse("ok" if lives else "no worker", content_type="text/plain", status=200 if lives else 503)
