"""Lists of the ministry: upload, preview, apply, withdraw, undo."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from gandeng.accounts.acting import Acting
from gandeng.accounts.context import region_name
from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import allowed
from gandeng.accounts.second_factor import ask_again
from gandeng.files.layouts import FAMILIES, LISTED_FAMILIES, MEMBERS
from gandeng.jobs.work import WorkRefused, start
from gandeng.registry import list_queries
from gandeng.registry.actions import lists
from gandeng.registry.forms import EndListForm, ListForm
from gandeng.registry.models import Intake
from gandeng.registry.staging import upload_folder
from gandeng.web.paging import known_filters, page_by_key
from gandeng.web.room import receive

STATE_TONES = {"STAGED": "warn", "APPLIED": "good", "UNDONE": "bad"}


@allowed(May.TAKE_LIST, May.APPLY_LIST)
@require_safe
def intakes(request: HttpRequest) -> HttpResponse:
    """Lists that came in, newest first."""
    who = acting(request)
    known_filters(request, [])
    page = page_by_key(list_queries.intakes_visible_to(who), request, key="id", descending=True)
    rows = [
        {"intake": one, "region": region_name(one.region_code), "tone": STATE_TONES.get(one.state, "neutral")}
        for one in page.rows
    ]
    return render(request, "registry/intakes.html", {"page": page, "rows": rows, "may_take": who.may(May.TAKE_LIST)})


@allowed(May.TAKE_LIST)
def take(request: HttpRequest) -> HttpResponse:
    """Send a list: two files, the region they cover, the cycle they are priced for."""
    who = acting(request)
    form = ListForm(request.POST or None, request.FILES or None, regions=list_queries.list_regions(who))
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        who.authority(May.TAKE_LIST, told["region"])
        upload = str(uuid4())
        parts = ((part, part, part) for part in ("families", "members"))
        if names := receive(form, upload_folder(upload), *parts):
            job = start(
                who, "registry.take", f"Mengambil daftar {region_name(told['region'])}", upload=upload,
                families_name=names["families"], members_name=names["members"], region=told["region"],
                cycle=told["cycle"],
            )  # fmt: skip
            return redirect("jobs:job", job.pk)
    context = {
        "form": form, "columns_of_families": ", ".join(field.name for field in FAMILIES.fields),
        "columns_of_members": ", ".join(field.name for field in MEMBERS.fields),
        "columns_besides": ", ".join(field.name for field in LISTED_FAMILIES.fields if field.may_lack),
    }  # fmt: skip
    return render(request, "registry/take.html", context, status=422 if form.errors else 200)


@allowed(May.TAKE_LIST, May.APPLY_LIST)
@require_safe
def intake(request: HttpRequest, intake_id: UUID) -> HttpResponse:
    """What the list changes, or changed."""
    found = list_queries.access_intake(acting(request), intake_id)
    return render(request, "registry/intake.html", _page(acting(request), found, EndListForm()))


def _page(who: Acting, found: Intake, form: EndListForm) -> dict[str, Any]:
    may_apply = who.may(May.APPLY_LIST, found.region_code)
    staged, own = found.state == Intake.State.STAGED, found.taken_by_id == who.person_id
    return {
        "intake": found, "region": region_name(found.region_code), "tone": STATE_TONES.get(found.state, "neutral"),
        "preview": list_queries.preview_rows(found), "form": form, "own": own and staged,
        "applies": staged and may_apply and not own, "withdraws": staged and (own or may_apply),
        "undoes": found.state == Intake.State.APPLIED and may_apply,
        "stopped": found.state == Intake.State.APPLIED and found.stopped.exists(),
    }  # fmt: skip


@allowed(May.APPLY_LIST)
@require_POST
def apply(request: HttpRequest, intake_id: UUID) -> HttpResponse:
    """Start applying; by another person than the one who took it."""
    who, found = acting(request), list_queries.access_intake(acting(request), intake_id)
    who.authority(May.APPLY_LIST, found.region_code)
    if why := lists.why_not_apply(who, found):
        messages.error(request, why)
        return redirect("registry:intake", found.pk)
    ask_again(request)
    job = start(who, "registry.apply", f"Menerapkan daftar {region_name(found.region_code)}", intake=str(found.pk))
    return redirect("jobs:job", job.pk)


@allowed(May.TAKE_LIST, May.APPLY_LIST)
@require_POST
def withdraw(request: HttpRequest, intake_id: UUID) -> HttpResponse:
    """Put a list away that was not applied."""
    who, found = acting(request), list_queries.access_intake(acting(request), intake_id)
    form = EndListForm(request.POST)
    if form.is_valid():
        try:
            lists.withdraw_list(who, found, form.cleaned_data["reason"])
        except WorkRefused as why:
            messages.error(request, str(why))
        return redirect("registry:intake", found.pk)
    return render(request, "registry/intake.html", _page(who, found, form), status=422)


@allowed(May.APPLY_LIST)
@require_POST
def undo(request: HttpRequest, intake_id: UUID) -> HttpResponse:
    """Start undoing an applied list as a whole."""
    who, found = acting(request), list_queries.access_intake(acting(request), intake_id)
    who.authority(May.APPLY_LIST, found.region_code)
    form = EndListForm(request.POST)
    if not form.is_valid():
        return render(request, "registry/intake.html", _page(who, found, form), status=422)
    ask_again(request)
    job = start(
        who, "registry.undo", f"Membatalkan daftar {region_name(found.region_code)}", intake=str(found.pk),
        reason=form.cleaned_data["reason"],
    )  # fmt: skip
    return redirect("jobs:job", job.pk)
