"""One case: opening it, its trail and the next thing to do, a form for each step, the statement and the letter."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gandeng.accounts.acting import Acting
from gandeng.accounts.context import region_name
from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import allowed
from gandeng.accounts.second_factor import ask_again
from gandeng.graduation import actions, queries
from gandeng.graduation.actions import GraduationRefused
from gandeng.graduation.actions.preparing import IN_PROGRAMME
from gandeng.graduation.forms import ChecklistForm, OpenForm, StatementForm, StepForm
from gandeng.graduation.letter import letter_pdf
from gandeng.graduation.models import Case, Kind, Step
from gandeng.graduation.moves import AFTER, HAS_LETTER, OPEN, StepKind
from gandeng.graduation.published import items_of
from gandeng.graduation.standing import decile_facts
from gandeng.graduation.views.common import WORKS, case_row, trail
from gandeng.graduation.views.taking import take
from gandeng.graduation.words import STEP_TONES, act_words, deciles_told, facts_told, kind_means, statement_words
from gandeng.registry.actions.identifiers import note_opening
from gandeng.registry.queries import access_family, members_of, present
from gandeng.registry.views.families import family_part
from gandeng.web.addresses import full_address
from gandeng.web.answers import as_file
from gandeng.web.refusals import refuse
from gandeng.web.sections import Section


@allowed(May.SEE_FAMILIES)
@require_safe
def family(request: HttpRequest, family_id: UUID) -> HttpResponse:
    """A family's cases, on its page."""
    who = acting(request)
    found = access_family(who, family_id)
    rows = [case_row(one) for one in queries.cases_of(found)]
    under_way = any(vars(one["row"])["state"] in OPEN for one in rows)
    opens = found.status in IN_PROGRAMME and not under_way and who.may(May.REQUEST_CHANGE, found.village_code)
    context = {"rows": rows, "opens": opens, "family": found}
    return family_part(request, found, Section(_("Graduasi"), "graduation/of_family.html", context))


@allowed(May.REQUEST_CHANGE)
def open_case(request: HttpRequest, family_id: UUID) -> HttpResponse:
    """Begin one."""
    who, found = acting(request), access_family(acting(request), family_id)
    if not who.may(May.REQUEST_CHANGE, found.village_code):
        raise Http404
    form = OpenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.open_case(who, found, form.cleaned_data["kind"], form.cleaned_data["reason"])
        except GraduationRefused as why:
            refuse(form, why)
        else:
            messages.success(request, _("Proses graduasi dibuka."))
            return redirect("graduation:case", made.pk)
    context = {
        "form": form, "family": found, "village": region_name(found.village_code), "name": found.called,
        "kinds": [(label, kind_means(kind)) for kind, label in Kind.choices],
        "deciles": deciles_told({"deciles": decile_facts(found)}),
        "trail": trail((found.family_no, reverse("registry:family", args=[found.pk])), (_("Buka proses"), "")),
    }  # fmt: skip
    return render(request, "graduation/open.html", context, status=422 if form.errors else 200)


@allowed(May.SEE_FAMILIES)
@require_safe
def case(request: HttpRequest, graduation_case_id: UUID) -> HttpResponse:
    """Its trail, and the one next thing to do."""
    who = acting(request)
    found = queries.access_case(graduation_case_id)
    steps = queries.steps_of(found)
    kinds = queries.next_kinds(who, found, steps)
    first = _main(found, steps, kinds)
    state = vars(found)["state"]
    transaction.on_commit(lambda: note_opening(who, found.family))
    context = {
        **case_row(found), "case": found, "means": kind_means(found.kind),
        "opened_with": deciles_told(found.facts), "steps": [_told(who, step) for step in steps],
        "main": _offered(found, first) if first else None,
        "others": [_offered(found, kind) for kind in kinds if kind != first],
        "lacking": queries.missing(found, steps) if state == "PREPARING" else [],
        "waits": state in ("PROPOSED", "TOLD", "OBJECTED", "OBJECTED_AFTER", "REENTRY") and not first,
        "letter": state in HAS_LETTER,
        "leaves": state in AFTER, "trail": trail((found.family.called, "")),
    }  # fmt: skip
    return render(request, "graduation/case.html", context)


