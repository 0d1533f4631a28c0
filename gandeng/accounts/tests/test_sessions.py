import time

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gandeng.accounts.models import User
from gandeng.accounts.roles import RULES, Role

pytestmark = pytest.mark.django_db


WORDS = "kuda nil makan siang"


def sign_in(client, user, password=WORDS):
    return client.post(reverse("account_login"), {"login": user.email, "password": password})


def test_it_works(client, user):
    before = client.session.session_key
    assert sign_in(client, user).status_code == 302
    assert client.session.session_key != before
    assert client.get(reverse("home")).status_code in (200, 302)


def test_nobody_gives_a_login_another_address(client, user):
    """An administrator invited it and a second person saw it: the mail that leads back in goes there alone."""
    sign_in(client, user)
    told = {"email": "lain@contoh.test", "action_add": ""}
    assert client.post(reverse("account_email"), told).status_code == 403
    assert not EmailAddress.objects.filter(email="lain@contoh.test").exists()
    unused = ("account_email", "account_signup", "account_set_password", "account_confirm_login_code")
    assert [client.get(reverse(name)).status_code for name in unused] == [403] * len(unused)
    assert client.get(reverse("usersessions_list")).status_code == 200


def test_a_role_that_sees_many_needs_a_second_factor(client, user):
    sign_in(client, user)
    answer = client.get(reverse("registry:families"))
    assert (answer.status_code, answer.url) == (302, reverse("mfa_index"))


def test_a_sub_district_lead_is_led_to_it_from_her_phone_too(cast, client):
    """The app knows of a page to sign in at, and nothing of factors."""
    user = User.objects.get(person_id=cast("SUB_DISTRICT_LEAD", "637101").person_id)
    user.set_password(WORDS)
    user.save()
    sign_in(client, user)
    told = client.post(reverse("field:v1_devices"), "{}", "application/json", headers={"X-Gandeng-App": "1"})
    assert told.status_code == 401 and told.json()["login"] is True
    answer = client.get(reverse("account_login") + "?next=/lapangan/")
    assert (answer.status_code, answer.url) == (302, reverse("mfa_index"))


def test_only_who_sees_a_caseload_alone_needs_none():
    assert [role for role in Role if not RULES[role].second_factor] == [Role.FACILITATOR]


def test_a_facilitator_does_not(cast, client):
    user = User.objects.get(person_id=cast("FACILITATOR", "637101").person_id)
    user.set_password("kuda nil makan siang")
    user.save()
    sign_in(client, user)
    assert client.get(reverse("registry:families")).status_code == 200


