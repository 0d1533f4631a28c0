"""Consent: giving, withdrawing, its paper."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import allowed
from gandeng.achievements import queries
from gandeng.achievements.actions import consents
from gandeng.achievements.actions.common import AchievementRefused
from gandeng.achievements.forms import ConsentForm, WithdrawForm
from gandeng.achievements.queries import SEES
from gandeng.achievements.views.common import row
from gandeng.achievements.views.records import by_form
from gandeng.registry.evidence import SUFFIXES
from gandeng.registry.models import ordered_id
from gandeng.web.answers import as_file
from gandeng.web.refusals import refuse


@allowed(May.RECORD_ACHIEVEMENT)
@sensitive_post_parameters()
def give(request: HttpRequest, achievement_id: UUID) -> HttpResponse:
    """What the family signed."""
    who = acting(request)
    one = queries.access_achievement(who, achievement_id)
    if "persetujuan" not in queries.deeds(who, one):
        raise Http404
    form = ConsentForm(request.POST or None, request.FILES or None, achievement=one, initial={"key": ordered_id()})
    if request.method == "POST" and form.is_valid():
        try:
            consents.give_consent(who, one, form.given(), form.cleaned_data["key"])
        except AchievementRefused as why:
            refuse(form, why)
        else:
            messages.success(request, _("Persetujuan tersimpan. Mulai sekarang inilah yang berlaku."))
            return redirect("achievements:achievement", one.pk)
    context = row(one) | {"form": form}
    return render(request, "achievements/consent.html", context, status=422 if form.errors else 200)


@allowed(May.RECORD_ACHIEVEMENT)
@sensitive_post_parameters()
def withdraw(request: HttpRequest, achievement_id: UUID) -> HttpResponse:
    """The family takes it back."""
    who = acting(request)
    one = queries.access_achievement(who, achievement_id)
    if "persetujuan" not in queries.deeds(who, one) or one.consent is None or one.consent.withdrawn_at:
        raise Http404
    form = WithdrawForm(request.POST or None, initial={"day": timezone.localdate()})

    def do() -> None:
        told = form.cleaned_data
        consents.withdraw_consent(who, one, told["day"], told["reason"], erase=told["erase"])

    told = {
        "title": _("Cabut persetujuan"),
        "lead": _("Mulai sekarang tidak dimuat di buku tahunan mana pun. Buku yang sudah dicetak tidak berubah."),
        "submit": _("Cabut persetujuan"), "told": _("Persetujuan dicabut."), "danger": True,
    }  # fmt: skip
    return by_form(request, one, form, do, **told)


@allowed(*SEES)
@require_POST
def paper(request: HttpRequest, achievement_id: UUID, consent_id: UUID) -> HttpResponse:
    """The signed paper, as an attachment; by POST, for opening it is written down."""
    who = acting(request)
    one = queries.access_achievement(who, achievement_id)
    found = queries.access_consent(one, consent_id)
    content = consents.open_consent(who, one, found)
    return as_file(content, f"persetujuan-{str(found.pk)[:8]}.{SUFFIXES[found.media_type]}", found.media_type)
