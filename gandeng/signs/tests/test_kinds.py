"""What is a sign and what is not: planted patterns are found, what honest people do is not."""

from datetime import timedelta

import pytest
from django.utils import timezone

from gandeng.accounts.acting import in_territory
from gandeng.family_sessions import actions as sessions
from gandeng.family_sessions.models import Meeting
from gandeng.family_sessions.tests.factories import a_meeting, make_facilitator, make_group
from gandeng.registry.tests.factories import make_family
from gandeng.signs.tests.factories import HOME, a_phone, a_photo, a_visit, an_entry, north, signs_of, told

pytestmark = pytest.mark.django_db
NOW = timezone.localtime().replace(hour=9, minute=0, second=0, microsecond=0) - timedelta(days=3)
"""A morning, so that an hour later is the same day."""


@pytest.fixture
def world(cast):
    class World:
        acting, staff = make_facilitator(cast, families=40)
        coordinator = cast("DISTRICT_COORDINATOR", "6371")
        phone = a_phone(acting)

    with in_territory(World.acting):
        from gandeng.registry.models import Family

        World.families = list(Family.objects.order_by("family_no")[:40])
    return World


def visit(world, number, minutes, **changed):
    return a_visit(world.acting, world.phone, world.families[number], NOW + timedelta(minutes=minutes), **changed)


def test_forty_kilometres_in_ten_minutes_is_a_sign(world):
    first, second = visit(world, 0, 0, where=HOME), visit(world, 1, 10, where=north(40))
    (one,) = signs_of(world.coordinator, "TRAVEL")
    assert one.rows == [f"entry:{first.entry_id}", f"entry:{second.entry_id}"]
    assert one.about_id == world.acting.person_id
    assert told(one) == "Dua catatan berurutan berjarak 40,0 km, padahal terpaut 10 menit."
    assert "-3.3" not in str(one.facts), "no position is kept"


def test_a_motorbike_between_two_villages_is_none(world):
    for number in range(10):
        visit(world, number, number * 15, where=north(3 * (number % 2)))
    assert signs_of(world.coordinator, "TRAVEL") == []


def test_a_phone_that_does_not_know_where_it_is_is_none(world):
    visit(world, 0, 0, where=HOME)
    entry = an_entry(world.acting, world.phone, NOW + timedelta(minutes=1), family=world.families[1], where=north(1.5))
    assert entry and signs_of(world.coordinator, "TRAVEL") == []


def test_ten_families_in_ten_minutes_are_a_sign_and_told_once(world):
    for number in range(12):
        visit(world, number, number * 0.8)
    visit(world, 13, 200)
    (one,) = signs_of(world.coordinator, "BURST")
    assert len(one.rows) == 12 and one.score == 12
    assert told(one) == "Kunjungan ke 12 keluarga dicatat dalam 9 menit."


def test_a_hard_day_and_a_meeting_of_twenty_five_are_none(world):
    for number in range(25):
        visit(world, number, number * 12)
    group = make_group(world.acting, world.staff)
    with in_territory(world.acting):
        sessions.tell(world.acting, group, a_meeting(world.acting, group))
        assert Meeting.objects.get().came >= 25
    assert signs_of(world.coordinator, "BURST") == []


def test_two_evenings_are_two_bursts(world):
    for number in range(20):
        visit(world, number, number * 0.5 + (0 if number < 10 else 24 * 60))
    assert [one.score for one in signs_of(world.coordinator, "BURST")] == [10, 10]


def test_one_point_for_thirty_homes_is_a_sign(world):
    for number in range(30):
        visit(world, number, number * 60, where=HOME)
    (one,) = signs_of(world.coordinator, "SAME_PLACE")
    assert one.facts == {"families": 30, "villages": 1}


def test_one_point_for_homes_of_two_villages_is_a_sign(world, cast):
    families = [make_family("6371011002"), *world.families[:2]]
    other = cast("FACILITATOR", "637101")
    phone = a_phone(other)
    for number, family in enumerate(families):
        a_visit(other, phone, family, NOW + timedelta(hours=number), where=HOME)
    (one,) = signs_of(world.coordinator, "SAME_PLACE")
    assert one.facts == {"families": 3, "villages": 2}


