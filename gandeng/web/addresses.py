"""Where a page of this site is found, as papers, letters and mails say it."""

from django.conf import settings
from django.http import HttpRequest


def full_address(request: HttpRequest, path: str) -> str:
    """`path` at the office's own address; where none is set (try-out, tests), at the one the browser asked for."""
    return f"{settings.ADDRESS}{path}" if settings.ADDRESS else request.build_absolute_uri(path)
