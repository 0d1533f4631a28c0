"""Lists = entitlements minus what is held back, against an oracle that shares no code with the calculation."""

from datetime import date

import pytest
from django.db import transaction
from django_scopes import scopes_disabled
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gandeng.accounts.acting import in_territory
from gandeng.entitlements.models import ComponentRow, Entitlement
from gandeng.payments.models import HeldPayment, Payment
from gandeng.payments.tests.steps import HELD_DAY, People, listed, lists_of, opened
from gandeng.registry.models import Account, Family, Member
from gandeng.registry.tests.factories import EVERYWHERE, make_family
from tests.engines import entitlement_oracle as oracle

pytestmark = pytest.mark.django_db

MEMBER = st.fixed_dictionaries(
    {
        "birth_date": st.dates(date(1945, 1, 1), date(2024, 6, 1)),
        "school_level": st.sampled_from(["", "", "SD", "SMP", "SMA"]),
        "pregnancy_no": st.sampled_from([None, None, 1, 2, 3]),
        "severe_disability": st.booleans(),
        "rights_victim": st.sampled_from([False, False, False, True]),
        "deceased_on": st.sampled_from([None, None, None, date(2024, 2, 1), date(2024, 12, 1)]),
    }
)
FAMILY = st.fixed_dictionaries(
    {
        "village": st.sampled_from(["6371011001", "6371021001", "6372011001"]),
        "channel": st.sampled_from(["BRI", "BNI", "POS"]),
        "status": st.sampled_from(["ACTIVE", "ACTIVE", "ACTIVE", "SUSPENDED"]),
        "members": st.lists(MEMBER, min_size=1, max_size=6),
        "hold": st.sampled_from(["", "", "", "account", "collector", "nobody"]),
    }
)


def build(told):
    family = make_family(told["village"], channel=told["channel"], members=len(told["members"]), status=told["status"])
    people = list(Member.objects.filter(family=family).order_by("member_no"))
    for member, fields in zip(people, told["members"], strict=True):
        Member.objects.filter(pk=member.pk).update(**fields)
    if told["hold"] == "account":
        Account.objects.filter(family=family).update(usable_from=HELD_DAY)
    if told["hold"] == "collector":
        Family.objects.filter(pk=family.pk).update(collector_usable_from=HELD_DAY)
    if told["hold"] == "nobody":
        Family.objects.filter(pk=family.pk).update(collector=None)
    members = [
        oracle.Member(family.family_no, member.member_no, sex="F", **fields)
        for member, fields in zip(people, told["members"], strict=True)
    ]
    return family, oracle.Family(family.family_no, people[0].member_no, status=told["status"]), members, told


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(registry=st.lists(FAMILY, min_size=1, max_size=6))
def test_lists_are_entitlements_minus_what_is_held(cast, registry):
    with transaction.atomic():
        people = People(cast)
        with in_territory(EVERYWHERE), scopes_disabled():
            built = [build(told) for told in registry]
        wanted = oracle.entitle([b[1] for b in built], [m for b in built for m in b[2]], [], 2024, 2, 2)
        due = {row[0]: row[4] for row in wanted.entitlements}
        if not any(due.values()):
            transaction.set_rollback(True)  # nothing to list: refused, told by another test
            return
        cycle = listed(people, opened(people))
        with in_territory(EVERYWHERE), scopes_disabled():
            stored = {row.family.family_no: row.amount_rupiah for row in Entitlement.objects.select_related("family")}
            paid = {row.family.family_no: row.amount_rupiah for row in Payment.objects.select_related("family")}
            held = {row.family.family_no: row.amount_rupiah for row in HeldPayment.objects.select_related("family")}
            reasons = [
                (
                    row.family.family_no, row.member.member_no, row.component or None, row.rate_rupiah,
                    row.amount_rupiah, row.counted, row.why,
                )
                for row in ComponentRow.objects.select_related("family", "member")
            ]  # fmt: skip
        assert stored == due
        assert _same(reasons, wanted.components)
        hold = {b[0].family_no for b in built if b[3]["hold"]}
        assert paid == {number: amount for number, amount in due.items() if amount and number not in hold}
        assert held == {number: amount for number, amount in due.items() if amount and number in hold}
        assert sum(each.total_rupiah for each in lists_of(cycle)) == sum(due.values()) - sum(held.values())
        assert all(row.startswith("2024-2-K") for row in _ids())
        transaction.set_rollback(True)


def _same(ours, theirs):
    def key(row):
        return tuple(str(cell) for cell in row)

    return sorted(ours, key=key) == sorted(theirs, key=key)


def _ids():
    with in_territory(EVERYWHERE), scopes_disabled():
        return list(Payment.objects.values_list("payment_id", flat=True))
