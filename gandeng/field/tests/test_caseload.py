"""What a phone carries: her own families, no identifier, few questions."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from gandeng.accounts.acting import in_territory
from gandeng.audit.sealing import Place, unseal
from gandeng.commitments.tests.factories import make_facility, placed
from gandeng.core.region_code import RegionCode
from gandeng.family_sessions.tests.factories import make_group
from gandeng.field.tests.factories import Phone, accompanying, staff_of
from gandeng.field.tests.test_door import a_follow_up
from gandeng.reconciliation.tests.world import identifiers, payments_of
from gandeng.regions.places import name_of, villages_of
from gandeng.registry.models import Account, Member
from gandeng.registry.tests.factories import EVERYWHERE, make_family

pytestmark = pytest.mark.django_db


def canaries():
    """Every full NIK and account there is."""
    with in_territory(EVERYWHERE):
        members, accounts = list(Member.objects.all()), list(Account.objects.all())
    told = [unseal(bytes(one.nik_sealed), Place("registry_member", "nik", str(one.pk))) for one in members]
    told += [unseal(bytes(one.account_sealed), Place("registry_account", "account", str(one.pk))) for one in accounts]
    return {one.encode() for one in told if one}


def test_her_own_families_and_no_identifier(phone, failed, cycle, cast):
    make_family("6371011002", name="Kanari Tetangga")
    answer = phone.get(f"muatan?device={phone.id}")
    told = answer.json()
    assert b"Kanari Tetangga" not in answer.content
    assert {one["village_code"] for one in told["families"]} == {"6371011001"}
    assert len(told["families"]) == 3
    assert len(canaries()) > 5
    of_payments = {part.encode() for one in payments_of(cycle) for part in identifiers(one) if part}
    assert [one for one in canaries() | of_payments if one in answer.content] == []
    member = told["families"][0]["members"][0]
    assert len(member["nik4"]) == 4
    assert member["collector"] is True
    (task,) = [task for one in told["families"] for task in one["tasks"] if task["kind"] != "UNDRAWN"]
    assert (task["payment_id"], task["rupiah"], task["last_found"]) == (failed.pk, failed.amount_rupiah, "")
    assert task["step"]
    assert told["words"]["found"]["NEEDS_BANK"]


def test_the_villages_of_her_district_are_carried_by_name(phone):
    """Each once, and no other; a code is that of its sub-district and what it has beyond it. A few kilobytes."""
    carried = phone.carry()["villages"]
    codes = [one["code"] + rest for one in carried for rest in one["villages"]]
    assert codes == [one.code.digits for one in villages_of("6371")]
    names = {one["code"] + rest: name for one in carried for rest, name in one["villages"].items()}
    assert names["6371011001"] == name_of(RegionCode("6371011001"))
    assert len(json.dumps(carried)) < 24 * len(codes) + 100 * len(carried)


def test_what_was_told_stands_beside_the_task(phone, failed):
    family = next(one for one in phone.carry()["families"] if one["tasks"])
    phone.send(phone.entry("follow_up.tell", family, a_follow_up(failed.pk)))
    (task,) = next(one["tasks"] for one in phone.carry()["families"] if one["id"] == family["id"])
    assert (task["last_found"], task["last_day"]) == ("NEEDS_BANK", timezone.localdate().isoformat())


QUESTIONS = 18
"""Whatever the number of families; a phone asks once where a page would ask again with each look."""


def test_three_hundred_families_in_eighteen_questions(cast, coordinator, operator, client_of):
    school = make_facility(operator)
    for _ in range(300):
        placed(operator, make_family(members=2).collector, school)
    acting = accompanying(cast, coordinator)
    make_group(acting, staff_of(acting))
    phone = Phone(client_of(acting))
    phone.enter()
    with CaptureQueriesContext(connection) as asked:
        answer = phone.get(f"muatan?device={phone.id}")
    told = answer.json()
    assert len(told["families"]) == len(told["sheets"][0]["members"]) == len(told["groups"][0]["families"]) == 300
    assert len([one for one in asked if "SAVEPOINT" not in one["sql"]]) <= QUESTIONS


def test_nothing_changed_is_told_in_no_bytes(phone):
    first = phone.get(f"muatan?device={phone.id}")
    tag = {"If-None-Match": first.headers["ETag"]}
    again = phone.get(f"muatan?device={phone.id}", **tag)
    assert (again.status_code, again.content) == (304, b"")
    with in_territory(EVERYWHERE):
        Member.objects.filter(pk=first.json()["families"][0]["members"][0]["id"]).update(school_level="SMA")
    assert phone.get(f"muatan?device={phone.id}", **tag).status_code == 200


def test_who_is_not_entered_as_staff_carries_nothing(cast, client_of, cycle):
    phone = Phone(client_of(cast("FACILITATOR", "6371011001")))
    phone.enter()
    assert phone.carry()["families"] == []
