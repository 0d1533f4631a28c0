"""Ten thousand guesses of a password, on a clock that the test moves."""

import time
from itertools import count

import pytest
from allauth.core.internal.ratelimit import get_ip
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.urls import reverse

from gandeng.accounts.adapter import AccountAdapter
from gandeng.accounts.counts import Counts
from gandeng.accounts.public_tries import network_of
from gandeng.accounts.tests.test_sessions import sign_in
from gandeng.audit.actions import coming_from

pytestmark = pytest.mark.django_db

GUESSES = 10_000
ROOM = {"MAX_ENTRIES": 100_000}
PER_ACCOUNT, PER_NETWORK = 5 / 300, 10 / 60


@pytest.fixture
def clock(monkeypatch, settings):
    """Seconds to add to the time of day. Counts are in memory here, for speed; those in files have their own test."""
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": ROOM}}
    cache.clear()
    ahead, real = [0.0], time.time
    monkeypatch.setattr(time, "time", lambda: real() + ahead[0])
    yield ahead
    cache.clear()


@pytest.fixture
def looked_at(monkeypatch):
    """Guesses that got as far as the password."""
    tried = []
    monkeypatch.setattr("allauth.account.adapter.authenticate", lambda _request, **told: tried.append(told["password"]))
    return tried


def guess(request, email, network, number):
    request.META["REMOTE_ADDR"] = network
    try:
        with coming_from(network):
            return AccountAdapter(request).authenticate(request, email=email, password=f"tebakan {number}")
    except ValidationError:
        return None


NETWORKS = {
    "one network": lambda _number: "198.51.100.1",
    "as many networks as guesses": lambda number: f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}",
}


@pytest.mark.parametrize("network", NETWORKS)
def test_ten_thousand_guesses_at_one_account(rf, user, clock, looked_at, network, client, monkeypatch):
    """One a second, for close to three hours."""
    request = rf.post("/")
    for number in range(GUESSES):
        clock[0] += 1
        guess(request, user.email, NETWORKS[network](number), number)
    assert len(looked_at) <= GUESSES * PER_ACCOUNT + 2 * 5, "the rest was turned away unread"
    monkeypatch.undo()
    cache.clear()  # the clock is back, as if five minutes had gone by
    assert sign_in(client, user).status_code == 302, "not locked out for ever"


@pytest.mark.django_db
def test_ten_thousand_accounts_from_one_network(rf, clock, looked_at):
    request = rf.post("/")
    for number in range(GUESSES):
        clock[0] += 0.1
        guess(request, f"orang{number}@contoh.test", "198.51.100.1", number)
    assert len(looked_at) <= GUESSES / 10 * PER_NETWORK + 2 * 10


def test_ipv4_written_as_ipv6_is_not_one_network_of_all(rf):
    """As a proxy writes it that listens on both: one who guesses would keep a whole nation waiting."""
    near, far = (rf.get("/", REMOTE_ADDR=f"::ffff:{address}") for address in ("198.51.100.7", "203.0.113.7"))
    assert (get_ip(near), get_ip(far)) == ("198.51.100.7", "203.0.113.7")
    assert network_of(near) != network_of(far)
    assert network_of(near) == network_of(rf.get("/", REMOTE_ADDR="198.51.100.9"))


def test_five_minutes_later_the_right_password_is_read_again(client, user, clock):
    for _ in range(7):
        sign_in(client, user, "salah sekali ini")
    assert sign_in(client, user).status_code != 302
    clock[0] += 301
    assert sign_in(client, user).status_code == 302


def test_a_known_and_an_unknown_address_are_turned_away_alike(client, user, clock, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def tried(email):
        shapes = []
        for _ in range(7):
            with CaptureQueriesContext(connection) as asked:
                answer = client.post(reverse("account_login"), {"login": email, "password": "salah sekali ini"})
            shapes.append((answer.status_code, answer.content.replace(email.encode(), b"X"), len(asked)))
            clock[0] += 13
        return shapes

    known, unknown = tried(user.email), tried("tidak.ada@contoh.test")
    token = b'name="csrfmiddlewaretoken" value="'
    cut = [[(status, body.split(token)[0], asked) for status, body, asked in one] for one in (known, unknown)]
    assert cut[0] == cut[1]


def test_counts_of_accounts_outlive_a_crowd_of_networks(tmp_path, clock):
    counts = Counts(str(tmp_path / "counts"), {"OPTIONS": {"MAX_ENTRIES": 200}})
    counts.set("an account", [1], 300)
    for number in count():
        counts.set(f"network {number}", [1], 60)
        if number > 3_000:
            break
    assert counts.get("an account") == [1]
    assert len(counts._list_cache_files()) < 600
    clock[0] += 61
    for number in range(400):
        counts.set(f"later {number}", [1], 60)
    assert counts.get("an account") == [1]
    assert counts.get("network 3000") is None


def test_a_morning_of_counts_is_seldom_listed(tmp_path, monkeypatch):
    counts, listed = Counts(str(tmp_path / "counts"), {"OPTIONS": {"MAX_ENTRIES": 20_000}}), []
    monkeypatch.setattr(counts, "_list_cache_files", lambda: listed.append(1) or [])
    for _ in range(20_000):
        counts._cull()
    assert 0 < len(listed) < 100
