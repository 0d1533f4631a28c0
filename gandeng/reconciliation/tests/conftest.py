from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from conftest import Cast, copied_database
from gandeng.payments.tests.factories import make_cycle
from gandeng.payments.tests.steps import People
from gandeng.reconciliation.tests.world import BANJARBARU, BANJARMASIN
from gandeng.runs.tests.samples import read_in_this_process


@pytest.fixture
def quick(monkeypatch):
    """Files are read without the child process."""
    read_in_this_process(monkeypatch)


@contextmanager
def furnished(server, blocker) -> Iterator[People]:
    """A database for a module: what is made in it by the people given is there for each test, which undoes its own."""
    with copied_database(server, blocker), pytest.MonkeyPatch.context() as patch:
        read_in_this_process(patch)
        yield People(Cast())


@pytest.fixture
def cycle(db):
    """Banjarmasin: two families at BRI, one at the post; Banjarbaru: one at BRI."""
    return make_cycle(
        (
            (BANJARMASIN, "BRI", 225_000),
            (BANJARMASIN, "BRI", 750_000),
            (BANJARMASIN, "POS", 400_000),
            (BANJARBARU, "BRI", 300_000),
        )
    )


@pytest.fixture
def people(cast):
    """Preparer and approvers of a province."""
    return People(cast)


@pytest.fixture
def bank(cast):
    """Sends for BRI in Banjarmasin."""
    return cast("CHANNEL_OFFICER", "6371", channel="BRI")


@pytest.fixture
def signed_browser(client_of):
    """A browser whose person has shown a moment ago who it is."""
    import time

    from gandeng.accounts.models import User

    def browser(acting):
        user = User.objects.get(person_id=acting.person_id)
        user.set_password("kuda nil makan siang")
        user.save()
        client = client_of(acting)
        session = client.session
        session["account_authentication_methods_user"] = str(user.pk)
        session["account_authentication_methods"] = [
            {"method": "password", "at": time.time(), "email": "x", "reauthenticated": True}
        ]
        session.save()
        return client

    return browser
