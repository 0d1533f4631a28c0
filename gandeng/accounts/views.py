"""People and their roles, for administrators; the way in for the invited."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.db import transaction
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.csrf import csrf_failure
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from gandeng.accounts import actions, confirming, queries
from gandeng.accounts.acting import grants_on
from gandeng.accounts.context import region_name
from gandeng.accounts.forms import AddressForm, DeputyForm, EndForm, InvitationForm, PasswordForm, ReasonForm, RoleForm
from gandeng.accounts.key_views import told
from gandeng.accounts.keys import keys_of
from gandeng.accounts.models import Grant, Invitation, Person
from gandeng.accounts.reach import grants_of, reaches
from gandeng.accounts.recovery import own_recovery
from gandeng.accounts.requests import acting
from gandeng.accounts.roles import WORDS, May, Role
from gandeng.accounts.rules import allowed, own_account, public, signed_in
from gandeng.accounts.second_factor import ask_again
from gandeng.accounts.typed import keep_expired, typed_by
from gandeng.web.addresses import full_address
from gandeng.web.finding import found_or_404
from gandeng.web.mail import NotMailed, mail_or_undo
from gandeng.web.paging import known_filters, page_by_column

SIGNED_IN_BY = "allauth.account.auth_backends.AuthenticationBackend"


@own_account
def me(request: HttpRequest) -> HttpResponse:
    """My roles, and the ways to my password, second factor and sessions."""
    grants = Grant.objects.filter(person_id=acting(request).person_id).order_by("valid_from")
    context = {
        "roles": [_words(one) for one in grants], "may_use_key": acting(request).may(May.USE_KEY),
        **own_recovery(acting(request)),
    }  # fmt: skip
    return render(request, "accounts/me.html", context)


@signed_in
@require_safe
def typed(request: HttpRequest) -> HttpResponse:
    """What I was typing when my session ended; sent to where it was meant for, once I say so."""
    kept = typed_by(request)
    if kept is None:
        return redirect("home")
    return render(request, "accounts/typed.html", {"typed": kept})


def expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Of a form that carries no token of this session: what was typed, where it is hers, and otherwise a refusal.

    Signing in again in one tab makes new tokens, and the form in the other is of before.
    """
    return redirect("accounts:typed") if keep_expired(request) else csrf_failure(request, reason)