def _main(found: Case, steps: list[Step], kinds: list[StepKind]) -> StepKind | None:
    """What should be done next, of what one may do: what is lacking first, then what leads on."""
    for kind in (*queries.missing(found, steps), *_LEADS_ON):
        if kind in kinds:
            return kind
    return None


_LEADS_ON = (
    StepKind.PROPOSED, StepKind.APPROVED, StepKind.TOLD, StepKind.EFFECTIVE, StepKind.REJECTED, StepKind.REENTERED,
)  # fmt: skip


def _offered(found: Case, kind: StepKind) -> dict[str, str]:
    return {"label": act_words(kind), "url": reverse("graduation:step", args=[found.pk, kind.value])}


def _told(who: Acting, step: Step) -> dict[str, Any]:
    paper = getattr(step, "paper", None)
    opens = paper is not None and any(who.may(right, step.village_code) for right in WORKS)
    return {
        "row": step, "tone": STEP_TONES.get(step.kind, "info"), "facts": facts_told(step),
        "paper": paper if opens else None,
    }  # fmt: skip


@allowed(*WORKS)
def step(request: HttpRequest, graduation_case_id: UUID, graduation_step: str) -> HttpResponse:
    """The form of one step."""
    who, kind = acting(request), graduation_step
    found = queries.access_case(graduation_case_id)
    steps = queries.steps_of(found)
    if kind not in StepKind.values:
        raise Http404
    form = _form(request, found, kind)
    if kind not in queries.next_kinds(who, found, steps):
        if request.method != "POST":
            raise Http404
        form.is_valid()
        form.add_error(None, _("Langkah ini tidak dapat Anda lakukan sekarang. Buka kembali halaman prosesnya."))
    elif request.method == "POST" and form.is_valid():
        if kind in queries.DECISIONS:
            ask_again(request)
        try:
            take(who, found, kind, form)
        except GraduationRefused as why:
            refuse(form, why)
        else:
            messages.success(request, _("Tersimpan: %(found)s.") % {"found": StepKind(kind).label})
            return redirect("graduation:case", found.pk)
    label, back = str(StepKind(kind).label), reverse("graduation:case", args=[found.pk])
    context = {
        **case_row(found), "case": found, "form": form, "kind": kind, "act": act_words(kind), "label": label,
        "statement": statement_words(found) if kind == StepKind.STATEMENT else "",
        "trail": trail((found.family.called, back), (label, "")),
    }  # fmt: skip
    name = "statement" if kind == StepKind.STATEMENT else "step"
    return render(request, f"graduation/{name}.html", context, status=422 if form.errors else 200)


def _form(request: HttpRequest, found: Case, kind: str) -> StepForm:
    initial = {"on_day": timezone.localdate().isoformat()}
    posted = request.POST or None
    if kind == StepKind.CHECKLIST:
        return ChecklistForm(posted, kind=kind, items=items_of(found.kind), initial=initial)
    if kind == StepKind.STATEMENT:
        signers = present(members_of(found.family))
        return StatementForm(posted, request.FILES or None, kind=kind, signers=signers, initial=initial)
    return StepForm(posted, kind=kind, initial=initial)


@allowed(*WORKS)
@require_POST
def paper(request: HttpRequest, graduation_case_id: UUID, graduation_paper_id: UUID) -> HttpResponse:
    """The statement's picture; by POST, for opening it is written down."""
    who = acting(request)
    found = queries.access_case(graduation_case_id)
    opened = actions.open_paper(who, found, queries.access_paper(found, graduation_paper_id))
    return as_file(opened, f"pernyataan-{str(graduation_paper_id)[:8]}.jpg", "image/jpeg")


@allowed(May.SEE_FAMILIES)
@require_safe
def letter(request: HttpRequest, graduation_case_id: UUID) -> HttpResponse:
    """The farewell letter, once the graduation was approved."""
    who = acting(request)
    found = queries.access_case(graduation_case_id)
    steps = queries.steps_of(found)
    if vars(found)["state"] not in HAS_LETTER:
        raise Http404
    transaction.on_commit(lambda: note_opening(who, found.family))
    home = full_address(request, reverse("farewell:form"))
    return as_file(letter_pdf(found, steps, home), f"surat-graduasi-{found.family.family_no}.pdf", "application/pdf")
