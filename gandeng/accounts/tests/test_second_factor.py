"""The second factor shows who one is where there is one, also to take it off; its coming and going is written down."""

import time
from uuid import uuid4

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth
from django.test import Client
from django.urls import reverse

from gandeng.accounts.acting import Acting, Held, in_territory
from gandeng.accounts.roles import Role
from gandeng.accounts.tests.test_sessions import WORDS
from gandeng.audit.models import AuditEntry

pytestmark = pytest.mark.django_db

SECRET = "JBSWY3DPEHPK3PXP"
EVERYWHERE = Acting(uuid4(), "Uji", (Held(Role.MINISTRY_OFFICER, "", "", deputy=False),))


@pytest.fixture
def codes(user):
    """An app, and codes on paper, each of which is taken once."""
    auth.TOTP.activate(user, SECRET)
    paper = iter(RecoveryCodes.activate(user).get_unused_codes())
    return lambda: next(paper)


def signed_in(user, codes):
    browser = Client()
    asked = browser.post(reverse("account_login"), {"login": user.email, "password": WORDS})
    browser.post(asked.url, {"code": codes()})
    assert browser.get(reverse("registry:families")).status_code == 200
    return browser


def log():
    with in_territory(EVERYWHERE):
        entries = AuditEntry.objects.filter(action__startswith="factor.").order_by("id")
        return [(entry.action, entry.facts["factor"]) for entry in entries]


def test_the_password_alone_takes_no_factor_off(user, codes):
    browser = signed_in(user, codes)
    off = browser.post(reverse("mfa_deactivate_totp"))
    assert off.status_code == 302 and off.url.startswith(reverse("mfa_reauthenticate"))
    here = reverse("account_reauthenticate") + "?next=/pengguna/saya/"
    for answer in (browser.get(here), browser.post(here, {"password": WORDS})):
        assert (answer.status_code, answer.url) == (302, reverse("mfa_reauthenticate") + "?next=%2Fpengguna%2Fsaya%2F")
    browser.post(reverse("mfa_deactivate_totp"))
    assert Authenticator.objects.filter(user=user).exists() and log() == []


def test_a_code_takes_it_off_and_no_session_goes_on_without_one(user, codes):
    browser, other = signed_in(user, codes), signed_in(user, codes)
    browser.post(reverse("mfa_reauthenticate"), {"code": codes()})
    assert browser.post(reverse("mfa_deactivate_totp")).status_code == 302
    assert not Authenticator.objects.filter(user=user).exists()
    assert log() == [("factor.removed", "totp"), ("factor.removed", "recovery_codes")]
    led = browser.get(reverse("registry:families"))
    assert (led.status_code, led.url) == (302, reverse("mfa_index")), "her role demands one: it is set up anew"
    assert other.get(reverse("registry:families")).url.startswith(reverse("account_login"))


def test_whoever_has_none_shows_the_password_and_setting_one_up_is_written_down(
    user, left_open, operator, settings, django_capture_on_commit_callbacks
):
    settings.MFA_TOTP_TOLERANCE = 1
    browser = left_open(operator)
    asked = browser.get(reverse("mfa_activate_totp"))
    assert asked.url.startswith(reverse("account_reauthenticate"))
    browser.post(asked.url, {"password": WORDS})
    secret = browser.get(reverse("mfa_activate_totp")).context["form"].secret
    code = auth.format_hotp_value(auth.hotp_value(secret, int(time.time()) // 30))
    with django_capture_on_commit_callbacks(execute=True):
        browser.post(reverse("mfa_activate_totp"), {"code": code})
    assert sorted(log()) == [("factor.added", "recovery_codes"), ("factor.added", "totp")]


def test_what_is_refused_after_it_was_asked_is_corrected_at_its_own_address(cast, left_open, client_of, user):
    """The page comes at the address of the question; its form would have gone there, and been lost."""
    administrator = cast("ADMINISTRATOR", "63")
    browser = left_open(administrator)
    told = {"name": "Rina", "email": user.email, "role": "HELPDESK", "region": "6371", "since": "2024-01-01"}
    asked = browser.post(reverse("accounts:invite"), told)
    assert user.email not in str(browser.session.items()), "what waits is sealed"
    refused = browser.post(asked.url, {"password": WORDS})
    assert refused.status_code == 422 and f'<form action="{reverse("accounts:invite")}"' in refused.content.decode()
    assert "typed" not in browser.session, "and forgotten once it went on"


def test_whoever_has_to_set_one_up_is_told_why_and_how(client, user):
    client.post(reverse("account_login"), {"login": user.email, "password": WORDS})
    page = client.get(reverse("mfa_index")).content.decode()
    assert "Satu langkah lagi sebelum mulai bekerja" in page
    auth.TOTP.activate(user, SECRET)
    RecoveryCodes.activate(user)
    assert "Satu langkah lagi" not in client.get(reverse("mfa_index")).content.decode()