@allowed(May.MANAGE_PEOPLE)
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Everybody of the territory."""
    filters = known_filters(request, queries.FILTERS)
    page = page_by_column(queries.people_kept_by(acting(request), filters), request, "name")
    rows = [{"person": person, "roles": _together(person.grants.all())} for person in page.rows]
    context = {
        "page": page, "rows": rows, "filters": filters, "roles": [(role.value, WORDS[role]) for role in Role],
        "invitations": queries.open_invitations(acting(request)),
        "waiting": confirming.waiting_within(acting(request)).count(),
    }  # fmt: skip
    return render(request, "accounts/people.html", context)


def _together(grants: Iterable[Grant]) -> list[dict[str, Any]]:
    """One line for the regions of a role in one state: a facilitator holds it in dozens of villages."""
    told: dict[tuple[Any, ...], dict[str, Any]] = {}
    for one in map(_words, grants):
        same = (one["role"], one["grant"].channel, one["state"])
        told.setdefault(same, one | {"regions": []})["regions"].append(one["region"])
    return list(told.values())


def _words(grant: Grant) -> dict[str, Any]:
    today = timezone.localdate()
    ended = grant.valid_until is not None and grant.valid_until <= today
    if ended:
        state, tone = _("Berakhir"), "neutral"
    elif grant.awaits:
        state, tone = _("Menunggu orang kedua"), "warn"
    elif grant.valid_from > today:
        state, tone = _("Belum mulai"), "info"
    else:
        state, tone = _("Berlaku"), "good"
    return {
        "grant": grant, "role": WORDS[Role(grant.role)], "region": region_name(grant.region_code), "state": state,
        "tone": tone, "ended": ended,
    }  # fmt: skip


@allowed(May.MANAGE_PEOPLE)
def invite(request: HttpRequest) -> HttpResponse:
    """Invite a person; the link is sent by mail and shown once."""
    form = InvitationForm(request.POST or None, acting=acting(request))
    if request.method != "POST":
        return render(request, "accounts/invite.html", {"form": form})
    if form.is_valid():
        ask_again(request)
        try:
            told = form.cleaned_data
            with transaction.atomic():
                way_in = actions.invite(acting(request), name=told["name"], email=told["email"], wanted=form.wanted)
                return _invited(request, *way_in)
        except (actions.Refused, NotMailed) as refused:
            form.add_error(None, str(refused))
    return render(request, "accounts/invite.html", {"form": form}, status=422)


@allowed(May.MANAGE_PEOPLE)
def invite_known(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """A way in for somebody who is recorded and has no login yet."""
    found = queries.access_person(acting(request), person_id)
    form = AddressForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        ask_again(request)
        try:
            with transaction.atomic():
                return _invited(request, *actions.invite_known(acting(request), found, form.cleaned_data["email"]))
        except (actions.Refused, NotMailed) as refused:
            form.add_error("email", str(refused))
    context = {"form": form, "person": found}
    return render(request, "accounts/invite_known.html", context, status=422 if form.errors else 200)


def _invited(request: HttpRequest, invitation: Invitation, code: str) -> HttpResponse:
    """The mail alone has the way in: whoever read it here could come in as the one invited, whom a second confirmed.

    The try-out sends no mail, and shows it. Raises NotMailed.
    """
    link = full_address(request, reverse("accounts:accept", args=[code]))
    _send(invitation, link)
    waits = grants_of(invitation.person).filter(awaits=True).exists()
    context = {"invitation": invitation, "link": link if settings.DEMO else "", "waits": waits}
    return render(request, "accounts/invited.html", context)


def _send(invitation: Invitation, link: str) -> None:
    text = _(
        "%(name)s,\n\nAnda diundang memakai Gandeng. Buka alamat ini dan tentukan kata sandi:\n\n"
        "%(link)s\n\nAlamat ini berlaku %(days)s hari dan hanya sekali. "
        "Bila Anda tidak menunggu undangan ini, abaikan saja."
    ) % {"name": invitation.person.name, "link": link, "days": actions.INVITATION_DAYS}
    mail_or_undo(_("Undangan memakai Gandeng"), text, invitation.email)


@allowed(May.MANAGE_PEOPLE)
def person(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """One person: roles, logins; another role can be given."""
    found = queries.access_person(acting(request), person_id)
    form = RoleForm(request.POST or None, acting=acting(request))
    if request.method == "POST" and form.is_valid():
        ask_again(request)
        try:
            actions.give_role(acting(request), found, form.wanted)
        except actions.Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _waits())
            return redirect("accounts:person", person_id)
    own = found.pk == acting(request).person_id
    context = {
        "person": found, "roles": [_words(one) for one in found.grants.order_by("valid_from")], "form": form,
        "logins": found.logins.all(), "own": own, "reaches": reaches(acting(request), May.MANAGE_PEOPLE, found),
        "reason_form": ReasonForm(prefix="login"), "closed": not any(one.is_active for one in found.logins.all()),
        "keys": [told(key) for key in keys_of(found.pk)],
    }  # fmt: skip
    return render(request, "accounts/person.html", context, status=422 if form.errors else 200)


def _waits() -> str:
    return _("Peran ini berlaku sesudah orang kedua mengesahkannya.")


@allowed(May.MANAGE_PEOPLE)
@require_POST
def set_login(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Close or open the logins of a person."""
    found = queries.access_person(acting(request), person_id)
    form = ReasonForm(request.POST, prefix="login")
    if not form.is_valid():
        messages.error(request, _("Tulis alasannya."))
    else:
        ask_again(request)
        opens = request.POST.get("open") == "1"
        actions.set_login(acting(request), found, open_=opens, reason=form.cleaned_data["reason"])
        messages.success(request, _("Akun dibuka kembali.") if opens else _("Akun ditutup."))
    return redirect("accounts:person", person_id)


