"""At which level a case begins, and for whom it waits: the nearest, and never nobody."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from gandeng.accounts.acting import in_territory
from gandeng.accounts.models import Grant
from gandeng.helpdesk import queries
from gandeng.helpdesk.actions import cases as deeds
from gandeng.helpdesk.models import Case
from gandeng.helpdesk.tests.factories import do, filed, found_by, person

pytestmark = pytest.mark.django_db
VILLAGE, SUB_DISTRICT, DISTRICT = "6371011001", "637101", "6371"


def waits(acting):
    """Numbers that wait for somebody."""
    with in_territory(acting):
        return {case.number for case in queries.waiting(acting)}


def leaves(acting):
    """Her grant ended yesterday."""
    today = timezone.localdate()
    Grant.objects.filter(person_id=acting.person_id).update(
        valid_from=today - timedelta(days=2), valid_until=today - timedelta(days=1)
    )


@pytest.fixture
def ladder(cast):
    """Somebody at each level."""
    return [
        cast("SUB_DISTRICT_LEAD", SUB_DISTRICT), cast("HELPDESK", DISTRICT), cast("PROVINCE_OFFICER", "63"),
        cast("MINISTRY_OFFICER", ""),
    ]  # fmt: skip


@pytest.mark.parametrize(("region", "first"), [(VILLAGE, 1), (SUB_DISTRICT, 1), (DISTRICT, 2), ("63", 3)])
def test_a_new_case_waits_for_the_nearest_alone_and_then_one_level_up(ladder, region, first):
    made = filed(region=region)
    for level in range(first, 5):
        assert found_by(ladder[level - 1], made).level == level
        for other, who in enumerate(ladder, start=1):
            assert waits(who) == ({made.number} if other == level else set()), (level, other)
        if level < 4:
            do(ladder[level - 1], made, deeds.escalate, "Perlu tingkat di atas")
    if first == 1:
        assert found_by(ladder[0], made), "the lower level still finds it in its list"


def test_another_place_is_not_ones_own(cast, ladder):
    elsewhere = cast("SUB_DISTRICT_LEAD", "637102")
    made = filed(region=VILLAGE)
    assert waits(elsewhere) == set() and found_by(elsewhere, made) is None


@pytest.mark.parametrize(("there", "level"), [((2, 3, 4), 2), ((3, 4), 3), ((4,), 4)])
def test_it_begins_at_the_next_level_where_somebody_is(ladder, there, level):
    for each, who in enumerate(ladder, start=1):
        if each not in there:
            leaves(who)
    made = filed(region=VILLAGE)
    assert found_by(ladder[level - 1], made).level == level and waits(ladder[level - 1]) == {made.number}


def test_whoever_leaves_leaves_it_to_the_next_above(ladder):
    made = filed(region=VILLAGE)
    leaves(ladder[0])
    assert waits(ladder[1]) == {made.number} and waits(ladder[2]) == set()
    leaves(ladder[1])
    assert waits(ladder[2]) == {made.number} and waits(ladder[3]) == set()


def test_where_nobody_is_above_it_waits_below(ladder):
    made = filed(region=VILLAGE)
    do(ladder[0], made, deeds.escalate, "Perlu kabupaten")
    do(ladder[1], made, deeds.escalate, "Perlu provinsi")
    leaves(ladder[2])
    leaves(ladder[3])
    assert waits(ladder[1]) == {made.number} and waits(ladder[0]) == set()
    leaves(ladder[1])
    assert waits(ladder[0]) == {made.number}


def test_a_case_of_a_district_that_began_too_low_waits_for_the_district(ladder, monkeypatch):
    monkeypatch.setattr(deeds, "first_level", lambda kind, _region: kind.first)
    made = filed(region=DISTRICT)
    assert found_by(ladder[1], made).level == Case.Level.SUB_DISTRICT, "as they were before"
    assert [waits(who) for who in ladder] == [set(), {made.number}, set(), set()]


def test_in_hand_is_ones_own_at_any_level_and_nobody_elses(cast, ladder):
    worker = cast("FACILITATOR", VILLAGE)
    made = filed(region=VILLAGE)
    do(ladder[1], made, deeds.hand_on, person(worker))
    assert waits(worker) == {made.number} and waits(ladder[0]) == waits(ladder[1]) == set()
    do(ladder[1], made, deeds.escalate, "Perlu kabupaten")
    assert waits(worker) == set() and waits(ladder[1]) == {made.number}


def test_what_somebody_has_in_hand_who_left_waits_as_if_nobody_had_it(cast, ladder):
    """At the ministry no clock takes it up any more: it would wait for nobody for ever."""
    worker, made = cast("MINISTRY_OFFICER", ""), filed(region=VILLAGE)
    for level in range(3):
        do(ladder[level], made, deeds.escalate, "Perlu tingkat di atas")
    do(ladder[3], made, deeds.hand_on, person(worker))
    assert waits(ladder[3]) == set()
    leaves(worker)
    assert waits(ladder[3]) == {made.number} and waits(ladder[2]) == set()


def test_what_a_facilitator_wrote_down_waits_for_the_lead_not_for_her(cast, ladder):
    worker = cast("FACILITATOR", VILLAGE)
    made = filed(worker, region=VILLAGE)
    assert waits(worker) == set() and waits(ladder[0]) == {made.number} and found_by(worker, made)


def test_a_sensitive_case_waits_for_every_head_who_sees_it_and_for_no_desk(cast, ladder):
    head, province = cast("DISTRICT_HEAD", DISTRICT), cast("PROVINCE_HEAD", "63")
    made, ordinary = filed(kind="LEVY", region=VILLAGE), filed(region=VILLAGE)
    assert found_by(head, made).level == 2 and waits(head) == waits(province) == {made.number}
    do(province, made, deeds.accuse, person(head))
    assert waits(head) == set() and waits(province) == {made.number}, "past whom it complains of"
    assert waits(ladder[0]) == {ordinary.number} and waits(ladder[1]) == set()


def test_what_waits_is_what_its_list_holds(ladder, client_of):
    near = {filed(region=region).number for region in (VILLAGE, SUB_DISTRICT)}
    far = {filed(region=DISTRICT).number}
    for who, numbers in zip(ladder, (near, far, set(), set()), strict=True):
        rows = client_of(who).get(reverse("helpdesk:cases"), {"whose": "WAITING"}).context["rows"]
        assert {row["case"].number for row in rows} == waits(who) == numbers


def test_it_refuses_another_word_for_whose(ladder, client_of):
    assert client_of(ladder[1]).get(reverse("helpdesk:cases"), {"whose": "ALL"}).status_code == 400
