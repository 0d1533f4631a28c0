"""The list of certificates, one's own, taking the list away, the papers of a list."""

from datetime import date
from typing import Any

from django.core import signing
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gandeng.accounts.acting import Acting
from gandeng.accounts.context import region_name
from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import allowed, signed_in
from gandeng.certificates import jobs, papers, queries
from gandeng.certificates.models import Certificate
from gandeng.certificates.views.common import home_of, not_alone, note_taken, row_of, tabs
from gandeng.exports.actions import take_alone
from gandeng.exports.refused import Refused
from gandeng.exports.sources import ROWS_ALONE
from gandeng.exports.tables import table_bytes
from gandeng.facilitators.queries import own_record
from gandeng.jobs.work import WorkRefused
from gandeng.registry.queries import region_choices
from gandeng.web.answers import CSV, as_file
from gandeng.web.language import indonesian
from gandeng.web.paging import known_filters, page_by_day

FILE_KEPT = "sertifikat-%s.csv"
HEADER = (
    "nomor", "asal", "nama", "nomor SDM", "kabupaten/kota", "keahlian", "bunyi", "diterbitkan oleh", "tanggal terbit",
    "berlaku sampai dengan", "keadaan", "nomor lembaga lain",
)  # fmt: skip
_KINDS = {"pdf": "application/pdf", "zip": "application/zip"}


@allowed(May.SEE_STAFF)
@require_safe
def certificates(request: HttpRequest) -> HttpResponse:
    """Certificates of staff one may see, the latest first."""
    filters = known_filters(request, queries.FILTERS)
    return render(request, "certificates/certificates.html", _list(request, filters))


def _list(request: HttpRequest, filters: dict[str, str], refused: str = "") -> dict[str, Any]:
    who, today = acting(request), timezone.localdate()
    rows = queries.matching(who, filters, today)
    page = page_by_day(rows, request, "issued_on")
    return {
        "tabs": tabs(who, "certificates"), "filters": filters, "page": page, "refused": refused, "today": today,
        "rows": [row_of(one, today) for one in page.rows], "count": rows.count(), "states": queries.STATES.items(),
        "skills": [(str(one.pk), one.name) for one in queries.skills(who)],
        "regions": region_choices(who, filters["region"]), "narrowed": any(filters.values()),
        "event_title": _event_title(page.rows) if filters["event"] else "", "most": ROWS_ALONE,
    }  # fmt: skip


def _event_title(rows: list[Certificate]) -> str:
    return rows[0].event_title if rows else ""


def _posted(request: HttpRequest) -> dict[str, str]:
    return {name: request.POST.get(name, "").strip() for name in queries.FILTERS}


@allowed(May.SEE_STAFF)
@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """The list as it is narrowed, as CSV."""
    who, today, filters = acting(request), timezone.localdate(), _posted(request)
    rows = list(queries.matching(who, filters, today).order_by("series", "serial")[: ROWS_ALONE + 1])
    too_many = _("Lebih dari seribu baris. Pilih wilayah yang lebih kecil.")
    if why := not_alone(who, "Certificates", len(rows), filters["region"], too_many):
        return render(request, "certificates/certificates.html", _list(request, filters, why), status=422)
    with indonesian():
        content = table_bytes(HEADER, [_line(one, today) for one in rows])
    note_taken(who, "certificate.list_exported", len(rows), filters)
    return as_file(content, FILE_KEPT % today.isoformat(), CSV)


def _line(one: Certificate, today: date) -> tuple[str, ...]:
    last = one.last_day
    return (
        one.number, str(Certificate.Origin(one.origin).label), one.holder_name, one.staff.staff_no,
        region_name(one.staff.region_code), one.skill.name, one.title, one.office_name, one.issued_on.isoformat(),
        last.isoformat() if last else "", queries.state_of(one, today)[0], one.outside_no,
    )  # fmt: skip


@allowed(May.SEE_STAFF)
@require_POST
def bundle(request: HttpRequest) -> HttpResponse:
    """All papers of the list, as one PDF to print or a ZIP of single ones; made as long work."""
    who, filters = acting(request), _posted(request)
    form = request.POST.get("form", "pdf")
    if form not in jobs.FORMS:
        raise BadRequest("form")
    count = jobs.papers_matching(who, filters).count()
    try:
        if 0 < count <= jobs.PAPERS_MAX:
            take_alone(who, "CertificatePapers", count, region=filters["region"])
        job = jobs.start_bundle(who, filters, home_of(request), form)
    except (Refused, WorkRefused) as why:
        return render(request, "certificates/certificates.html", _list(request, filters, str(why)), status=422)
    return redirect("jobs:job", job.pk)


@allowed(May.SEE_STAFF)
@require_safe
def bundle_result(request: HttpRequest) -> HttpResponse:
    """What the work made; there for whoever asked, for a day."""
    who, token = acting(request), known_filters(request, ["hasil"])["hasil"]
    told = _told(who, token)
    there = papers.file_of(told["file"]) is not None
    context = {"told": told, "token": token, "there": there, "tabs": tabs(who, "certificates")}
    return render(request, "certificates/bundle.html", context)


@allowed(May.SEE_STAFF)
@require_POST
def bundle_file(request: HttpRequest) -> HttpResponse:
    """The file itself."""
    told = _told(acting(request), request.POST.get("hasil", ""))
    path = papers.file_of(told["file"])
    if path is None:
        raise Http404
    return as_file(path.read_bytes(), told["name"], _KINDS[path.suffix[1:]])


def _told(who: Acting, token: str) -> dict[str, Any]:
    try:
        told = jobs.result_of(token)
    except signing.BadSignature as error:
        raise Http404 from error
    regions = told.get("regions", [])
    seen = bool(regions) and all(who.may(May.SEE_STAFF, region) for region in regions)
    if told["person"] != str(who.person_id) or not seen:  # a role may have ended since
        raise Http404
    return told


@signed_in
@require_safe
def own(request: HttpRequest) -> HttpResponse:
    """One's own certificates and what one lacks; for who has no record as staff, that there is none."""
    who, today = acting(request), timezone.localdate()
    known_filters(request, ())
    staff = own_record(who)
    rows = [row_of(one, today) for one in queries.own_certificates(who)[:200]] if staff else []
    context = {
        "tabs": tabs(who, "own"), "staff": staff, "rows": rows, "today": today,
        "lacking": queries.own_lacking(who, staff, today) if staff else [],
    }  # fmt: skip
    return render(request, "certificates/own.html", context)
