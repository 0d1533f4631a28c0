"""Opinions of an event: the participant's form, the office's sums."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import allowed, signed_in
from gandeng.training import evaluation_queries as queries
from gandeng.training.actions import evaluation as actions
from gandeng.training.actions.common import TrainingRefused
from gandeng.training.after_forms import OpinionForm
from gandeng.training.event_queries import access_own, access_run
from gandeng.training.published import statements
from gandeng.training.views.common import event_page
from gandeng.web.paging import known_filters
from gandeng.web.refusals import refuse


@signed_in
def opinion(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """What she thinks of an event, without her name."""
    standing = access_own(acting(request), event_id)
    form = OpinionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.give(acting(request), standing, form.scores(), form.cleaned_data["remark"])
        except TrainingRefused as why:
            refuse(form, why)
        else:
            messages.success(request, _("Terima kasih. Penilaian tersimpan tanpa nama Anda."))
            return redirect("training:own_event", event_id)
    context = {
        "standing": standing, "event": standing.event, "form": form, "may": queries.may_give(standing),
        "given": queries.has_given(standing),
    }  # fmt: skip
    return render(request, "training/opinion.html", context, status=422 if form.errors else 200)


@allowed(May.PLAN_TRAINING)
@require_safe
def evaluation(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """Sums of what people thought, once the event is closed and enough have said it."""
    standing = access_run(acting(request), event_id)
    known_filters(request, [])
    told = queries.opinions_of(standing.event)
    rows = [{"words": statements()[one.key].said(), "judged": one} for one in told.statements]
    context = event_page(standing, "evaluation") | {
        "opinions": told, "rows": rows, "least": queries.OPINIONS_MIN, "closed": standing.event.state == "CLOSED",
    }  # fmt: skip
    return render(request, "training/evaluation.html", context)
