"""The door of the phones, by its contract (docs/field-sync.md)."""

import pytest

from gandeng.accounts.acting import in_territory
from gandeng.field.models import Entry, Visit
from gandeng.field.tests.factories import a_change, a_visit
from gandeng.follow_up.models import FollowUp
from gandeng.registry.models import ChangeRequest
from gandeng.registry.tests.factories import EVERYWHERE

pytestmark = pytest.mark.django_db


def a_follow_up(payment, **changed):
    return {"payment_id": payment, "on_day": a_visit()["on_day"], "how": "VISIT", "found": "NEEDS_BANK",
            "reason_code": "F14", "note": "Buku tabungan ada"} | changed  # fmt: skip


def kept(model):
    with in_territory(EVERYWHERE):
        return list(model.objects.all())


def test_it_works(phone, failed):
    told = phone.carry()
    family = next(one for one in told["families"] if one["tasks"])
    assert family["tasks"][0]["payment_id"] == failed.pk
    tell = phone.entry("follow_up.tell", family, a_follow_up(failed.pk))
    visit = phone.entry("field.visit", family, a_visit(), photos=[phone.photo()])
    change = phone.entry("registry.change", family, a_change(family["members"][0]))
    first = phone.send(tell, visit, change)
    assert [one["state"] for one in first] == ["ACCEPTED"] * 3, first
    assert phone.send(change, tell, visit) == [first[2], first[0], first[1]], "again, in another order: the same"
    assert str(kept(FollowUp)[0].pk) == tell["id"]
    assert str(kept(Visit)[0].pk) == visit["id"]
    assert len(kept(FollowUp)) == len(kept(Visit)) == len(kept(ChangeRequest)) == 1
    assert len(kept(Entry)) == 3
