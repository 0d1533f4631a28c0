"""Codes of villages change, families move, all of it is taken back again: no past sum changes (docs/threats.md, 27)."""

from collections import Counter
from dataclasses import dataclass, field

import pytest
from django.db import connection, transaction
from django.utils import timezone
from django_scopes import scopes_disabled
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gandeng.accounts.acting import acting_for, in_territory
from gandeng.facilitators.actions.caseload import assign_unaccompanied
from gandeng.facilitators.models import Accompaniment
from gandeng.facilitators.tests.factories import make_staff
from gandeng.payments.tests.steps import PREGNANT, People
from gandeng.reconciliation.tests.after import closed, made
from gandeng.reconciliation.tests.world import payments_of, send, told
from gandeng.registry.models import Account, Family, Member
from gandeng.registry.tests.factories import EVERYWHERE, make_family
from gandeng.registry.tests.recoded import applied, undone
from gandeng.runs.tests.samples import read_in_this_process
from tests.journeys.verified import verified

pytestmark = pytest.mark.django_db

OLD = ("6371019001", "6371019002", "6371019003")
"""No place has these codes today."""
TODAY = ("6371011001", "6371021001", "6371021002", "6372021003")
PAST = {
    "payments": "select village_code, count(*), sum(amount_rupiah) from payments_payment group by 1",
    "entitlements": "select village_code, count(*), sum(amount_rupiah) from entitlements_entitlement group by 1",
    "outcomes": "select village_code, count(*), sum(credited_rupiah) from reconciliation_outcomerow group by 1",
    "journal": "select district_code, count(*), sum(amount_rupiah) from payments_journalline group by 1",
    "lists": "select district_code, sum(payments), sum(total_rupiah) from payments_paymentlist group by 1",
}


@dataclass
class Plainly:
    """What should be so, told without the database: where each family lives, and who accompanies it."""

    lives: dict
    hers: dict
    pairs: list = field(default_factory=list)
    """Changes in force: the change, its (old, new, whole), and the families that went along."""

    def same(self, one, other):
        known = {frozenset(pair[:2]) for _, pairs, _ in self.pairs for pair in pairs}
        return one == other or frozenset((one, other)) in known

    def goes(self, family, village):
        if not self.same(self.lives[family], village):
            self.hers.pop(family, None)
        self.lives[family] = village

    def changes(self, change, pairs):
        along = [(family, old, new) for old, new, whole in pairs if whole
                 for family, village in self.lives.items() if village == old]  # fmt: skip
        self.pairs.append((change, pairs, along))
        for family, _, new in along:
            self.lives[family] = new

    def taken_back(self):
        change, _, along = self.pairs.pop()
        for family, old, new in along:
            if self.lives[family] == new:
                self.lives[family] = old
        return change

    def former(self, region):
        """Codes of old that lie in the region by a code of today."""
        became = {old: new for _, pairs, _ in self.pairs for old, new, whole in pairs if whole}

        def last(code):
            return last(became[code]) if code in became else code

        return {code for code in became if last(code).startswith(region) and not code.startswith(region)}


_acts = st.lists(
    st.one_of(
        st.tuples(st.just("move"), st.integers(0, 5), st.sampled_from(TODAY)),
        st.tuples(st.just("whole"), st.sampled_from(OLD), st.sampled_from((*OLD, *TODAY))),
        st.tuples(st.just("part"), st.sampled_from(TODAY), st.sampled_from(TODAY)),
        st.tuples(st.just("back"), st.none(), st.none()),
    ),
    min_size=1, max_size=8,
)  # fmt: skip


@pytest.fixture
def stage(cast, monkeypatch):
    """Six families, two in each village of old, accompanied; a stage of theirs that was paid and closed."""
    read_in_this_process(monkeypatch)
    people, bank, coordinator = (
        People(cast), cast("CHANNEL_OFFICER", "6371", channel="BRI"), cast("DISTRICT_COORDINATOR", "6371"),
    )  # fmt: skip
    families = [make_family(village, members=2, **PREGNANT) for village in OLD for _ in range(2)]
    siti = make_staff()
    with in_territory(coordinator):
        for village in OLD:
            assign_unaccompanied(coordinator, village, siti, day=timezone.localdate(), reason="Uji")
    cycle = made(people)
    payments = payments_of(cycle)
    send(bank, cycle, [told(payments[0], "FAILURE", reason="rekening tutup"), *map(told, payments[1:])])
    return people, cast("PROVINCE_OFFICER", "63"), siti, families, cycle


def past():
    with connection.cursor() as cursor:
        found = {}
        for name, question in PAST.items():
            cursor.execute(question)
            found[name] = sorted(cursor.fetchall())
    return found


def test_a_closed_stage_stays_true_to_its_codes(stage):
    people, proposer, _, families, cycle = stage
    closed(people, cycle)
    applied(proposer, people.province, (OLD[0], TODAY[0], True), (OLD[1], TODAY[3], True))
    with in_territory(EVERYWHERE):
        assert {Family.objects.get(pk=one.pk).village_code for one in families} == {TODAY[0], TODAY[3], OLD[2]}
    assert {payment.village_code for payment in payments_of(cycle)} == set(OLD)
    assert verified() == {}


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(acts=_acts)
def test_whatever_changes_no_past_sum_does(stage, acts):
    people, proposer, siti, families, _ = stage
    with in_territory(EVERYWHERE), scopes_disabled(), transaction.atomic():
        before = past()
        assert all(before.values())
        plain = Plainly({one.pk: one.village_code for one in families}, {one.pk: siti.pk for one in families})
        for act, one, other in acts:
            _do(plain, act, one, other, families, proposer, people.province)
            assert past() == before
            _is_as_told(plain)
        _seen_as_told(plain, people.cast, siti)
        assert verified() == {}
        transaction.set_rollback(True)


def _do(plain, act, one, other, families, proposer, applier):
    became = {old for _, pairs, _ in plain.pairs for old, _, whole in pairs if whole}
    if act == "move":
        family = families[one]
        for table, key in ((Member, "family_id"), (Account, "family_id"), (Family, "pk")):
            table.objects.filter(**{key: family.pk}).update(village_code=other)
        plain.goes(family.pk, other)
    elif act == "back":
        if plain.pairs:
            undone(applier, plain.taken_back())
    elif one != other and not {one, other} & became and not plain.same(one, other):
        pairs = [(one, other, act == "whole")]
        change = applied(proposer, applier, *pairs)
        plain.changes(change, pairs)


def _is_as_told(plain):
    live = dict(Family.objects.filter(pk__in=plain.lives).values_list("pk", "village_code"))
    assert live == plain.lives
    assert Counter(live.values()) == Counter(plain.lives.values())
    for table in (Member, Account):
        assert {(row.family_id, row.village_code) for row in table.objects.filter(family__in=plain.lives)} == set(
            plain.lives.items()
        )
    running = Accompaniment.objects.filter(family__in=plain.lives, valid_until=None)
    assert {(row.family_id, row.staff_id, row.village_code) for row in running} == {
        (family, who, plain.lives[family]) for family, who in plain.hers.items()
    }


def _seen_as_told(plain, cast, siti):
    today = timezone.localdate()
    for region in ("6371", "6372", *TODAY):
        role = "FACILITATOR" if len(region) > 4 else "DISTRICT_OPERATOR"
        acting = acting_for(cast(role, region).person_id, today)
        assert acting.territory.former == plain.former(region)
    with in_territory(acting_for(siti.person_id, today)):
        assert set(Family.objects.values_list("pk", flat=True)) == set(plain.hers)
