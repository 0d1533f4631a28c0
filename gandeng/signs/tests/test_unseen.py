"""Families nobody met: planted ones stand at the top of a district; who was met in any way is not listed."""

from datetime import timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.utils import timezone
from django_scopes import scopes_disabled

from gandeng.accounts.acting import in_territory
from gandeng.accounts.models import Person
from gandeng.facilitators.actions.caseload import assign_unaccompanied
from gandeng.facilitators.tests.factories import make_staff
from gandeng.payments.models import PaymentList
from gandeng.payments.tests.factories import make_cycle
from gandeng.reconciliation.models import CurrentOutcome
from gandeng.reconciliation.tests.world import payments_of
from gandeng.registry.models import Family
from gandeng.registry.tests.factories import EVERYWHERE
from gandeng.signs.kinds.unseen import REASONS
from gandeng.signs.tests.factories import a_phone, a_visit, signs_of, told
from gandeng.signs.thresholds import POINTS

pytestmark = pytest.mark.django_db
VILLAGE = "6371011001"


def outcome(payment, came_to="PAID"):
    with in_territory(EVERYWHERE), scopes_disabled():
        CurrentOutcome.objects.create(
            payment=payment, cycle=payment.cycle, number=1, village_code=payment.village_code, channel=payment.channel,
            outcome=came_to, amount_rupiah=payment.amount_rupiah, credited_rupiah=payment.amount_rupiah,
            reversed_rupiah=0, withdrawn_rupiah=0, net_rupiah=payment.amount_rupiah, at_stake_rupiah=0,
        )  # fmt: skip


@pytest.fixture
def paid(cast):
    """Three paid families and one that was not; her facilitator accompanies them."""
    cycle = make_cycle([(VILLAGE, "BRI", 225_000)] * 4)
    payments = payments_of(cycle)
    for payment in payments[:3]:
        outcome(payment)
    outcome(payments[3], "FAILED")

    coordinator, facilitator = cast("DISTRICT_COORDINATOR", "6371"), cast("FACILITATOR", VILLAGE)
    staff = make_staff("6371", person=Person.objects.get(pk=facilitator.person_id))
    with in_territory(coordinator):
        assign_unaccompanied(coordinator, VILLAGE, staff, day=timezone.localdate(), reason="Uji")
        families = [Family.objects.get(pk=one.family_id) for one in payments]
    return SimpleNamespace(coordinator=coordinator, facilitator=facilitator, families=families)


def test_paid_and_never_met_is_a_sign_with_named_points(paid):
    found = signs_of(paid.coordinator, "UNSEEN")
    assert {one.family_id for one in found} == {one.pk for one in paid.families[:3]}, "who was not paid is not listed"
    one = found[0]
    assert one.facts["reasons"] == ["UNMET", "NEVER", "ALWAYS_PAID", "SILENT", "UNCHANGED"]
    assert one.score == sum(POINTS[code] for code in one.facts["reasons"]) == 95
    assert one.about_id == paid.facilitator.person_id
    assert told(one) == "Keluarga ini dibayar 1 kali dalam setahun dan belum pernah tercatat ditemui."
    assert set(POINTS) == set(REASONS) and sum(POINTS.values()) == 100


def test_who_was_met_this_year_is_none_and_long_ago_is_less(paid):
    phone, now = a_phone(paid.facilitator), timezone.now()
    a_visit(paid.facilitator, phone, paid.families[0], now - timedelta(days=30))
    a_visit(paid.facilitator, phone, paid.families[1], now - timedelta(days=500))
    a_visit(paid.facilitator, phone, paid.families[2], now - timedelta(days=30), result="NOT_HOME")
    by = {one.family_id: one for one in signs_of(paid.coordinator, "UNSEEN")}
    assert paid.families[0].pk not in by
    assert by[paid.families[1].pk].score == 75 and "NEVER" not in by[paid.families[1].pk].facts["reasons"]
    assert by[paid.families[2].pk].score == 95, "nobody at home is nobody met"


FAMILIES, GHOSTS = 5_000, 10
"""A twentieth of 200 ghosts in 100.000 families."""

