import pytest

from conftest import Cast, copied_database
from gandeng.accounts.acting import in_territory
from gandeng.payments.models import Cycle
from gandeng.payments.tests.factories import make_cycle
from gandeng.payments.tests.steps import People
from gandeng.reconciliation.tests.world import BANJARBARU, BANJARMASIN
from gandeng.registry.tests.factories import EVERYWHERE
from gandeng.runs.tests.samples import read_in_this_process


@pytest.fixture
def quick(monkeypatch):
    """Files are read without the child process."""
    read_in_this_process(monkeypatch)


def made_once(make):
    """Fixtures of a module: what holds the database in which `make(people)` has made a cycle, those people, the cycle.

    Each test finds both as they were and undoes its own.
    """

    @pytest.fixture(scope="module")
    def once(server, django_db_setup, django_db_blocker):
        with copied_database(server, django_db_blocker), pytest.MonkeyPatch.context() as patch:
            read_in_this_process(patch)
            people = People(Cast())
            yield people, make(people).pk

    @pytest.fixture
    def people(once, db):
        return once[0].again()

    @pytest.fixture
    def cycle(once, db):
        with in_territory(EVERYWHERE):
            return Cycle.objects.get(pk=once[1])

    return once, people, cycle


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
