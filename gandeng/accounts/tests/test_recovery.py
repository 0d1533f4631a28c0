"""A forgotten password, from the request to the new one."""

import re

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from gandeng.accounts.models import User
from gandeng.accounts.tests.test_sessions import WORDS, sign_in

pytestmark = pytest.mark.django_db

NEW = "sapi terbang sore hari"
ASK = reverse("account_reset_password")


@pytest.fixture(autouse=True)
def nothing_counted():
    cache.clear()


@pytest.fixture
def user(operator):
    from allauth.mfa.totp.internal.auth import TOTP

    user = User.objects.get(person_id=operator.person_id)
    user.set_password(WORDS)
    user.save()
    TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    return user


def link_in(letter):
    return re.search(r"https?://testserver(/akun/password/reset/key/\S+)", letter.body)[1]


def new_password(browser, link, words=NEW):
    """Open the link, and type the words twice where it leads."""
    return browser.post(browser.get(link).url, {"password1": words, "password2": words})


def test_it_works(client, user):
    other = Client()
    other.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert other.get(reverse("accounts:me")).status_code == 200
    assert client.post(ASK, {"email": user.email}).status_code == 302
    (letter,) = mail.outbox
    assert letter.to == [user.email] and WORDS not in letter.body
    assert new_password(client, link_in(letter)).status_code == 302
    assert client.get(reverse("home")).status_code == 302, "a new password signs nobody in"
    assert other.get(reverse("accounts:me")).status_code == 302, "and ends every session"
    assert sign_in(client, user).status_code == 200, "the old password is over"
    assert sign_in(client, user, NEW).url == reverse("mfa_authenticate"), "the second factor is asked for all the same"
    assert client.get(reverse("registry:families")).status_code == 302


def test_a_link_works_once_and_a_weak_password_is_refused(client, user):
    client.post(ASK, {"email": user.email})
    link = link_in(mail.outbox[0])
    refused = new_password(client, link, "password1234")
    assert refused.status_code == 200 and refused.context["form"].errors
    assert new_password(client, link).status_code == 302
    assert Client().get(link).status_code == 200, "no form behind it"
    user.refresh_from_db()
    assert user.check_password(NEW)


def test_a_guessed_link_opens_nothing(user):
    client = Client()
    for key in ("1-abc-def", f"{user.pk}-set-password", "zz-0-0", "x"):
        answer = client.get(f"/akun/password/reset/key/{key}/")
        assert answer.status_code in (200, 404) and b'type="password"' not in answer.content


def test_an_unknown_address_is_answered_alike_byte_for_byte(user):
    told = []
    for email in (user.email, "tidak.ada@contoh.test"):
        browser = Client()
        first = browser.post(ASK, {"email": email})
        page = browser.get(first.url)
        shown = re.sub(rb'value="[A-Za-z0-9]{64}"', b"token", page.content)
        told.append((first.status_code, first.url, dict(first.headers), page.status_code, shown))
    assert told[0] == told[1]
    assert len(mail.outbox) == 2, "both send a letter, so that neither is quicker"
    assert "/reset/key/" not in mail.outbox[1].body


def test_asking_again_and_again_sends_few_letters(client, user):
    answers = [client.post(ASK, {"email": user.email}).status_code for _ in range(12)]
    assert len(mail.outbox) <= 5
    assert 429 in answers
