"""One list: its rows, who said yes and no, approving and returning it, taking it away masked."""

import io
from typing import Any
from uuid import UUID

import xlsxwriter
from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from gandeng.accounts.acting import Acting
from gandeng.accounts.context import region_name
from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import allowed
from gandeng.accounts.second_factor import ask_again
from gandeng.exports.actions import take_alone
from gandeng.exports.refused import Refused as TooMuch
from gandeng.exports.sources import ROWS_ALONE
from gandeng.exports.tables import table_bytes
from gandeng.payments import actions, queries
from gandeng.payments.forms import ReasonForm
from gandeng.payments.levels import APPROVES, MAY, Level, asked, of_before, returned_while
from gandeng.payments.models import Approval, PaymentList
from gandeng.payments.refused import Refused, sentence
from gandeng.payments.story import crumbs, state_tone
from gandeng.payments.views.shared import cycle_name, exported, family_no, family_url, list_name
from gandeng.web.answers import CSV, as_file
from gandeng.web.paging import ROWS, Page, known_filters, page_between

EXPORT_ROWS = ROWS_ALONE
HEADER = ("ID pembayaran", "Nomor keluarga", "Nama penerima", "NIK", "Rekening", "Desa/kelurahan", "Rupiah")


@allowed(May.SEE_PAYMENTS)
@require_GET
def payment_list(request: HttpRequest, list_id: UUID) -> HttpResponse:
    """The page."""
    who = acting(request)
    return _page(request, who, queries.access_list(who, list_id))


def _page(
    request: HttpRequest, who: Acting, found: PaymentList, *, error: str = "", form: ReasonForm | None = None
) -> HttpResponse:
    filters = known_filters(request, queries.LIST_FILTERS) if request.method == "GET" else {}
    page = _rows(found, filters, request)
    history = queries.history_of(found)
    level = queries.level_waiting_for(who, found)
    places = queries.sub_districts_of(found)
    said = {each.person_id for each in history if isinstance(each, Approval) and each.root == found.root}
    context = {
        "list": found, "cycle": found.cycle, "name": list_name(found), "tone": state_tone(found.state), "page": page,
        "rows": [_row(who, each) for each in page.rows], "filters": filters, "history": _told(history, found),
        "level": level if who.person_id not in said else None, "already": level is not None and who.person_id in said,
        "may_return": _may_return(who, found), "form": form or ReasonForm(), "error": error,
        "places": [(code, region_name(code)) for code in places],
        "most": EXPORT_ROWS, "query": request.GET.urlencode() if request.method == "GET" else "",
        "deceased": sum(places.values()), "ordered": found.state == PaymentList.State.INSTRUCTED,
        "of_before": of_before(found.cycle),
        "said_dead": queries.said_dead([found]).count() if who.may(May.SEE_FAMILIES, found.district_code) else 0,
        "crumbs": crumbs(
            (_("Pembayaran"), reverse("payments:cycles")),
            (cycle_name(found.cycle), reverse("payments:cycle", args=[found.cycle_id])), (list_name(found), ""),
        ),
    }  # fmt: skip
    bad = error or (form is not None and form.errors)
    return render(request, "payments/list.html", context, status=422 if bad else 200)


def _rows(found: PaymentList, filters: dict[str, str], request: HttpRequest) -> Page:
    def order(backwards: bool) -> tuple[str, ...]:
        return tuple(f"{'-' if backwards else ''}{name}" for name in queries.LIST_ORDER)

    return page_between(
        queries.rows_of(found, filters), request, order=order, size=ROWS, mark=lambda row: str(row.pk),
        beyond=lambda mark, backwards: Q(**{f"payment_id__{'lt' if backwards else 'gt'}": mark}),
    )  # fmt: skip


def _row(who: Acting, payment: Any) -> dict[str, Any]:
    return {
        "payment": payment, "family_no": family_no(payment), "village": region_name(payment.village_code),
        "family_url": family_url(who, payment.family_id, payment.village_code),
    }  # fmt: skip


