"""A vest goes out, she says she has it, it comes back: each thing is with one person at a time."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from gandeng.accounts.acting import acting_for, in_territory
from gandeng.facilitators.actions import equipment
from gandeng.facilitators.actions.staff import StaffRefused
from gandeng.facilitators.models import Equipment
from gandeng.facilitators.tests.factories import make_staff

pytestmark = pytest.mark.django_db


def today():
    return timezone.localdate()


@pytest.fixture
def siti(cast):
    """Has a login and a village."""
    acting = cast("FACILITATOR", "6371011001", name="Siti Rompi")
    return make_staff(person=person_of(acting)), acting_for(acting.person_id, today())


def person_of(acting):
    from gandeng.accounts.models import Person

    return Person.objects.get(pk=acting.person_id)


def test_it_works(operator, siti, client_of):
    staff, herself = siti
    with in_territory(operator):
        thing = equipment.issue(operator, staff, "VEST", "R-17", day=today())
    pages, office = client_of(herself), client_of(operator)
    own = pages.get(reverse("facilitators:own"))
    assert "Sudah saya terima" in own.content.decode()
    assert "Belum diakui" in office.get(reverse("facilitators:equipment") + "?state=OPEN").content.decode()
    assert pages.post(reverse("facilitators:acknowledge", args=[thing.pk])).status_code == 302
    paper = pages.get(reverse("facilitators:receipt", args=[thing.pk])).content.decode()
    assert "dinyatakannya sendiri" in paper and "R-17" in paper
    told = {"condition": "GOOD", "returned_on": today().isoformat()}
    assert office.post(reverse("facilitators:take_in", args=[thing.pk]), told).status_code == 302
    with in_territory(operator):
        thing = Equipment.objects.get()
        assert thing.received_at and (thing.returned_on, thing.condition) == (today(), "GOOD")


def test_a_thing_that_came_back_goes_to_the_next(operator, siti):
    staff, _ = siti
    with in_territory(operator):
        first = equipment.issue(operator, staff, "CARD", "K1", day=today())
        with pytest.raises(StaffRefused, match="masih tercatat pada seseorang") as why:
            equipment.issue(operator, make_staff(), "CARD", "K1", day=today())
        assert why.value.field == "serial_no"
        equipment.take_in(operator, first, "DAMAGED", day=today())
        equipment.issue(operator, make_staff(), "CARD", "K1", day=today())
        with pytest.raises(StaffRefused, match="Sudah dicatat kembali"):
            equipment.take_in(operator, first, "GOOD", day=today())


def test_only_she_herself_says_that_she_has_it(operator, siti, cast, client_of):
    staff, _ = siti
    with in_territory(operator):
        thing = equipment.issue(operator, staff, "DEVICE", "SN1", day=today())
        with pytest.raises(PermissionDenied):
            equipment.acknowledge(operator, thing)
    other = cast("FACILITATOR", "6371011001")
    for name in ("acknowledge", "receipt"):
        address = reverse(f"facilitators:{name}", args=[thing.pk])
        answer = client_of(other).post(address) if name == "acknowledge" else client_of(other).get(address)
        assert answer.status_code == 404, name


def test_it_refuses_days_that_cannot_be(operator, siti):
    staff, _ = siti
    with in_territory(operator):
        with pytest.raises(StaffRefused, match="Belum terjadi"):
            equipment.issue(operator, staff, "VEST", "ROMPI-0001", day=today() + timedelta(1))
        thing = equipment.issue(operator, staff, "VEST", "ROMPI-0001", day=today())
        with pytest.raises(StaffRefused, match="sejak itu sampai hari ini"):
            equipment.take_in(operator, thing, "LOST", day=today() - timedelta(1))


def test_the_list_counts_what_is_out_and_what_is_lost(operator, siti, client_of):
    staff, _ = siti
    with in_territory(operator):
        equipment.issue(operator, staff, "VEST", "ROMPI-0001", day=today())
        lost = equipment.issue(operator, staff, "DEVICE", "GAWAI-0001", day=today())
        equipment.take_in(operator, lost, "LOST", day=today())
    page = client_of(operator).get(reverse("facilitators:equipment"))
    figures = page.context["figures"]
    assert [(kind, number) for kind, _, number in figures["out"]] == [("VEST", 1), ("CARD", 0), ("DEVICE", 0)]
    assert (figures["open"], figures["lost"]) == (1, 1)
    gone = client_of(operator).get(reverse("facilitators:equipment") + "?state=LOST").content.decode()
    assert "GAWAI-0001" in gone and "ROMPI-0001" not in gone
