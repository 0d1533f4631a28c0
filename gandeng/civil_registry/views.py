"""Answers of the civil registry: files, one file, taking and withdrawing one, and the panel of a family."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from gandeng.accounts.acting import Acting
from gandeng.accounts.context import region_name
from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import allowed
from gandeng.civil_registry import queries, taking
from gandeng.civil_registry.forms import MatchingForm, WithdrawForm
from gandeng.civil_registry.jobs import TAKE
from gandeng.civil_registry.models import Answer, Matching
from gandeng.civil_registry.sections import TONES, answers_of, row_of
from gandeng.files.layouts import CIVIL_ANSWERS
from gandeng.jobs.work import start
from gandeng.registry.list_queries import list_regions
from gandeng.registry.queries import access_family
from gandeng.registry.staging import upload_folder
from gandeng.registry.views.families import family_part
from gandeng.web.paging import known_filters, narrowed, page_by_key
from gandeng.web.refusals import refuse
from gandeng.web.room import receive


@allowed(*queries.SEEN_BY)
@require_safe
def matchings(request: HttpRequest) -> HttpResponse:
    """Files that came in, newest first."""
    who = acting(request)
    known_filters(request, [])
    page = page_by_key(queries.matchings(who), request, key="id", descending=True)
    rows = [
        {"matching": one, "region": region_name(one.region_code), "withdrawn": _withdrawn(one)} for one in page.rows
    ]
    context = {"page": page, "rows": rows, "may_take": who.may(May.TAKE_LIST)}
    return render(request, "civil_registry/matchings.html", context)


def _withdrawn(matching: Matching) -> Any:
    """How it was withdrawn, or None."""
    return getattr(matching, "withdrawal", None)


@allowed(May.TAKE_LIST)
@require_http_methods(["GET", "POST"])
def take(request: HttpRequest) -> HttpResponse:
    """Send a file."""
    who = acting(request)
    form = MatchingForm(request.POST or None, request.FILES or None, regions=list_regions(who))
    if request.method == "POST" and form.is_valid():
        told, upload = form.cleaned_data, str(uuid4())
        who.authority(May.TAKE_LIST, told["region"])
        if kept := receive(form, upload_folder(upload), ("file", "list", "jawaban")):
            job = start(
                who, TAKE, f"Memadankan dengan Dukcapil, {region_name(told['region'])}", upload=upload,
                called=kept["file"], region=told["region"], checked_on=told["checked_on"].isoformat(),
                source=told["source"],
            )  # fmt: skip
            return redirect("jobs:job", job.pk)
    context = {"form": form, "columns": _columns(), "words": _words()}
    return render(request, "civil_registry/take.html", context, status=422 if form.errors else 200)


def _columns() -> list[dict[str, Any]]:
    return [
        {"name": field.name, "alias": field.aliases[0], "may_lack": field.may_lack} for field in CIVIL_ANSWERS.fields
    ]


def _words() -> list[dict[str, Any]]:
    """How each result may be written."""
    words = CIVIL_ANSWERS.field("result").words
    return [
        {"result": result.label, "words": ", ".join([result.value, *(word for word, code in words if code == result)])}
        for result in Answer.Result
    ]


@allowed(*queries.SEEN_BY)
@require_http_methods(["GET", "POST"])
def matching(request: HttpRequest, matching_id: UUID) -> HttpResponse:
    """What the file says of whom; withdrawing it."""
    who, found = acting(request), queries.access(acting(request), matching_id)
    filters = known_filters(request, ["result"])
    may_withdraw = who.may(May.TAKE_LIST, found.region_code) and _withdrawn(found) is None
    form = WithdrawForm(request.POST or None) if may_withdraw else None
    if request.method == "POST" and form is None:
        raise Http404
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            taking.withdraw(who, found, form.cleaned_data["reason"])
        except taking.WithdrawalRefused as why:
            refuse(form, why)
        else:
            messages.success(request, _("Berkas ini tidak berlaku lagi."))
            return redirect("civil_registry:matching", found.pk)
    context = _page(request, who, found, filters) | {"form": form}
    status = 422 if form is not None and form.errors else 200
    return render(request, "civil_registry/matching.html", context, status=status)


def _page(request: HttpRequest, who: Acting, found: Matching, filters: dict[str, str]) -> dict[str, Any]:
    counts, still = queries.counted(found), queries.still_asking(found)
    page = page_by_key(queries.asking(found, filters["result"]), request, key="id")
    return {
        "matching": found, "region": region_name(found.region_code), "withdrawn": _withdrawn(found),
        "kept": sum(counts.values()), "elsewhere": found.rows - sum(counts.values()), "page": page,
        "results": [
            {
                "label": result.label, "tone": TONES[result], "count": counts[result], "open": still[result],
                "url": narrowed(request.path, {"result": result}),
            }
            for result in Answer.Result
        ],
        "rows": [
            row_of(one, asks=who.may(May.REQUEST_CHANGE, one.village_code)) | {"place": region_name(one.village_code)}
            for one in page.rows
        ],
        "chosen": Answer.Result(filters["result"]) if filters["result"] else None,
    }  # fmt: skip


@allowed(May.REQUEST_CHANGE, May.DECIDE_CHANGE)
@require_safe
def of_family(request: HttpRequest, family_id: UUID) -> HttpResponse:
    """The panel of a family's page."""
    who, family = acting(request), access_family(acting(request), family_id)
    return family_part(request, family, answers_of(who, family))
