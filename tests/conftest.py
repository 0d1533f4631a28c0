"""What tests of several folders need."""

import pickle

import pytest

from conftest import SHARED, Cast, copied_database, filled_once
from gandeng.runs.tests.samples import read_in_this_process


@pytest.fixture(scope="session")
def everything(server, django_db_setup, django_db_blocker):
    """A database with the world of all addresses, and the file in which that world is kept."""
    from tests.house.address_world import World

    kept = SHARED / "everything.pickle"

    def fill():
        with pytest.MonkeyPatch.context() as patch:
            read_in_this_process(patch)
            kept.write_bytes(pickle.dumps(World(Cast())))

    return filled_once(server, django_db_blocker, "everything", fill), kept


@pytest.fixture(scope="module")
def everything_once(server, everything, django_db_blocker):
    """The world of all addresses in a database of its own: each test takes back what it did."""
    name, kept = everything
    with copied_database(server, django_db_blocker, name), pytest.MonkeyPatch.context() as patch:
        read_in_this_process(patch)
        yield pickle.loads(kept.read_bytes())  # noqa: S301 (written a moment ago)


@pytest.fixture
def world(everything_once, db):
    return everything_once
