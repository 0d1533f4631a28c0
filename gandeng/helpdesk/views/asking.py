"""Open to everybody: file a complaint, and follow it with its number and PIN. Nothing here says who gets money."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gandeng.accounts.context import region_name
from gandeng.accounts.public_tries import count_try, too_many_tries
from gandeng.accounts.rules import public as open_to_all
from gandeng.helpdesk import public
from gandeng.helpdesk.actions.asking import Followed, asker_rates, asker_reopens, follow
from gandeng.helpdesk.actions.cases import file_case
from gandeng.helpdesk.forms import FileForm, LookForm, PlaceForm, RateForm, ReopenForm
from gandeng.helpdesk.models import Case
from gandeng.helpdesk.published import kind_words
from gandeng.web.answers import quiet

_KEPT = "helpdesk_followed"
_KEPT_SECONDS = 1800


@open_to_all
def file(request: HttpRequest) -> HttpResponse:
    """A complaint, once its district is chosen; the answer shows number and PIN once, to be printed or copied."""
    place = PlaceForm(request.GET if "district" in request.GET else None)
    if not place.is_valid():
        wrong = place.errors or request.method == "POST"
        return render(request, "helpdesk/place.html", {"form": place}, status=422 if wrong else 200)
    district = place.cleaned_data["district"]
    context = {"district": region_name(district)}
    if request.method != "POST":
        form = FileForm(district, question=public.ask())
        return render(request, "helpdesk/file.html", context | {"form": form})
    form = FileForm(district, request.POST)
    if not form.is_valid():
        form.ask_again(public.ask())
        return render(request, "helpdesk/file.html", context | {"form": form}, status=422)
    if not public.may_file(request):
        return render(request, "helpdesk/later.html", status=429)
    return quiet(render(request, "helpdesk/filed.html", {"filed": file_case(None, form.told())}))


@open_to_all
def look(request: HttpRequest) -> HttpResponse:
    """Ask for number and PIN. A wrong number, a wrong PIN and too many looks give one answer."""
    form = LookForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if too_many_tries(request):
            return render(request, "helpdesk/later.html", status=429)
        number = public.tidy(form.cleaned_data["number"])
        digest, allowed = public.pin_digest(number, form.cleaned_data["pin"]), public.may_look(number)
        found = follow(number, digest)
        if found is not None and allowed:
            request.session[_KEPT] = [number, digest.hex(), int(timezone.now().timestamp())]
            return redirect("complain:followed")
        count_try(request)
        form = LookForm(initial={"number": form.cleaned_data["number"]})
        form_errors = _("Nomor atau PIN tidak cocok. Periksa keduanya pada catatan Anda.")
        return render(request, "helpdesk/look.html", {"form": form, "wrong": form_errors}, status=422)
    return render(request, "helpdesk/look.html", {"form": form}, status=422 if form.errors else 200)


def _kept(request: HttpRequest) -> tuple[Followed, bytes] | None:
    """The case of this session for half an hour after its PIN was typed."""
    kept: Any = request.session.get(_KEPT)
    if not kept or timezone.now().timestamp() - kept[2] > _KEPT_SECONDS:
        return None
    digest = bytes.fromhex(kept[1])
    found = follow(kept[0], digest)
    return (found, digest) if found else None


@open_to_all
@require_safe
def followed(request: HttpRequest) -> HttpResponse:
    """What was told, and what who asked may still do."""
    kept = _kept(request)
    if kept is None:
        return redirect("complain:look")
    return _show(request, kept[0])


def _show(request: HttpRequest, found: Followed, status: int = 200, **forms: Any) -> HttpResponse:
    over = found.state in (Case.State.ANSWERED, Case.State.CLOSED) and not found.merged
    context = {
        "case": found, "kind": kind_words(found.kind), "state": Case.State(found.state).label,
        "level": Case.Level(found.level).label,
        "rate": forms.get("rate", RateForm()) if over and found.rating is None else None,
        "reopen": forms.get("reopen", ReopenForm()) if over and not found.reopened else None,
    }  # fmt: skip
    return quiet(render(request, "helpdesk/followed.html", context, status=status))


@open_to_all
@require_POST
def rate(request: HttpRequest) -> HttpResponse:
    """One to five, once."""
    kept, form = _kept(request), RateForm(request.POST)
    if kept is None:
        return redirect("complain:look")
    if not form.is_valid():
        return _show(request, kept[0], 422, rate=form)
    if asker_rates(*kept, int(form.cleaned_data["stars"])):
        messages.success(request, _("Terima kasih atas penilaian Anda."))
    return redirect("complain:followed")


@open_to_all
@require_POST
def reopen(request: HttpRequest) -> HttpResponse:
    """It is not over; once."""
    kept, form = _kept(request), ReopenForm(request.POST)
    if kept is None:
        return redirect("complain:look")
    if not form.is_valid():
        return _show(request, kept[0], 422, reopen=form)
    if asker_reopens(*kept, form.cleaned_data["why"]):
        messages.success(request, _("Laporan Anda dibuka lagi."))
    return redirect("complain:followed")
