"""Lists of staff and caseload: upload, preview, apply, put away, undo."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gandeng.accounts.acting import Acting
from gandeng.accounts.context import region_name
from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import allowed
from gandeng.facilitators import import_queries
from gandeng.facilitators.actions import imports
from gandeng.facilitators.import_forms import EndImportForm, ImportForm
from gandeng.facilitators.import_template import template as template_of
from gandeng.facilitators.models import Import
from gandeng.jobs.work import WorkRefused, start
from gandeng.registry.staging import upload_folder
from gandeng.web.answers import as_file
from gandeng.web.paging import known_filters, page_by_key
from gandeng.web.room import receive

RIGHTS = (May.KEEP_STAFF, May.PLAN_CASELOAD, May.DECIDE_CASELOAD)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
STATE_TONES = {"STAGED": "warn", "APPLIED": "good", "UNDONE": "bad"}
_FILES: dict[str, str] = {Import.Kind.STAFF: "pendamping", Import.Kind.CASELOAD: "dampingan"}

_APPLY_TITLE = "Menerapkan daftar untuk {place}"
_UNDO_TITLE = "Membatalkan daftar untuk {place}"


@allowed(*RIGHTS)
@require_safe
def imports_list(request: HttpRequest) -> HttpResponse:
    """Lists that came in, newest first."""
    known_filters(request, [])
    page = page_by_key(import_queries.imports_visible_to(acting(request)), request, key="id", descending=True)
    rows = [
        {"list": one, "region": region_name(one.region_code), "tone": STATE_TONES.get(one.state, "neutral")}
        for one in page.rows
    ]
    return render(request, "facilitators/imports.html", {"page": page, "rows": rows})


@allowed(*RIGHTS)
@require_safe
def template(request: HttpRequest, kind: str) -> HttpResponse:  # noqa: ARG001 (a view)
    """The empty table to fill in."""
    return as_file(template_of(kind), f"contoh-{_FILES[kind]}.xlsx", XLSX)


@allowed(*RIGHTS)
@require_http_methods(["GET", "POST"])
def take(request: HttpRequest) -> HttpResponse:
    """Send a list."""
    who = acting(request)
    form = ImportForm(
        request.POST or None, request.FILES or None, acting=who, kinds=import_queries.kinds_of(who),
        regions=import_queries.import_regions(who),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        upload = str(uuid4())
        if kept := receive(form, upload_folder(upload), ("file", "list", "daftar")):
            job = start(
                who, "facilitators.take_list", f"Membaca daftar untuk {region_name(told['region'])}", upload=upload,
                called=kept["file"], kind=told["kind"], region=told["region"], reason=told["reason"],
            )  # fmt: skip
            return redirect("jobs:job", job.pk)
    return render(request, "facilitators/import_take.html", {"form": form}, status=422 if form.errors else 200)


@allowed(*RIGHTS)
@require_safe
def one(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """What the list changes, or changed."""
    found = import_queries.access_import(acting(request), import_id)
    return render(request, "facilitators/import.html", _page(acting(request), found, EndImportForm()))


def _page(who: Acting, found: Import, form: EndImportForm) -> dict[str, Any]:
    applies = who.may(import_queries.APPLIES[found.kind], found.region_code)
    staged, changes = found.state == Import.State.STAGED, import_queries.changes_something(found)
    return {
        "list": found, "region": region_name(found.region_code), "tone": STATE_TONES.get(found.state, "neutral"),
        "preview": import_queries.preview_of(found), "form": form, "of_caseload": found.kind == Import.Kind.CASELOAD,
        "applies": staged and applies and changes, "nothing": staged and not changes, "withdraws": staged,
        "waits": staged and changes and not applies, "undoes": found.state == Import.State.APPLIED and applies,
    }  # fmt: skip


@allowed(May.KEEP_STAFF, May.DECIDE_CASELOAD)
@require_POST
def apply(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Start making it so."""
    who, found = acting(request), import_queries.access_import(acting(request), import_id)
    who.authority(import_queries.APPLIES[found.kind], found.region_code)
    if found.state != Import.State.STAGED:
        messages.error(request, _("Daftar ini tidak lagi menunggu penerapan."))
        return redirect("facilitators:import", found.pk)
    title = _APPLY_TITLE.format(place=region_name(found.region_code))
    return redirect("jobs:job", start(who, "facilitators.apply_list", title, list=str(found.pk)).pk)


@allowed(*RIGHTS)
@require_POST
def withdraw(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Put a list away that was not applied."""
    who, found = acting(request), import_queries.access_import(acting(request), import_id)
    form = EndImportForm(request.POST)
    if not form.is_valid():
        return render(request, "facilitators/import.html", _page(who, found, form), status=422)
    try:
        imports.withdraw_list(who, found, form.cleaned_data["reason"])
    except WorkRefused as why:
        messages.error(request, str(why))
    return redirect("facilitators:import", found.pk)


@allowed(May.KEEP_STAFF, May.DECIDE_CASELOAD)
@require_POST
def undo(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Start undoing an applied list as a whole."""
    who, found = acting(request), import_queries.access_import(acting(request), import_id)
    who.authority(import_queries.APPLIES[found.kind], found.region_code)
    form = EndImportForm(request.POST)
    if not form.is_valid():
        return render(request, "facilitators/import.html", _page(who, found, form), status=422)
    title = _UNDO_TITLE.format(place=region_name(found.region_code))
    job = start(
        who, "facilitators.undo_list", title, list=str(found.pk), reason=form.cleaned_data["reason"]
    )  # fmt: skip
    return redirect("jobs:job", job.pk)
