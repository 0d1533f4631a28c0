import time
from datetime import timedelta
from hashlib import sha256
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gandeng.accounts import recovery
from gandeng.accounts.acting import Acting, Held, in_territory
from gandeng.accounts.keys import IN_FORCE_MAX, make_key
from gandeng.accounts.models import ApiKey, Grant, Person, User
from gandeng.accounts.roles import Role
from gandeng.audit.models import AuditEntry

pytestmark = pytest.mark.django_db

EVERYWHERE = Acting(uuid4(), "Uji", (Held(Role.MINISTRY_OFFICER, "", "", deputy=False),))


@pytest.fixture
def bank(cast):
    return cast("CHANNEL_OFFICER", "6371", channel="BRI")


@pytest.fixture
def administrator(cast):
    return cast("ADMINISTRATOR", "6371", name="Admin Kota")


@pytest.fixture
def browser(bank, client_of):
    """The bank's officer, who has shown a moment ago who it is."""
    user = User.objects.get(person_id=bank.person_id)
    user.set_password("kuda nil makan siang")
    user.save()
    client = client_of(bank)
    shown_again(client, user)
    return client


def shown_again(client, user):
    session = client.session
    session["account_authentication_methods_user"] = str(user.pk)
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time(), "email": "x", "reauthenticated": True}
    ]
    session.save()


def made(acting, days=90):
    return make_key(acting, name="Server uji", days=days)


def ask(text, path="key"):
    return Client().get(f"/api/v1/{path}", headers={"authorization": f"Bearer {text}"})


def log(action):
    with in_territory(EVERYWHERE):
        return list(AuditEntry.objects.filter(action=action).order_by("id"))


def test_it_works(browser, bank):
    answer = browser.post(reverse("accounts:keys"), {"name": "Server uji", "days": "90"})
    text = answer.context["text"]
    assert answer.status_code == 200 and text in answer.content.decode()
    assert answer.headers["Cache-Control"] == "no-store, private"
    key = ApiKey.objects.get()
    assert key.valid_until == timezone.localdate() + timedelta(days=90)
    assert text.encode() not in bytes(key.secret_sha256) and len(bytes(key.secret_sha256)) == 32
    assert text not in browser.get(reverse("accounts:keys")).content.decode(), "shown once"
    assert ask(text).json()["prefix"] == key.prefix
    key.refresh_from_db()
    assert key.last_used_on == timezone.localdate()
    ask(text)
    assert [entry.facts["key"] for entry in [*log("key.made"), *log("key.used")]] == [key.prefix] * 2
    assert text[-20:] not in str([entry.facts for entry in log("key.made")])


def test_making_one_asks_for_identity_again(browser):
    session = browser.session
    session["account_authentication_methods"][0]["at"] -= 301
    session.save()
    answer = browser.post(reverse("accounts:keys"), {"name": "Server uji", "days": "90"})
    assert answer.status_code == 302 and "reauthenticate" in answer.url
    assert not ApiKey.objects.exists()


@pytest.mark.parametrize("wrong", [{"name": ""}, {"days": "3650"}, {"days": "0"}, {"days": ""}])
def test_it_refuses_what_does_not_fit_and_keeps_what_was_typed(browser, wrong):
    answer = browser.post(reverse("accounts:keys"), {"name": "Server lama", "days": "90"} | wrong)
    assert answer.status_code == 422
    assert not ApiKey.objects.exists()


def test_it_refuses_a_sixth_key(browser, bank):
    for _ in range(IN_FORCE_MAX):
        made(bank)
    answer = browser.post(reverse("accounts:keys"), {"name": "Server uji", "days": "90"})
    assert answer.status_code == 422 and "sudah mempunyai 5 kunci" in answer.content.decode()


def test_nobody_else_makes_keys(operator, administrator, client_of):
    for who in (operator, administrator):
        assert client_of(who).get(reverse("accounts:keys")).status_code == 403
        assert client_of(who).post(reverse("accounts:keys"), {"name": "x", "days": "30"}).status_code == 403


def test_a_revoked_key_is_over_at_the_next_request_and_for_good(browser, bank):
    key, text = made(bank)
    answer = browser.post(reverse("accounts:key_revoke", args=[key.pk]), {"reason": "server diganti"})
    assert (answer.status_code, answer.url) == (302, reverse("accounts:keys"))
    refused = ask(text)
    assert (refused.status_code, refused.json()["code"]) == (401, "key_revoked")
    assert refused.headers["WWW-Authenticate"] == "Bearer"
    (entry,) = log("key.revoked")
    assert (entry.reason, dict(entry.shown_facts)) == ("server diganti", {"key": key.prefix})
    with pytest.raises(IntegrityError, match="stays revoked"), transaction.atomic():
        ApiKey.objects.filter(pk=key.pk).update(revoked_at=None, revoked_by=None, revoked_reason="")


def test_an_administrator_sees_and_revokes_keys_of_his_people_alone(administrator, bank, cast, client_of):
    browser = client_of(administrator)
    key, text = made(bank)
    page = browser.get(reverse("accounts:person", args=[bank.person_id])).content.decode()
    assert key.prefix in page and text not in page
    far, _ = made(cast("CHANNEL_OFFICER", "6271", channel="BRI"))
    assert browser.post(reverse("accounts:key_revoke", args=[far.pk]), {"reason": "x"}).status_code == 404
    assert browser.post(reverse("accounts:key_revoke", args=[key.pk]), {"reason": ""}).status_code == 422
    assert browser.post(reverse("accounts:key_revoke", args=[key.pk]), {"reason": "bocor"}).status_code == 302
    assert ask(text).status_code == 401


