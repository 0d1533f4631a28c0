"""Sending a file, its receipt, its withdrawal."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import allowed
from gandeng.payments.models import Cycle
from gandeng.payments.queries import access_cycle, books_for
from gandeng.reconciliation.actions.files import NotReceived, Typed, ask_withdrawal, receive_file
from gandeng.reconciliation.forms import ReasonForm, UploadForm
from gandeng.reconciliation.models import ResultFile
from gandeng.reconciliation.queries import access_file
from gandeng.web.paging import known_filters


@allowed(May.SEND_RESULTS)
def upload(request: HttpRequest, cycle_id: UUID) -> HttpResponse:
    """A file and the totals its sender counts, typed before ours are seen."""
    known_filters(request, ())
    cycle = access_cycle(acting(request), cycle_id)
    books = books_for(cycle) if cycle.state == Cycle.State.CLOSED else cycle
    if request.method != "POST":
        context = {"form": UploadForm(acting(request), cycle), "cycle": cycle, "books": books}
        return render(request, "reconciliation/upload.html", context)
    form = UploadForm(acting(request), cycle, request.POST, request.FILES)
    if form.is_valid():
        told = form.cleaned_data
        try:
            _, job = receive_file(
                acting(request), cycle, told["file"], channel=told["channel"], region=told["region"],
                typed=Typed(told["rows"], told["rupiah"]),
            )  # fmt: skip
        except NotReceived as refused:
            form.add_error("file", str(refused))
        else:
            return redirect("jobs:job", job.pk)
    return render(request, "reconciliation/upload.html", {"form": form, "cycle": cycle, "books": books}, status=422)


@allowed(May.SEE_RECONCILIATION)
def file(request: HttpRequest, file_id: UUID) -> HttpResponse:
    """The receipt: digest, totals, who, when, verdict."""
    known_filters(request, ())
    found = access_file(acting(request), file_id)
    may_withdraw = (
        found.state == ResultFile.State.TAKEN
        and found.cycle.state != "CLOSED"
        and found.sent_by_id != acting(request).person_id
        and acting(request).may(May.WITHDRAW_RESULTS, found.region_code, found.channel)
    )
    return render(
        request, "reconciliation/file.html",
        {
            "file": found, "cycle": found.cycle, "may_withdraw": may_withdraw,
            "may_send": acting(request).may(May.SEND_RESULTS, found.region_code, found.channel),
        },
    )  # fmt: skip


@allowed(May.WITHDRAW_RESULTS)
def withdraw(request: HttpRequest, file_id: UUID) -> HttpResponse:
    """Withdraw a file as a whole: what follows, and why."""
    known_filters(request, ())
    found = access_file(acting(request), file_id)
    acting(request).authority(May.WITHDRAW_RESULTS, found.region_code, found.channel)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("jobs:job", ask_withdrawal(acting(request), found, form.cleaned_data["reason"]).pk)
        except NotReceived as refused:
            form.add_error(None, str(refused))
    status = 422 if request.method == "POST" else 200
    return render(
        request, "reconciliation/withdraw.html", {"form": form, "file": found, "cycle": found.cycle}, status=status
    )
