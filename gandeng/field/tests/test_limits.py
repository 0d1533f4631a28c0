"""A phone that returns after weeks is never slowed; one gone wild is, and no other with it."""

import re
from itertools import batched
from pathlib import Path

import pytest

from gandeng.field.actions.sending import PHOTOS_MAX
from gandeng.field.models import Entry, Photo
from gandeng.field.tests.factories import Phone, a_visit
from gandeng.field.tests.test_door import kept

pytestmark = pytest.mark.django_db


def test_five_hundred_entries_and_a_hundred_photos_pass(phone, settings):
    """The app sends each entry by itself, after its photos: so many deliveries are never too many."""
    assert settings.FIELD_SENDS_MAX >= 500 + 100
    family = phone.carry()["families"][0]
    photos = [phone.photo((n, 2 * n, 255 - n)) for n in range(100)]
    entries = [
        phone.entry("field.visit", family, a_visit(note=f"{n}"), photos=photos[n : n + 1] if n < 100 else [])
        for n in range(500)
    ]
    told = [one for some in batched(entries, 50) for one in phone.send(*some)]
    assert {one["state"] for one in told} == {"ACCEPTED"}
    assert (len(kept(Entry)), len(kept(Photo))) == (500, 100)


def test_what_is_more_waits_and_nothing_of_it_is_kept(phone, settings, client_of, facilitator):
    settings.FIELD_SENDS_MAX = 2
    family = phone.carry()["families"][0]
    answers = [
        phone.post("kirim", {"device": phone.id, "entries": [phone.entry("field.visit", family, a_visit())]})
        for _ in range(3)
    ]
    assert [one.status_code for one in answers] == [200, 200, 429]
    assert 1 <= int(answers[2].headers["Retry-After"]) <= 600
    assert answers[2].json()["words"]
    assert phone.put("ab" * 32, b"x").status_code == 429, "photos count too"
    assert len(kept(Entry)) == 2
    other = Phone(client_of(facilitator))
    other.enter()
    assert other.send(other.entry("field.visit", family, a_visit()))[0]["state"] == "ACCEPTED"


def test_an_entry_of_the_app_has_as_many_photos_as_the_door_takes():
    app = Path(__file__).parents[3] / "frontend/field/entering.js"
    assert re.findall(r"^const PHOTOS_MAX = (\d+);", app.read_text(encoding="utf-8"), re.MULTILINE) == [str(PHOTOS_MAX)]
