"""Monthly reports: one's own list, one report, writing in it, photos, handing in, both papers."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gandeng.accounts.acting import Acting
from gandeng.accounts.requests import acting
from gandeng.accounts.rules import allowed
from gandeng.documents.monthly_report import Paper, write_docx, write_pdf
from gandeng.facilitators.queries import own_record
from gandeng.performance import report_queries as queries
from gandeng.performance.actions import reports as actions
from gandeng.performance.actions.common import PerformanceRefused
from gandeng.performance.actions.reviews import note_download
from gandeng.performance.composing import digest, instant_words
from gandeng.performance.forms import BeginForm, PhotoForm, RemarksForm, ReviewForm
from gandeng.performance.models import Photo, Report, Review
from gandeng.performance.months import month_words
from gandeng.performance.paper import AGREED_KEPT, DIGEST_KEPT, draft_words, paper_of
from gandeng.performance.report_queries import Opened
from gandeng.performance.sources import sources
from gandeng.performance.views.common import ANY, tabs
from gandeng.web.answers import as_file
from gandeng.web.language import indonesian
from gandeng.web.paging import known_filters
from gandeng.web.refusals import refuse

TONES = {"DRAFT": "neutral", "HANDED_IN": "info", "AGREED": "good", "RETURNED": "warn"}
_FILE_KEPT = "laporan-%s-%s.%s"
_KINDS = {
    "pdf": ("application/pdf", write_pdf),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", write_docx),
}


@allowed(*ANY)
def reports(request: HttpRequest) -> HttpResponse:
    """One's own, newest month first; begin one."""
    who, staff = acting(request), own_record(acting(request))
    known_filters(request, ())
    if staff is None:
        return render(request, "performance/reports.html", {"tabs": tabs(who, "reports"), "staff": None})
    months = [(one.isoformat(), month_words(one)) for one in queries.months_to_write(staff, timezone.localdate())]
    last = timezone.localdate().replace(day=1).isoformat()
    past = [month for month, _words in months if month < last]
    form = BeginForm(request.POST or None, months=months, initial={"month": past[0] if past else ""})
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.begin(who, staff, form.told())
        except PerformanceRefused as why:
            refuse(form, why)
        else:
            return redirect("performance:report", made.pk)
    rows = [{"report": one, "month": month_words(one.month), "tone": TONES[one.state]} for one in
            queries.own_reports(staff)]  # fmt: skip
    late = queries.own_late(who, timezone.localdate())
    context = {
        "tabs": tabs(who, "reports"), "staff": staff, "rows": rows, "form": form, "months": months,
        "late": month_words(late) if late else "",
    }  # fmt: skip
    return render(request, "performance/reports.html", context, status=422 if form.errors else 200)


@allowed(*ANY)
@require_safe
def report(request: HttpRequest, monthly_id: UUID) -> HttpResponse:
    """One report: frozen where it was handed in; of one's own draft, what it would say now."""
    who = acting(request)
    known_filters(request, ())
    return render(request, "performance/report.html", page_of(who, queries.access_report(who, monthly_id)))


def page_of(who: Acting, opened: Opened, **forms: Any) -> dict[str, Any]:
    """What the page shows; `forms` are those that were answered and refused."""
    found, content = opened.report, queries.content_of(opened)
    reviews = opened.is_draft is False and opened.version is not None and queries.may_review(who, opened)
    before = queries.seen_before(found) if content["photos"] else {}
    is_draft = opened.is_draft
    return {
        "tabs": tabs(who, "reports" if opened.own else "reviews"), "opened": opened, "report": found,
        "month": month_words(found.month), "tone": TONES[found.state], "content": content, "is_draft": is_draft,
        "activities": _activities(who, content),
        "photos": [_photo(one, before) for one in content["photos"]],
        "history": [{"review": one, "comment": queries.comment_of(one), "tone": TONES[one.verdict]} for one in
                    queries.reviews_of(found)],
        "may_review": reviews, "can_hand_in": is_draft and found.month < timezone.localdate().replace(day=1),
        "remarks_form": forms.get("remarks") or RemarksForm(initial=content["remarks"]),
        "photo_form": forms.get("photo") or PhotoForm(),
        "review_form": forms.get("review") or ReviewForm(
            initial={"digest": opened.version.content_sha256 if opened.version else ""}
        ),
        "refused": forms.get("refused", ""), "most": actions.PHOTOS_MOST,
        "trail": _trail(opened),
    }  # fmt: skip


def _trail(opened: Opened) -> list[dict[str, str]]:
    own = (_("Laporan saya"), "performance:reports") if opened.own else (_("Tinjauan laporan"), "performance:reviews")
    return [{"label": own[0], "url": reverse(own[1])}, {"label": month_words(opened.report.month), "url": ""}]


def _photo(told: dict[str, Any], before: Any) -> dict[str, Any]:
    found = before.get(UUID(told["id"]), [])
    return told | {"before": [{"one": one, "month": month_words(one.month)} for one in found]}


