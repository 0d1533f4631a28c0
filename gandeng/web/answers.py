"""Answers that are no pages."""

from django.http import HttpResponse

CSV = "text/csv; charset=utf-8"
PDF = "application/pdf"
P7S = "application/pkcs7-signature"


def quiet(answer: HttpResponse) -> HttpResponse:
    """Of a page that is open to everybody: kept by no browser, found by no search."""
    answer["X-Robots-Tag"], answer["Cache-Control"] = "noindex, noarchive", "no-store"
    return answer


def as_file(content: bytes | str, name: str, kind: str) -> HttpResponse:
    """A file to keep, under a name of ours; no browser guesses what is in it."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(content, content_type=kind, headers=headers)
