"""The public page that checks a farewell letter by its code."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from gandeng.accounts.public_tries import count_try, too_many_tries
from gandeng.accounts.rules import public
from gandeng.certificates.content import tidy
from gandeng.graduation.public import verify as letter_of
from gandeng.web.answers import quiet

_TYPED_MAX = 60


@public
def form(request: HttpRequest) -> HttpResponse:
    """Ask for the code on the letter."""
    asked = request.GET.get("kode", "")[:_TYPED_MAX]
    if code := tidy(asked):
        return redirect("farewell:verify", code)
    return render(request, "graduation/verify_form.html", {"asked": asked}, status=422 if asked else 200)


@public
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """What is known of the letter of that code. After too many wrong codes every answer is the same."""
    if too_many_tries(request):
        return render(request, "certificates/verify_later.html", status=429)
    letter = letter_of(code)
    if letter is None:
        count_try(request)
        return render(request, "graduation/verify_form.html", {"unknown": True}, status=404)
    return quiet(render(request, "graduation/verify.html", {"letter": letter}))
