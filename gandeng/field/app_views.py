"""The app itself: its page, what keeps it on a phone, and how it is named there. Nothing of anybody is in them."""

import hashlib
import json
from functools import lru_cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import override
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from gandeng.accounts.rules import public

WORKER = "field/sw.js"
ASSETS = (
    "field/app.js", "field/app.css", "field/icon.svg", "gandeng/gandeng.css", "gandeng/icons.svg",
    *(f"gandeng/fonts/public-sans-latin-{weight}-normal.woff2" for weight in (400, 600, 700)),
)  # fmt: skip
"""What the phone keeps beside the page."""

_PAGE = "field/app.html"
_LANGUAGE = "id"
_MAY_ASK_WHERE = "geolocation=(self), microphone=(), camera=()"
"""The app notes a place when a person presses for it; no other page of the site may."""


@public
@require_safe
@ensure_csrf_cookie
def app(request: HttpRequest) -> HttpResponse:
    """The same for everybody: what is in it comes from the phone or through the doors."""
    with override(_LANGUAGE):
        response = render(request, _PAGE)
    response.headers["Permissions-Policy"] = _MAY_ASK_WHERE
    return response


@public
@require_safe
def worker(_request: HttpRequest) -> HttpResponse:
    """The service worker, after the list of what it keeps."""
    text = f"self.GANDENG_SHELL={json.dumps(shell())};\n{_file(WORKER).read_text(encoding='utf-8')}"
    return HttpResponse(text, content_type="text/javascript; charset=utf-8", headers={"Cache-Control": "no-store"})


@public
@require_safe
def manifest(_request: HttpRequest) -> HttpResponse:
    """Name, icon and address on the home screen."""
    home = reverse("field:app")
    told = {
        "name": "Gandeng lapangan", "short_name": "Lapangan", "lang": _LANGUAGE, "id": home, "start_url": home,
        "scope": home, "display": "standalone", "background_color": "#faf6ef", "theme_color": "#0a4a41",
        "icons": [{"src": static("field/icon.svg"), "type": "image/svg+xml", "sizes": "any", "purpose": "any"}],
    }  # fmt: skip
    return JsonResponse(told, content_type="application/manifest+json")


@lru_cache(maxsize=1)
def shell() -> list[dict[str, str]]:
    """Addresses with the digest of what stands there: another digest is fetched anew."""
    with override(_LANGUAGE):
        page = render_to_string(_PAGE).encode()
    kept = [{"url": static(name), "revision": _digest(_file(name).read_bytes())} for name in ASSETS]
    return [{"url": reverse("field:app"), "revision": _digest(page)}, *kept]


def _file(name: str) -> Path:
    found = finders.find(name)
    if not isinstance(found, str):
        raise FileNotFoundError(f"{name} is built by frontend/build.js")
    return Path(found)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]