def test_the_first_page_after_signing_in_writes_nothing(cast, client):
    user = User.objects.get(person_id=cast("FACILITATOR", "6371011001").person_id)
    user.set_password(WORDS)
    user.save()
    sign_in(client, user)
    assert time.time() - client.session["began"] < 60
    with CaptureQueriesContext(connection) as asked:
        assert client.get(reverse("home")).status_code == 200
    assert not [one["sql"] for one in asked if one["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]


def test_after_half_an_hour_of_nothing_the_session_is_over(client, user):
    sign_in(client, user)
    session = client.session
    session["seen"] = int(time.time()) - settings.SESSION_IDLE_SECONDS - 1
    session.save()
    assert client.get(reverse("home")).status_code == 302


def typing(browser, address, posted, *, idle=True):
    if idle:
        session = browser.session
        session["seen"] = int(time.time()) - settings.SESSION_IDLE_SECONDS - 1
        session.save()
    return browser.post(address, posted)


def test_what_was_typed_when_it_ended_waits_for_the_same_person(client_of, operator, user, cast):
    """A complaint told on the telephone for half an hour is not lost with the session."""
    browser, words = client_of(operator), "Uangnya belum masuk sejak Maret, kata Ibu Siti."
    answer = typing(browser, reverse("helpdesk:new"), {"what": words, "kind": "Z"})
    assert answer.url == f"{reverse('account_login')}?next={reverse('accounts:typed')}"
    assert "isian Anda masih ada" in browser.get(answer.url).content.decode()
    assert words not in str(browser.session.items()), "sealed"
    browser.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    session = browser.session
    session["second_factor"] = True
    session.save()
    page = browser.get(reverse("accounts:typed")).content.decode()
    assert words in page and f'action="{reverse("helpdesk:new")}"' in page
    browser.post(reverse("helpdesk:new"), {"what": words, "kind": "Z"})
    assert browser.get(reverse("accounts:typed")).url == reverse("home"), "it is not sent twice"


def test_nobody_else_is_shown_it_and_a_password_is_not_kept(client_of, operator, cast):
    browser = client_of(operator)
    typing(browser, reverse("helpdesk:new"), {"what": "Rahasia seorang ibu"})
    kept = browser.session["typed"]
    other = client_of(cast("FACILITATOR", "637101"))
    session = other.session
    session["typed"] = kept
    session.save()
    assert other.get(reverse("accounts:typed")).url == reverse("home")
    again = client_of(operator)
    answer = typing(again, reverse("accounts:withdraw_recovery"), {"password": "kuda nil makan siang"})
    assert answer.url.endswith("?next=/") and "typed" not in again.session
    assert typing(Client(), reverse("helpdesk:new"), {"what": "x"}, idle=False).url.endswith("?next=/")


def test_a_form_of_the_other_tab_waits_too(client_of, operator, user, cast):
    """Signing in again in one tab makes new tokens; what lies in the other was typed by the same person."""
    words, address, origin = (
        "Uangnya belum masuk sejak Maret.",
        reverse("helpdesk:new"),
        {"Origin": "http://testserver"},
    )

    def other_tab(again, headers):
        browser = client_of(operator)
        session = browser.session
        session["seen"] = int(time.time()) - settings.SESSION_IDLE_SECONDS - 1
        session.save()
        assert browser.get(address).status_code == 302, "this tab is led to sign in"
        browser.force_login(again, "allauth.account.auth_backends.AuthenticationBackend")
        session = browser.session
        session["second_factor"] = True
        session.save()
        browser.handler.enforce_csrf_checks = True
        return browser, browser.post(address, {"what": words, "csrfmiddlewaretoken": "a" * 64}, headers=headers)

    browser, answer = other_tab(user, origin)
    assert answer.url == reverse("accounts:typed") and words not in str(browser.session.items())
    page = browser.get(answer.url).content.decode()
    assert words in page and f'action="{address}"' in page and "a" * 64 not in page
    stranger = User.objects.get(person_id=cast("FACILITATOR", "637101").person_id)
    for again, headers in ((stranger, origin), (user, {"Origin": "http://lain.test"}), (user, {})):
        browser, answer = other_tab(again, headers)
        assert answer.status_code == 403 and "typed" not in browser.session, (again.pk, headers)


def test_a_form_sent_where_the_other_tab_waits_to_sign_in_is_kept(client_of, operator):
    browser = client_of(operator)
    typing(browser, reverse("home"), {})
    answer = typing(browser, reverse("helpdesk:new"), {"what": "Uangnya belum masuk"}, idle=False)
    assert answer.url.endswith(reverse("accounts:typed"))


def test_a_session_in_use_ends_after_twelve_hours(client, user):
    sign_in(client, user)
    client.get(reverse("home"))
    session = client.session
    session["began"] = int(time.time()) - settings.SESSION_LONGEST_SECONDS - 1
    session.save()
    assert client.get(reverse("home")).status_code == 302


@pytest.mark.parametrize(("stamp", "seconds"), [("seen", "SESSION_IDLE_SECONDS"), ("began", "SESSION_LONGEST_SECONDS")])
def test_a_session_ends_in_every_role(cast, client_of, stamp, seconds):
    for role in Role:
        browser = client_of(cast(role, "6371", channel="BRI" if RULES[role].of_channel else ""))
        assert browser.get(reverse("home")).status_code == 200, role
        session = browser.session
        session[stamp] = int(time.time()) - getattr(settings, seconds) - 1
        session.save()
        answer = browser.get(reverse("home"))
        assert (answer.status_code, answer.url.split("?")[0]) == (302, reverse("account_login")), role
        assert browser.get(reverse("home")).status_code == 302, role


def test_secrets_of_codes_are_not_in_the_table(user):
    from allauth.mfa.models import Authenticator
    from allauth.mfa.totp.internal.auth import TOTP

    TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    kept = Authenticator.objects.get(user=user)
    assert "JBSWY3DPEHPK3PXP" not in str(kept.data)
    assert kept.wrap().instance == kept


def test_whoever_has_a_second_factor_signs_with_it_and_not_with_the_password(user, rf):
    from allauth.account.internal.flows.login import record_authentication
    from allauth.core.exceptions import ReauthenticationRequired
    from allauth.mfa.totp.internal.auth import TOTP

    from gandeng.accounts.second_factor import ask_again

    request = rf.post("/")
    request.user, request.session = user, {}
    record_authentication(request, user, "password", reauthenticated=True)
    ask_again(request)
    TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    with pytest.raises(ReauthenticationRequired):
        ask_again(request)
    record_authentication(request, user, "mfa", reauthenticated=True)
    ask_again(request)


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


def test_a_new_password_ends_every_other_session(cast, client):
    user = User.objects.get(person_id=cast("FACILITATOR", "637101").person_id)
    user.set_password(WORDS)
    user.save()
    stolen = Client()
    for browser in (client, stolen):
        browser.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        assert browser.get(reverse("registry:families")).status_code == 200
    told = {"oldpassword": WORDS, "password1": "sapi terbang sore hari", "password2": "sapi terbang sore hari"}
    assert client.post(reverse("account_change_password"), told).status_code == 302
    assert stolen.get(reverse("registry:families")).status_code == 302
