"""The public page that checks a certificate by its code."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from gandeng.accounts.public_tries import count_try, too_many_tries
from gandeng.accounts.rules import public
from gandeng.certificates.content import tidy
from gandeng.certificates.public import verify as paper_of

_TYPED_MAX = 60


@public
def form(request: HttpRequest) -> HttpResponse:
    """Ask for the code on the paper."""
    asked = request.GET.get("kode", "")[:_TYPED_MAX]
    if code := tidy(asked):
        return redirect("certificate:verify", code)
    return render(request, "certificates/verify_form.html", {"asked": asked}, status=422 if asked else 200)


@public
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """What the paper of that code says. After too many wrong codes every answer is the same."""
    if too_many_tries(request):
        return render(request, "certificates/verify_later.html", status=429)
    paper = paper_of(code)
    if paper is None:
        count_try(request)
        return render(request, "certificates/verify_form.html", {"unknown": True}, status=404)
    answer = render(request, "certificates/verify.html", {"paper": paper})
    answer["X-Robots-Tag"] = "noindex, noarchive"
    return answer
