"""Of a village that two facilitators share, each sees her own families and nothing of the other's."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from gandeng.accounts.acting import acting_for, in_territory
from gandeng.facilitators import moving
from gandeng.facilitators.actions import caseload
from gandeng.facilitators.models import CaseloadChange
from gandeng.facilitators.moving import Share
from gandeng.facilitators.tests.factories import make_staff
from gandeng.registry.models import Account, ChangeRequest, Family, Member
from gandeng.registry.tests.factories import make_family

pytestmark = pytest.mark.django_db
VILLAGE = "6371011001"


@pytest.fixture
def shared(cast):
    """Siti has two families of the village and Ani one; they come with Siti's and Ani's families."""
    coordinator = cast("DISTRICT_COORDINATOR", "6371")
    siti, ani = make_staff(), make_staff()
    families = [make_family(VILLAGE) for _ in range(3)]
    today = timezone.localdate()
    with in_territory(coordinator):
        moving.fill_by_shares([Share(VILLAGE, siti.pk, 2), Share(VILLAGE, ani.pk, 1)], today)
        moving.carry_out(coordinator, CaseloadChange.Kind.BALANCE, "6371", day=today, reason="Uji")
        hers = set(siti.accompaniments.values_list("family_id", flat=True))
    mine = [family for family in families if family.pk in hers]
    return coordinator, siti, ani, mine, [family for family in families if family.pk not in hers]


def seen(acting):
    with in_territory(acting):
        return {
            "families": set(Family.objects.values_list("pk", flat=True)),
            "members": set(Member.objects.values_list("family_id", flat=True)),
            "accounts": set(Account.objects.values_list("family_id", flat=True)),
            "changes": set(ChangeRequest.objects.values_list("family_id", flat=True)),
        }


def test_it_works(shared, client_of):
    _, siti, ani, mine, others = shared
    acting = acting_for(siti.person_id, timezone.localdate())
    pages = client_of(acting)
    found = seen(acting)
    for kind in ("families", "members", "accounts"):
        assert found[kind] == {family.pk for family in mine}
    assert pages.get(reverse("registry:family", args=[mine[0].pk])).status_code == 200
    assert pages.get(reverse("registry:family", args=[others[0].pk])).status_code == 404
    listed = pages.get(reverse("registry:families")).content.decode()
    assert mine[0].family_no in listed and others[0].family_no not in listed
    assert seen(acting_for(ani.person_id, timezone.localdate()))["families"] == {family.pk for family in others}


def test_not_found_by_her_numbers_either(shared, client_of):
    _, siti, _, _, others = shared
    pages = client_of(acting_for(siti.person_id, timezone.localdate()))
    for words in (others[0].family_no, others[0].collector.nik_last4, others[0].collector.name):
        found = pages.get(reverse("registry:families"), {"q": words}).content.decode()
        assert reverse("registry:family", args=[others[0].pk]) not in found


def test_what_changes_hands_today_is_seen_by_the_other_today(shared):
    coordinator, siti, ani, mine, others = shared
    with in_territory(coordinator):
        caseload.hand_over(coordinator, siti, ani, day=timezone.localdate(), reason="Uji")
    assert seen(acting_for(siti.person_id, timezone.localdate()))["families"] == set()
    assert seen(acting_for(ani.person_id, timezone.localdate()))["families"] == {f.pk for f in [*mine, *others]}


def test_what_changes_hands_tomorrow_is_seen_by_the_former_today(shared):
    coordinator, siti, ani, mine, others = shared
    with in_territory(coordinator):
        caseload.hand_over(coordinator, siti, ani, day=timezone.localdate() + timedelta(days=1), reason="Uji")
    assert seen(acting_for(siti.person_id, timezone.localdate()))["families"] == {family.pk for family in mine}
    assert seen(acting_for(ani.person_id, timezone.localdate()))["families"] == {family.pk for family in others}


def test_who_leads_as_well_sees_the_sub_district(shared, cast):
    _, siti, _, mine, others = shared
    lead = cast("SUB_DISTRICT_LEAD", "637101", person=siti.person)
    assert seen(lead)["families"] == {family.pk for family in [*mine, *others]}


def test_an_office_without_caseloads_gives_villages(shared, cast):
    _, _, _, mine, others = shared
    without_record = cast("FACILITATOR", VILLAGE)
    assert seen(without_record)["families"] == {family.pk for family in [*mine, *others]}


def test_a_change_of_another_ones_family_is_not_there(shared, cast):
    from gandeng.registry.actions.changes import Proof, Wanted, request_change

    _, siti, _, _, others = shared
    operator = cast("DISTRICT_OPERATOR", "6371")
    with in_territory(operator):
        request_change(operator, others[0], "SUSPEND", None, Wanted({}), "Uji", Proof("Uji"))
    assert seen(operator)["changes"] == {others[0].pk}
    assert seen(acting_for(siti.person_id, timezone.localdate()))["changes"] == set()