_FAMILIES = """
insert into registry_family (id, family_no, kk_sealed, kk_last4, village_code, status, status_reason, entered_on,
    updated_at)
select gen_random_uuid(), 'K63' || lpad((8000000 + n)::text, 7, '0'), '', '',
    '63710110' || lpad((n %% 50 + 1)::text, 2, '0'), 'ACTIVE', '', date '2022-01-01', now()
from generate_series(1, %s) n
"""
_PAYMENTS = """
insert into payments_payment (payment_id, cycle_id, list_id, family_id, village_code, channel, name, nik_sealed,
    nik_index, nik_last4, account_sealed, account_last3, amount_rupiah, collector_deceased)
select '2024-2-' || f.family_no, %s, %s, f.id, f.village_code, 'BRI', 'Uji', 'x', sha256(f.family_no::bytea), '0000',
    '', '', 225000, false from registry_family f where f.family_no like 'K638%%'
"""
_OUTCOMES = """
insert into reconciliation_currentoutcome (payment_id, cycle_id, number, village_code, channel, outcome, amount_rupiah,
    credited_rupiah, reversed_rupiah, withdrawn_rupiah, net_rupiah, at_stake_rupiah, reason)
select p.payment_id, p.cycle_id, 1, p.village_code, p.channel, 'PAID', p.amount_rupiah, p.amount_rupiah, 0, 0,
    p.amount_rupiah, 0, '' from payments_payment p where p.cycle_id = %s
"""
_VISITS = """
with made as (
    select f.id as family_id, f.village_code, right(f.family_no, 7)::int - 8000000 as n, gen_random_uuid() as id
    from registry_family f where f.family_no like 'K638%%'
),
met as (
    select *, now() - make_interval(days => case when n %% 100 < 90 then 20 + n %% 300 else 400 + n %% 200 end) as at
    from made where n > %(ghosts)s and n %% 100 < 98
),
entries as (
    insert into field_entry (id, entry_id, digest, first, person_id, device_id, region_code, family_id, kind, kv,
        photos, body_sealed, made_at, clock_offset_seconds, received_at, state, why, result)
    select id, id, encode(sha256(id::text::bytea), 'hex'), true, %(person)s, %(device)s, village_code, family_id,
        'field.none', 1, '[]', '', at, 0, at, 'ACCEPTED', '[]', '' from met
)
insert into field_visit (id, entry_id, family_id, village_code, on_day, purpose, result, found_case, note, by_id,
    authority, at)
select id, id, family_id, village_code, at::date, 'ROUTINE', 'MET', '', '', %(person)s, 'x', at from met
"""
_CHANGES = """
insert into registry_changerequest (id, family_id, village_code, kind, before, after, identifier_sealed,
    identifier_tail, reason, state, requested_by_id, requested_at, decision_reason)
select gen_random_uuid(), f.id, f.village_code, 'SCHOOL_LEVEL', '{}', '{}', '', '', 'Uji', 'PENDING', %(person)s,
    now(), ''
from registry_family f where f.family_no like 'K638%%' and right(f.family_no, 7)::int - 8000000 > %(ghosts)s
    and right(f.family_no, 7)::int / 100 %% 5 < 3
"""


def test_ten_ghosts_among_five_thousand_stand_in_the_first_hundredth(cast):
    """Of the honest nine in ten were met this year, eight in a hundred before, two never; three in five asked for a
    change. Ghosts were never met, always paid, and nobody asked anything for them."""
    coordinator, facilitator = cast("DISTRICT_COORDINATOR", "6371"), cast("FACILITATOR", "637101")
    phone = a_phone(facilitator)
    cycle = make_cycle([("6271011001", "BRI", 1)], region="")
    as_her = {"person": facilitator.person_id, "device": phone.pk, "ghosts": GHOSTS}
    with in_territory(EVERYWHERE), scopes_disabled(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("set local statement_timeout = 0")  # five thousand at once, on whatever machine
        cursor.execute(_FAMILIES, [FAMILIES])
        bank = PaymentList.objects.create(
            cycle=cycle, district_code="6371", channel="BRI", payments=FAMILIES, total_rupiah=FAMILIES * 225_000,
            root=uuid4().hex,
        )  # fmt: skip
        cursor.execute(_PAYMENTS, [cycle.pk, bank.pk])
        for bank.state in ("SUBMITTED", "DISTRICT", "INSTRUCTED"):
            bank.save()
        cursor.execute(_OUTCOMES, [cycle.pk])
    with in_territory(facilitator), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_VISITS, as_her)
        cursor.execute(_CHANGES, as_her)
        # no statistics know of these rows yet, or of some of them alone: a plan for few would take minutes
        cursor.execute("set local enable_nestloop = off")
    found = signs_of(coordinator, "UNSEEN")
    with in_territory(coordinator):
        numbers = Family.objects.filter(pk__in=[one.family_id for one in found]).values_list("family_no", flat=True)
        ghosts = [number for number in numbers if int(number[3:]) - 8_000_000 <= GHOSTS]
    assert len(found) == FAMILIES / 100 and len(ghosts) >= 0.95 * GHOSTS
