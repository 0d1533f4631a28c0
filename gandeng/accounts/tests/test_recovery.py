"""Letting somebody in again: the mail, the code and other people's yes, no two of which are enough."""

import re
import time
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gandeng.accounts import recovery
from gandeng.accounts.acting import acting_for, in_territory
from gandeng.accounts.actions import Refused
from gandeng.accounts.models import Person, Recovery, RecoveryApproval, User
from gandeng.accounts.roles import OVER_MONEY, RULES, May, Role
from gandeng.accounts.tests.test_keys import EVERYWHERE
from gandeng.accounts.tests.test_sessions import WORDS, sign_in
from gandeng.audit.models import AuditEntry

pytestmark = pytest.mark.django_db

NEW = "sapi terbang sore hari"
ASK = reverse("account_reset_password")
KNOWN = "Datang ke kantor dengan tanda pengenal"
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def login_of(acting):
    """A login with a password and a second factor."""
    user = User.objects.get(person_id=acting.person_id)
    user.set_password(WORDS)
    user.save()
    TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    return user


@pytest.fixture
def user(operator):
    return login_of(operator)


@pytest.fixture(autouse=True)
def identity_shown(monkeypatch):
    """A moment ago; `test_a_yes_asks_for_identity_again` takes it away."""
    monkeypatch.setattr("gandeng.accounts.recovery_views.ask_again", lambda _request: None)


def link_in(letter):
    return re.search(r"https?://testserver(/\S+)", letter.body)[1]


def test_its_letter_leads_to_the_office_whatever_host_was_asked_for(client, user, settings):
    settings.ADDRESS = "https://gandeng.contoh.test"
    client.post(ASK, {"email": user.email}, headers={"host": "127.0.0.1"})
    body = mail.outbox[-1].body
    assert "https://gandeng.contoh.test/" in body and "127.0.0.1" not in body and "testserver" not in body


def asked(client, user, lost="BOTH"):
    """The code, after the first mail."""
    client.post(ASK, {"email": user.email})
    page = client.post(link_in(mail.outbox[-1]), {"lost": lost})
    assert page.status_code == 200
    return re.search(r"\b(\d{4}) (\d{4})\b", page.content.decode()).expand(r"\1\2")


def yes(client_of, acting, code, **more):
    found = Recovery.objects.latest("asked_at")
    told = {"recovery_code": code, "reason": KNOWN, **more}
    return client_of(acting).post(reverse("accounts:recovery", args=[found.pk]), told)


def new_password(browser, link, code, words=NEW):
    return browser.post(link, {"recovery_code": code, "password": words, "again": words})


def test_it_works(client, client_of, user, coordinator):
    other = Client()
    other.force_login(user, backend=BACKEND)
    assert other.get(reverse("accounts:me")).status_code == 200
    code = asked(client, user)
    assert sign_in(Client(), user).url == reverse("mfa_authenticate"), "nothing is over before the yes"
    home = client_of(coordinator).get(reverse("home")).content.decode()
    assert f'href="{reverse("accounts:recoveries")}"' in home, "it waits on her first page"
    assert user.person.name.encode() in client_of(coordinator).get(reverse("accounts:recoveries")).content
    assert yes(client_of, coordinator, code).status_code == 302
    letter = mail.outbox[-1]
    assert letter.to == [user.email] and code not in letter.body
    assert new_password(client, link_in(letter), code).url == reverse("account_login")
    assert other.get(reverse("accounts:me")).status_code == 302, "every session is over"
    assert not Authenticator.objects.filter(user=user).exists(), "and every second factor"
    assert sign_in(client, user).status_code == 200, "and the old password"
    assert sign_in(client, user, NEW).status_code == 302
    assert client.get(reverse("registry:families")).url == reverse("mfa_index"), "a new factor before anything else"
    with in_territory(EVERYWHERE):
        acts = list(AuditEntry.objects.filter(action__startswith="login.recover").order_by("number"))
    assert [one.action for one in acts][::2] == ["login.recovery_asked", "login.recovered"]
    assert acts[1].reason == KNOWN and not any(code in str(vars(one)) for one in acts)
    assert "dipulihkan" in mail.outbox[-1].subject


def test_a_yes_whose_mail_does_not_go_out_is_none(client, client_of, user, coordinator, mail_down):
    code = asked(client, user)
    with mail_down:
        page = yes(client_of, coordinator, code)
    assert page.status_code == 422 and "Surelnya tidak terkirim" in page.content.decode()
    assert not RecoveryApproval.objects.exists() and Recovery.objects.get().approved_at is None
    assert yes(client_of, coordinator, code).status_code == 302, "once the server of mails is back"
    with mail_down:
        assert new_password(client, link_in(mail.outbox[-1]), code).status_code == 302, "that it is done needs no mail"


