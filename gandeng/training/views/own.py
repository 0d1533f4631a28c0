"""One's own trainings: answering an invitation, what to bring, what came of it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gandeng.accounts.context import region_name
from gandeng.accounts.requests import acting
from gandeng.accounts.rules import signed_in
from gandeng.facilitators.queries import own_record
from gandeng.registry.evidence import SUFFIXES
from gandeng.training import agenda_queries
from gandeng.training.actions import agenda as agenda_actions
from gandeng.training.actions import participants as actions
from gandeng.training.actions.common import TrainingRefused
from gandeng.training.event_forms import AnswerForm
from gandeng.training.event_lists import EVENT_TONES, PARTICIPANT_TONES
from gandeng.training.event_queries import Standing, access_own
from gandeng.training.models import Event, Participant
from gandeng.training.own_queries import own_of
from gandeng.training.views.common import own_links, tabs
from gandeng.web.answers import as_file
from gandeng.web.paging import known_filters
from gandeng.web.refusals import refuse


@signed_in
@require_safe
def own(request: HttpRequest) -> HttpResponse:
    """Invitations to answer first, then what is to come, then what is over."""
    who = acting(request)
    known_filters(request, ())
    found = own_of(who, timezone.localdate())
    context = {
        "tabs": tabs(who, "own"), "staff": own_record(who), "to_answer": [_row(one) for one in found.to_answer],
        "coming": [_row(one) for one in found.coming], "past": [_row(one) for one in found.past],
    }  # fmt: skip
    return render(request, "training/own.html", context)


def _row(one: Participant) -> dict[str, Any]:
    return {
        "row": one, "event": one.event, "tone": PARTICIPANT_TONES[one.state],
        "result": getattr(one, "result", None), "region": region_name(one.event.region_code),
    }  # fmt: skip


@signed_in
def own_event(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """One of them: the invitation and its answer, agenda, files, and what else she does there."""
    who, standing = acting(request), access_own(acting(request), event_id)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and standing.own is not None:
        comes = form.cleaned_data["comes"] == "ya"
        try:
            actions.answer(who, standing.own, comes=comes, reason=form.cleaned_data["reason"])
        except TrainingRefused as why:
            refuse(form, why)
        else:
            messages.success(
                request,
                _("Terima kasih, Anda terdaftar hadir.") if comes else _("Jawaban Anda tersimpan. Terima kasih."),
            )
            return redirect("training:own_event", event_id)
    return render(request, "training/own_event.html", _page(standing, form), status=422 if form.errors else 200)


def _page(standing: Standing, form: AnswerForm) -> dict[str, Any]:
    event, mine = standing.event, standing.own
    invited = (Participant.State.INVITED, Participant.State.CONFIRMED, Participant.State.DECLINED)
    answers = event.state == Event.State.INVITED and event.ends_on >= timezone.localdate()
    there = mine is not None and mine.state in (Participant.State.INVITED, Participant.State.CONFIRMED)
    return {
        "event": event, "mine": mine, "form": form, "region": region_name(event.region_code),
        "tone": PARTICIPANT_TONES[mine.state] if mine else "neutral", "event_tone": EVENT_TONES[event.state],
        "may_answer": answers and mine is not None and mine.state in invited,
        "days": agenda_queries.by_day(event) if there else [], "there": there,
        "materials": agenda_queries.materials_of(event) if there else [],
        "links": own_links(standing) if there else [], "result": getattr(mine, "result", None),
        "trail": [{"label": _("Pelatihan saya"), "url": reverse("training:own")}, {"label": event.number}],
    }  # fmt: skip


@signed_in
@require_safe
def material(request: HttpRequest, material_id: UUID) -> HttpResponse:
    """A file that was handed out."""
    found = agenda_queries.access_material(acting(request), material_id)
    name = f"bahan-{found.event.number}-{str(found.pk)[:8]}.{SUFFIXES[found.media_type]}"
    return as_file(agenda_actions.content_of(found), name, found.media_type)
