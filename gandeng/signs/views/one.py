"""One sign: its rows, what was asked and answered, and what one may do with it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gandeng.accounts.acting import Acting
from gandeng.accounts.context import region_name
from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import allowed, signed_in
from gandeng.signs import actions, queries
from gandeng.signs.forms import AskForm, CloseForm, ExplainForm
from gandeng.signs.kinds import KINDS
from gandeng.signs.queries import Seen
from gandeng.signs.resting import rows_of
from gandeng.signs.views.common import tabs
from gandeng.signs.words import STATE_TONES, family_called, reasons_of, sentence
from gandeng.web.refusals import refuse


@signed_in
@require_safe
def sign(request: HttpRequest, sign_id: UUID) -> HttpResponse:
    """With the rows it rests on."""
    who = acting(request)
    seen = queries.access(who, sign_id)
    return render(request, "signs/sign.html", _context(who, seen))


def _context(who: Acting, seen: Seen) -> dict[str, Any]:
    one = seen.sign
    return {
        "seen": seen, "sign": one, "kind": KINDS[one.kind], "sentence": sentence(one), "reasons": reasons_of(one),
        "place": region_name(one.village_code), "rows": rows_of(who, one), "family": family_called(one),
        "steps": [{"row": step, "tone": STATE_TONES[step.kind]} for step in seen.steps],
        "tabs": tabs(who, "looked" if seen.steps else "signs") if seen.reviews else tabs(who, "mine"),
        "buttons": [
            {"url": f"signs:{name}", "label": label, "variant": variant}
            for name, label, variant, shown in (
                ("explain", _("Jelaskan"), "primary", seen.explains), ("ask", _("Tanyakan"), "primary", seen.asks),
                ("close", _("Tutup"), "secondary" if seen.asks else "primary", seen.closes),
            ) if shown
        ],
    }  # fmt: skip


@allowed(May.REVIEW_SIGNS)
def ask(request: HttpRequest, sign_id: UUID) -> HttpResponse:
    """A question to whom it is about."""

    def do(who: Acting, seen: Seen, form: Any) -> None:
        actions.ask(who, seen, form.cleaned_data["words"])

    said = _("Pertanyaan terkirim.")
    return _act(request, sign_id, (_("Tanyakan tanda ini"), said), lambda seen: seen.asks, AskForm, do)


@signed_in
def explain(request: HttpRequest, sign_id: UUID) -> HttpResponse:
    """Her answer."""

    def do(who: Acting, seen: Seen, form: Any) -> None:
        actions.explain(who, seen, form.cleaned_data["words"])

    said = _("Penjelasan terkirim.")
    return _act(request, sign_id, (_("Jelaskan tanda ini"), said), lambda seen: seen.explains, ExplainForm, do)


@allowed(May.REVIEW_SIGNS)
def close(request: HttpRequest, sign_id: UUID) -> HttpResponse:
    """It is over."""

    def do(who: Acting, seen: Seen, form: Any) -> None:
        actions.close(who, seen, form.closing())

    said = _("Tanda ini selesai dilihat.")
    return _act(request, sign_id, (_("Tutup tanda ini"), said), lambda seen: seen.closes, CloseForm, do)


def _act(
    request: HttpRequest, sign_id: UUID, words: tuple[str, str], fits: Callable[[Seen], bool], kind: type[Form],
    do: Callable[[Acting, Seen, Any], None],
) -> HttpResponse:  # fmt: skip
    who = acting(request)
    seen = queries.access(who, sign_id)
    if not fits(seen):
        raise Http404
    form = kind(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            do(who, seen, form)
        except actions.SignRefused as why:
            refuse(form, why)
        else:
            messages.success(request, words[1])
            return redirect("signs:sign", sign_id)
    context = {
        "form": form, "title": words[0], "sentence": sentence(seen.sign), "kind": KINDS[seen.sign.kind],
        "sign": seen.sign, "steps": [{"row": step, "tone": STATE_TONES[step.kind]} for step in seen.steps],
    }  # fmt: skip
    return render(request, "signs/act.html", context, status=422 if form.errors else 200)
