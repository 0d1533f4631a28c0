"""Open to whoever has a facility's own link and its code: its rows of a quarter, what it says. No login, no script."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gandeng.accounts.context import region_name
from gandeng.accounts.public_tries import count_try, too_many_tries
from gandeng.accounts.refusals import Stranger, by_link
from gandeng.accounts.rules import public as open_to_all
from gandeng.commitments import own
from gandeng.commitments.actions import own as actions
from gandeng.commitments.actions.own_codes import try_code
from gandeng.commitments.education_file import attended, percent
from gandeng.commitments.forms import ConfirmForm, OpeningForm
from gandeng.commitments.models import Obligation
from gandeng.commitments.own import Opened, Row
from gandeng.core.commitment import Month
from gandeng.documents.numerals import month_name
from gandeng.web.answers import quiet


@open_to_all
def confirm(request: HttpRequest, code: str) -> HttpResponse:
    """The code is asked for, then the rows and the form. A link that opens nothing has one answer, whatever the reason.

    Nothing is kept in the session: the code comes with every answer.
    """
    if too_many_tries(request):
        return quiet(render(request, "commitments/own_later.html", status=429))
    if not own.is_open(code):
        return _closed(request)
    who = getattr(request, "acting", None)
    transaction.on_commit(lambda: actions.note_opening(who or Stranger(), code))
    opening = OpeningForm(request.POST or None)
    if who is None and request.method == "POST" and opening.is_valid():
        tried = try_code(Stranger(), code, opening.cleaned_data["opening"])
        if tried.outcome == "RIGHT":
            return _sheet(request, code, opening)
        count_try(request)
        if not tried.left:
            return _closed(request, counted=True)
        opening.add_error("opening", _("Kodenya salah. Sesudah %(left)s kali salah lagi, tautan ini tertutup.") % {
            "left": tried.left
        })  # fmt: skip
    context = {"form": opening, "inside": who is not None}
    return quiet(render(request, "commitments/own_code.html", context, status=422 if opening.errors else 200))


@open_to_all
@require_safe
def thanks(request: HttpRequest) -> HttpResponse:
    """It was said; the link is used up."""
    return quiet(render(request, "commitments/own_thanks.html"))


def _sheet(request: HttpRequest, code: str, opening: OpeningForm) -> HttpResponse:
    """With the code alone the rows; with an answer too, what becomes of it."""
    typed = opening.cleaned_data["opening"]
    found = own.opened(code, typed)
    if found is None:
        return _closed(request)
    form = ConfirmForm(
        request.POST if "shown" in request.POST else None, rows=found.rows, initial={"shown": found.shown}
    )
    if form.is_valid():
        told = form.cleaned_data
        outcome = actions.confirm(
            code, typed, shown=told["shown"], name=told["name"], office=told["office"], differs=form.differs()
        )
        if outcome == "DONE":
            return redirect("own_sheet:thanks")
        if outcome == "CLOSED":
            return _closed(request)
        form.add_error(None, _("Isiannya berubah sejak halaman dibuka. Buka lagi tautannya, periksa, lalu kirim lagi."))
    context = {
        "found": found, "village": region_name(found.village_code), "form": form, "opening": opening,
        "rows": [_row(found, each, form) for each in found.rows],
    }  # fmt: skip
    return quiet(render(request, "commitments/own_sheet.html", context, status=422 if form.errors else 200))


def _closed(request: HttpRequest, *, counted: bool = False) -> HttpResponse:
    """Nothing is there; counts as a try where the code did not already."""
    if not counted:
        count_try(request)
    by_link(request)
    return quiet(render(request, "commitments/own_closed.html", status=404))


def _row(found: Opened, row: Row, form: ConfirmForm) -> dict[str, Any]:
    months = found.quarter.months()
    return {
        "name": row.name, "level": row.school_level, "duty": Obligation(row.obligation).label,
        "months": [
            {"name": f"{month_name(months[each.number - 1].month)} {months[each.number - 1].year}",
             "told": _told(row.obligation, each)}
            for each in row.months
        ],
        "field": form[f"row_{row.place}"],
    }  # fmt: skip


def _told(obligation: str, month: Month) -> str:
    if not month.service:
        return _("tidak ada sekolah atau petugas")
    if obligation != Obligation.EDUCATION:
        return _("%(visits)s kunjungan") % {"visits": month.visits}
    words = _(
        "%(days)s hari efektif; alpa %(absent)s, izin %(leave)s, sakit %(sick)s; hadir %(attended)s (%(share)s persen)"
    )
    return words % {
        "days": month.days, "absent": month.absent, "leave": month.leave, "sick": month.sick,
        "attended": attended(month), "share": percent(month) or "–",
    }  # fmt: skip
