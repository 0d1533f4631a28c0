"""A meeting of 25 families is told in under two minutes; without scripts too, and on a phone."""

from types import SimpleNamespace

import pytest
from django.contrib.auth.hashers import make_password

from conftest import Cast
from gandeng.accounts.acting import in_territory
from gandeng.accounts.models import User
from gandeng.family_sessions.models import Meeting
from gandeng.family_sessions.tests.factories import make_facilitator, make_group
from tests.browser import office
from tests.browser.test_ethics_case import look

FAMILIES, MISSING = 25, 5
SECONDS_EACH, SECONDS_KEY, SECONDS = 3, 0.5, 120
"""What we assume a person takes for a press or a choice, and for a key on a phone; what a meeting may take."""


@pytest.fixture(scope="module")
def people(empty_site):
    """A facilitator and a group of hers; each test tells a session of its own."""
    she, staff = make_facilitator(Cast(), FAMILIES, name="Ibu Uji")
    group = make_group(she, staff)
    User.objects.filter(person_id=she.person_id).update(password=make_password(office.PASSWORD))
    return SimpleNamespace(she=she, group=group)


class Counted:
    """Every click, choice and field she needs, and the keys she presses in fields."""

    def __init__(self, person) -> None:
        self.person, self.acts, self.keys = person, 0, 0

    def does(self, act, *arguments) -> None:
        self.acts += 1
        act(*arguments)

    def writes(self, label: str, text: str) -> None:
        self.keys += len(text)
        self.does(self.person.writes, label, text)


def tell(person, missing: int, hour: str) -> Counted:
    """From the first page to the meeting saved; what it took."""
    counted = Counted(person)
    counted.does(person.opens, "Pertemuan kelompok")
    counted.does(person.opens, "Catat pertemuan")
    counted.does(person.opens, "Semua hadir")
    absent = person.page.get_by_role("radio", name="Tidak hadir")
    for number in range(missing):
        counted.does(absent.nth(number).check)
    counted.writes("Jam mulai", hour)
    counted.writes("Tempat", "Balai desa")
    counted.writes("Yang disepakati", "Menabung seminggu sekali.")
    counted.does(person.presses, "Simpan pertemuan")
    person.sees("Pertemuan tersimpan")
    return counted


def attended(people) -> tuple[int, int]:
    """Of the meeting told last."""
    with in_territory(people.she):
        made = Meeting.objects.order_by("-at").first()
        return made.families, made.came


def test_25_families_are_told_in_under_two_minutes(people, empty_site, visitor):
    with office.somebody(visitor, empty_site, people.she) as she:
        needed = tell(she, MISSING, "09:30")
        look(she)
    families, came = attended(people)
    assert families >= FAMILIES
    assert came == families - MISSING
    assert needed.acts == 7 + MISSING
    assert needed.acts * SECONDS_EACH + needed.keys * SECONDS_KEY < SECONDS


def test_nothing_is_taken_for_granted(people, empty_site, visitor):
    """Nobody is there before she says so: what is left open is asked for."""
    with office.somebody(visitor, empty_site, people.she) as she:
        she.page.goto(f"/p2k2/kelompok/{people.group.pk}/catat/")
        assert she.page.get_by_role("radio", checked=True).count() == 0
        look(she)


def test_it_works_without_scripts_on_a_phone(people, empty_site, visitor):
    with office.somebody(visitor, empty_site, people.she, width=360, scripts=False) as she:
        she.page.goto("/p2k2/")
        she.follows(she.page.get_by_role("link", name="Catat pertemuan").first)
        she.follows(she.page.get_by_role("link", name="Semua hadir"))
        she.page.get_by_label("Sesi").select_option(index=4)
        she.writes("Tempat", "Rumah Ibu Ketua")
        she.presses("Simpan pertemuan")
        she.sees("Pertemuan tersimpan", "Rumah Ibu Ketua")
    families, came = attended(people)
    assert came == families


def test_the_pages_of_a_group_break_nothing(people, empty_site, visitor):
    with office.somebody(visitor, empty_site, people.she) as she:
        here = f"/p2k2/kelompok/{people.group.pk}/"
        for address in ("/p2k2/", here, f"{here}rencana/", f"{here}presensi/", f"{here}anggota/", "/p2k2/tidak-hadir/"):
            she.page.goto(address)
            look(she)
