"""What a participant's phone opens: the code on the wall, one button, done."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from gandeng.accounts.requests import acting, address_of
from gandeng.accounts.rules import signed_in
from gandeng.facilitators.queries import own_record
from gandeng.training import day_queries as queries
from gandeng.training.actions import attendance as actions
from gandeng.training.actions.attendance import Scan
from gandeng.training.actions.common import TrainingRefused
from gandeng.training.day_forms import TypedForm
from gandeng.training.event_queries import access_own
from gandeng.web.refusals import refuse


@signed_in
def scan(request: HttpRequest, code: str, token: str) -> HttpResponse:
    """A good code shows one button; pressing it signs her in. Anything else says why not."""
    who = acting(request)
    try:
        found = actions.scanned(who, code, token, address_of(request))
        if request.method == "POST":
            actions.sign_in(who, found)
    except TrainingRefused as why:
        return render(request, "training/scan_refused.html", {"why": str(why)}, status=422)
    if request.method == "POST" or found.already is not None:
        return redirect("attend:mine", found.day.event_id)
    return render(request, "training/scan.html", _page(found))


def _page(found: Scan) -> dict[str, object]:
    return {"day": found.day, "event": found.day.event, "participant": found.participant}


@signed_in
def typed(request: HttpRequest) -> HttpResponse:
    """For phones that cannot scan: the letters under the picture."""
    who, form = acting(request), TypedForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            found = actions.typed_in(who, form.cleaned_data["typed"], address_of(request))
            actions.sign_in(who, found)
        except TrainingRefused as why:
            refuse(form, why)
        else:
            return redirect("attend:mine", found.day.event_id)
    context = {"form": form, "staff": own_record(who), "days": queries.own_open_days(who)}
    return render(request, "training/typed.html", context, status=422 if form.errors else 200)


@signed_in
@require_safe
def mine(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """Her own attendance at an event, day by day."""
    standing = access_own(acting(request), event_id)
    marks = queries.own_attendance(acting(request), standing.event)
    days = [(slot, marks.get(slot.day)) for slot in queries.slots(standing.event)]
    return render(request, "training/attended.html", {"standing": standing, "event": standing.event, "days": days})
