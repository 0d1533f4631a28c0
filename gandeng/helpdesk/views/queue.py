"""The queue: cases under way, those that are over, those a figure counts; as a list to take away."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
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
from gandeng.audit.actions import record
from gandeng.exports.actions import take_alone
from gandeng.exports.refused import Refused
from gandeng.exports.sources import ROWS_ALONE
from gandeng.exports.tables import table_bytes
from gandeng.helpdesk import queries
from gandeng.helpdesk.figures import FIGURES, period_asked
from gandeng.helpdesk.models import Case
from gandeng.helpdesk.published import kind_words, kinds
from gandeng.registry.queries import region_choices
from gandeng.web.answers import CSV, as_file
from gandeng.web.language import indonesian
from gandeng.web.paging import known_filters, narrowed, page_by_column, query_of

_FILE = "pengaduan.csv"
_HEADER_KEPT = (
    "Nomor", "Jenis", "Wilayah", "Kode wilayah", "Keadaan", "Tingkat", "Datang melalui", "Masuk", "Langkah",
    "Batas waktu", "Batas jawaban", "Penanggung jawab",
)  # fmt: skip


@allowed(May.TELL_CASE)
@require_safe
def cases(request: HttpRequest) -> HttpResponse:
    """Cases under way, the most urgent first; or those that are over, or that a figure counts, the newest first."""
    who, filters = acting(request), known_filters(request, queries.FILTERS)
    over = bool(filters["state"] or filters["figure"] or filters["q"])
    page = page_by_column(
        queries.narrowed_cases(who, filters), request, "opened_at" if over else "due_at", descending=over
    )
    context = {
        "page": page, "rows": [line_of(one) for one in page.rows], "filters": filters,
        "narrowed": any(filters.values()), "kinds": [(code, kind.name.said()) for code, kind in kinds().items()],
        "levels": [(str(code), label) for code, label in Case.Level.choices], "states": [("DONE", _("Sudah dijawab"))],
        "whose": [("WAITING", _("Menunggu saya")), ("MINE", _("Diserahkan kepada saya"))],
        "regions": region_choices(who, filters["region"]),
        "figure": _figure(filters), "figures": who.may(May.WORK_CASES) or who.may(May.HANDLE_SENSITIVE),
        "query": query_of(filters),
    }  # fmt: skip
    return render(request, "helpdesk/cases.html", context)


def _figure(filters: dict[str, str]) -> dict[str, Any] | None:
    """What the list opens, and the way back to the figures."""
    if not filters["figure"]:
        return None
    figure, period = FIGURES[filters["figure"]], period_asked({**filters, "region": ""})
    asked = {name: filters[name] for name in ("since", "until")}
    return {
        "name": figure.name, "counts": figure.counts, "since": period.since, "until": period.until,
        "back": narrowed(reverse("helpdesk:figures"), asked),
    }  # fmt: skip


def line_of(case: Case) -> dict[str, Any]:
    """A case as lists and its own page name it."""
    late = case.due_at is not None and case.due_at < timezone.now()
    return {
        "case": case, "kind": kind_words(case.kind), "place": region_name(case.region_code), "late": late,
        "tone": queries.TONES[case.state], "step": _step(case),
    }  # fmt: skip


def _step(case: Case) -> str:
    """What is to be done until its time is over; nothing once answered."""
    if case.due_at is None:
        return ""
    return _("Jawab") if case.state == Case.State.IN_PROGRESS else _("Mulai kerjakan")


@allowed(May.TELL_CASE)
@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """The list as it is narrowed, as CSV: no text, no contact, no name of who asked or is complained of."""
    who, filters = acting(request), known_filters(request, queries.FILTERS)
    try:
        content = _table(who, queries.narrowed_cases(who, filters), filters)
    except Refused as why:
        messages.error(request, str(why))
        return redirect(narrowed(reverse("helpdesk:cases"), filters))
    return as_file(content, _FILE, CSV)


def _table(who: Acting, rows: QuerySet[Case], filters: dict[str, str]) -> bytes:
    found = list(rows.order_by("opened_at", "pk")[: ROWS_ALONE + 1])
    if len(found) > ROWS_ALONE:
        raise Refused(_("Unduhan langsung paling banyak 1.000 kasus. Persempit daftarnya."))
    region = who.held(May.TELL_CASE).region_code
    take_alone(who, "Case", len(found), region=region)
    with indonesian():  # what leaves the office
        content = table_bytes(_HEADER_KEPT, map(_cells, found))
    record(
        who, "helpdesk.queue_exported", object_type="Case", region=region, authority=who.authority(May.TELL_CASE),
        rows=len(found), narrowed_by={name: value for name, value in filters.items() if value},
    )  # fmt: skip
    return content


def _cells(case: Case) -> tuple[str, ...]:
    return (
        case.number, kind_words(case.kind), region_name(case.region_code), case.region_code,
        str(case.get_state_display()), str(case.get_level_display()), str(case.get_came_display()),
        _instant(case.opened_at), _step(case), _instant(case.due_at), _instant(case.answer_by),
        str(case.assigned or ""),
    )  # fmt: skip


def _instant(at: datetime | None) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M") if at else ""
