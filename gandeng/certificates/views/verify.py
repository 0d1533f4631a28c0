"""The public page that checks a certificate by its code."""

from django.http import HttpRequest, HttpResponse

from gandeng.accounts.public_codes import answer_code, ask_for_code
from gandeng.accounts.rules import public
from gandeng.certificates.public import verify as paper_of


@public
def form(request: HttpRequest) -> HttpResponse:
    """Ask for the code on the paper."""
    return ask_for_code(request, "certificate:verify", "certificates/verify_form.html")


@public
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """What the paper of that code says."""
    return answer_code(request, paper_of, code, "certificates/verify.html", "certificates/verify_form.html")