def test_neighbours_are_none(world):
    for number in range(29):
        visit(world, number, number * 60, where=HOME)
    visit(world, 29, 29 * 60, where=north(0.05))
    assert signs_of(world.coordinator, "SAME_PLACE") == []


LOOK = 0x3A5C_96E1_0F2D_84B7


def test_the_same_photo_for_another_family_is_a_sign(world):
    photo = a_photo(world.acting, "a" * 64, LOOK)
    first, again = visit(world, 0, 0, photos=[photo]), visit(world, 1, 60, photos=[photo])
    (one,) = signs_of(world.coordinator, "PHOTO")
    assert one.rows == [f"entry:{first.entry_id}", f"entry:{again.entry_id}"]
    assert one.facts == {"again": 1, "same": 1, "of_another": False}


def test_a_photo_that_is_nearly_a_colleagues_is_a_sign_about_the_later(world, cast):
    colleague = cast("FACILITATOR", "637101")
    hers, photo = a_photo(world.acting, "a" * 64, LOOK), a_photo(colleague, "b" * 64, LOOK ^ 0b1011)
    visit(world, 0, 0, photos=[hers])
    a_visit(colleague, a_phone(colleague), world.families[1], NOW + timedelta(hours=5), photos=[photo])
    (one,) = signs_of(world.coordinator, "PHOTO")
    assert one.about_id == colleague.person_id and one.facts["of_another"] and one.facts["same"] == 0
    assert told(one) == "Foto orang lain dipakai lagi 1 kali, 0 di antaranya persis sama."


def test_one_class_room_two_pictures_and_a_black_one_are_none(world):
    """Alike of one matter; five bits apart; without contours; of the same matter and day twice."""
    near, flat = a_photo(world.acting, "a" * 64, LOOK), a_photo(world.acting, "c" * 64, 0)
    room, dark = a_photo(world.acting, "b" * 64, LOOK ^ 0b11), a_photo(world.acting, "d" * 64, 1)
    far = a_photo(world.acting, "e" * 64, LOOK ^ 0b1_1100_1100_0001)
    visit(world, 0, 0, photos=[near, flat])
    visit(world, 0, 60, photos=[near])
    visit(world, 0, 24 * 60, photos=[room])
    visit(world, 1, 25 * 60, photos=[dark, far])
    assert signs_of(world.coordinator, "PHOTO") == []


def test_a_clock_that_was_moved_between_deliveries_is_a_sign(world):
    entries = [
        an_entry(
            world.acting, world.phone, timezone.now() + timedelta(minutes=number), family=world.families[0],
            ahead=ahead,
        )
        for number, ahead in enumerate((0, 0, 7200))
    ]  # fmt: skip
    (one,) = signs_of(world.coordinator, "CLOCK")
    assert one.rows == [f"entry:{entries[1].pk}", f"entry:{entries[2].pk}"]
    assert told(one) == "Jam ponsel bergeser 2 jam di antara dua pengiriman."


def test_a_clock_wrong_by_a_year_is_none(world):
    for number in range(3):
        an_entry(
            world.acting, world.phone, timezone.now() + timedelta(seconds=number), family=world.families[0],
            ahead=-366 * 86_400,
        )  # fmt: skip
    assert signs_of(world.coordinator, "CLOCK") == []


def test_what_is_older_than_what_it_follows_is_a_sign(world):
    now = timezone.now()
    first = an_entry(world.acting, world.phone, now, family=world.families[0], made_at=now + timedelta(hours=4))
    an_entry(
        world.acting, world.phone, now, family=world.families[0], made_at=now + timedelta(hours=1),
        mends=first.entry_id,
    )  # fmt: skip
    (one,) = signs_of(world.coordinator, "CLOCK")
    assert one.facts["hours"] == 3 and len(one.rows) == 2
