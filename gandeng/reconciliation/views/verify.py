"""The public page that checks a paper by its code."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from gandeng.accounts.public_tries import count_try, too_many_tries
from gandeng.accounts.rules import public
from gandeng.reconciliation.public import tidy
from gandeng.reconciliation.public import verify as paper_of


@public
def form(request: HttpRequest) -> HttpResponse:
    """Ask for the code on the paper."""
    if code := tidy(request.GET.get("kode", "")[:40]):
        return redirect("verification:verify", code)
    context = {"asked": request.GET.get("kode", "")[:40]}
    return render(request, "reconciliation/verify_form.html", context, status=422 if context["asked"] else 200)


@public
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """What the paper of that code says. After too many wrong codes every answer is the same."""
    if too_many_tries(request):
        return render(request, "reconciliation/verify_later.html", status=429)
    paper = paper_of(code)
    if paper is None:
        count_try(request)
        return render(request, "reconciliation/verify_form.html", {"unknown": True}, status=404)
    return render(request, "reconciliation/verify.html", {"paper": paper})
