"""Quarters and their sheets, recommendations, decisions, and the chain of a family."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
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
from gandeng.commitments import actions, queries
from gandeng.commitments.actions import CommitmentRefused
from gandeng.commitments.forms import DecideForm, FacilityForm, PlaceForm, SignedForm, StepForm
from gandeng.commitments.models import Decision, Effect, Enrolment, Step
from gandeng.commitments.origins import origins
from gandeng.commitments.queries import Quarter
from gandeng.commitments.words import reason_words
from gandeng.policy import load_figures
from gandeng.policy.commitment_rules import figures_of_rules
from gandeng.registry.queries import access_family
from gandeng.registry.views.families import family_part
from gandeng.web.paging import known_filters, page_by_key
from gandeng.web.refusals import refuse
from gandeng.web.sections import Section

TONES = {"MET": "good", "NOT_MET": "bad", "EXCUSED": "info", "UNVERIFIED": "neutral"}
BOTH = (May.RECORD_COMMITMENT, May.DECIDE_COMMITMENT)


def tabs(who: Acting, current: str) -> list[dict[str, Any]]:
    """The parts of the package one may open."""
    named = [
        ("overview", _("Lembar triwulan"), True),
        ("recommendations", _("Rekomendasi"), who.may(May.DECIDE_COMMITMENT)),
        ("decisions", _("Keputusan"), True),
    ]
    return [
        {"label": label, "url": reverse(f"commitments:{name}"), "current": name == current}
        for name, label, shown in named
        if shown
    ]


def _quarter(key: str) -> Quarter:
    try:
        return queries.quarter_of(key)
    except ValueError as error:
        raise BadRequest("quarter") from error


@allowed(*BOTH)
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Facilities and whether they signed for the quarter."""
    who, filters = acting(request), known_filters(request, ("quarter",))
    offered = queries.quarters(timezone.localdate())
    quarter = _quarter(filters["quarter"]) if filters["quarter"] else offered[1]
    rows = queries.facilities(quarter)
    page = page_by_key(rows, request, key="pk")
    context = {
        "tabs": tabs(who, "overview"), "quarter": quarter, "quarters": [(one.key, one.key) for one in offered],
        "page": page, "rows": [{"row": one, "village": region_name(one.region_code)} for one in page.rows],
        "every": rows.count(), "signed": queries.signed(quarter),
        "may_record": who.may(May.RECORD_COMMITMENT),
    }  # fmt: skip
    return render(request, "commitments/overview.html", context)


@allowed(May.RECORD_COMMITMENT)
def facility_add(request: HttpRequest) -> HttpResponse:
    """A school or clinic that is not listed yet."""
    who = acting(request)
    form = FacilityForm(request.POST or None, places=_villages(who))
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.add_facility(who, **form.cleaned_data)
        except CommitmentRefused as why:
            refuse(form, why)
        else:
            messages.success(request, _("Tersimpan: %(found)s.") % {"found": made.name})
            return redirect("commitments:overview")
    context = {"form": form, "title": _("Tambah sekolah atau fasilitas"), "back": reverse("commitments:overview")}
    return render(request, "commitments/form.html", context, status=422 if form.errors else 200)


@allowed(May.RECORD_COMMITMENT)
def sheet(request: HttpRequest, facility_id: UUID, quarter_key: str) -> HttpResponse:
    """Everybody expected at a facility, on one sheet; of a larger one part by part, each signed for itself."""
    who, quarter = acting(request), _quarter(quarter_key)
    facility = queries.access_facility(facility_id)
    part, parts, expected = _part(request, queries.expected_at(facility, quarter))
    form = SignedForm(request.POST or None, expected=expected, months=quarter.months())
    here = reverse("commitments:sheet", args=[facility.pk, quarter.key])
    if request.method == "POST" and form.is_valid():
        try:
            actions.record_sheet(who, form.cleaned_data["sheet_id"], facility, quarter, form.signed(), form.entries())
        except CommitmentRefused as why:
            refuse(form, why)
        else:
            messages.success(request, _("Lembar tersimpan dan dinilai."))
            back = f"{reverse('commitments:overview')}?quarter={quarter.key}"
            return redirect(f"{here}?bagian={part + 1}" if part < parts else back)
    context = {
        "form": form, "facility": facility, "quarter": quarter, "village": region_name(facility.region_code),
        "parts": [
            {"number": one, "url": f"{here}?bagian={one}", "current": one == part} for one in range(1, parts + 1)
        ],
    }  # fmt: skip
    return render(request, "commitments/sheet.html", context, status=422 if form.errors else 200)


