"""Her own record, for whoever works in the field."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from gandeng.accounts.requests import acting
from gandeng.accounts.rules import signed_in
from gandeng.facilitators.queries import own_record
from gandeng.facilitators.views.record import record_of


@signed_in
@require_safe
def own(request: HttpRequest) -> HttpResponse:
    """Posts, terms, leave, villages, and things to say yes to; for who has no record, that there is none."""
    who = acting(request)
    staff = own_record(who)
    context = record_of(who, staff, timezone.localdate()) if staff else {}
    return render(request, "facilitators/own.html", context)
