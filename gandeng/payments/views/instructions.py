"""Ordering the payments, and handing the encrypted files over."""

from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gandeng.accounts.acting import Acting
from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import allowed
from gandeng.accounts.second_factor import ask_again
from gandeng.accounts.signed_papers import may_sign
from gandeng.jobs.work import start
from gandeng.payments import actions, jobs, queries
from gandeng.payments.actions.handing_out import may_download
from gandeng.payments.forms import InstructForm, ReasonForm
from gandeng.payments.levels import fully_approved
from gandeng.payments.models import Cycle
from gandeng.payments.order_queries import told_of
from gandeng.payments.refused import Refused
from gandeng.payments.story import crumbs
from gandeng.payments.views.orders import word
from gandeng.payments.views.shared import cycle_name, recorded_dead_on, stage_title
from gandeng.web.answers import P7S, as_file
from gandeng.web.paging import known_filters


@allowed(May.SEE_PAYMENTS)
@require_GET
def instructions(request: HttpRequest, cycle_id: UUID) -> HttpResponse:
    """The files of a cycle."""
    who = acting(request)
    known_filters(request, ())
    return _page(request, who, queries.access_cycle(who, cycle_id))


def _page(request: HttpRequest, who: Acting, found: Cycle, *, error: str = "") -> HttpResponse:
    made = list(queries.instructions_of(found))
    told = told_of(made)
    rows = [
        {
            "made": each, **word(told.get(each.pk)),
            "may_confirm": who.may(May.CONFIRM_ORDER, each.region_code, each.channel),
            "may_download": may_download(who, each) is not None,
            "password": each.made_by_id == who.person_id and bool(bytes(each.password_sealed)),
            "may_repack": who.may(May.INSTRUCT, each.region_code) and found.state != Cycle.State.CLOSED,
        }
        for each in made
    ]  # fmt: skip
    context = {
        "cycle": found,
        "name": cycle_name(found),
        "rows": rows,
        "error": error,
        "signs": may_sign(),
        "hands_out": who.may(May.INSTRUCT, found.region_code),
        "crumbs": _crumbs(found, _("Perintah bayar")),
    }
    return render(request, "payments/instructions.html", context, status=422 if error else 200)


def _crumbs(found: Cycle, last: str) -> list[dict[str, str]]:
    return crumbs(
        (_("Pembayaran"), reverse("payments:cycles")), (cycle_name(found), reverse("payments:cycle", args=[found.pk])),
        (last, ""),
    )  # fmt: skip


@allowed(May.INSTRUCT)
@require_http_methods(["GET", "POST"])
def instruct(request: HttpRequest, cycle_id: UUID) -> HttpResponse:
    """What would be ordered, then the order."""
    who = acting(request)
    found = queries.access_cycle(who, cycle_id)
    who.authority(May.INSTRUCT, found.region_code)
    form = InstructForm(
        request.POST if request.method == "POST" else None, initial={"execute_on": timezone.localdate()}
    )
    if request.method == "POST" and form.is_valid():
        ask_again(request)
        day = form.cleaned_data["execute_on"].isoformat()
        job = start(who, jobs.INSTRUCT, f"Perintah bayar {stage_title(found)}", cycle=str(found.pk), execute_on=day)
        return redirect("jobs:job", job.pk)
    lists = list(queries.lists_of(found))
    done = fully_approved(found)
    ready = [
        total for total in queries.by_channel(found, lists)
        if all(each.state == done for each in lists if each.channel == total.channel)
    ]  # fmt: skip
    context = {
        "cycle": found, "name": cycle_name(found), "form": form, "ready": ready,
        "payments": sum(total.payments for total in ready), "rupiah": sum(total.rupiah for total in ready),
        "recorded_dead": recorded_dead_on(each for each in lists if each.channel in {total.channel for total in ready}),
        "crumbs": _crumbs(found, _("Buat perintah bayar")),
    }  # fmt: skip
    return render(request, "payments/instruct.html", context, status=422 if form.errors else 200)


@allowed(May.INSTRUCT, May.SEND_RESULTS)
@require_POST
def download(request: HttpRequest, instruction_id: UUID) -> HttpResponseBase:
    """The encrypted file; each time is written down."""
    who = acting(request)
    found = queries.access_instruction(who, instruction_id)
    try:
        path, name = actions.download(who, found)
    except Refused as refused:
        return _page(request, who, found.cycle, error=str(refused))
    return FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type="application/zip")


@allowed(May.INSTRUCT, May.SEND_RESULTS)
@require_POST
def signature(request: HttpRequest, instruction_id: UUID) -> HttpResponse:
    """The office's signature of that file, to lie beside it; each time is written down."""
    who = acting(request)
    found = queries.access_instruction(who, instruction_id)
    try:
        content, name = actions.signature(who, found)
    except Refused as refused:
        return _page(request, who, found.cycle, error=str(refused))
    return as_file(content, name, P7S)


@allowed(May.INSTRUCT)
@require_POST
def password(request: HttpRequest, instruction_id: UUID) -> HttpResponse:
    """The password, once. Shown in the answer itself: an address or a message would keep it."""
    who = acting(request)
    found = queries.access_instruction(who, instruction_id)
    ask_again(request)
    try:
        words = actions.show_password(who, found)
    except Refused as refused:
        return _page(request, who, found.cycle, error=str(refused))
    context = {
        "instruction": found,
        "cycle": found.cycle,
        "password": words,
        "crumbs": _crumbs(found.cycle, _("Kata sandi")),
    }
    return render(request, "payments/password.html", context)


@allowed(May.INSTRUCT)
@require_http_methods(["GET", "POST"])
def repack(request: HttpRequest, instruction_id: UUID) -> HttpResponse:
    """A new password for the same content."""
    who = acting(request)
    found = queries.access_instruction(who, instruction_id)
    who.authority(May.INSTRUCT, found.region_code)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        ask_again(request)
        job = start(
            who, jobs.REPACK, f"Kemas ulang {found.channel}, {stage_title(found.cycle)}", instruction=str(found.pk),
            reason=form.cleaned_data["reason"],
        )  # fmt: skip
        messages.info(request, _("Kata sandi yang baru ditampilkan di halaman perintah bayar sesudah selesai."))
        return redirect("jobs:job", job.pk)
    context = {
        "instruction": found,
        "cycle": found.cycle,
        "form": form,
        "crumbs": _crumbs(found.cycle, _("Kemas ulang")),
    }
    return render(request, "payments/repack.html", context, status=422 if form.errors else 200)
