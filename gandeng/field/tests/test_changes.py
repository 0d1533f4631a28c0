"""Every change a phone may ask for comes to the registry's two people, and is applied by the second."""

from datetime import timedelta

import pytest
from django.utils import timezone

from gandeng.accounts.acting import in_territory
from gandeng.field.kinds.registry_change import FROM_PHONES
from gandeng.field.tests.factories import VILLAGE
from gandeng.field.tests.test_door import kept
from gandeng.registry.actions import approve_change
from gandeng.registry.models import Account, ChangeRequest, Family, Member
from gandeng.registry.queries import account_in_force
from gandeng.registry.tests.factories import EVERYWHERE, make_family

pytestmark = pytest.mark.django_db

NEIGHBOUR = "6371011002"
WAITING = timezone.localdate() + timedelta(days=9)


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
    "HOLD_COLLECTOR": lambda: {"from": WAITING.isoformat()},
    "HOLD_ACCOUNT": lambda: {"from": WAITING.isoformat()},
    "MOVE": lambda: {"village": NEIGHBOUR},
}
OF_THE_FAMILY = ("BIRTH", "MOVE", "HOLD_COLLECTOR", "HOLD_ACCOUNT")
STANDS = {
    "BIRTH": lambda family, _member: Member.objects.filter(family=family, name="Bayi Uji").count() == 1,
    "DEATH": lambda _family, member: member.deceased_on.isoformat() == yesterday(),
    "LEFT": lambda _family, member: member.left_on.isoformat() == yesterday(),
    "SCHOOL_LEVEL": lambda _family, member: member.school_level == "SMP",
    "PREGNANCY": lambda _family, member: member.pregnancy_no == 2,
    "DISABILITY": lambda _family, member: member.severe_disability,
    "IDENTITY": lambda _family, member: (member.name, member.birth_date.isoformat()) == ("Rahmah Uji", yesterday()),
    "COLLECTOR": lambda family, member: family.collector_id == member.pk,
    "HOLD_COLLECTOR": lambda family, _member: family.collector_is_held,
    "HOLD_ACCOUNT": lambda family, _member: (found := account_in_force(family)) is not None and found.is_held,
    "MOVE": lambda family, _member: family.village_code == NEIGHBOUR,
}


@pytest.fixture
def large(cycle):
    """Three members, a new account and a new collector; it is there before she is given the village."""
    family = make_family(VILLAGE, members=3)
    anew(family, WAITING)
    return family


def anew(family, day):
    with in_territory(EVERYWHERE):
        Account.objects.filter(family=family).update(usable_from=day)
        Family.objects.filter(pk=family.pk).update(collector_usable_from=day)


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


@pytest.mark.parametrize("kind", ["HOLD_ACCOUNT", "HOLD_COLLECTOR"])
@pytest.mark.parametrize(("sent", "state"), [
    (WAITING.isoformat(), "ACCEPTED"), ("2024-05-01", "CONFLICT"), (None, "CONFLICT"), (["besok"], "CONFLICT"),
])  # fmt: skip
def test_what_is_held_is_what_she_asked_about(large, phone, kind, sent, state):
    family = next(one for one in phone.carry()["families"] if one["id"] == str(large.pk))
    assert {"what": kind.removeprefix("HOLD_"), "from": WAITING.isoformat()} in family["new"]
    body = {"kind": kind, "fields": {"from": sent} if sent else {}, "reason": "Keluarga tidak mengenalnya"}
    (told,) = phone.send(phone.entry("registry.change", family, body))
    assert told["state"] == state, told
    assert len(kept(ChangeRequest)) == (state == "ACCEPTED")
    carried = next(one for one in phone.carry()["families"] if one["id"] == str(large.pk))
    asked_again = {one["what"] for one in carried["new"]} >= {kind.removeprefix("HOLD_")}
    assert asked_again is (state != "ACCEPTED")


def test_another_account_since_is_a_conflict(large, phone):
    family = next(one for one in phone.carry()["families"] if one["id"] == str(large.pk))
    body = {"kind": "HOLD_ACCOUNT", "fields": {"from": WAITING.isoformat()}, "reason": "Keluarga tidak mengenalnya"}
    anew(large, WAITING + timedelta(days=3))
    (told,) = phone.send(phone.entry("registry.change", family, body))
    assert told["state"] == "CONFLICT"
    assert kept(ChangeRequest) == []
