"""A test as a participant takes it, on a phone."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from gandeng.accounts.requests import acting
from gandeng.accounts.rules import signed_in
from gandeng.training import paper_queries as queries
from gandeng.training.actions import papers as actions
from gandeng.training.actions.common import TrainingRefused
from gandeng.training.paper_forms import AnswerForm
from gandeng.training.paper_queries import Own
from gandeng.training.question_lists import LETTERS


@signed_in
def sit(request: HttpRequest, test_paper_id: UUID) -> HttpResponse:
    """Begin, answer, keep, hand in; afterwards one's own result."""
    own = queries.access_own_paper(acting(request), test_paper_id)
    if request.method == "POST" and request.POST.get("do") == "start":
        return _started(request, own)
    if own.sitting is None or not own.may_answer:
        return render(request, "training/sitting.html", _page(own))
    asked = queries.asked_of(own.paper, own.sitting)
    form = AnswerForm(request.POST or None, asked=asked)
    missing = 0
    if request.method == "POST" and form.is_valid():
        answered, missing = _answered(request, own, form)
        if answered is not None:
            return answered
    context = _page(own) | {"form": form, "missing": missing, "questions": [form[one.field] for one in asked]}
    return render(request, "training/sitting.html", context, status=422 if form.errors or missing else 200)


def _started(request: HttpRequest, own: Own) -> HttpResponse:
    try:
        actions.start(acting(request), own)
    except TrainingRefused as why:
        messages.error(request, str(why))
    return redirect("training:sit", own.paper.pk)


def _answered(request: HttpRequest, own: Own, form: AnswerForm) -> tuple[HttpResponse | None, int]:
    """Kept in any case; handed in where it is complete, or she says so. Gives the answer, or how many are missing."""
    given = form.answers()
    missing = len([one for one in form.asked if str(one.question.pk) not in given and one.chosen is None])
    try:
        actions.keep(own, given)
        if request.POST.get("do") != "hand_in":
            messages.success(request, _("Jawaban tersimpan, belum diserahkan."))
        elif missing and not form.cleaned_data["anyway"]:
            return None, missing
        else:
            actions.hand_in(acting(request), own)
            messages.success(request, _("Tes diserahkan. Nilai tampil setelah panitia menutup tes."))
    except TrainingRefused as why:
        messages.error(request, str(why))
    return redirect("training:sit", own.paper.pk), 0


def _page(own: Own) -> dict[str, Any]:
    event, sitting = own.standing.event, own.sitting
    told: dict[str, Any] = {"own": own, "event": event, "paper": own.paper, "sitting": sitting, "form": None}
    if sitting is not None and own.score_shown and queries.answers_shown(event):
        told["results"] = [
            {
                "question": one.question, "chosen": one.chosen, "right": one.chosen == one.question.right_option,
                "chosen_text": "" if one.chosen is None else one.question.options[one.chosen],
                "right_text": one.question.options[one.question.right_option],
                "letter": LETTERS[one.question.right_option],
            }
            for one in queries.asked_of(own.paper, sitting)
        ]  # fmt: skip
    return told
