"""Pages open to everybody that look a paper up by the code on it: one manner of asking, one limit of wrong codes."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from gandeng.accounts.public_tries import count_try, too_many_tries
from gandeng.web.answers import quiet

_TYPED_MAX = 60


def ask_for_code(request: HttpRequest, tidy: Callable[[str], str], address: str, page: str) -> HttpResponse:
    """The page with the field, or on to `address` with the code that was typed; `tidy` gives "" for what is none."""
    asked = request.GET.get("kode", "")[:_TYPED_MAX]
    if code := tidy(asked):
        return redirect(address, code)
    nothing = "kode" in request.GET and not asked
    return render(request, page, {"asked": asked, "nothing": nothing}, status=422 if asked or nothing else 200)


def answer_code(request: HttpRequest, paper_of: Callable[[str], Any], code: str, page: str, form: str) -> HttpResponse:
    """What the paper of that code says, as `paper` of `page`; after too many wrong codes every answer is the same."""
    if too_many_tries(request):
        return render(request, "accounts/code_later.html", status=429)
    paper = paper_of(code)
    if paper is None:
        count_try(request)
        return render(request, form, {"unknown": True}, status=404)
    return quiet(render(request, page, {"paper": paper}))
