"""A browser, and a site for each module."""

import pickle
from contextlib import suppress

import pytest
from django.db import connections

from tests.browser import field_people
from tests.browser.phone import Phone
from tests.browser.screens import Screen, Visitor, chromium
from tests.browser.site import begun_office, filled_office, opened


@pytest.fixture(scope="module")
def browser():
    with chromium() as started:
        forget_connections()
        yield started
        forget_connections()


def forget_connections():
    """Django keeps other connections while an event loop runs in the thread, as under Playwright it does: those of an
    earlier module's database must not be found again."""
    connections.close_all()
    with suppress(AttributeError):
        del connections["default"]


@pytest.fixture(scope="session")
def begun(server, django_db_setup, django_db_blocker, tmp_path_factory):
    """The try-out before its first stage, and its people."""
    name, kept = begun_office(server, django_db_blocker, tmp_path_factory.mktemp("begun"))
    return name, pickle.loads(kept.read_bytes())  # noqa: S301 (written in this run)


@pytest.fixture(scope="module")
def empty_site(server, begun, django_db_blocker):
    """People and families; no stage yet."""
    with opened(server, django_db_blocker, *begun) as site:
        yield site


@pytest.fixture(scope="session")
def filled(server, django_db_setup, django_db_blocker, tmp_path_factory):
    """The try-out, small: a stage paid and half signed, one waiting for approval."""
    return filled_office(server, django_db_blocker, tmp_path_factory.mktemp("filled"))


@pytest.fixture(scope="module")
def filled_site(server, filled, django_db_blocker):
    """A copy of the try-out that no other module changes."""
    with opened(server, django_db_blocker, filled) as site:
        yield site


@pytest.fixture(scope="module")
def visitor(browser):
    """Puts people before screens: `visitor(site)`, `visitor(site, width=360)`, `visitor(site, scripts=False)`."""
    screens = {}

    def visitor(site, **kind):
        key = (site.address, *sorted(kind.items()))
        screens[key] = screens.get(key) or Screen(browser, site, **kind)
        return Visitor(screens[key])

    return visitor


@pytest.fixture(scope="module")
def her_site(filled_site):
    """The try-out, where the facilitator of the door accompanies many families, with a group and a school."""
    field_people.fill_her_caseload()
    return filled_site


@pytest.fixture
def phone_of(her_site, browser, tmp_path):
    """Phones, forgotten by the server afterwards."""
    made = []

    def phone(**how) -> Phone:
        made.append(Phone(browser, her_site, tmp_path / f"phone{len(made)}", **how))
        return made[-1]

    yield phone
    for one in made:
        one.close()
    field_people.forget_phones()


@pytest.fixture
def phone(phone_of):
    """Installed and synced."""
    one = phone_of()
    one.is_let_in()
    one.installs()
    yield one
    assert one.faults == []
