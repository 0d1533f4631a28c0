"""What is asked anew in every request, and what lies in a territory."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from gandeng.accounts.acting import acting_for, grants_on
from gandeng.accounts.models import Grant
from gandeng.web.scoping import Territory

PLACES = ("63", "6371", "637101", "6371011001", "6371011002", "637102", "6371021001", "6372", "6372011001")


def test_it_works(cast):
    head = cast("DISTRICT_HEAD", "6371", name="Siti Rahmawati")
    again = acting_for(head.person_id, timezone.localdate())
    assert again == head
    assert again.person_name == "Siti Rahmawati"


def test_a_grant_is_held_on_the_days_it_is_in_force_and_on_no_other(cast):
    head = cast("DISTRICT_HEAD", "6371")
    begins, ends = date(2026, 3, 2), date(2026, 3, 9)
    Grant.objects.create(
        person_id=head.person_id, role="DISTRICT_HEAD", region_code="6372", valid_from=begins, valid_until=ends
    )
    for day, held in {begins - timedelta(1): 1, begins: 2, ends - timedelta(1): 2, ends: 1}.items():
        acting = acting_for(head.person_id, day)
        in_force = grants_on(day).filter(person_id=head.person_id).values_list("region_code", flat=True)
        assert sorted(one.region_code for one in acting.grants) == sorted(in_force)
        assert len(acting.grants) == held


@pytest.mark.parametrize(("regions", "hours"), [
    (["6371"], "WITA"), (["13"], "WIB"), (["9471"], "WIT"), (["6371", "63"], "WITA"), (["6371", "1371"], "WIB"),
])  # fmt: skip
def test_instants_are_read_in_the_hours_of_the_territory(cast, regions, hours):
    person = None
    for region in regions:
        role = "PROVINCE_OFFICER" if len(region) == 2 else "DISTRICT_OPERATOR"
        acting = cast(role, region, person=person)
        person = Grant.objects.filter(person_id=acting.person_id).first().person
    assert acting.hours == hours


def test_the_nation_reads_instants_in_those_of_the_capital(cast):
    assert cast("MINISTRY_OFFICER", "").hours == "WIB"


def test_somebody_without_grants_holds_none_of_others(cast):
    head = cast("DISTRICT_HEAD", "6371")
    Grant.objects.filter(person_id=head.person_id).update(valid_until=date(2024, 1, 2))
    cast("DISTRICT_HEAD", "6372")
    assert acting_for(head.person_id, timezone.localdate()).grants == ()


@pytest.mark.parametrize(
    "regions",
    [
        (),
        ("",),
        ("63",),
        ("6371011001",),
        ("6371011001", "6371021001"),
        ("637101", "6372011001"),
        ("6371", "6371011002"),
    ],
)
def test_rows_within_a_territory_are_those_it_holds(cast, regions):
    for place in PLACES:
        cast("FACILITATOR", place)
    territory = Territory(frozenset(regions))
    found = Grant.objects.filter(region_code__within=territory).values_list("region_code", flat=True)
    assert sorted(found) == [place for place in sorted(PLACES) if territory.holds(place)]
