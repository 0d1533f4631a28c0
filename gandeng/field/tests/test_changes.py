"""Every change a phone may ask for comes to the registry's two people, and is applied by the second."""

from datetime import timedelta

import pytest
from django.utils import timezone

from gandeng.accounts.acting import in_territory
from gandeng.field.kinds.registry_change import FROM_PHONES
from gandeng.field.tests.factories import VILLAGE
from gandeng.field.tests.test_door import kept
from gandeng.registry.actions import approve_change
from gandeng.registry.models import ChangeRequest, Family, Member
from gandeng.registry.tests.factories import EVERYWHERE, make_family

pytestmark = pytest.mark.django_db

NEIGHBOUR = "6371011002"


def yesterday() -> str:
    return (timezone.localdate() - timedelta(days=1)).isoformat()


ASKED = {
    "BIRTH": lambda: {"name": "Bayi Uji", "birth_date": yesterday(), "sex": "F"},
    "DEATH": lambda: {"day": yesterday()},
    "LEFT": lambda: {"day": yesterday()},
    "SCHOOL_LEVEL": lambda: {"school_level": "SMP"},
    "PREGNANCY": lambda: {"pregnancy_no": 2},
    "DISABILITY": lambda: {"severe_disability": "yes"},
    "IDENTITY": lambda: {"name": "Rahmah Uji", "birth_date": yesterday()},
    "COLLECTOR": dict,
    "MOVE": lambda: {"village": NEIGHBOUR},
}
OF_THE_FAMILY = ("BIRTH", "MOVE")
STANDS = {
    "BIRTH": lambda family, _member: Member.objects.filter(family=family, name="Bayi Uji").count() == 1,
    "DEATH": lambda _family, member: member.deceased_on.isoformat() == yesterday(),
    "LEFT": lambda _family, member: member.left_on.isoformat() == yesterday(),
    "SCHOOL_LEVEL": lambda _family, member: member.school_level == "SMP",
    "PREGNANCY": lambda _family, member: member.pregnancy_no == 2,
    "DISABILITY": lambda _family, member: member.severe_disability,
    "IDENTITY": lambda _family, member: (member.name, member.birth_date.isoformat()) == ("Rahmah Uji", yesterday()),
    "COLLECTOR": lambda family, member: family.collector_id == member.pk,
    "MOVE": lambda family, _member: family.village_code == NEIGHBOUR,
}


@pytest.fixture
def large(cycle):
    """Three members; it is there before she is given the village."""
    return make_family(VILLAGE, members=3)


def test_the_table_has_every_kind():
    assert set(ASKED) == set(STANDS) == {one.value for one in FROM_PHONES}


@pytest.mark.parametrize("kind", ASKED)
def test_it_is_asked_for_from_a_phone_and_applied_by_another_person(large, phone, coordinator, kind):
    family = next(one for one in phone.carry()["families"] if one["id"] == str(large.pk))
    member = {} if kind in OF_THE_FAMILY else {"member": family["members"][2]["id"]}
    body = {
        "kind": kind, "fields": ASKED[kind]() | member | {"evidence_words": "Surat dilihat saat kunjungan"},
        "reason": "Menurut keluarga hari ini",
    }  # fmt: skip
    (told,) = phone.send(phone.entry("registry.change", family, body))
    assert told["state"] == "ACCEPTED", told
    (asked,) = kept(ChangeRequest)
    assert (asked.kind, asked.state, asked.family_id) == (kind, "PENDING", large.pk)
    assert told["result"].endswith(f"{asked.pk}/")
    with in_territory(coordinator):
        approve_change(coordinator, asked, "Buktinya cocok")
    with in_territory(EVERYWHERE):
        assert STANDS[kind](Family.objects.get(pk=large.pk), Member.objects.filter(pk=member.get("member")).first())
