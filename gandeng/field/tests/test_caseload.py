"""What a phone carries: her own families, no identifier, few questions."""

import json
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from gandeng.accounts.acting import in_territory
from gandeng.audit.sealing import Place, unseal
from gandeng.commitments.queries import quarters
from gandeng.commitments.tests.factories import make_facility, placed
from gandeng.core.region_code import RegionCode
from gandeng.family_sessions.tests.factories import make_group
from gandeng.field.tests.factories import Phone, accompanying, staff_of
from gandeng.field.tests.test_door import a_follow_up
from gandeng.graduation import actions
from gandeng.graduation.published import items_of
from gandeng.graduation.tests.factories import (
    WORDS,
    approved,
    do,
    opened,
    prepared,
    proposed,
    signed,
    with_component,
)
from gandeng.graduation.tests.factories import told as told_of
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
    assert task["step"] and task["stage"] == f"{cycle.year}-T{cycle.stage}"
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


QUESTIONS = 21
"""Whatever the number of families; a phone asks once where a page would ask again with each look."""


def test_three_hundred_families_in_twenty_one_questions(cast, coordinator, operator, client_of):
    school, families = make_facility(operator), [make_family(members=2) for _ in range(300)]
    for one in families:
        placed(operator, one.collector, school)
    acting = accompanying(cast, coordinator)
    for one in families[:5]:
        signed(acting, opened(acting, one, "INDEPENDENT"))
    make_group(acting, staff_of(acting))
    phone = Phone(client_of(acting))
    phone.enter()
    with CaptureQueriesContext(connection) as asked:
        answer = phone.get(f"muatan?device={phone.id}")
    told = answer.json()
    assert len([one for one in told["families"] if one["graduation"]]) == 5
    assert len(told["families"]) == len(told["sheets"][0]["members"]) == len(told["groups"][0]["families"]) == 300
    assert len([one for one in asked if "SAVEPOINT" not in one["sql"]]) <= QUESTIONS


@pytest.fixture
def hers(cast, coordinator, client_of):
    """A family with a severely disabled member, its facilitator and her phone."""
    family, acting = with_component(), accompanying(cast, coordinator)
    phone = Phone(client_of(acting))
    phone.enter()
    return SimpleNamespace(family=family, acting=acting, phone=phone)


def carried_graduation(phone):
    """Of the only family."""
    (family,) = phone.carry()["families"]
    return family["graduation"]


def test_a_family_on_its_way_out_says_what_it_still_needs(hers, cast):
    assert (carried_graduation(hers.phone), hers.phone.carry()["checklists"]) == (None, {})
    case = opened(hers.acting, hers.family, "INDEPENDENT")
    told = hers.phone.carry()
    found = told["families"][0]["graduation"]
    assert (found["case"], found["kind"], found["state"]) == (str(case.pk), "INDEPENDENT", "PREPARING")
    assert (found["missing"], found["approval"]) == (["CHECKLIST", "VISIT", "STATEMENT"], None)
    assert hers.family.family_no in found["statement"]
    assert {kind: [one["code"] for one in asked] for kind, asked in told["checklists"].items()} == {
        "INDEPENDENT": list(items_of("INDEPENDENT"))
    }
    prepared(hers.acting, case)
    do(actions.visit, hers.acting, case, timezone.localdate(), "ABSENT", WORDS)
    assert carried_graduation(hers.phone)["missing"] == ["VISIT"], "nobody was met"
    do(actions.visit, hers.acting, case, timezone.localdate(), "FITS", WORDS)
    assert carried_graduation(hers.phone)["missing"] == []
    assert carried_graduation(hers.phone)["statement"] == "", "signed already"


def test_an_approval_the_family_was_not_told_of_is_carried_until_it_was(hers, cast):
    case = proposed(hers.acting, hers.family, "INDEPENDENT")
    tag = {"If-None-Match": hers.phone.get(f"muatan?device={hers.phone.id}").headers["ETag"]}
    assert carried_graduation(hers.phone)["approval"] is None
    step = approved(cast("DISTRICT_HEAD", "6371"), case)
    assert hers.phone.get(f"muatan?device={hers.phone.id}", **tag).status_code == 200, "it is noticed"
    found = carried_graduation(hers.phone)
    assert (found["state"], found["approval"], found["missing"]) == ("APPROVED", step.number, [])
    told_of(hers.acting, case)
    assert (carried_graduation(hers.phone)["state"], carried_graduation(hers.phone)["approval"]) == ("TOLD", None)
    do(actions.withdraw, hers.acting, case, timezone.localdate(), WORDS)
    assert carried_graduation(hers.phone) is None


def test_who_is_expected_and_enrolled_nowhere_is_carried_as_the_site_lists_it(hers, operator):
    (member,) = hers.phone.carry()["families"][0]["members"]
    assert member["unplaced"] == ["WELFARE"]
    assert hers.phone.carry()["words"]["obligation"]["WELFARE"]
    place = make_facility(operator, name="Layanan Uji", kind="WELFARE")
    since = quarters(timezone.localdate())[1].months()[0]
    placed(operator, hers.family.collector, place, "WELFARE", since)
    assert hers.phone.carry()["families"][0]["members"][0]["unplaced"] == []


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
