"""Open to everybody: what became of a family's money, for the number on its letter and a code of its facilitator.

Whatever does not fit gets one answer and the same work: a wrong number, a wrong, old or used code, a letter taken back,
a family that is not in the programme. Nothing is kept in the session: the page is there once.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from gandeng.accounts.public_tries import count_try, too_many_tries
from gandeng.accounts.rules import public as open_to_all
from gandeng.helpdesk import public
from gandeng.helpdesk.actions.letters import ask_with
from gandeng.helpdesk.sum_forms import FamilyForm
from gandeng.web.answers import quiet


@open_to_all
def ask(request: HttpRequest) -> HttpResponse:
    """Number and code are asked for together."""
    if request.method != "POST":
        return quiet(render(request, "helpdesk/family_ask.html", {"form": FamilyForm(question=public.ask())}))
    form = FamilyForm(request.POST)
    if not form.is_valid():
        form.ask_again(public.ask())
        return quiet(render(request, "helpdesk/family_ask.html", {"form": form}, status=422))
    if too_many_tries(request):
        return render(request, "helpdesk/later.html", status=429)
    number = public.tidy(form.cleaned_data["number"], public.OF_LETTER)
    digest, allowed = public.letter_digest(number), public.may_look(number)
    stages = ask_with(digest, public.code_digest(digest, form.cleaned_data["code"] if allowed else ""))
    if stages is None:
        count_try(request)
        form.ask_again(public.ask(), forget=("code",))
        wrong = _("Nomor surat atau kode tidak cocok, atau kodenya sudah dipakai atau habis waktunya.")
        return quiet(render(request, "helpdesk/family_ask.html", {"form": form, "wrong": wrong}, status=422))
    return quiet(render(request, "helpdesk/family_news.html", {"stages": stages}))
