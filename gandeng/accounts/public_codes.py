"""Codes on papers, and the pages open to everybody that look a paper up by one; codes of digits that are said.

One alphabet, one manner of asking, one limit of wrong codes.
"""

import secrets
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from gandeng.accounts.public_tries import count_try, too_many_tries
from gandeng.web.answers import quiet

CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Without what looks alike on paper."""
CODE_LENGTH = 24
"""119 bits: nothing to guess, whoever asks how often."""
_TYPED_MAX = 60


def new_code(length: int = CODE_LENGTH) -> str:
    """A code for the public page that follows from nothing."""
    return "".join(secrets.choice(CODE_LETTERS) for _place in range(length))


def new_digits(length: int) -> str:
    """A code to be said and typed on any telephone, that follows from nothing."""
    return f"{secrets.randbelow(10**length):0{length}d}"


def digits_of(typed: str) -> str:
    """Such a code without what people put between its digits."""
    return "".join(one for one in typed if one.isascii() and one.isdigit())


def tidy(code: str, length: int = CODE_LENGTH) -> str:
    """A code as it is stored: letters and digits alone; nothing where it cannot be one."""
    letters = "".join(char for char in code.upper() if char.isascii() and char.isalnum())
    return letters if len(letters) == length and set(letters) <= set(CODE_LETTERS) else ""


def ask_for_code(request: HttpRequest, address: str, page: str, *, read: Callable[[str], str] = tidy) -> HttpResponse:
    """The page with the field, or on to `address` with the code that was typed; `read` gives "" for what is none."""
    asked = request.GET.get("kode", "")[:_TYPED_MAX]
    if code := read(asked):
        return redirect(address, code)
    nothing = "kode" in request.GET and not asked
    return render(request, page, {"asked": asked, "nothing": nothing}, status=422 if asked or nothing else 200)


def answer_code(request: HttpRequest, paper_of: Callable[[str], Any], code: str, page: str, form: str) -> HttpResponse:
    """What the paper of that code says, as `paper` of `page`; after too many wrong codes every answer is the same.

    A code of no paper stays in its field, to be compared with the paper: it stands in the address, and opens nothing.
    """
    if too_many_tries(request):
        return render(request, "accounts/code_later.html", status=429)
    paper = paper_of(code)
    if paper is None:
        count_try(request)
        return render(request, form, {"unknown": True, "asked": code[:_TYPED_MAX]}, status=404)
    return quiet(render(request, page, {"paper": paper}))