def _activities(who: Acting, content: Any) -> list[dict[str, Any]]:
    """The lists of the content, each row with the page of its record where the reader may open it."""
    known = sources()
    things: dict[str, set[UUID]] = {}
    for group in content["activities"]:
        for _day, _what, key, thing in group["rows"]:
            things.setdefault(key, set()).add(UUID(thing))
    open_ = {
        key: known[key].reachable(who, found) if key in known and known[key].address else set()
        for key, found in things.items()
    }
    return [
        group | {
            "more": group["count"] - len(group["rows"]),
            "lines": [
                {
                    "day": date.fromisoformat(day), "what": what,
                    "url": reverse(known[key].address, args=[thing]) if UUID(thing) in open_[key] else "",
                }
                for day, what, key, thing in group["rows"]
            ],
        }
        for group in content["activities"]
    ]  # fmt: skip


@allowed(*ANY)
@require_POST
def write(request: HttpRequest, monthly_id: UUID) -> HttpResponse:
    """Her remarks."""
    who, form = acting(request), RemarksForm(request.POST)
    opened = queries.access_own(who, monthly_id)
    if form.is_valid():
        try:
            actions.write(who, opened, form.cleaned_data)
        except PerformanceRefused as why:
            refuse(form, why)
        else:
            messages.success(request, _("Tersimpan."))
            return redirect("performance:report", monthly_id)
    return render(request, "performance/report.html", page_of(who, opened, remarks=form), status=422)


@allowed(*ANY)
@require_POST
def add_photo(request: HttpRequest, monthly_id: UUID) -> HttpResponse:
    """A photo; where it was used before, she is told."""
    who, form = acting(request), PhotoForm(request.POST, request.FILES)
    opened = queries.access_own(who, monthly_id)
    if form.is_valid():
        try:
            made = actions.add_photo(who, opened, form.cleaned_data["photo"], form.cleaned_data["caption"])
        except PerformanceRefused as why:
            refuse(form, why)
        else:
            if made.pk in queries.seen_before(opened.report):
                messages.warning(request, _("Foto tersimpan, tetapi foto yang sama atau mirip pernah dipakai."))
            else:
                messages.success(request, _("Foto tersimpan."))
            return redirect("performance:report", monthly_id)
    return render(request, "performance/report.html", page_of(who, opened, photo=form), status=422)


@allowed(*ANY)
@require_POST
def remove_photo(request: HttpRequest, monthly_id: UUID, photo_id: UUID) -> HttpResponse:
    """Out of the draft."""
    who = acting(request)
    opened = queries.access_own(who, monthly_id)
    try:
        actions.remove_photo(who, opened, queries.access_photo(opened, photo_id))
    except PerformanceRefused as why:
        return render(request, "performance/report.html", page_of(who, opened, refused=str(why)), status=422)
    messages.success(request, _("Foto dikeluarkan dari laporan."))
    return redirect("performance:report", monthly_id)


@allowed(*ANY)
@require_safe
def photo(request: HttpRequest, monthly_id: UUID, photo_id: UUID) -> HttpResponse:
    """The picture itself, under a name of ours."""
    opened = queries.access_report(acting(request), monthly_id)
    found: Photo = queries.access_photo(opened, photo_id)
    return as_file(queries.jpeg_of(found), f"foto-{found.sha256[:12]}.jpg", "image/jpeg")


@allowed(*ANY)
@require_POST
def hand_in(request: HttpRequest, monthly_id: UUID) -> HttpResponse:
    """Frozen from now on."""
    who = acting(request)
    opened = queries.access_own(who, monthly_id)
    try:
        actions.hand_in(who, opened)
    except PerformanceRefused as why:
        return render(request, "performance/report.html", page_of(who, opened, refused=str(why)), status=422)
    messages.success(request, _("Laporan diserahkan. Isinya tidak berubah lagi; atasan Anda meninjaunya."))
    return redirect("performance:report", monthly_id)


@allowed(*ANY)
@require_POST
def download(request: HttpRequest, monthly_id: UUID, paper_format: str) -> HttpResponse:
    """The paper, as PDF or DOCX."""
    if paper_format not in _KINDS:
        raise Http404
    who = acting(request)
    opened = queries.access_report(who, monthly_id)
    content = queries.content_of(opened)
    with indonesian():
        told = _paper(opened, content)
    media_type, write_it = _KINDS[paper_format]
    file = write_it(told, queries.pictures_of(opened, content))
    note_download(who, opened.report, paper_format, digest(content))
    name = _FILE_KEPT % (content["month"], content["staff"]["staff_no"], paper_format)
    return as_file(file, name, media_type)


def _paper(opened: Opened, content: Any) -> Paper:
    version, review = opened.version, opened.review
    if version is None or opened.is_draft:
        return paper_of(content, standing=draft_words(content), day=timezone.localdate())
    standing = DIGEST_KEPT.format(
        handed_in=instant_words(version.handed_in_at.isoformat()), digest=version.content_sha256
    )
    agreed = ""
    if review is not None and review.verdict == Review.Verdict.AGREED and opened.report.state == Report.State.AGREED:
        agreed = AGREED_KEPT.format(
            at=instant_words(review.at.isoformat()), by=review.by.name, authority=review.authority
        )
    return paper_of(content, standing=standing, day=timezone.localdate(version.handed_in_at), agreed=agreed)