@allowed(May.MANAGE_PEOPLE)
def end_role(request: HttpRequest, grant_id: UUID) -> HttpResponse:
    """End a role, with a reason."""
    grant = queries.access_grant(acting(request), grant_id)
    form = EndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        ask_again(request)
        try:
            actions.end_role(acting(request), grant, **form.cleaned_data)
        except actions.Refused as refused:
            form.add_error("on", str(refused))
        else:
            messages.success(request, _("Peran diakhiri."))
            return redirect("accounts:person", grant.person_id)
    context = {"form": form, "role": _words(grant)}
    return render(request, "accounts/end_role.html", context, status=422 if form.errors else 200)


def _known_by(person: Person) -> str:
    """`Siti Aminah: Operator data kabupaten/kota, Kota Banjarmasin`: many people have one name."""
    held = sorted((grant.role, grant.region_code) for grant in vars(person)["held_today"])
    if not held:
        return _("%(name)s: tanpa peran hari ini") % {"name": person.name}
    (role, region), more = held[0], len(held) - 1
    told = {"name": person.name, "role": WORDS[Role(role)], "region": region_name(region), "n": more}
    if not more:
        return _("%(name)s: %(role)s, %(region)s") % told
    return _("%(name)s: %(role)s, %(region)s, dan %(n)s lagi") % told


@allowed(May.MANAGE_PEOPLE)
def deputy(request: HttpRequest, grant_id: UUID) -> HttpResponse:
    """Name who stands in for the holder of a role."""
    grant = queries.access_grant(acting(request), grant_id)
    held_today = Prefetch("grants", grants_on(timezone.localdate()), to_attr="held_today")
    others = queries.people_kept_by(acting(request), {}).exclude(pk=grant.person_id).order_by("name")
    others = others.prefetch_related(None).prefetch_related(held_today)[:500]
    people_ = [("", _("Pilih orangnya")), *((str(one.pk), _known_by(one)) for one in others)]
    form = DeputyForm(request.POST or None, people=people_)
    if request.method == "POST" and form.is_valid():
        ask_again(request)
        told = form.cleaned_data
        chosen = queries.access_person(acting(request), UUID(told["person"]))
        try:
            actions.deputise(acting(request), grant, chosen, since=told["since"], until=told["until"])
        except actions.Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _waits())
            return redirect("accounts:person", chosen.pk)
    context = {"form": form, "role": _words(grant)}
    return render(request, "accounts/deputy.html", context, status=422 if form.errors else 200)


@allowed(May.MANAGE_PEOPLE)
@require_POST
def withdraw_invitation(request: HttpRequest, invitation_id: UUID) -> HttpResponse:
    """It opens nothing any more."""
    found = found_or_404(queries.open_invitations(acting(request)), invitation_id)
    actions.withdraw_invitation(acting(request), found)
    messages.success(request, _("Undangan ditarik."))
    return redirect("accounts:people")


@public
@sensitive_post_parameters()
def accept(request: HttpRequest, code: str) -> HttpResponse:
    """The way in: a password, once."""
    invitation = actions.invitation_for(code)
    if invitation is None:
        return render(request, "accounts/invitation_over.html", status=404)
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = actions.accept(invitation, form.cleaned_data["password"])
        except actions.Refused:  # pressed twice
            return render(request, "accounts/invitation_over.html", status=404)
        login(request, user, backend=SIGNED_IN_BY)
        UserSession.objects.create_from_request(request)  # among the devices, as allauth's own page of signing in does
        return redirect("home")
    context = {"form": form, "invitation": invitation}
    return render(request, "accounts/accept.html", context, status=422 if form.errors else 200)
