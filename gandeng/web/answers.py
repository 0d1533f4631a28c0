"""Answers that are no pages."""

from django.http import HttpResponse

CSV = "text/csv; charset=utf-8"
PDF = "application/pdf"


def as_file(content: bytes | str, name: str, kind: str) -> HttpResponse:
    """A file to keep, under a name of ours; no browser guesses what is in it."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(content, content_type=kind, headers=headers)
