"""Skills of the offices: the list, a new one, other settings, an end."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gandeng.accounts.acting import Acting
from gandeng.accounts.context import region_name
from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import allowed
from gandeng.certificates import queries
from gandeng.certificates.actions import CertificateRefused
from gandeng.certificates.actions import skills as actions
from gandeng.certificates.forms import ReasonForm, SettingsForm, SkillForm
from gandeng.certificates.models import Skill
from gandeng.certificates.views.common import tabs
from gandeng.facilitators.models import Post
from gandeng.facilitators.skills import TRAITS
from gandeng.web.paging import known_filters
from gandeng.web.refusals import refuse

_TONES = {1: "bad", 2: "warn", 3: "info"}


@allowed(May.SEE_STAFF, May.KEEP_SKILLS)
@require_safe
def skills(request: HttpRequest) -> HttpResponse:
    """Skills in force, then those that ended."""
    who, today = acting(request), timezone.localdate()
    known_filters(request, ())
    rows = [_row(who, one) for one in queries.skills(who)]
    ended = [row for row in rows if row["skill"].ended_on and row["skill"].ended_on <= today]
    context = {
        "tabs": tabs(who, "skills"), "rows": [row for row in rows if row not in ended], "ended": ended,
        "may_enter": who.may(May.KEEP_SKILLS),
    }  # fmt: skip
    return render(request, "certificates/skills.html", context)


def _row(who: Acting, skill: Skill) -> dict[str, Any]:
    return {
        "skill": skill, "office": region_name(skill.region_code), "tone": _TONES[skill.urgency],
        "roles": [str(Post.Role(role).label) for role in skill.for_roles],
        "traits": [str(words) for trait, words in TRAITS.items() if trait.value in skill.for_traits],
        "keeps": who.may(May.KEEP_SKILLS, skill.region_code) and skill.ended_on is None,
    }  # fmt: skip


@allowed(May.KEEP_SKILLS)
def enter(request: HttpRequest) -> HttpResponse:
    """A new one."""
    who = acting(request)
    form = SkillForm(request.POST or None, acting=who)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            made = actions.enter_skill(who, form.region_code, told["key"], told["name"], form.settings())
        except CertificateRefused as why:
            refuse(form, why)
        else:
            messages.success(request, _("Keahlian %(name)s tersimpan.") % {"name": made.name})
            return redirect("certificates:skills")
    context = {
        "form": form, "title": _("Keahlian baru"), "action": reverse("certificates:enter_skill"),
        "lead": _("Namanya tercetak pada sertifikat, jadi nama dan kuncinya tidak dapat diubah lagi."),
    }  # fmt: skip
    return render(request, "certificates/skill.html", context, status=422 if form.errors else 200)


@allowed(May.KEEP_SKILLS)
def change(request: HttpRequest, skill_id: UUID) -> HttpResponse:
    """Other settings."""
    who, found = _kept(request, skill_id)
    begin = {
        name: getattr(found, name) for name in ("about", "for_roles", "urgency", "valid_months", "source", "for_traits")
    }
    form = SettingsForm(request.POST or None, initial=begin)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_skill(who, found, form.settings())
        except CertificateRefused as why:
            refuse(form, why)
        else:
            messages.success(request, _("Ketetapan tentang %(name)s tersimpan.") % {"name": found.name})
            return redirect("certificates:skills")
    context = {
        "form": form, "title": found.name, "action": reverse("certificates:change_skill", args=[found.pk]),
        "lead": _("Berlaku bagi sertifikat yang terbit mulai sekarang; yang sudah terbit tetap seperti tercetak."),
    }  # fmt: skip
    return render(request, "certificates/skill.html", context, status=422 if form.errors else 200)


@allowed(May.KEEP_SKILLS)
def end(request: HttpRequest, skill_id: UUID) -> HttpResponse:
    """Nobody needs it any more."""
    who, found = _kept(request, skill_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.end_skill(who, found, form.cleaned_data["reason"])
        except CertificateRefused as why:
            refuse(form, why)
        else:
            messages.success(request, _("Keahlian %(name)s diakhiri.") % {"name": found.name})
            return redirect("certificates:skills")
    return render(
        request, "certificates/end_skill.html", {"form": form, "skill": found}, status=422 if form.errors else 200
    )


def _kept(request: HttpRequest, skill_id: UUID) -> tuple[Acting, Skill]:
    """A skill of an office whose skills one keeps. Http404."""
    who = acting(request)
    found = queries.access_skill(who, skill_id)
    if not who.may(May.KEEP_SKILLS, found.region_code):
        raise Http404
    return who, found
