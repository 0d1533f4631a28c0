"""A browser, and a site for each module."""

from contextlib import suppress

import pytest
from django.db import connections

from tests.browser.screens import Screen, Visitor, chromium
from tests.browser.site import opened


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


@pytest.fixture(scope="module")
def empty_site(server, django_db_setup, django_db_blocker, tmp_path_factory):
    """People and families; no stage yet."""
    with opened(server, django_db_blocker, tmp_path_factory.mktemp("site"), filled=False) as site:
        yield site


@pytest.fixture(scope="module")
def filled_site(server, django_db_setup, django_db_blocker, tmp_path_factory):
    """The try-out, small: a stage paid and half signed, one waiting for approval."""
    with opened(server, django_db_blocker, tmp_path_factory.mktemp("site"), filled=True) as site:
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
