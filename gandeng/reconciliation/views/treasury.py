"""Money that goes to the treasury: what stands where it could, deposits with their receipts, their decision."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from gandeng.accounts.acting import Acting
from gandeng.accounts.context import region_name
from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import allowed
from gandeng.accounts.second_factor import ask_again
from gandeng.payments.queries import access_cycle
from gandeng.reconciliation.actions.exceptions import NotPossible
from gandeng.reconciliation.actions.locking import Busy
from gandeng.reconciliation.actions.treasury import (
    DEPOSITS,
    Chosen,
    Receipt,
    decide_deposit,
    take_back_deposit,
    tell_deposit,
    void_deposit,
)
from gandeng.reconciliation.forms import DepositDecisionForm, DepositForm, ReasonForm
from gandeng.reconciliation.models import DepositedPayment, TreasuryDeposit
from gandeng.reconciliation.treasury_queries import (
    AGES,
    access_deposit,
    deposited_rupiah,
    deposits_of,
    rows_of,
    standing_of,
)
from gandeng.reconciliation.views.cycles import tabs
from gandeng.web.paging import known_filters, page_by_key

State = TreasuryDeposit.State
_SHOWN = 100
ACTS = {"putuskan": State.TOLD, "tarik": State.TOLD, "batalkan": State.CONFIRMED}
"""What can be done with a deposit, and in which state."""


@allowed(May.SEE_RECONCILIATION)
@require_GET
def treasury(request: HttpRequest, cycle_id: UUID) -> HttpResponse:
    """What could go to the treasury by age, and the deposits of a cycle."""
    known_filters(request, ())
    who = acting(request)
    cycle = access_cycle(who, cycle_id)
    words = dict(DepositedPayment.Account.choices)
    standing = standing_of(cycle, timezone.localdate())
    ages = _ages()
    context = {
        "cycle": cycle,
        "region": region_name(cycle.region_code),
        "standing": [
            {
                "told": each,
                "account": words[each.account],
                "ages": [(age, *sums) for age, sums in zip(ages, each.ages, strict=True)],
            }
            for each in standing
        ],
        "ages": ages,
        "total": sum(each.rupiah for each in standing if each.draws_told or each.account != "CREDITED"),
        "deposited": deposited_rupiah(cycle),
        "deposits": list(deposits_of(cycle)[:_SHOWN]),
        "may_tell": who.may(May.TELL_DEPOSIT) and cycle.state in DEPOSITS,
        "today": timezone.localdate(),
        "tabs": tabs(cycle, "treasury"),
    }
    return render(request, "reconciliation/treasury.html", context)


def _ages() -> list[str]:
    began = (0, *(days + 1 for days in AGES))
    told = [_("%(first)s sampai %(last)s hari") % {"first": a, "last": b} for a, b in zip(began, AGES, strict=False)]
    return [*told, _("Lebih dari %(last)s hari") % {"last": AGES[-1]}]


@allowed(May.TELL_DEPOSIT)
@require_http_methods(["GET", "POST"])
def tell(request: HttpRequest, cycle_id: UUID) -> HttpResponse:
    """Keep a receipt of the treasury."""
    known_filters(request, ())
    who = acting(request)
    cycle = access_cycle(who, cycle_id)
    form = DepositForm(who, cycle, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        chosen = Chosen(told["region"], told["channel"], tuple(told["accounts"]), told["until"], told["left_out"])
        receipt = Receipt(told["receipt_no"], told["deposited_on"], told["rupiah"])
        try:
            deposit = tell_deposit(who, cycle, chosen, receipt, reason=told["reason"])
        except NotPossible as refused:
            form.add_error(None, str(refused))
        except PermissionDenied:
            form.add_error("region", _("Anda tidak mencatat setoran penyalur itu untuk wilayah itu."))
        else:
            messages.success(request, _("Bukti setor dicatat. Orang lain yang mengesahkannya."))
            return redirect("reconciliation:deposit", deposit.pk)
    context = {"cycle": cycle, "form": form, "region": region_name(cycle.region_code)}
    return render(request, "reconciliation/deposit_tell.html", context, status=422 if form.errors else 200)


@allowed(May.SEE_RECONCILIATION)
@require_GET
def deposit(request: HttpRequest, deposit_id: UUID) -> HttpResponse:
    """One deposit: its receipt, who told and decided it, its payments by name."""
    known_filters(request, ())
    who = acting(request)
    found = access_deposit(who, deposit_id)
    context = {
        "cycle": found.cycle,
        "deposit": found,
        "region": region_name(found.region_code),
        "page": page_by_key(rows_of(found), request, key="pk"),
        "acts": _acts(who, found),
    }
    return render(request, "reconciliation/deposit.html", context)


def _acts(who: Acting, found: TreasuryDeposit) -> list[str]:
    """What this person may do with it now."""
    mine = found.told_by_id == who.person_id
    decides = not mine and who.may(May.DECIDE_DEPOSIT, found.region_code, found.channel)
    own = {"putuskan": decides, "tarik": mine, "batalkan": decides}
    return [act for act, state in ACTS.items() if found.state == state and own[act]]


@allowed(May.TELL_DEPOSIT, May.DECIDE_DEPOSIT)
@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, deposit_id: UUID, step: str) -> HttpResponse:
    """Confirm or refuse it, take it back, or void it."""
    known_filters(request, ())
    who = acting(request)
    found = access_deposit(who, deposit_id)
    if step not in ACTS:
        raise Http404
    if step not in _acts(who, found):
        return _gone(request, found, _("Setoran ini sudah diputuskan, atau bukan Anda yang memutuskannya."))
    form_of = DepositDecisionForm if step == "putuskan" else ReasonForm
    form = form_of(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if step != "tarik":
            ask_again(request)
        try:
            said = _done(who, found, step, form.cleaned_data)
        except (NotPossible, Busy) as refused:
            return _gone(
                request, found, str(refused) or _("Perhitungan lain sedang berjalan. Coba lagi sebentar lagi.")
            )
        messages.success(request, said)
        return redirect("reconciliation:deposit", found.pk)
    context = {"cycle": found.cycle, "deposit": found, "act": step, "form": form}
    return render(request, "reconciliation/deposit_act.html", context, status=422 if form.errors else 200)


def _done(who: Acting, found: TreasuryDeposit, step: str, told: dict[str, Any]) -> str:
    if step == "tarik":
        take_back_deposit(who, found, reason=told["reason"])
        return _("Setoran ditarik kembali.")
    if step == "batalkan":
        void_deposit(who, found, reason=told["reason"])
        return _("Setoran dibatalkan; uangnya tercatat lagi di tempat semula.")
    confirmed = told["decision"] == "yes"
    decide_deposit(who, found, confirm=confirmed, reason=told["reason"])
    return _("Setoran disahkan dan dibukukan.") if confirmed else _("Setoran ditolak.")


def _gone(request: HttpRequest, found: TreasuryDeposit, why: str) -> HttpResponse:
    messages.error(request, why)
    return redirect("reconciliation:deposit", found.pk)
