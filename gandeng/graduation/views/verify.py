"""The public page that checks a farewell letter by its code."""

from django.http import HttpRequest, HttpResponse

from gandeng.accounts.public_codes import answer_code, ask_for_code
from gandeng.accounts.rules import public
from gandeng.graduation.public import verify as paper_of


@public
def form(request: HttpRequest) -> HttpResponse:
    """Ask for the code on the letter."""
    return ask_for_code(request, "farewell:verify", "graduation/verify_form.html")


@public
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """What the letter of that code says."""
    return answer_code(request, paper_of, code, "graduation/verify.html", "graduation/verify_form.html")