def test_a_letter_that_does_not_go_out_is_told_to_everybody_alike(client, user, mail_down):
    with mail_down:
        told = [client.post(ASK, {"email": email}, follow=True).content.decode() for email in (user.email, "x@a.test")]
    assert all("belum ada surel yang terkirim" in page for page in told)


def test_the_mail_alone_opens_nothing(client, user):
    """Whoever reads a facilitator's or anybody's mail gets a request that waits for other people."""
    client.post(ASK, {"email": user.email})
    link = link_in(mail.outbox[-1])
    assert b'type="password"' not in client.get(link).content
    client.post(link, {"lost": "PASSWORD", "password1": NEW, "password2": NEW, "password": NEW, "again": NEW})
    user.refresh_from_db()
    assert user.check_password(WORDS)
    assert Recovery.objects.get().link_digest is None
    assert client.post(link, {"lost": "PASSWORD"}).status_code == 422, "a link asks once"


def test_the_second_mail_alone_opens_nothing(client, client_of, user, coordinator):
    """Who reads the mail of somebody who really lost the way has no code; five guesses end it."""
    code = asked(client, user)
    yes(client_of, coordinator, code)
    link = link_in(mail.outbox[-1])
    wrong = f"{(int(code) + 1) % 10**8:08d}"
    for _ in range(recovery.WRONG_CODES_MAX):
        assert new_password(Client(), link, wrong).status_code == 422
    assert b'type="password"' not in new_password(Client(), link, code).content
    user.refresh_from_db()
    assert user.check_password(WORDS)
    assert Recovery.objects.get().ended_as == "GUESSED"


def test_a_yes_needs_the_code_the_person_says(client, client_of, user, coordinator):
    code = asked(client, user)
    assert yes(client_of, coordinator, f"{(int(code) + 1) % 10**8:08d}").status_code == 422
    assert not RecoveryApproval.objects.exists() and len(mail.outbox) == 1


def test_a_yes_asks_for_identity_again(client, left_open, user, coordinator, monkeypatch):
    from gandeng.accounts.second_factor import ask_again

    monkeypatch.setattr("gandeng.accounts.recovery_views.ask_again", ask_again)
    login_of(coordinator)
    code = asked(client, user)
    answer = yes(left_open, coordinator, code)
    assert answer.status_code == 302 and "reauthenticate" in answer.url
    assert not RecoveryApproval.objects.exists()


def test_a_role_over_money_takes_two_people_and_then_rests(cast, client, client_of, coordinator, settings):
    head = cast("DISTRICT_HEAD", "6371")
    user = login_of(head)
    administrator = cast("ADMINISTRATOR", "6371")
    code = asked(client, user)
    yes(client_of, coordinator, code)
    assert len(mail.outbox) == 1, "one yes sends nothing"
    assert yes(client_of, coordinator, code).status_code in (302, 422) and RecoveryApproval.objects.count() == 1
    yes(client_of, administrator, code)
    assert new_password(client, link_in(mail.outbox[-1]), code).status_code == 302
    again = acting_for(head.person_id, timezone.localdate())
    assert not any(again.may(right) for right in OVER_MONEY)
    assert again.may(May.SEE_FAMILIES, "6371"), "what is not over money goes on"
    user.refresh_from_db()
    client.force_login(user, backend=BACKEND)
    assert "beristirahat" in client.get(reverse("accounts:me")).content.decode()
    settings.RECOVERY_REST_HOURS = 0
    assert acting_for(head.person_id, timezone.localdate()).may(May.APPROVE_DISTRICT, "6371")


@pytest.mark.parametrize("role", Role)
def test_every_role_with_such_a_right_takes_two(cast, role):
    region = {"FACILITATOR": "6371011001", "SUB_DISTRICT_LEAD": "637101", "MINISTRY_OFFICER": "", "MINISTRY_HEAD": ""}
    place = "63" if role.startswith("PROVINCE") else region.get(role, "6371")
    acting = cast(role, place, channel="BRI" if role == "CHANNEL_OFFICER" else "")
    person = Person.objects.get(pk=acting.person_id)
    assert recovery.needed_for(person) == (2 if RULES[role].may & OVER_MONEY else 1)


