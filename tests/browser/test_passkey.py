"""The button for a passkey says what came of it, where nothing did."""

import pytest
from playwright.sync_api import expect

from conftest import MIGRATED
from tests.browser.site import opened

REFUSES = "() => { navigator.credentials.get = async () => { throw new DOMException('', 'NotAllowedError') } }"
KNOWS_NONE = """() => {
  delete window.PublicKeyCredential
  Object.defineProperty(navigator, 'credentials', {value: undefined})
}"""
NO_ANSWER = "() => { window.fetch = async () => { throw new TypeError('Failed to fetch') } }"


@pytest.fixture(scope="module")
def door(server, django_db_setup, django_db_blocker):
    """A site without anybody."""
    with opened(server, django_db_blocker, MIGRATED) as site:
        yield site


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize(("why", "words"), [
    (REFUSES, "Dibatalkan"), (KNOWS_NONE, "Peramban ini tidak mengenal"), (NO_ANSWER, "Periksa sambungan"),
], ids=["refuses", "knows none", "no answer"])  # fmt: skip
def test_it_says_why_and_what_to_do(door, visitor, width, why, words):
    with visitor(door, width=width) as person:
        person.page.goto("/akun/login/")
        told = person.page.locator("#no-passkey")
        expect(told).to_be_hidden()
        person.page.evaluate(why)
        person.button("Masuk dengan kunci sandi perangkat").click()
        expect(told).to_be_visible()
        expect(told.locator("[data-why]:visible")).to_have_count(1)
        expect(told.locator("[data-why]:visible")).to_contain_text(words)
        expect(told).to_be_in_viewport()
