"""What tests of several folders need."""

import pytest

from conftest import Cast, copied_database
from gandeng.runs.tests.samples import read_in_this_process


@pytest.fixture(scope="module")
def everything_once(server, django_db_setup, django_db_blocker):
    """The world of all addresses in a database of its own: made once, and each test takes back what it did."""
    from tests.house.address_world import World

    with copied_database(server, django_db_blocker), pytest.MonkeyPatch.context() as patch:
        read_in_this_process(patch)
        yield World(Cast())


@pytest.fixture
def world(everything_once, db):
    return everything_once
