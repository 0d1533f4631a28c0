"""Sending a file, its receipt, its withdrawal."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy

from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import allowed
from gandeng.core.matching_tables import EVENTS
from gandeng.files.layouts import RESULTS
from gandeng.payments.models import Cycle
from gandeng.payments.queries import access_cycle, books_for
from gandeng.reconciliation.actions.files import NotReceived, Typed, ask_withdrawal, receive_file
from gandeng.reconciliation.forms import ReasonForm, UploadForm
from gandeng.reconciliation.models import ResultFile
from gandeng.reconciliation.queries import access_file, not_accepted
from gandeng.web.paging import known_filters

_COLUMNS = (
    ("channel", gettext_lazy("penyalur")),
    ("bank_reference", gettext_lazy("nomor kejadian di penyalur, boleh kosong")),
    ("payment_id, account_no, nik",
     gettext_lazy("pembayarannya, rekeningnya, NIK pengurusnya; paling sedikit satu terisi")),
    ("name", gettext_lazy("nama yang dibayar")),
    ("amount", gettext_lazy("rupiah")),
    ("occurred_on", gettext_lazy("tanggal kejadian")),
    ("reason", gettext_lazy("alasan gagal atau dibatalkan")),
)  # fmt: skip
"""Of the contract, where the layout is none of a bank's own."""


@allowed(May.SEND_RESULTS)
def upload(request: HttpRequest, cycle_id: UUID) -> HttpResponse:
    """A file and the totals its sender counts, typed before ours are seen."""
    known_filters(request, ())
    cycle = access_cycle(acting(request), cycle_id)
    books = books_for(cycle) if cycle.state == Cycle.State.CLOSED else cycle
    if request.method != "POST":
        return _upload_page(request, cycle, books, UploadForm(acting(request), cycle))
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
    return _upload_page(request, cycle, books, form, status=422)


def _upload_page(
    request: HttpRequest, cycle: Cycle, books: Cycle | None, form: UploadForm, *, status: int = 200
) -> HttpResponse:
    context = {
        "form": form, "cycle": cycle, "books": books, "columns": _COLUMNS, "event_column": "event", "events": EVENTS,
    }  # fmt: skip
    return render(request, "reconciliation/upload.html", context, status=status)


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
    left = not_accepted(found) if found.state == ResultFile.State.TAKEN else []
    unknown = sum(each["count"] for each in left if each["kind"] == "UNKNOWN")
    return render(
        request, "reconciliation/file.html",
        {
            "file": found, "cycle": found.cycle, "may_withdraw": may_withdraw, "left": left, "unknown": unknown,
            "looks_misplaced": unknown * 2 > (found.rows or 0), "no_heading": _no_heading(found),
            "may_send": acting(request).may(May.SEND_RESULTS, found.region_code, found.channel),
        },
    )  # fmt: skip


def _no_heading(file: ResultFile) -> bool:
    """Not one column was recognised: a file without its first row, or a picture, is no file with ten faults."""
    lacking = {fault["column"] for fault in file.faults if fault["row"] == 1}
    return lacking >= {field.name for field in RESULTS.fields}


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
