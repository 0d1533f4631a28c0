"""The yearbook: who is in, who is not and why, editions and their files."""

from collections import Counter
from typing import Any
from uuid import UUID

from django.core.exceptions import BadRequest
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gandeng.accounts.acting import Acting
from gandeng.accounts.context import region_name
from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import allowed
from gandeng.achievements import yearbook_queries as queries
from gandeng.achievements.actions.yearbook import fetch_edition
from gandeng.achievements.forms import EditionForm
from gandeng.achievements.jobs import YEARBOOK
from gandeng.achievements.models import Achievement
from gandeng.achievements.queries import named
from gandeng.achievements.views.common import row, tabs
from gandeng.achievements.yearbook_queries import READS, REASONS
from gandeng.jobs.work import start
from gandeng.regions.places import provinces
from gandeng.web.answers import CSV, as_file
from gandeng.web.finding import year_asked
from gandeng.web.paging import known_filters, page_by_key, query_of

FILTERS = ("provinsi", "tahun", "isi")
IN = "MASUK"
TITLE_KEPT = "Buku tahunan prestasi %(province)s %(year)s"
FORMS = {"pdf": "application/pdf", "csv": CSV}


@allowed(*READS)
@require_safe
def book(request: HttpRequest) -> HttpResponse:
    """A province and year: who is in, who is not and why."""
    filters = known_filters(request, FILTERS)
    province, year = _asked(acting(request), filters)
    form = EditionForm(initial={"provinsi": province, "tahun": year})
    return render(request, "achievements/book.html", _book(request, province, year, filters["isi"], form))


def _asked(who: Acting, filters: dict[str, str]) -> tuple[str, int]:
    """Of the filters, or the first province of one's own and this year. Http404, BadRequest."""
    own = queries.provinces(who)
    if not own:
        raise Http404
    province = filters["provinsi"] or own[0] or provinces()[0].code.digits
    queries.require_province(who, province)
    return province, year_asked(filters["tahun"] or str(timezone.localdate().year), first=1000)


def _book(request: HttpRequest, province: str, year: int, part: str, form: EditionForm) -> dict[str, Any]:
    who = acting(request)
    rows = queries.candidates(who, province, year)
    counted = queries.counts(rows)
    by_why: Counter[str] = Counter()
    for why, _district, _kind, n in counted:
        by_why[why] += n
    part = part or IN
    if part != IN and part not in REASONS:
        raise BadRequest("isi")
    shown = page_by_key(rows.filter(why="" if part == IN else part), request, key="id", descending=True)
    own = queries.provinces(who)
    return {
        "tabs": tabs(who, "book"), "province": province, "place": region_name(province), "year": year, "form": form,
        "parts": _parts(province, year, part, by_why), "districts": _districts(counted), "inside": by_why[""],
        "outside": sum(n for why, n in by_why.items() if why), "page": shown, "rows": [row(one) for one in shown.rows],
        "why": "" if part == IN else REASONS[part],
        "provinces": [(one.code.digits, one.name) for one in provinces() if "" in own or one.code.digits in own],
        "years": sorted({year, timezone.localdate().year, *queries.years(who)}, reverse=True),
        "editions": list(queries.editions(who, province, year)[:20]), "now": timezone.now(),
        "makes": who.may(May.CONFIRM_ACHIEVEMENT, province),
    }  # fmt: skip


def _parts(province: str, year: int, part: str, by_why: Counter[str]) -> list[dict[str, Any]]:
    named = [(IN, _("Masuk buku"), by_why[""])]
    named += [(why, str(words), by_why[why]) for why, words in REASONS.items() if by_why[why] or why == part]
    url = reverse("achievements:book")
    return [
        {
            "label": label, "count": n, "current": key == part,
            "url": f"{url}?{query_of({'provinsi': province, 'tahun': str(year), 'isi': key})}",
        }
        for key, label, n in named
    ]  # fmt: skip


def _districts(counted: list[tuple[str, str, str, int]]) -> list[dict[str, Any]]:
    """Rows of the table: who is in by kind, and how many are not."""
    found: dict[str, Counter[str]] = {}
    for why, district, kind, n in counted:
        found.setdefault(district, Counter())["OUT" if why else kind] += n
    return [
        {
            "name": region_name(code), "children": one[Achievement.Kind.CHILD],
            "families": one[Achievement.Kind.FAMILY], "out": one["OUT"],
        }
        for code, one in sorted(found.items())
    ]  # fmt: skip


@allowed(May.CONFIRM_ACHIEVEMENT)
@require_POST
def make(request: HttpRequest) -> HttpResponse:
    """An edition, as work that goes on."""
    who, form = acting(request), EditionForm(request.POST)
    province = request.POST.get("provinsi", "")
    queries.require_province(who, province)
    if not who.may(May.CONFIRM_ACHIEVEMENT, province):
        raise Http404
    if not form.is_valid():
        year = form.cleaned_data.get("tahun") or timezone.localdate().year
        return render(request, "achievements/book.html", _book(request, province, year, "", form), status=422)
    year = form.cleaned_data["tahun"]
    with transaction.atomic():
        title = TITLE_KEPT % {"province": region_name(province), "year": year}
        job = start(who, YEARBOOK, title, province=province, year=year)
    return redirect("jobs:job", job.pk)


@allowed(*READS)
@require_safe
def edition(request: HttpRequest, edition_id: UUID) -> HttpResponse:
    """What an edition holds, and whose consent has ended since."""
    who = acting(request)
    known_filters(request, ())
    found = queries.access_edition(who, edition_id)
    shown = page_by_key(queries.entries_of(found), request, key="place")
    left_out = [(REASONS.get(why, why), n) for why, n in found.figures["left_out"].items()]
    context = {
        "edition": found, "place": region_name(found.region_code), "page": shown, "left_out": left_out,
        "rows": [_entry(one) for one in shown.rows], "ended": queries.no_longer_covered(found),
        "districts": found.figures["districts"], "tabs": tabs(who, "book"),
    }  # fmt: skip
    return render(request, "achievements/edition.html", context)


def _entry(one: Any) -> dict[str, Any]:
    words = {"name": _("nama"), "school": _("sekolah"), "photo": _("foto"), "story": _("cerita")}
    told = [word for name, word in words.items() if getattr(one, f"told_{name}")]
    return {
        "entry": one, "name": named(one.achievement), "district": region_name(one.district_code),
        "told": ", ".join(told) or _("tanpa nama, sekolah, foto, dan cerita"),
        "ended": bool(one.consent.withdrawn_at),
    }  # fmt: skip


@allowed(*READS)
@require_POST
def fetch(request: HttpRequest, edition_id: UUID, form: str) -> HttpResponse:
    """The PDF or CSV as it was made; by POST, for taking it along is written down."""
    if form not in FORMS:
        raise Http404
    found = queries.access_edition(acting(request), edition_id)
    content = fetch_edition(acting(request), found, form)
    name = f"buku-tahunan-{found.region_code}-{found.year}-{found.number}.{form}"
    return as_file(content, name, FORMS[form])
