"""What every answer carries, and what no request without our token may do."""

import json
import os
import subprocess
import sys
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

pytestmark = pytest.mark.django_db

MACHINES = "/api/"

VALUES = {"uuid": uuid4(), "int": 1, "str": "x", "slug": "x", "digest": "0" * 64}
GROUPS = {"list_id": VALUES["uuid"], "form": "csv"}
ROLES = ("FACILITATOR", "DISTRICT_OPERATOR", "DISTRICT_HEAD", "ADMINISTRATOR")
CSP = {
    "default-src": "'none'", "script-src": "'self'", "style-src": "'self'", "img-src": "'self' data:",
    "font-src": "'self'", "connect-src": "'self'", "form-action": "'self'", "base-uri": "'none'",
    "frame-ancestors": "'none'", "manifest-src": "'self'",
}  # fmt: skip
OFFICE = (
    "SESSION_COOKIE_NAME", "SESSION_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY", "SESSION_COOKIE_SAMESITE",
    "CSRF_COOKIE_NAME", "CSRF_COOKIE_SECURE", "SECURE_HSTS_SECONDS", "SECURE_HSTS_INCLUDE_SUBDOMAINS",
    "SECURE_SSL_REDIRECT",
)  # fmt: skip


def addresses(resolver=None, namespace="", arguments=None):
    """Every address there is, those of allauth too, about nothing that is there."""
    for entry in (resolver or get_resolver()).url_patterns:
        told = {**(arguments or {}), **{name: _value(one) for name, one in entry.pattern.converters.items()}}
        if isinstance(entry, URLResolver):
            yield from addresses(entry, f"{namespace}{entry.namespace}:" if entry.namespace else namespace, told)
        elif isinstance(entry, URLPattern):
            told |= {name: GROUPS.get(name, "x") for name in entry.pattern.regex.groupindex if name not in told}
            yield reverse(f"{namespace}{entry.name}", kwargs=told)


def _value(converter):
    return VALUES.get(type(converter).__name__.removesuffix("Converter").lower(), "x")


ADDRESSES = sorted(set(addresses()))


def policy_of(answer):
    return dict(part.strip().split(" ", 1) for part in answer["Content-Security-Policy"].split(";"))


def faults_of(answer, address):
    """The app of the field alone may ask where a phone is."""
    where = "(self)" if address == reverse("field:app") else "()"
    wanted = {
        "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Permissions-Policy": f"geolocation={where}, microphone=(), camera=()",
    }  # fmt: skip
    found = [f"{name}: {answer.get(name)}" for name, value in wanted.items() if answer.get(name) != value]
    found += [] if policy_of(answer) == CSP else [answer["Content-Security-Policy"]]
    return found + ([] if "no-store" in answer.get("Cache-Control", "") else [f"kept: {answer.get('Cache-Control')}"])


@pytest.mark.parametrize("role", ["", *ROLES])
def test_every_answer_carries_them(cast, client_of, client, role):
    """Pages, refusals, what is not there, redirects to the sign-in."""
    region = "637101" if role == "FACILITATOR" else "6371"
    browser = client_of(cast(role, region)) if role else client
    answers = [(address, browser.get(address)) for address in (*ADDRESSES, "/tidak-ada/")]
    assert {200, 404} <= {answer.status_code for _, answer in answers}
    assert [(address, faults) for address, answer in answers if (faults := faults_of(answer, address))] == []
    assert not any("Server" in answer or "X-Powered-By" in answer for _, answer in answers)


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_no_unsafe_request_passes_without_our_token(cast, method):
    browser = Client(enforce_csrf_checks=True)
    sign_in(browser, cast)
    answers = {address: getattr(browser, method)(address).status_code for address in ADDRESSES}
    assert len(answers) > 80
    pages = {address: status for address, status in answers.items() if not address.startswith(MACHINES)}
    assert {address: status for address, status in pages.items() if status != 403} == {}
    machines = {status for address, status in answers.items() if address.startswith(MACHINES)}
    assert machines == {401, 405}, "a session is nothing there, with a token or without; the description is read alone"


def sign_in(browser, cast):
    browser.force_login(_user(cast), backend="allauth.account.auth_backends.AuthenticationBackend")


def test_a_token_of_ours_passes_and_from_another_site_it_does_not(cast):
    browser = Client(enforce_csrf_checks=True)
    browser.get(reverse("account_login"))
    token = browser.cookies["csrf"].value
    sign_in(browser, cast)
    address = reverse("account_logout")
    assert browser.post(address, {"csrfmiddlewaretoken": token[::-1]}).status_code == 403
    assert (
        browser.post(address, {"csrfmiddlewaretoken": token}, headers={"Origin": "https://lain.test"}).status_code
        == 403
    )
    assert browser.post(address, {"csrfmiddlewaretoken": token}).status_code == 302


def of_an_office():
    """The settings an office has by default, read by a process without the tests' environment."""
    program = (
        f"import json; from gandeng import settings as s; print(json.dumps({{n: getattr(s, n) for n in {OFFICE}}}))"
    )
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GANDENG_")}
    told = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, check=True)
    return json.loads(told.stdout)


def test_cookies_and_the_promise_of_https_of_an_office(cast, settings):
    for name, value in of_an_office().items():
        setattr(settings, name, value)
    browser = Client()
    page = browser.get(reverse("account_login"), secure=True)
    seconds, *rest = page["Strict-Transport-Security"].split("; ")
    assert int(seconds.removeprefix("max-age=")) >= 31_536_000
    assert "includeSubDomains" in rest
    sign_in(browser, cast)
    session = browser.get(reverse("accounts:me"), secure=True).cookies["__Host-gandeng"]
    assert (session["secure"], session["httponly"], session["samesite"], session["path"]) == (True, True, "Lax", "/")
    assert session["domain"] == session["max-age"] == "", "a __Host- cookie names no domain, and goes with the browser"
    assert page.cookies["__Host-csrf"]["secure"] is True
    assert browser.get(reverse("account_login")).url.startswith("https://")


def _user(cast):
    from django.contrib.auth import get_user_model

    return get_user_model().objects.get(person_id=cast("DISTRICT_OPERATOR", "6371").person_id)


@pytest.mark.parametrize("address", ["https://lain.test/", "//lain.test/x", "javascript:alert(1)"])
def test_the_sign_in_leads_to_no_other_site(cast, client, address):
    user = _user(cast)
    user.set_password("kuda nil makan siang")
    user.save()
    told = {"login": user.email, "password": "kuda nil makan siang", "next": address}
    assert client.post(reverse("account_login"), told).url == reverse("home")


def test_a_host_that_is_not_ours_gets_nothing(client):
    assert client.get(reverse("account_login"), headers={"Host": "lain.test"}).status_code == 400
