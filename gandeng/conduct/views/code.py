"""The code of ethics: versions, entering one, one's own signature, who has not signed."""

from typing import Any
from uuid import UUID

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gandeng.accounts.context import region_name
from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import allowed
from gandeng.accounts.second_factor import ask_again
from gandeng.conduct import code_queries as queries
from gandeng.conduct.actions import code as actions
from gandeng.conduct.actions.common import ConductRefused
from gandeng.conduct.forms import CodeForm, ReasonForm, SignForm, starting_list
from gandeng.conduct.models import Code
from gandeng.conduct.papers import statement_pdf
from gandeng.conduct.published import prohibitions
from gandeng.conduct.views.common import ANY, tabs
from gandeng.exports.actions import take_alone
from gandeng.exports.refused import Refused
from gandeng.exports.sources import ROWS_ALONE
from gandeng.exports.tables import table_bytes
from gandeng.registry.queries import region_choices
from gandeng.web.answers import CSV, as_file
from gandeng.web.language import indonesian
from gandeng.web.paging import known_filters, page_by_key
from gandeng.web.refusals import refuse

FILE_KEPT = "belum-tanda-tangan-%s.csv"
HEADER = ("nomor SDM", "nama", "kabupaten/kota", "kecamatan", "kode etik yang berlaku", "berlaku mulai")


@allowed(*ANY)
@require_safe
def code(request: HttpRequest) -> HttpResponse:
    """All versions that concern the territory, the one in force on top."""
    who, today = acting(request), timezone.localdate()
    known_filters(request, ())
    found = list(queries.versions(who))
    context = {
        "tabs": tabs(who, "code"), "rows": [_row(one, found) for one in found], "today": today,
        "may_enter": who.may(May.KEEP_CODE), "prohibitions": [] if found else prohibitions().values(),
        "own": queries.own_code(who),
    }  # fmt: skip
    return render(request, "conduct/code.html", context)


def _row(one: Code, found: list[Code]) -> dict[str, Any]:
    today = timezone.localdate()
    if one.withdrawn_at is not None:
        words, tone = _("Ditarik sebelum berlaku"), "neutral"
    elif one.valid_from > today:
        words, tone = _("Belum berlaku"), "info"
    elif one.pk in queries.current(found, today):
        words, tone = _("Berlaku"), "good"
    else:
        words, tone = _("Sudah diganti"), "neutral"
    return {"code": one, "region": region_name(one.region_code), "words": words, "tone": tone}


@allowed(*ANY)
@require_safe
def version(request: HttpRequest, code_id: UUID) -> HttpResponse:
    """The whole text of one."""
    return render(request, "conduct/version.html", _version(request, code_id, ReasonForm()))


def _version(request: HttpRequest, code_id: UUID, form: ReasonForm) -> dict[str, Any]:
    who, found = acting(request), queries.access_code(acting(request), code_id)
    to_come = found.withdrawn_at is None and found.valid_from > timezone.localdate()
    signatures = queries.signatures_of(who, found)
    page = page_by_key(signatures, request, key="id")
    return _row(found, list(queries.versions(who))) | {
        "articles": list(enumerate(found.articles, 1)), "form": form, "signatures": signatures.count(),
        "page": page, "signers": [{"one": one, "region": region_name(one.region_code)} for one in page.rows],
        "may_withdraw": to_come and who.may(May.KEEP_CODE, found.region_code), "tabs": tabs(who, "code"),
    }  # fmt: skip


@allowed(May.KEEP_CODE)
def enter(request: HttpRequest) -> HttpResponse:
    """A new version; the published prohibitions are a place to begin."""
    who = acting(request)
    begin: dict[str, Any] = {"valid_from": timezone.localdate()}
    if request.method == "GET" and known_filters(request, ["mulai"])["mulai"] == "larangan":
        begin |= {"articles": starting_list()}
    form = CodeForm(request.POST or None, acting=who, initial=begin)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.enter(who, form.told())
        except ConductRefused as why:
            refuse(form, why)
        else:
            messages.success(request, _("Versi kode etik tersimpan. Setiap SDM PKH menandatanganinya sejak berlaku."))
            return redirect("conduct:version", made.pk)
    context = {"form": form, "prohibitions": prohibitions().values()}
    return render(request, "conduct/enter.html", context, status=422 if form.errors else 200)