def test_another_s_key_is_not_there(browser, cast):
    other, _ = made(cast("CHANNEL_OFFICER", "6371", channel="POS"))
    assert browser.get(reverse("accounts:key_revoke", args=[other.pk])).status_code == 404


def test_an_expired_key_is_over(bank):
    today = timezone.localdate()
    for prefix, until in (("aaaa1111", today), ("bbbb2222", today + timedelta(days=1))):
        ApiKey.objects.create(
            person_id=bank.person_id, name="lama", prefix=prefix, made_on=today - timedelta(days=30),
            valid_until=until, secret_sha256=sha256(f"gandeng_{prefix}_lama".encode()).digest(),
        )  # fmt: skip
    answer = ask("gandeng_aaaa1111_lama")
    assert (answer.status_code, answer.json()["code"]) == (401, "key_expired")
    assert ask("gandeng_bbbb2222_lama").status_code == 200


def test_the_database_refuses_more_than_a_year_and_any_change(bank):
    with pytest.raises(IntegrityError, match="api_key_a_year"), transaction.atomic():
        made(bank, days=367)
    key, _ = made(bank)
    for changed in ({"valid_until": key.valid_until + timedelta(days=1)}, {"prefix": "x"}, {"secret_sha256": b"x"}):
        with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
            ApiKey.objects.filter(pk=key.pk).update(**changed)
    with pytest.raises(IntegrityError, match="never deleted"), transaction.atomic():
        key.delete()


def test_a_closed_account_ends_its_keys_for_good(administrator, bank, client_of):
    _, text = made(bank)
    browser, page = client_of(administrator), reverse("accounts:set_login", args=[bank.person_id])
    browser.post(page, {"login-reason": "keluar"})
    assert ask(text).json()["code"] == "key_revoked"
    browser.post(page, {"login-reason": "kembali", "open": "1"})
    assert ask(text).status_code == 401
    _, other = made(bank)
    User.objects.filter(person_id=bank.person_id).update(is_active=False)
    assert ask(other).json()["code"] == "account_closed"


def test_whoever_loses_the_role_loses_the_key_at_the_next_request(bank):
    _, text = made(bank)
    assert ask(text).status_code == 200
    Grant.objects.filter(person_id=bank.person_id).update(valid_until=timezone.localdate())
    answer = ask(text)
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


def test_a_key_has_nothing_of_the_other_roles_of_its_person(bank, cast):
    cast("DISTRICT_OPERATOR", "6372", person=Person.objects.get(pk=bank.person_id))
    _, text = made(bank)
    assert [role["role"] for role in ask(text).json()["roles"]] == ["CHANNEL_OFFICER"]


def test_a_key_opens_no_page_and_a_session_no_address_of_machines(bank, client_of):
    _, text = made(bank)
    bearer = {"authorization": f"Bearer {text}"}
    for name in ("home", "accounts:me", "accounts:keys", "payments:cycles", "reconciliation:cycles"):
        assert "/akun/login/" in Client().get(reverse(name), headers=bearer).url
    for path in ("key", "cycles", "tidak/ada"):
        answer = client_of(bank).get(f"/api/v1/{path}")
        assert (answer.status_code, answer.json()["code"]) == (401, "unknown_key")


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        "Basic x",
        "Bearer gandeng_",
        "Bearer gandeng_00000000_x",
        "Bearer ñ",
        f"Bearer {'x' * 5000}",
    ],
)
def test_what_is_no_key_opens_nothing(bank, header):
    answer = Client().get("/api/v1/cycles", headers={"authorization": header} if header else {})
    assert (answer.status_code, answer.json()["code"]) == (401, "unknown_key")


def test_a_wrong_secret_is_written_down_once_a_minute(bank):
    key, text = made(bank)
    answers = [ask(f"{text[:-3]}xyz") for _ in range(3)]
    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(401, "unknown_key")}
    (entry,) = log("key.refused")
    told = {"key": key.prefix, "why": "unknown_key"}
    assert (entry.person_name, dict(entry.shown_facts)) == ("Gandeng", told)
    key.refresh_from_db()
    assert key.last_used_on is None


def test_too_many_requests_of_one_key_wait(bank, settings):
    settings.API_USES_PER_MINUTE = 3
    _, text = made(bank)
    answers = [ask(text) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 60


def test_it_works_for_an_auditor(cast):
    _, text = made(cast("AUDITOR", "6371"))
    assert ask(text).json()["roles"][0]["role"] == "AUDITOR"


def test_a_key_does_not_outlive_letting_its_person_in_again(bank, cast):
    _key, text = made(bank)
    asked, _code = recovery.ask(User.objects.get(person_id=bank.person_id), "surat", "BOTH")
    for other in (cast("DISTRICT_COORDINATOR", "6371"), cast("ADMINISTRATOR", "6371")):
        recovery.approve(other, asked, reason="kenal suaranya")
    recovery.let_in(asked, "kuda nil makan siang")
    assert (ask(text).status_code, ask(text).json()["code"]) == (401, "key_revoked")
    (entry,) = log("key.revoked")
    assert (entry.person_id, entry.reason) == (bank.person_id, "Akun dipulihkan")


def test_a_key_of_somebody_with_roles_elsewhere_is_for_who_keeps_them_all(administrator, bank, cast, client_of):
    cast("AUDITOR", "63", person=Person.objects.get(pk=bank.person_id))
    key, text = made(bank)
    page = reverse("accounts:key_revoke", args=[key.pk])
    assert client_of(administrator).post(page, {"reason": "tidak dikenal"}).status_code == 403
    assert ask(text).status_code == 200
    assert client_of(cast("ADMINISTRATOR", "63")).post(page, {"reason": "tidak dikenal"}).status_code == 302
    assert ask(text).status_code == 401