def test_nobody_says_yes_to_oneself_from_afar_or_from_below(cast, client, user, coordinator):
    asked(client, user)
    found = Recovery.objects.get()
    for other in (cast("DISTRICT_COORDINATOR", "6303"), cast("DISTRICT_HEAD", "6371")):
        assert not recovery.waiting_for(other).exists()
        with pytest.raises(PermissionDenied):
            recovery.approve(other, found, reason=KNOWN)
    cast("PROVINCE_OFFICER", "63", person=user.person)
    assert not recovery.waiting_for(coordinator).exists(), "one role of hers lies beyond the district"
    with pytest.raises(PermissionDenied):
        recovery.approve(coordinator, found, reason=KNOWN)
    her_own = cast("MINISTRY_HEAD", "", person=user.person)
    assert not recovery.waiting_for(her_own).exists()
    with pytest.raises(PermissionDenied):
        recovery.approve(her_own, found, reason=KNOWN)


def test_a_request_for_fewer_people_than_are_needed_now_is_over(cast, client, user, coordinator):
    asked(client, user)
    cast("DISTRICT_HEAD", "6371", person=user.person)
    with pytest.raises(Refused):
        recovery.approve(coordinator, Recovery.objects.get(), reason=KNOWN)


def test_the_database_refuses_what_the_pages_would_not_do(cast, client, user):
    cast("DISTRICT_HEAD", "6371", person=user.person)
    asked(client, user)
    found = Recovery.objects.get()
    now = timezone.now()

    def one_is_enough():
        Recovery.objects.filter(pk=found.pk).update(needed=1)

    def oneself():
        RecoveryApproval.objects.create(recovery=found, person=user.person, authority="x", reason="x")

    def without_anybody():
        Recovery.objects.filter(pk=found.pk).update(approved_at=now, link_digest=b"x")

    def without_a_yes():
        Recovery.objects.filter(pk=found.pk).update(used_at=now)

    def as_if_never():
        Recovery.objects.filter(pk=found.pk)._raw_delete("default")

    for act in (one_is_enough, oneself, without_anybody, without_a_yes, as_if_never):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


def test_the_owner_signed_in_sees_it_and_ends_it(client, client_of, user, coordinator):
    code = asked(client, user)
    herself = Client()
    herself.force_login(user, backend=BACKEND)
    assert "Batalkan permintaan" in herself.get(reverse("accounts:me")).content.decode()
    herself.post(reverse("accounts:withdraw_recovery"))
    assert yes(client_of, coordinator, code).status_code == 404
    assert Recovery.objects.get().ended_as == "WITHDRAWN"


def test_a_no_and_a_new_request_end_it(client, client_of, user, coordinator):
    code = asked(client, user)
    found = Recovery.objects.get()
    client_of(coordinator).post(reverse("accounts:recovery_refuse", args=[found.pk]), {"no-reason": "Bukan orangnya"})
    assert Recovery.objects.get().ended_as == "REFUSED"
    second, _ = recovery.ask(user, "dua", "BOTH")
    third, _ = recovery.ask(user, "tiga", "BOTH")
    second.refresh_from_db()
    assert second.ended_as == "REPLACED" and third.ended_as == ""
    assert not recovery.right_code(found, code)


def test_it_lapses(client, client_of, user, coordinator):
    code = asked(client, user)
    Recovery.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    assert not recovery.waiting_for(coordinator).exists()
    assert yes(client_of, coordinator, code).status_code == 404


def test_a_weak_password_is_refused_and_a_link_works_once(client, client_of, user, coordinator):
    code = asked(client, user)
    yes(client_of, coordinator, code)
    link = link_in(mail.outbox[-1])
    assert new_password(client, link, code, "password1234").status_code == 422
    assert new_password(client, link, code).status_code == 302
    assert b'type="password"' not in Client().get(link).content, "no form behind it"


def test_a_guessed_link_opens_nothing(user):
    client = Client()
    for key in ("1-abc-def", f"{user.pk}-set-password", "zz-0-0", "x"):
        answer = client.get(f"/akun/password/reset/key/{key}/")
        assert answer.status_code in (200, 404) and b"<form method" not in answer.content.split(b"<main")[-1]
    answer = client.get(reverse("accounts:let_in", args=["tebakan"]))
    assert b'type="password"' not in answer.content


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


def test_rest_is_a_day_until_the_office_says_otherwise():
    assert settings.RECOVERY_REST_HOURS == 24


def test_whoever_asks_again_and_again_buries_nobody_in_letters(client, user, monkeypatch):
    ahead, real = [0.0], time.time
    monkeypatch.setattr(time, "time", lambda: real() + ahead[0])
    for _minute in range(9):
        client.post(ASK, {"email": user.email})
        ahead[0] += 61
    assert len(mail.outbox) == 5
