"""What every answer carries."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

type Answer = Callable[[HttpRequest], HttpResponse]


class PrivatePages:
    """Pages are kept in no cache unless they say otherwise: a shared computer forgets them."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer, with its headers."""
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store, private")
        response.headers.setdefault("Permissions-Policy", "geolocation=(), microphone=(), camera=()")
        return response
