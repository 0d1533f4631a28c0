"""What a machine is told instead of what it asked for: one shape for everything under /api/."""

from collections.abc import Iterable

from django.http import JsonResponse


def problem(status: int, code: str, message: str, fields: Iterable[tuple[str, str]] = ()) -> JsonResponse:
    """`code` for programs, `message` in Indonesian for people, `fields` with what is wrong where."""
    told = [{"name": name, "message": words} for name, words in fields]
    return JsonResponse({"code": code, "message": message, "fields": told}, status=status)