def _told(history: list[Any], found: PaymentList) -> list[dict[str, Any]]:
    """Yes and no in words; those of an older content say so."""
    return [
        {
            "yes": isinstance(each, Approval), "person": each.person.name, "authority": each.authority, "at": each.at,
            "level": Approval.Level(each.level).label if isinstance(each, Approval) else "",
            "reason": "" if isinstance(each, Approval) else each.reason, "in_force": each.root == found.root,
            "root": each.root[:12],
        }
        for each in history
    ]  # fmt: skip


def _may_return(who: Acting, found: PaymentList) -> bool:
    if found.state in ("DRAFT", "INSTRUCTED") or found.cycle.state not in returned_while(found):
        return False
    return any(who.may(MAY[level], found.district_code) for level in (Level.PREPARE, *asked(found.cycle)))


@allowed(*APPROVES)
@require_POST
def approve(request: HttpRequest, list_id: UUID) -> HttpResponse:
    """Say yes to the content one saw."""
    who = acting(request)
    found = queries.access_list(who, list_id)
    ask_again(request)
    level = request.POST.get("level", "")
    if level not in asked(found.cycle):
        return _page(
            request, who, found, error=sentence("list_state", list=list_name(found), state=found.get_state_display())
        )
    try:
        actions.approve_list(who, found, level, request.POST.get("root", ""))
    except Refused as refused:
        return _page(request, who, queries.access_list(who, list_id), error=str(refused))
    messages.success(request, _("Daftar %(list)s disetujui.") % {"list": list_name(found)})
    return redirect("payments:list", found.pk)


@allowed(May.RUN_CYCLE, *APPROVES)
@require_POST
def refuse(request: HttpRequest, list_id: UUID) -> HttpResponse:
    """Send it back, with a reason."""
    who = acting(request)
    found = queries.access_list(who, list_id)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, who, found, form=form)
    try:
        actions.refuse_list(who, found, form.cleaned_data["reason"], request.POST.get("root", ""))
    except Refused as refused:
        return _page(request, who, queries.access_list(who, list_id), error=str(refused), form=form)
    messages.success(request, _("Daftar %(list)s dikembalikan menjadi draf.") % {"list": list_name(found)})
    return redirect("payments:list", found.pk)


@allowed(May.SEE_PAYMENTS)
@require_GET
def export(request: HttpRequest, list_id: UUID, form: str) -> HttpResponse:
    """The rows the filter leaves, masked, as CSV or XLSX."""
    who = acting(request)
    found = queries.access_list(who, list_id)
    filters = known_filters(request, queries.LIST_FILTERS)
    rows = list(queries.rows_of(found, filters).order_by(*queries.LIST_ORDER)[: EXPORT_ROWS + 1])
    if len(rows) > EXPORT_ROWS:
        return _page(request, who, found, error=sentence("export_too_long", most=EXPORT_ROWS))
    try:
        take_alone(who, "PaymentList", len(rows), region=found.district_code)
    except TooMuch as refused:
        return _page(request, who, found, error=str(refused))
    exported(request, who, found, region=found.district_code, rows=len(rows), form=form)
    cells = [cells_of(row) for row in rows]
    name = f"daftar-{found.cycle.key}-{found.district_code}-{found.channel}.{form}"
    if form == "csv":
        return as_file(table_bytes(HEADER, cells), name, CSV)
    return as_file(_as_xlsx(cells), name, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")


def cells_of(row: Any) -> list[str | int]:
    """What leaves the office of one payment: masked."""
    account = f"***{row.account_last3}" if row.account_last3 else ""
    village = region_name(row.village_code)
    return [row.payment_id, family_no(row), row.name, f"***{row.nik_last4}", account, village, row.amount_rupiah]


def _as_xlsx(rows: list[list[str | int]]) -> bytes:
    told = io.BytesIO()
    with xlsxwriter.Workbook(told, {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}) as book:
        sheet = book.add_worksheet("Daftar")
        sheet.write_row(0, 0, HEADER, book.add_format({"bold": True}))
        money = book.add_format({"num_format": "#,##0"})
        for place, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                if isinstance(cell, int):
                    sheet.write_number(place, column, cell, money)
                else:
                    sheet.write_string(place, column, cell)
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(HEADER) - 1, 22)
    return told.getvalue()
