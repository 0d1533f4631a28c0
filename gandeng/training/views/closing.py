"""What came of an event: closing it, each one's result, the report, certificates."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from gandeng.accounts.context import region_name
from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import allowed
from gandeng.audit.actions import record_first_today
from gandeng.documents.event_report import write_event_report
from gandeng.training import closing_queries as queries
from gandeng.training.actions import closing as actions
from gandeng.training.actions.common import TrainingRefused
from gandeng.training.event_queries import Standing, access_event, access_run
from gandeng.training.models import Event, Paper, Report
from gandeng.training.views.common import OFFICES, event_page
from gandeng.web.answers import as_file
from gandeng.web.paging import known_filters, page_by_key
from gandeng.words import speaking

LACKS = {
    "ABSENT": gettext_lazy("kehadiran kurang"),
    "NO_TEST": gettext_lazy("tes akhir tidak diserahkan"),
    "BELOW": gettext_lazy("tes akhir di bawah syarat"),
}
_FILE_KEPT = "laporan-{number}.pdf"
PDF = "application/pdf"


@allowed(*OFFICES)
@require_safe
def closing(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """Before: what is missing. After: results, report, certificates."""
    standing = access_event(acting(request), event_id)
    known_filters(request, [])
    return render(request, "training/closing.html", _page(request, standing))


def _page(request: HttpRequest, standing: Standing) -> dict[str, Any]:
    who, event = standing.acting, standing.event
    told: dict[str, Any] = event_page(standing, "closing")
    if event.state == Event.State.INVITED and standing.runs:
        before = queries.before_closing(event)
        told |= {"before": before, "open_papers": [Paper.Kind(kind).label for kind in before.open_papers]}
    if event.state == Event.State.CLOSED:
        rows = queries.results_of(standing).annotate(staff_no=F("participant__staff__staff_no"))
        page, held = page_by_key(rows, request, key="staff_no"), queries.certified(event)
        issues = event.skill_id is not None and who.may(May.ISSUE_CERTIFICATE, event.region_code)
        told |= {
            "page": page, "report": queries.report_of(event) if _reads_report(standing) else None,
            "rows": [
                {
                    "result": one, "district": region_name(one.participant.region_code),
                    "lacks": [str(LACKS[code]) for code in one.lacks],
                    "certificate": held.get(one.participant.staff_id),
                }
                for one in page.rows
            ],
            "sums": queries.sums_of(event) if _reads_report(standing) else None,
            "certified": len(held), "issues": issues,
            "to_certify": queries.to_certify(who, event) if issues else [],
        }  # fmt: skip
    return told


def _reads_report(standing: Standing) -> bool:
    """The office that held it, and those above."""
    who, region = standing.acting, standing.event.region_code
    return standing.runs or who.may(May.SEE_STAFF, region)


@allowed(May.PLAN_TRAINING)
@require_POST
def close(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """Close the event."""
    standing = access_run(acting(request), event_id)
    try:
        actions.close(acting(request), standing)
    except TrainingRefused as why:
        messages.error(request, str(why))
    else:
        messages.success(request, _("Kegiatan ditutup. Hasil dihitung dan laporannya tersimpan."))
    return redirect("training:closing", event_id)


@allowed(May.ISSUE_CERTIFICATE)
@require_POST
def certify(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """Certificates for all who qualify."""
    who = acting(request)
    standing = access_event(who, event_id)
    if not who.may(May.ISSUE_CERTIFICATE, standing.event.region_code):
        raise Http404
    try:
        made = actions.certify(who, standing.event)
    except TrainingRefused as why:
        messages.error(request, str(why))
    else:
        messages.success(request, _("%(count)s sertifikat diterbitkan.") % {"count": len(made)})
    return redirect("training:closing", event_id)


@allowed(*OFFICES)
@require_safe
def report(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """The report as it was taken down, typeset."""
    standing = access_event(acting(request), event_id)
    found = queries.report_of(standing.event) if _reads_report(standing) else None
    if found is None:
        raise Http404
    _note(standing, found)
    with speaking("id"):
        told = write_event_report(found.content, found.content_sha256)
    return as_file(told, _FILE_KEPT.format(number=standing.event.number), PDF)


def _note(standing: Standing, report: Report) -> None:
    region = standing.event.region_code
    held = May.PLAN_TRAINING if standing.runs else May.SEE_STAFF
    record_first_today(
        standing.acting, "training.report_read", report, region=region,
        authority=standing.acting.authority(held, region),
    )  # fmt: skip
