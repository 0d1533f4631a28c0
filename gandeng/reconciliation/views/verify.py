"""The public page that checks a paper by its code."""

from django.http import HttpRequest, HttpResponse

from gandeng.accounts.public_codes import answer_code, ask_for_code
from gandeng.accounts.rules import public
from gandeng.reconciliation.public import as_stored
from gandeng.reconciliation.public import verify as paper_of


@public
def form(request: HttpRequest) -> HttpResponse:
    """Ask for the code on the paper."""
    return ask_for_code(request, "verification:verify", "reconciliation/verify_form.html", read=as_stored)


@public
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """What the paper of that code says."""
    return answer_code(request, paper_of, code, "reconciliation/verify.html", "reconciliation/verify_form.html")
