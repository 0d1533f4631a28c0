from datetime import timedelta
from secrets import token_urlsafe

import pytest
from django.urls import reverse
from django.utils import timezone

from gandeng.accounts.actions import accept, invitation_for, invite_administrator
from gandeng.accounts.models import Invitation, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def code():
    return invite_administrator("Rina Uji", "rina@contoh.test", "6371", timezone.localdate())[1]


def test_it_works(code):
    accept(invitation_for(code), "kuda nil makan siang")
    assert invitation_for(code) is None, "an invitation works once"


def test_guessing_opens_nothing_and_tells_nothing(code, client):
    guesses = [code[:-1], code.swapcase(), code + "x", " ", *(token_urlsafe(24) for _ in range(200))]
    answers = [client.get(reverse("accounts:accept", args=[guess])) for guess in guesses]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert len(code) >= 32, "24 bytes of chance"


def test_the_code_is_kept_nowhere(code):
    assert code not in str(list(Invitation.objects.values()))


@pytest.mark.parametrize("field", ["withdrawn_at", "expires_at", "accepted_at"])
def test_what_is_over_opens_nothing(code, client, field):
    Invitation.objects.update(**{field: timezone.now() - timedelta(seconds=1)})
    told = {"password": "kuda nil makan siang", "again": "kuda nil makan siang"}
    assert client.post(reverse("accounts:accept", args=[code]), told).status_code == 404
    assert not User.objects.filter(email="rina@contoh.test").exists()
