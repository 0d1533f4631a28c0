"""Tests of an event, as the organiser opens, watches and closes them."""

import secrets
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gandeng.accounts.context import region_name
from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import allowed
from gandeng.training import paper_queries as queries
from gandeng.training.actions import papers as actions
from gandeng.training.actions.common import TrainingRefused
from gandeng.training.actions.papers import Drawn
from gandeng.training.day_queries import expected
from gandeng.training.drawing import draw
from gandeng.training.event_queries import access_event, access_run
from gandeng.training.items import SHEETS_MIN
from gandeng.training.models import Paper
from gandeng.training.paper_forms import PaperForm
from gandeng.training.question_queries import bank_by_unit, not_before, sits
from gandeng.training.views.common import OFFICES, event_page, to_the_tests
from gandeng.training.views.items import item_words
from gandeng.web.paging import known_filters
from gandeng.web.refusals import refuse

_OF_EACH_MAX = 100


@allowed(*OFFICES)
@require_safe
def tests(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """The test before and the test after."""
    standing = access_event(acting(request), event_id)
    known_filters(request, [])
    found = queries.papers_of(standing.event)
    rows = [{"kind": kind, "label": kind.label, "held": found.get(kind)} for kind in Paper.Kind]
    context = event_page(standing, "tests") | {"rows": rows, "expected": expected(standing).count()}
    return render(request, "training/tests.html", context)


@allowed(May.PLAN_TRAINING)
@to_the_tests
def open_paper(request: HttpRequest, event_id: UUID, kind: str) -> HttpResponse:
    """Choose the questions, or have them drawn, and open."""
    standing = access_run(acting(request), event_id)
    if kind not in Paper.Kind:
        raise Http404
    not_before(standing.acting, standing.event.course)
    bank = bank_by_unit(standing.event.course)
    form = PaperForm(request.POST or None, bank=bank, initial=_drawn(request, event_id, kind, bank))
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        drawn = Drawn(told["seed"], told["of_each"]) if told["seed"] and told["of_each"] else None
        try:
            made = actions.open_paper(acting(request), standing, kind, form.chosen(), drawn)
        except TrainingRefused as why:
            refuse(form, why)
        else:
            messages.success(request, _("Tes dibuka. Peserta mengerjakannya dari Pelatihan saya."))
            return redirect("training:paper", event_id, made.pk)
    context = event_page(standing, "tests") | {
        "form": form, "kind": Paper.Kind(kind), "bank": bank, "questions": sum(map(len, bank.values())),
        "before": queries.papers_of(standing.event).get("PRE") if kind == "POST" else None,
        "of_each": form["of_each"].value() or "", "seed": form["seed"].value() or "",
    }  # fmt: skip
    return render(request, "training/open_paper.html", context, status=422 if form.errors else 200)


def _drawn(request: HttpRequest, event_id: UUID, kind: str, bank: Any) -> dict[str, Any]:
    """What is ticked at first: drawn by a seed, the same as before, or all there are."""
    asked = known_filters(request, ["undi", "benih", "sama"])
    ids = {unit: [str(one.pk) for one in questions] for unit, questions in bank.items()}
    if asked["sama"] and kind == "POST":
        before = Paper.objects.filter(event_id=event_id, kind="PRE").first()
        return {"questions": [str(one.pk) for one in queries.questions_of(before)] if before else []}
    if not asked["undi"]:
        return {"questions": [one for unit in ids.values() for one in unit]}
    if not asked["undi"].isascii() or not asked["undi"].isdigit() or not 0 < int(asked["undi"][:4]) <= _OF_EACH_MAX:
        raise BadRequest("undi")
    seed = asked["benih"][:40] or secrets.token_hex(4)
    of_each = int(asked["undi"])
    return {"questions": draw(ids, of_each, seed), "seed": seed, "of_each": of_each}


@allowed(May.PLAN_TRAINING)
@require_safe
def paper(request: HttpRequest, event_id: UUID, test_paper_id: UUID) -> HttpResponse:
    """One test: who handed in, with what result; its questions."""
    standing, found = queries.access_paper(acting(request), event_id, test_paper_id)
    sittings = {one.participant_id: one for one in queries.sittings_of(found)}
    people = expected(standing).order_by("staff__person__name", "staff__staff_no")
    rows = [
        {"participant": one, "sitting": sittings.get(one.pk), "district": region_name(one.region_code)}
        for one in people
    ]
    handed = [one for one in sittings.values() if one.handed_in_at]
    context = event_page(standing, "tests") | {
        "paper": found, "rows": rows, "handed": len(handed),
        "questions": [] if sits(standing.acting, standing.event.course) else queries.questions_of(found),
        "begun": len(sittings) - len(handed), "expected": len(rows),
    }  # fmt: skip
    return render(request, "training/paper.html", context)


@allowed(May.PLAN_TRAINING)
@require_POST
def close_paper(request: HttpRequest, event_id: UUID, test_paper_id: UUID) -> HttpResponse:
    """Nobody hands in any more."""
    standing, found = queries.access_paper(acting(request), event_id, test_paper_id)
    try:
        actions.close_paper(acting(request), standing, found)
    except TrainingRefused as why:
        messages.error(request, str(why))
    else:
        messages.success(request, _("Tes ditutup. Peserta sekarang melihat nilainya."))
    return redirect("training:paper", event_id, test_paper_id)


@allowed(May.PLAN_TRAINING)
@require_safe
@to_the_tests
def paper_items(request: HttpRequest, event_id: UUID, test_paper_id: UUID) -> HttpResponse:
    """How the questions of one test behaved."""
    standing, found = queries.access_paper(acting(request), event_id, test_paper_id)
    not_before(standing.acting, standing.event.course)
    context = event_page(standing, "tests") | {
        "paper": found, "items": [item_words(one) for one in queries.item_rows([found])], "sheets_min": SHEETS_MIN,
    }  # fmt: skip
    return render(request, "training/paper_items.html", context)
