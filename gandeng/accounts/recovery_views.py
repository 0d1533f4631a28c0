"""The way back in: asking, saying yes or no, a new password."""

from uuid import UUID

from allauth.account.forms import UserTokenForm
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from gandeng.accounts import recovery
from gandeng.accounts.actions import Refused
from gandeng.accounts.context import region_name
from gandeng.accounts.models import Recovery
from gandeng.accounts.reach import grants_of
from gandeng.accounts.recovery_forms import LostForm, NewPasswordForm, NoForm, YesForm
from gandeng.accounts.requests import acting
from gandeng.accounts.roles import WORDS, May, Role
from gandeng.accounts.rules import allowed, own_account, public
from gandeng.accounts.second_factor import ask_again
from gandeng.web.addresses import full_address
from gandeng.web.mail import NotMailed, mail_or_undo, mailed
from gandeng.web.paging import known_filters


@public
@sensitive_post_parameters()
def ask(request: HttpRequest, uidb36: str, key: str) -> HttpResponse:
    """Behind the link of the first mail: what was lost, then the code, which the answer alone shows."""
    link = UserTokenForm(data={"uidb36": uidb36, "key": key})
    user = link.reset_user if link.is_valid() else None
    if user is None or not user.is_active:
        return render(request, "accounts/recovery_over.html")
    form = LostForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            asked, code = recovery.ask(user, key, form.cleaned_data["lost"])
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            spaced = f"{code[:4]} {code[4:]}"
            context = {"code": spaced, "needed": asked.needed, "hours": recovery.ASKED_HOURS}
            return render(request, "accounts/recovery_asked.html", context)
    return render(request, "accounts/recovery_ask.html", {"form": form}, status=422 if form.errors else 200)


@allowed(May.LET_IN_AGAIN)
@require_safe
def recoveries(request: HttpRequest) -> HttpResponse:
    """Who waits for my yes."""
    known_filters(request, ())
    waiting = recovery.waiting_for(acting(request)).order_by("asked_at", "id")
    return render(request, "accounts/recoveries.html", {"waiting": waiting})


@allowed(May.LET_IN_AGAIN)
@sensitive_post_parameters("recovery_code")
def decide(request: HttpRequest, recovery_id: UUID) -> HttpResponse:
    """One request, and a yes to it."""
    known_filters(request, ())
    who = acting(request)
    found = recovery.access_recovery(who, recovery_id)
    form = YesForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        ask_again(request)
        if not recovery.right_code(found, form.cleaned_data["recovery_code"]):
            form.add_error("recovery_code", _("Kodenya tidak cocok. Minta orangnya membacakan sekali lagi."))
        else:
            try:
                with transaction.atomic():
                    return _said_yes(request, found, recovery.approve(who, found, reason=form.cleaned_data["reason"]))
            except (Refused, NotMailed) as refused:
                form.add_error(None, str(refused))
    return _page(request, found, form, NoForm(prefix="no"))


def _said_yes(request: HttpRequest, found: Recovery, secret: str) -> HttpResponse:
    if secret:
        _send_link(request, found, secret)
        messages.success(request, _("Disetujui. Surel untuk menentukan kata sandi baru sudah dikirim kepada orangnya."))
    else:
        messages.success(request, _("Persetujuan Anda dicatat. Satu orang lain masih perlu menyetujui."))
    return redirect("accounts:recoveries")


def _page(request: HttpRequest, found: Recovery, form: YesForm, no_form: NoForm) -> HttpResponse:
    roles = [
        {"role": WORDS[Role(grant.role)], "region": region_name(grant.region_code)}
        for grant in grants_of(found.person).order_by("valid_from", "id")
    ]
    approvals = list(found.approvals.select_related("person").order_by("at"))
    mine = any(approval.person_id == acting(request).person_id for approval in approvals)
    context = {
        "recovery": found, "roles": roles, "approvals": approvals, "form": form, "no_form": no_form,
        "decides": not mine and found.approved_at is None,
    }  # fmt: skip
    wrong = bool(form.errors or no_form.errors)
    return render(request, "accounts/recovery.html", context, status=422 if wrong else 200)


@allowed(May.LET_IN_AGAIN)
@require_POST
def refuse(request: HttpRequest, recovery_id: UUID) -> HttpResponse:
    """A no."""
    who = acting(request)
    found = recovery.access_recovery(who, recovery_id)
    form = NoForm(request.POST, prefix="no")
    if form.is_valid():
        try:
            recovery.refuse(who, found, reason=form.cleaned_data["reason"])
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Permintaan ditolak. Akunnya tetap seperti semula."))
            return redirect("accounts:recoveries")
    return _page(request, found, YesForm(), form)


@own_account
@require_POST
def withdraw(request: HttpRequest) -> HttpResponse:
    """I did not ask for it, or need it no more."""
    recovery.withdraw(acting(request))
    messages.success(request, _("Permintaan pemulihan dibatalkan."))
    return redirect("accounts:me")


@public
@sensitive_post_parameters()
def let_in(request: HttpRequest, code: str) -> HttpResponse:
    """Behind the link of the second mail: the code of the first day, and a new password."""
    found = recovery.recovery_for(code)
    if found is None:
        return render(request, "accounts/recovery_over.html")
    form = NewPasswordForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if not recovery.right_code(found, form.cleaned_data["recovery_code"]):
            form.add_error("recovery_code", _("Kodenya tidak cocok. Sesudah lima kali salah, permintaan ini berakhir."))
        else:
            try:
                recovery.let_in(found, form.cleaned_data["password"])
            except Refused as refused:
                form.add_error(None, str(refused))
            else:
                _tell_done(found)
                messages.success(request, _("Kata sandi baru berlaku. Masuklah, lalu pasang faktor kedua yang baru."))
                return redirect("account_login")
    context = {"form": form, "email": found.user.email}
    return render(request, "accounts/recovery_password.html", context, status=422 if form.errors else 200)


def _send_link(request: HttpRequest, found: Recovery, secret: str) -> None:
    text = _(
        "%(name)s,\n\nPermintaan Anda disetujui. Buka alamat ini, ketik kode pemulihan Anda, dan tentukan kata sandi "
        "baru:\n\n%(link)s\n\nAlamat ini berlaku %(hours)s jam dan hanya sekali. Bila Anda tidak meminta apa-apa, "
        "segera beri tahu administrator kantor Anda."
    ) % {
        "name": found.person.name,
        "link": full_address(request, reverse("accounts:let_in", args=[secret])),
        "hours": recovery.LINK_HOURS,
    }
    mail_or_undo(_("Kembali masuk ke Gandeng"), text, found.user.email)


def _tell_done(found: Recovery) -> None:
    text = _(
        "%(name)s,\n\nKata sandi akun Anda baru saja diganti, faktor kedua yang lama dilepas, dan semua perangkat "
        "dikeluarkan. Bila bukan Anda yang melakukannya, segera minta administrator kantor Anda menutup akun ini."
    ) % {"name": found.person.name}
    mailed(_("Akun Gandeng Anda dipulihkan"), text, found.user.email)
