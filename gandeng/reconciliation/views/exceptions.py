"""Exceptions: the list, one of them, what a person does about it, the workbook."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gandeng.accounts.context import region_name
from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import allowed
from gandeng.documents.exception_sheets import DISPOSITION_KINDS, PAYMENT_KINDS
from gandeng.exports.refused import Refused
from gandeng.payments.models import Cycle, Payment, PaymentList
from gandeng.payments.queries import access_cycle
from gandeng.reconciliation.actions.exceptions import (
    CAME_BACK,
    IN_PART,
    SUGGESTED_FOR,
    Act,
    NotPossible,
    act_on,
    acts_for,
    against,
    decide_reissue,
    may_take_back,
    take_back_reissue,
)
from gandeng.reconciliation.exception_sections import sections_of
from gandeng.reconciliation.export import ROWS_MAX, exceptions_workbook
from gandeng.reconciliation.forms import ActForm, DecisionForm, ReasonForm
from gandeng.reconciliation.models import ExceptionCase, OutcomeInForce, ReissueRequest
from gandeng.reconciliation.paging import page_by_worst
from gandeng.reconciliation.queries import (
    EXCEPTION_FILTERS,
    UNDER_WAY,
    access_exception,
    access_reissue,
    exceptions_of,
    places_of,
    row_of_exception,
)
from gandeng.reconciliation.suggestions import suggestions_for
from gandeng.reconciliation.views.cycles import tabs
from gandeng.reconciliation.words import BY_DECILE, REASON_CODES, channel_name, kind_do, kind_name, reason_name
from gandeng.registry.deciles import telling
from gandeng.registry.models import Account
from gandeng.web.answers import as_file
from gandeng.web.paging import known_filters

KINDS = (*PAYMENT_KINDS, *DISPOSITION_KINDS)
SLUGS = {
    Act.CODE: "kode", Act.ASK_BANK: "tanya-bank", Act.ACCEPT: "terima-saran", Act.REJECT: "tolak",
    Act.SETTLE: "selesai", Act.REISSUE: "bayar-ulang", Act.REOPEN: "buka-kembali", Act.NOTE: "catat",
}  # fmt: skip
BY_SLUG = {slug: act for act, slug in SLUGS.items()}
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

EXPLAINED = {
    Act.CODE: _("Kode alasan menjelaskan mengapa uang tidak sampai. Kode ini masuk laporan sebab gagal salur."),
    Act.ASK_BANK: _("Pengecualian ditandai menunggu jawaban bank atau pos. Tidak ada angka yang berubah."),
    Act.ACCEPT: _(
        "Keputusan Anda dicatat sebagai pasangan yang dimaksud baris ini. Hasil pembayaran tidak berubah olehnya:"
        " bank atau pos diminta mengirim baris pembetulan dengan ID yang benar, dan baris itulah yang dihitung."
    ),
    Act.REJECT: _(
        "Baris ini dinyatakan bukan milik pembayaran mana pun. Baris tetap tersimpan dan tetap tidak dihitung."
    ),
    Act.SETTLE: _(
        "Pengecualian dinyatakan selesai dengan bukti. Bila perhitungan berikutnya mengubah jenis atau"
        " nilainya, pengecualian terbuka lagi dengan sendirinya."
    ),
    Act.REISSUE: _(
        "Uang yang kembali dimintakan bayar ulang, dengan menyebut pembayaran asalnya. Orang lain yang memutuskan."
    ),
    Act.REOPEN: _(
        "Tindakan terakhir dibatalkan dan pengecualian terbuka lagi. Catatan lama tetap tersimpan. Permintaan bayar"
        " ulang yang belum diajukan dalam daftar ikut ditarik."
    ),
    Act.NOTE: _("Catatan untuk rekan kerja; keadaan pengecualian tidak berubah."),
}
"""What an act does and does not do, said before it is done."""


@allowed(May.SEE_RECONCILIATION)
def exceptions(request: HttpRequest, cycle_id: UUID) -> HttpResponse:
    """Exceptions under way, worst money first."""
    filters = _filters(request)
    return _listed(request, access_cycle(acting(request), cycle_id), filters)


def _listed(request: HttpRequest, cycle: Cycle, filters: dict[str, str], refused: str = "") -> HttpResponse:
    districts, channels = places_of(cycle)
    context = {
        "cycle": cycle,
        "refused": refused,
        "page": page_by_worst(exceptions_of(cycle, filters), request, stake="at_stake_rupiah"),
        "filters": filters,
        "kinds": [(kind, kind_name(kind)) for kind in KINDS],
        "states": ExceptionCase.State.choices,
        "codes": [("none", _("Belum diberi kode")), *((code, reason_name(code)) for code in REASON_CODES)],
        "channels": [(code, channel_name(code)) for code in channels],
        "districts": [(code, region_name(code)) for code in districts],
        "rows_max": ROWS_MAX,
        "query": request.GET.urlencode(),
        "tabs": tabs(cycle, "exceptions"),
    }
    return render(request, "reconciliation/exceptions.html", context, status=422 if refused else 200)


def _filters(request: HttpRequest) -> dict[str, str]:
    filters = known_filters(request, EXCEPTION_FILTERS)
    known = {"kind": KINDS, "state": tuple(ExceptionCase.State.values), "code": ("none", *REASON_CODES)}
    if any(filters[name] and filters[name] not in values for name, values in known.items()):
        raise BadRequest("filter")
    return filters


@allowed(May.SEE_RECONCILIATION)
def export(request: HttpRequest, cycle_id: UUID) -> HttpResponse:
    """The workbook of what the list shows, masked."""
    filters = _filters(request)
    cycle = access_cycle(acting(request), cycle_id)
    try:
        content = exceptions_workbook(acting(request), cycle, filters)
    except Refused as refused:
        return _listed(request, cycle, filters, str(refused))
    return as_file(content, f"pengecualian-{cycle}.xlsx", _XLSX)


@allowed(May.SEE_RECONCILIATION)
def exception(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """What is known of one exception, and what was done about it."""
    known_filters(request, ())
    case = access_exception(acting(request), case_id)
    row = row_of_exception(case)
    asked = case.reissues.select_related("asked_by", "decided_by").order_by("-asked_at")
    reissues = list(asked) if case.row is None else []
    possible = acts_for(acting(request), case, reissues)
    excluded = case.payment if case.reason_code == BY_DECILE else None
    carried = _carried(reissues)
    context = {
        "to_do": _to_do(case, reissues, carried),
        "works": acting(request).may(May.WORK_EXCEPTIONS, case.region_code, case.channel),
        "carried": carried,
        "decile": telling(acting(request), excluded.family_id, excluded.village_code) if excluded else "",
        "in_part": against(case, Act.REISSUE) if case.kind == IN_PART and case.state in UNDER_WAY else "",
        "case": case,
        "cycle": case.cycle,
        "row": row,
        "current": OutcomeInForce.objects.filter(payment_id=case.payment_id).first() if case.payment_id else None,
        "suggested": suggestions_for(case, row) if row and case.kind in SUGGESTED_FOR else [],
        "suggests": case.kind in SUGGESTED_FOR,
        "acts": case.acts.select_related("person", "payment").order_by("-at"),
        "possible": [{"slug": SLUGS[act], "label": act.label, "act": act} for act in possible],
        "reissues": reissues,
        "sections": sections_of(acting(request), case),
        "may_decide": {
            each.pk for each in reissues
            if each.state == ReissueRequest.State.ASKED and each.asked_by_id != acting(request).person_id
            and acting(request).may(May.WORK_EXCEPTIONS, case.region_code, case.channel)
        },
        "may_take_back": {each.pk for each in reissues if may_take_back(acting(request), each, case)},
    }  # fmt: skip
    return render(request, "reconciliation/exception.html", context)


def _carried(reissues: list[ReissueRequest]) -> Payment | None:
    """The payment on a supplementary list that sends again what was agreed on, if there is one yet."""
    agreed = [each.payment_id for each in reissues if each.state == ReissueRequest.State.APPROVED]
    return Payment.objects.select_related("list").filter(reissue_of__in=agreed).first() if agreed else None


def _to_do(case: ExceptionCase, reissues: list[ReissueRequest], carried: Payment | None) -> list[str]:
    """What comes next for whoever works it; nothing where it is over."""
    if case.state not in UNDER_WAY:
        return []
    if case.kind not in CAME_BACK:
        return [kind_do(case.kind)]
    states = {each.state for each in reissues}
    if ReissueRequest.State.ASKED in states:
        return [gettext("Bayar ulangnya menunggu keputusan orang lain.")]
    sent = carried is not None and carried.list.state == PaymentList.State.INSTRUCTED
    if ReissueRequest.State.APPROVED in states and not sent:
        return [gettext("Bayar ulangnya sudah disetujui; uangnya menunggu dikirim lewat daftar susulan.")]
    return [kind_do(each) for each in (case.kind, case.reason_code) if each]


@allowed(May.WORK_EXCEPTIONS)
def act(request: HttpRequest, case_id: UUID, act: str) -> HttpResponse:
    """One act: what it means, the reason, the evidence."""
    known_filters(request, ())
    case = access_exception(acting(request), case_id)
    acting(request).authority(May.WORK_EXCEPTIONS, case.region_code, case.channel)
    if act not in BY_SLUG:
        raise Http404
    verb = BY_SLUG[act]
    row = row_of_exception(case) if verb is Act.ACCEPT else None
    form = ActForm(verb, suggestions_for(case, row) if row else [], request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            act_on(
                acting(request), case, verb, reason=told["reason"], evidence=told["evidence"],
                code=told.get("code", ""), payment=form.chosen_payment(),
            )  # fmt: skip
        except NotPossible as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, gettext("Tercatat: %(act)s.") % {"act": verb.label})
            return redirect("reconciliation:exception", case.pk)
    context = {"case": case, "cycle": case.cycle, "form": form, "verb": verb, "explained": EXPLAINED[verb]}
    return render(request, "reconciliation/act.html", context, status=422 if request.method == "POST" else 200)


@allowed(May.WORK_EXCEPTIONS)
def reissue(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Yes or no to a reissue that somebody else asked for; one that was agreed on is taken back."""
    known_filters(request, ())
    who = acting(request)
    asked = access_reissue(who, request_id)
    who.authority(May.WORK_EXCEPTIONS, asked.exception.region_code, asked.exception.channel)
    agreed = asked.state == ReissueRequest.State.APPROVED
    form = (ReasonForm if agreed else DecisionForm)(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            if agreed:
                take_back_reissue(who, asked, reason=told["reason"])
            else:
                decide_reissue(who, asked, approve=told["decision"] == "yes", reason=told["reason"])
        except NotPossible as refused:
            form.add_error(None, str(refused))
        else:
            return redirect("reconciliation:exception", asked.exception_id)
    context = {
        "asked": asked, "agreed": agreed, "case": asked.exception, "cycle": asked.exception.cycle, "form": form,
        "failed": OutcomeInForce.objects.filter(payment=asked.payment_id).first(), **_goes_to(asked.payment),
    }  # fmt: skip
    return render(request, "reconciliation/reissue.html", context, status=422 if request.method == "POST" else 200)


def _goes_to(payment: Payment) -> dict[str, Any]:
    """The account the money would go to by the registry of today, and whether it is the one it came back from."""
    account = Account.objects.filter(family=payment.family_id, valid_until=None).first()
    if account is None:
        return {"account": None}
    now, then = ((each.channel, bytes(each.account_index or b"")) for each in (account, payment))
    return {"account": account, "same_account": now == then}
