import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from gandeng.accounts import refusals
from gandeng.accounts.acting import in_territory
from gandeng.accounts.models import User
from gandeng.accounts.roles import May
from gandeng.accounts.tests.test_keys import EVERYWHERE
from gandeng.accounts.tests.test_sessions import WORDS, sign_in
from gandeng.audit.actions import Machine, record
from gandeng.audit.models import AuditEntry

pytestmark = pytest.mark.django_db

NOTHING = "11111111-2222-3333-4444-555555555555"
FAMILY = reverse("registry:family", args=[NOTHING])


def log(*actions):
    with in_territory(EVERYWHERE):
        return list(AuditEntry.objects.filter(action__in=actions or ["access.refused"]).order_by("id"))


def test_it_works(client_of, cast):
    helper = cast("HELPDESK", "6371")
    assert client_of(helper).get(reverse("accounts:people"), REMOTE_ADDR="198.51.100.7").status_code == 403
    (entry,) = log()
    assert (entry.person_id, entry.region_code) == (helper.person_id, "6371")
    assert entry.authority == helper.first.words
    assert entry.facts == {"page": "accounts:people", "method": "GET", "from_address": "198.51.100.7"}
    assert "tidak membuka" in entry.reason


def test_what_an_action_refuses_says_which_right_was_missing(client_of, operator, monkeypatch):
    def refuse(*_args, **_filters):
        record(operator, "half.done", region="6371")
        raise PermissionDenied(May.SEE_FAMILIES)

    monkeypatch.setattr("gandeng.jobs.views.jobs_of", refuse)
    assert client_of(operator).get(reverse("jobs:jobs")).status_code == 403
    (entry,) = log()
    assert (entry.facts["right"], entry.facts["page"]) == ("see_families", "jobs:jobs")
    assert log("half.done") == [], "the page's own transaction is rolled back, the refusal is not"


def test_nobody_fills_the_log_with_one_address(client_of, cast):
    client = client_of(cast("HELPDESK", "6371"))
    for _ in range(30):
        client.get(reverse("accounts:people"))
    assert len(log()) == 1
    client.get(reverse("accounts:invite"))
    assert len(log()) == 2


def test_not_there_is_written_down_without_what_was_asked_for(client_of, operator):
    client = client_of(operator)
    assert client.get(FAMILY).status_code == 404
    assert client.get(reverse("registry:family", args=[str(NOTHING).replace("1", "7")])).status_code == 404
    (entry,) = log()
    assert entry.facts["page"] == "registry:family"
    assert "1111" not in str(entry.facts) + entry.reason + entry.object_id


def test_a_form_without_our_token_is_written_down_for_whoever_is_signed_in(operator):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(
        User.objects.get(person_id=operator.person_id), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    assert browser.post(reverse("registry:search"), {"kind": "nik"}).status_code == 403
    (entry,) = log()
    assert (entry.facts["page"], entry.facts["method"]) == ("registry:search", "POST")
    assert "Formulir" in entry.reason
    assert Client(enforce_csrf_checks=True).post(reverse("registry:search")).status_code == 403
    assert len(log()) == 1, "whoever is not signed in may knock unheard"


@pytest.mark.parametrize("known", [True, False])
def test_guessing_beyond_the_limit_is_written_down_and_what_was_typed_is_not(client, operator, known):
    user = User.objects.get(person_id=operator.person_id)
    user.set_password(WORDS)
    user.save()
    address = user.email if known else "tidak.ada@contoh.test"
    for _ in range(9):
        client.post(reverse("account_login"), {"login": address, "password": "rahasia salah"})
    (entry,) = log("sign_in.refused")
    assert entry.object_id == (str(operator.person_id) if known else "")
    assert entry.region_code == ("6371" if known else "")
    assert entry.person_id is None
    assert address not in str((entry.facts, entry.reason)) and "rahasia" not in str((entry.facts, entry.reason))


def test_strangers_together_have_a_bound(rf):
    for number in range(refusals._OF_STRANGERS + 20):
        refusals.sign_in_refused(f"{number}@contoh.test")
    assert len(log("sign_in.refused")) == refusals._OF_STRANGERS


def test_a_wrong_second_factor_is_written_down(client, operator):
    from allauth.mfa.totp.internal.auth import TOTP

    user = User.objects.get(person_id=operator.person_id)
    user.set_password(WORDS)
    user.save()
    TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    assert sign_in(client, user).url == reverse("mfa_authenticate")
    for _ in range(3):
        client.post(reverse("mfa_authenticate"), {"code": "000000"})
    (entry,) = log("code.refused")
    assert (entry.object_id, entry.region_code) == (str(operator.person_id), "6371")
    assert "000000" not in str((entry.facts, entry.reason))


def test_the_log_shows_refusals_alone_and_from_where(client_of, cast):
    client_of(cast("HELPDESK", "6371", name="Penanya Kota")).get(reverse("accounts:people"), REMOTE_ADDR="198.51.100.7")
    with in_territory(EVERYWHERE):
        record(Machine(), "list.refused", region="6371", reason="Keputusan orang")
    auditor = client_of(cast("AUDITOR", "6371"))
    page = auditor.get(reverse("audit:entries"), {"only": "refusals"}).content.decode()
    assert "Penanya Kota" in page and "198.51.100.7" in page
    assert "Keputusan orang" not in page
    every = auditor.get(reverse("audit:entries")).content.decode()
    assert "Keputusan orang" in every and "mesin kantor" in every


@pytest.mark.parametrize(("told", "expected"), [
    ({}, "127.0.0.1"),
    ({"REMOTE_ADDR": ""}, ""),
    ({"REMOTE_ADDR": "no address"}, ""),
    ({"HTTP_X_FORWARDED_FOR": "10.1.1.1"}, "127.0.0.1"),
])  # fmt: skip
def test_nobody_names_an_address_without_our_proxy(rf, told, expected):
    from gandeng.accounts.requests import address_of

    assert address_of(rf.get("/", **told)) == expected