def _part(request: HttpRequest, expected: list[Enrolment]) -> tuple[int, int, list[Enrolment]]:
    """Which part is asked for, how many there are, and who is in it. Raises BadRequest."""
    asked = known_filters(request, ("bagian",))["bagian"] or "1"
    parts = max(1, -(-len(expected) // queries.ROWS_MAX))
    if not (asked.isascii() and asked.isdigit() and 1 <= int(asked) <= parts):
        raise BadRequest("bagian")
    part = int(asked)
    return part, parts, expected[(part - 1) * queries.ROWS_MAX : part * queries.ROWS_MAX]


@allowed(May.DECIDE_COMMITMENT)
def recommendations(request: HttpRequest) -> HttpResponse:
    """What waits for a decision, decided one by one or many alike."""
    who = acting(request)
    page = page_by_key(queries.to_decide(), request, key="pk")
    form = DecideForm(request.POST or None)
    chosen = request.POST.getlist("chosen")
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.decide(
                who, _ticked(page.rows, chosen), form.cleaned_data["outcome"], form.cleaned_data["reason"]
            )
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
    rows = [{"row": each, "last": _last(each), "village": region_name(each.village_code)} for each in page.rows]
    return render(request, "commitments/decisions.html", {"tabs": tabs(who, "decisions"), "page": page, "rows": rows})


@allowed(*BOTH)
def decision(request: HttpRequest, commitment_decision_id: UUID) -> HttpResponse:
    """One decision: telling the family, its objection, the answer."""
    who = acting(request)
    found = queries.access_decision(commitment_decision_id)
    kinds = _next(who, found)
    initial = {"on_day": timezone.localdate().isoformat(), "kind": kinds[0] if kinds else ""}
    form = StepForm(request.POST or None, kinds=kinds, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            _follow(who, found, form)
        except CommitmentRefused as why:
            refuse(form, why)
        else:
            messages.success(request, _("Tersimpan."))
            return redirect("commitments:decision", found.pk)
    told = next((each for each in found.steps.all() if each.kind == Step.Kind.TOLD), None)
    context = {
        "decision": found, "form": form, "kinds": kinds, "village": region_name(found.village_code),
        "until": queries.appeal_until(told) if told else None,
        "steps": sorted(found.steps.all(), key=lambda each: each.at),
    }  # fmt: skip
    return render(request, "commitments/decision.html", context, status=422 if form.errors else 200)


@allowed(May.SEE_FAMILIES)
@require_safe
def family(request: HttpRequest, family_id: UUID) -> HttpResponse:
    """The chain of a family: attendance, verdict, recommendation, decision, and what it does to the amount."""
    who = acting(request)
    found = access_family(who, family_id)
    chain = queries.chain(found)
    came = origins({one.sheet_id for each in chain for one in each.verdicts})
    links = [
        {
            "link": each,
            "verdicts": [
                {
                    "row": one, "reason": reason_words(one), "tone": TONES[one.verdict],
                    "origin": came.get(one.sheet_id),
                }
                for one in each.verdicts
            ],
        }
        for each in chain
    ]  # fmt: skip
    places = queries.placed(found) if who.may(May.RECORD_COMMITMENT, found.village_code) else []
    context = {"links": links, "places": places}
    return family_part(request, found, Section(_("Komitmen"), "commitments/family_section.html", context))


@allowed(May.RECORD_COMMITMENT)
def place(request: HttpRequest, member_id: UUID) -> HttpResponse:
    """Where a member goes to school or clinic."""
    who = acting(request)
    member = queries.access_member(who, member_id)
    initial = {"since": timezone.localdate().isoformat()}
    near = queries.near(member)
    form = PlaceForm(request.POST or None, facilities=near, initial=initial)
    back = reverse("registry:family", args=[member.family_id])
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        actions.place(who, member, told["obligation"], told["facility"], told["since"])
        messages.success(request, _("Tersimpan: %(found)s.") % {"found": member.name})
        return redirect(back)
    context = {"form": form, "title": member.name, "back": back}
    return render(request, "commitments/form.html", context, status=422 if form.errors else 200)


def _villages(who: Acting) -> list[tuple[str, str]]:
    return [(code, region_name(code)) for code in queries.villages(who)]


def _recommended(rows: Any, chosen: list[str]) -> list[dict[str, Any]]:
    against = queries.speaking(rows)
    return [
        {
            "row": each, "village": region_name(each.village_code), "chosen": str(each.pk) in chosen,
            "why": [f"{one.member.name}: {reason_words(one)}" for one in against[each.pk]],
        }
        for each in rows
    ]  # fmt: skip


def _ticked(rows: Any, chosen: list[str]) -> list[Any]:
    """All of what was ticked, or nothing of it. Raises CommitmentRefused."""
    found = [each for each in rows if str(each.pk) in chosen]
    if not found or len(found) != len(set(chosen)):
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
    if found.outcome != Effect.SUSPEND or kinds & {Step.Kind.UPHELD, Step.Kind.REJECTED}:
        return []
    if Step.Kind.APPEALED not in kinds:
        return [Step.Kind.APPEALED]
    answers = who.may(May.DECIDE_COMMITMENT, found.village_code) and found.by_id != who.person_id
    return [Step.Kind.UPHELD, Step.Kind.REJECTED] if answers else []


def _follow(who: Acting, found: Decision, form: StepForm) -> Step:
    told = form.cleaned_data
    if told["kind"] == Step.Kind.TOLD:
        return actions.tell(who, found, told["on_day"], told["words"])
    if told["kind"] == Step.Kind.APPEALED:
        return actions.appeal(who, found, told["on_day"], told["words"])
    return actions.answer(who, found, upheld=told["kind"] == Step.Kind.UPHELD, words=told["words"])
