import time

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from gandeng.accounts.models import User

pytestmark = pytest.mark.django_db


WORDS = "kuda nil makan siang"


def sign_in(client, user, password=WORDS):
    return client.post(reverse("account_login"), {"login": user.email, "password": password})


@pytest.fixture
def user(operator):
    user = User.objects.get(person_id=operator.person_id)
    user.set_password("kuda nil makan siang")
    user.save()
    return user


def test_it_works(client, user):
    before = client.session.session_key
    assert sign_in(client, user).status_code == 302
    assert client.session.session_key != before
    assert client.get(reverse("home")).status_code in (200, 302)


def test_a_role_that_sees_many_needs_a_second_factor(client, user):
    sign_in(client, user)
    answer = client.get(reverse("registry:families"))
    assert (answer.status_code, answer.url) == (302, reverse("mfa_index"))


def test_a_facilitator_does_not(cast, client):
    user = User.objects.get(person_id=cast("FACILITATOR", "637101").person_id)
    user.set_password("kuda nil makan siang")
    user.save()
    sign_in(client, user)
    assert client.get(reverse("registry:families")).status_code == 200


def test_after_half_an_hour_of_nothing_the_session_is_over(client, user):
    sign_in(client, user)
    session = client.session
    session["seen"] = int(time.time()) - settings.SESSION_IDLE_SECONDS - 1
    session.save()
    assert client.get(reverse("home")).status_code == 302


def test_an_old_cookie_is_worth_nothing_after_signing_out(client, user):
    sign_in(client, user)
    stolen = Client()
    stolen.cookies = client.cookies.copy()
    client.post(reverse("account_logout"))
    assert stolen.get(reverse("home")).status_code == 302


def test_a_wrong_password_is_slowed_down_and_says_nothing_of_the_account(client, user):
    known = [sign_in(client, user, "salah sekali ini").content for _ in range(2)][-1]
    assert b"kuda" not in known
    answers = [sign_in(client, user, "salah sekali ini").status_code for _ in range(12)]
    assert set(answers) <= {200, 429}
    assert sign_in(client, user).status_code != 302, "too many tries: even the right one waits"


def test_nobody_signs_up_by_themselves(client):
    assert client.post(
        "/akun/signup/", {"email": "x@contoh.test", "password1": "kuda nil makan siang"}
    ).status_code in (302, 200, 403)
    assert not User.objects.filter(email="x@contoh.test").exists()
