"""What the field sent that a person has to decide."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from gandeng.accounts.context import region_name
from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import allowed
from gandeng.documents.numerals import told_day
from gandeng.field import queries
from gandeng.field.actions.deciding import DecisionRefused, accept, hidden, open_photo, reject, side_by_side
from gandeng.field.actions.sending import body_of
from gandeng.field.forms import DecisionForm
from gandeng.field.kinds import Line, about_family, kind_of, kind_title, kinds_known
from gandeng.field.kinds.places import where_told
from gandeng.field.models import Entry
from gandeng.field.views.common import tabs
from gandeng.web.answers import as_file
from gandeng.web.paging import known_filters, page_by_key
from gandeng.web.refusals import refuse

TONES = {"CONFLICT": "warn", "QUARANTINED": "info"}
SHELVES = ("WAITING", "DECIDED")


@allowed(May.DECIDE_ENTRIES)
@require_safe
def decisions(request: HttpRequest) -> HttpResponse:
    """What waits, newest first; what was decided on asking."""
    who, filters = acting(request), known_filters(request, queries.ENTRY_FILTERS)
    if filters["state"] and filters["state"] not in SHELVES:
        raise BadRequest("state")
    shelf = filters["state"] or "WAITING"
    rows = queries.entries_visible_to(who, filters | {"state": shelf})
    page = page_by_key(rows, request, key="id", descending=True)
    context = {
        "page": page, "rows": [_row(one) for one in page.rows], "filters": filters, "tabs": tabs(who, "decisions"),
        "states": [("WAITING", _("Menunggu keputusan")), ("DECIDED", _("Sudah diputuskan"))], "shelf": shelf,
        "kinds": kinds_known(),
    }  # fmt: skip
    return render(request, "field/decisions.html", context)


def _row(one: Entry) -> dict[str, Any]:
    return {
        "entry": one, "kind": kind_title(one.kind), "tone": TONES.get(one.state, "neutral"),
        "place": region_name(one.region_code), "decision": getattr(one, "decision", None),
        "about_family": about_family(one.kind), "why": " ".join(each["words"] for each in one.why),
    }  # fmt: skip


@allowed(May.DECIDE_ENTRIES)
def entry(request: HttpRequest, field_entry_id: UUID) -> HttpResponse:
    """Both versions side by side, and the decision."""
    who, found = acting(request), queries.access_entry(acting(request), field_entry_id)
    form = DecisionForm(request.POST or None, known=kind_of(found.kind, found.kv) is not None)
    if request.method == "POST" and form.is_valid():
        yes, reason = form.cleaned_data["decision"] == "accept", form.cleaned_data["reason"]
        try:
            (accept if yes else reject)(who, found, reason)
        except DecisionRefused as why:
            refuse(form, why)
        else:
            messages.success(request, _("Catatan diterima.") if yes else _("Catatan ditolak."))
            return redirect("field:decisions")
    context = _row(found) | {
        "form": form, "lines": [_in_words(one) for one in side_by_side(who, found)], "hidden": hidden(who, found),
        "where": "" if hidden(who, found) else where_told(body_of(found).get("body")),
    }  # fmt: skip
    if decision := context["decision"]:
        context["decided"] = _("Diterima") if decision.accepted else pgettext("catatan lapangan", "Ditolak")
    return render(request, "field/entry.html", context, status=422 if form.errors else 200)


def _in_words(line: Line) -> Line:
    """Days as people read them."""
    return replace(line, sent=told_day(line.sent) or line.sent, stands=told_day(line.stands) or line.stands)


@allowed(May.DECIDE_ENTRIES)
@require_POST
def photo(request: HttpRequest, field_entry_id: UUID, sha256: str) -> HttpResponse:
    """A photo of the entry, as an attachment; by POST, for opening it is written down."""
    found = queries.access_entry(acting(request), field_entry_id)
    return as_file(open_photo(acting(request), found, sha256), f"foto-{sha256[:8]}.jpg", "image/jpeg")
