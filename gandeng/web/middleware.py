"""What every answer carries."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from gandeng.web.language import saying

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


class ChosenLanguage:
    """Pages in the language their reader chose at the foot of a page; Indonesian for everybody else.

    What the browser prefers is not asked: phones and computers of offices are often left in English by their makers.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer, made in that language."""
        told = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        chosen = told if told in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with saying(chosen):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", chosen)
        return response
