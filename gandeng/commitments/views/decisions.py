"""Recommendations, decisions, and the chain of a family."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gandeng.accounts.acting import Acting
from gandeng.accounts.context import region_name
from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import allowed
from gandeng.accounts.second_factor import ask_again
from gandeng.commitments import actions, own_queries, queries, stages
from gandeng.commitments.actions import CommitmentRefused
from gandeng.commitments.evidence import is_thin
from gandeng.commitments.forms import DecideForm, StepForm
from gandeng.commitments.models import Decision, Effect, Step
from gandeng.commitments.origins import origins
from gandeng.commitments.suspension_queries import Suspension, suspension_of
from gandeng.commitments.views.common import BOTH, VERDICT_TONES, tabs
from gandeng.commitments.words import reason_words
from gandeng.policy import load_figures
from gandeng.policy.commitment_rules import figures_of_rules
from gandeng.registry.models import Family
from gandeng.registry.queries import access_family
from gandeng.registry.views.families import family_part
from gandeng.web.paging import Page, page_by_key
from gandeng.web.refusals import refuse
from gandeng.web.sections import Section

ANSWERS = (Step.Kind.UPHELD, Step.Kind.REJECTED)


@allowed(May.DECIDE_COMMITMENT)
def recommendations(request: HttpRequest) -> HttpResponse:
    """What waits for a decision, decided one by one or many alike."""
    who = acting(request)
    page = page_by_key(queries.to_decide(), request, key="pk")
    form = DecideForm(request.POST or None)
    chosen = request.POST.getlist("chosen")
    if request.method == "POST" and form.is_valid():
        ask_again(request)
        try:
            made = actions.decide(who, _ticked(page, chosen), form.cleaned_data["outcome"], form.cleaned_data["reason"])
        except CommitmentRefused as why:
            refuse(form, why)
        else:
            messages.success(request, _("Diputuskan: %(count)s keluarga.") % {"count": len(made)})
            return redirect("commitments:decisions")
    context = {
        "tabs": tabs(who, "recommendations"), "page": page, "form": form,
        "rows": _recommended(page.rows, chosen), "sanction": _sanction(page.rows),
    }  # fmt: skip
    return render(request, "commitments/recommendations.html", context, status=422 if form.errors else 200)


@allowed(*BOTH)
@require_safe
def decisions(request: HttpRequest) -> HttpResponse:
    """What was decided, and what still has to be told or answered."""
    who = acting(request)
    page = page_by_key(queries.decisions(), request, key="pk")
    families = queries.families_of(page.rows)
    rows = [
        {
            "row": each, "last": _last(each), "village": region_name(each.village_code),
            "family": families[each.family_id],
        }
        for each in page.rows
    ]  # fmt: skip
    return render(request, "commitments/decisions.html", {"tabs": tabs(who, "decisions"), "page": page, "rows": rows})


@allowed(*BOTH)
def decision(request: HttpRequest, commitment_decision_id: UUID) -> HttpResponse:
    """One decision: telling the family, its objection, the answer."""
    who = acting(request)
    found = queries.access_decision(commitment_decision_id)
    family = queries.families_of([found])[found.family_id]
    kinds = _next(who, found)
    initial = {"on_day": timezone.localdate().isoformat(), "kind": kinds[0] if kinds else ""}
    form = StepForm(request.POST or None, kinds=kinds, initial=initial)
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["kind"] in ANSWERS:
            ask_again(request)
        try:
            _follow(who, found, form)
        except CommitmentRefused as why:
            refuse(form, why)
        else:
            messages.success(request, _("Tersimpan."))
            return redirect("commitments:decision", found.pk)
    context = {
        "decision": found, "form": form, "kinds": kinds, "village": region_name(found.village_code),
        "steps": sorted(found.steps.all(), key=lambda each: each.at),
        "effect": _effect(family, suspension_of(found)), "family": family,
    }  # fmt: skip
    return render(request, "commitments/decision.html", context, status=422 if form.errors else 200)


@allowed(May.SEE_FAMILIES)
@require_safe
def family(request: HttpRequest, family_id: UUID) -> HttpResponse:
    """The chain of a family: attendance, verdict, recommendation, decision, and what it does to the amount."""
    who = acting(request)
    found = access_family(who, family_id)
    chain = queries.chain(found)
    said = own_queries.said_of(one for each in chain for one in each.verdicts)
    came = origins({one.sheet_id for each in chain for one in each.verdicts})
    frozen = stages.frozen_of(found, (each.suspension for each in chain if each.suspension))
    links = [
        {
            "link": each, "effect": stages.told_of(each.suspension, frozen), "earlier": each.replaced,
            "verdicts": [
                {
                    "row": one, "reason": reason_words(one), "tone": VERDICT_TONES[one.verdict],
                    "origin": came.get(one.sheet_id), "said": said.get(one.pk),
                    "thin": is_thin(said=one.pk in said, origin=came.get(one.sheet_id)),
                }
                for one in each.verdicts
            ],
        }
        for each in chain
    ]  # fmt: skip
    places = queries.placed(found) if who.may(May.RECORD_COMMITMENT, found.village_code) else []
    context = {"links": links, "places": places}
    return family_part(request, found, Section(_("Komitmen"), "commitments/family_section.html", context))


def _effect(family: Family, suspension: Suspension | None) -> list[str]:
    return stages.told_of(suspension, stages.frozen_of(family, [suspension] if suspension else []))


def _recommended(rows: Any, chosen: list[str]) -> list[dict[str, Any]]:
    against = queries.speaking(rows)
    said = own_queries.said_of(one for found in against.values() for one in found)
    return [
        {
            "row": each, "village": region_name(each.village_code), "chosen": str(each.pk) in chosen,
            "why": [
                {"words": f"{one.member.name}: {reason_words(one)}", "said": said.get(one.pk)}
                for one in against[each.pk]
            ],
        }
        for each in rows
    ]  # fmt: skip


def _ticked(page: Page, chosen: list[str]) -> list[Any]:
    """All of what was ticked, or nothing of it. Raises CommitmentRefused."""
    if not (found := page.ticked(chosen)):
        raise CommitmentRefused(_("Pilih sedikitnya satu yang masih menunggu."))
    return found


def _sanction(rows: Any) -> dict[str, str]:
    """What stands behind the recommendation: its source, as weak as it is."""
    if not rows:
        return {}
    dated = figures_of_rules(rows[0].year, rows[0].quarter)["sanction/not_met"]
    source = load_figures().sources.get(dated.source)
    return {"source": source.said() if source else dated.source, "note": dated.note.said() if dated.note else ""}


def _last(found: Decision) -> Step | None:
    return max(found.steps.all(), key=lambda each: each.at, default=None)


def _next(who: Acting, found: Decision) -> list[Step.Kind]:
    """What this person may write next."""
    kinds = {each.kind for each in found.steps.all()}
    if Step.Kind.TOLD not in kinds:
        return [Step.Kind.TOLD]
    if found.outcome != Effect.SUSPEND or kinds & {*ANSWERS}:
        return []
    if Step.Kind.APPEALED not in kinds:
        return [Step.Kind.APPEALED]
    answers = who.may(May.DECIDE_COMMITMENT, found.village_code) and found.by_id != who.person_id
    return [*ANSWERS] if answers else []


def _follow(who: Acting, found: Decision, form: StepForm) -> Step:
    told = form.cleaned_data
    if told["kind"] == Step.Kind.TOLD:
        return actions.tell(who, found, told["on_day"], told["words"])
    if told["kind"] == Step.Kind.APPEALED:
        return actions.appeal(who, found, told["on_day"], told["words"])
    return actions.answer(who, found, upheld=told["kind"] == Step.Kind.UPHELD, words=told["words"])