@allowed(May.KEEP_CODE)
@require_POST
def withdraw(request: HttpRequest, code_id: UUID) -> HttpResponse:
    """A version whose day has not come."""
    who, found, form = acting(request), queries.access_code(acting(request), code_id), ReasonForm(request.POST)
    if form.is_valid():
        try:
            actions.withdraw(who, found, form.cleaned_data["reason"])
        except ConductRefused as why:
            refuse(form, why)
        else:
            messages.success(request, _("Versi itu ditarik dan tidak akan berlaku."))
            return redirect("conduct:version", found.pk)
    return render(request, "conduct/version.html", _version(request, code_id, form), status=422)


@allowed(*ANY)
def own(request: HttpRequest) -> HttpResponse:
    """The version in force, whole, and one's own name under it; afterwards the paper."""
    who = acting(request)
    mine = queries.own_code(who)
    form = SignForm(request.POST or None, initial={"digest": mine.code.text_sha256 if mine and mine.code else ""})
    if request.method == "POST" and mine and mine.code and form.is_valid():
        ask_again(request)
        shown = not settings.DEMO and is_mfa_enabled(request.user)
        try:
            actions.sign(who, mine.staff, mine.code, form.cleaned_data["digest"], second_factor=shown)
        except ConductRefused as why:
            refuse(form, why)
        else:
            messages.success(request, _("Tanda tangan Anda tersimpan."))
            return redirect("conduct:own")
    context = {
        "mine": mine, "form": form, "tabs": tabs(who, "own"),
        "articles": list(enumerate(mine.code.articles, 1)) if mine and mine.code else [],
        "region": region_name(mine.staff.region_code) if mine else "",
    }  # fmt: skip
    return render(request, "conduct/own.html", context, status=422 if form.errors else 200)


@allowed(*ANY)
@require_safe
def statement(request: HttpRequest, signature_id: UUID) -> HttpResponse:
    """The paper of a signature, for her and for whoever sees her among the staff."""
    found = queries.access_signature(acting(request), signature_id)
    name = f"pernyataan-{found.staff.staff_no}-{found.code.valid_from.isoformat()}.pdf"
    return as_file(statement_pdf(found), name, "application/pdf")


@allowed(May.SEE_STAFF)
@require_safe
def coverage(request: HttpRequest) -> HttpResponse:
    """How many signed the version in force, by district and sub-district, and who has not."""
    filters = known_filters(request, ["region"])
    return render(request, "conduct/coverage.html", _coverage(request, filters["region"]))


def _coverage(request: HttpRequest, region: str, refused: str = "") -> dict[str, Any]:
    who, today = acting(request), timezone.localdate()
    found = queries.coverage(who, region, today)
    page = page_by_key(queries.unsigned(who, region, today), request, key="staff_no")
    rows = [
        {
            "row": one, "district": region_name(one.district),
            "sub_district": region_name(one.sub_district) if one.sub_district else _("Tidak tercatat"),
        }
        for one in found
    ]  # fmt: skip
    return {
        "tabs": tabs(who, "coverage"), "rows": rows, "page": page, "region": region, "refused": refused,
        "staff": sum(one.staff for one in found), "signed": sum(one.signed for one in found),
        "due": sum(one.due for one in found), "without": sum(one.without for one in found),
        "regions": region_choices(who, region), "now": timezone.now(),
        "people": [
            {"staff": one, "home": region_name(one.home_code) if one.home_code else region_name(one.region_code)}
            for one in page.rows
        ],
    }  # fmt: skip


@allowed(May.SEE_STAFF)
@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """Who has not signed, as CSV: the list to remind them by."""
    who, today = acting(request), timezone.localdate()
    region = request.POST.get("region", "").strip()
    rows = list(queries.unsigned(who, region, today).order_by("region_code", "home_code", "staff_no")[: ROWS_ALONE + 1])
    if len(rows) > ROWS_ALONE:
        why = _("Lebih dari seribu baris. Pilih wilayah yang lebih kecil.")
        return render(request, "conduct/coverage.html", _coverage(request, region, why), status=422)
    try:
        take_alone(who, "CodeUnsigned", len(rows), region=region)
    except Refused as refused:
        return render(request, "conduct/coverage.html", _coverage(request, region, str(refused)), status=422)
    codes = queries.versions(who).in_bulk({one.in_force for one in rows})
    with indonesian():
        content = table_bytes(HEADER, [_line(one, codes.get(one.in_force)) for one in rows])
    actions.note_unsigned_export(who, region, len(rows))
    return as_file(content, FILE_KEPT % today.isoformat(), CSV)


def _line(staff: Any, found: Code | None) -> tuple[str, ...]:
    home = region_name(staff.home_code) if staff.home_code else ""
    told = (found.title, found.valid_from.isoformat()) if found else ("", "")
    return (staff.staff_no, staff.person.name, region_name(staff.region_code), home, *told)
