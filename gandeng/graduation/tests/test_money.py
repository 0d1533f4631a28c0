"""Natural graduation is what the calculation says, and a graduation reaches money at the next freezing and no other."""

import random
from datetime import date

import pytest
from django.utils import timezone
from django_scopes import scopes_disabled

from gandeng.accounts.acting import in_territory
from gandeng.core.cycle import Cycle as Stage
from gandeng.entitlements.asking import would_be_due
from gandeng.entitlements.models import ComponentRow, Entitlement
from gandeng.graduation import actions
from gandeng.graduation.actions import GraduationRefused
from gandeng.graduation.standing import prospects_of, standing_of
from gandeng.graduation.tests.factories import (
    VILLAGE,
    WORDS,
    approved,
    do,
    graduated,
    opened,
    proposed,
    status_of,
    told,
    with_component,
    without_component,
)
from gandeng.payments.models import Cycle
from gandeng.payments.next_stages import next_stage
from gandeng.payments.tests.steps import People, listed
from gandeng.payments.tests.steps import opened as opened_cycle
from gandeng.policy import benefit_policy
from gandeng.registry.models import Family, Member
from gandeng.registry.tests.factories import EVERYWHERE, make_family

pytestmark = pytest.mark.django_db


@pytest.fixture
def made(cast):
    class Made:
        people = People(cast)
        operator = cast("DISTRICT_OPERATOR", "6371")
        coordinator = cast("DISTRICT_COORDINATOR", "6371")

    return Made


def _drawn(draw):
    """Anybody: of any age, at school or not, pregnant, disabled, gone or dead."""
    born = date(draw.randint(1940, 2026), draw.randint(1, 12), draw.randint(1, 28))
    sex = draw.choice("FM")
    return {
        "birth_date": min(born, date(2026, 11, 1)), "sex": sex,
        "school_level": draw.choice(["", "", "SD", "SMP", "SMA"]),
        "pregnancy_no": draw.choice([None, None, 1, 2, 3]) if sex == "F" else None,
        "severe_disability": draw.random() < 0.1, "rights_victim": draw.random() < 0.05,
    }  # fmt: skip


def _families(draw, count):
    made = []
    for _number in range(count):
        family = make_family(VILLAGE, members=draw.randint(1, 4))
        with in_territory(EVERYWHERE):
            for member in Member.objects.filter(family=family):
                Member.objects.filter(pk=member.pk).update(
                    **_drawn(draw),
                    deceased_on=date(2024, 5, 5) if draw.random() < 0.05 else None,
                    left_on=date(2024, 6, 6) if draw.random() < 0.1 else None,
                )
        made.append(family)
    return made


@pytest.mark.parametrize("seed", [1, 2])
def test_no_component_left_is_an_entitlement_of_zero(made, seed):
    """Asked of a few families, and calculated for the stage: the same; and zero exactly where nobody counts."""
    families = _families(random.Random(seed), 40)
    cycle = listed(made.people, opened_cycle(made.people, year=2026, stage=4))
    with in_territory(made.coordinator):
        policy = benefit_policy(Stage(2026, 4), cycle.months)
        (asked,) = would_be_due([policy], [one.pk for one in families], on=timezone.localdate())
    with in_territory(EVERYWHERE), scopes_disabled():
        rows = Entitlement.objects.filter(run_id=cycle.run_id, family__in=families)
        calculated = dict(rows.values_list("family_id", "amount_rupiah"))
        counts = set(ComponentRow.objects.filter(run_id=cycle.run_id, counted=True).values_list("family_id", flat=True))
    assert {key: due.amount_rupiah for key, due in asked.items()} == calculated
    assert len(calculated) == len(families)
    zero = {key for key, amount in calculated.items() if amount == 0}
    assert zero == set(calculated) - counts, "nobody is at zero while somebody counts, and the other way round"
    assert 0 < len(zero) < len(families)
    with in_territory(made.operator):
        today = timezone.localdate()
        for family in families[:6]:
            standing = standing_of(Family.objects.get(pk=family.pk), "NATURAL", today)
            counted = any(one.counted for one in standing.prospect.due.members)
            assert (standing.prospect.due.amount_rupiah > 0) == counted


def test_a_graduation_reaches_the_next_freezing_and_no_frozen_stage(made):
    stays, leaves = with_component(), with_component()
    frozen = listed(made.people, opened_cycle(made.people, year=2026, stage=3))
    before = _amounts(frozen)
    assert before[leaves.pk] > 0
    graduated(made.operator, made.coordinator, leaves, "INDEPENDENT")
    assert _amounts(frozen) == before, "what is calculated stays"
    assert Cycle.objects.get(pk=frozen.pk).frozen_digest == frozen.frozen_digest
    after = listed(made.people, opened_cycle(made.people, year=2026, stage=4))
    amounts = _amounts(after)
    assert amounts[leaves.pk] == 0
    assert amounts[stays.pk] > 0


def test_the_stage_told_is_the_first_that_is_not_frozen(made):
    family, natural = with_component(), without_component()
    opened_now = opened_cycle(made.people, year=2026, stage=4)
    with in_territory(made.operator):
        assert next_stage(VILLAGE, date(2026, 11, 27)).stage == Stage(2026, 4)
    listed(made.people, opened_now)
    with in_territory(made.operator):
        assert next_stage(VILLAGE, date(2026, 11, 27)).stage == Stage(2027, 1)
        assert next_stage("3171011001", date(2026, 11, 27)).stage == Stage(2026, 4), "another province is not frozen"
    case = proposed(made.operator, family, "INDEPENDENT")
    approved(made.coordinator, case)
    told(made.operator, case)
    facts = do(actions.carry_out, made.coordinator, case).facts
    assert (facts["stage"], facts["amount_rupiah"]) == ("2027-1", 600_000)
    assert opened(made.operator, natural).pk


def test_each_family_is_asked_about_the_stage_of_its_own_place(made):
    """Of a list over two provinces, one of which has frozen the stage."""
    here, there = with_component(), with_component("3171011001")
    listed(made.people, opened_cycle(made.people, year=2026, stage=3))
    with in_territory(EVERYWHERE), scopes_disabled():
        families = list(Family.objects.filter(pk__in=[here.pk, there.pk]))
        found = prospects_of(families, date(2026, 8, 15))
    assert (found[here.pk].stage, found[there.pk].stage) == ("2026-4", "2026-3")


def test_a_family_that_comes_back_is_paid_again_from_the_next_freezing_on(made):
    family = with_component()
    case = graduated(made.operator, made.coordinator, family, "INDEPENDENT")
    with_component()
    first = listed(made.people, opened_cycle(made.people, year=2026, stage=3))
    assert _amounts(first)[family.pk] == 0
    do(actions.ask_back, made.operator, case, WORDS)
    do(actions.decide_back, made.coordinator, case, yes=True, words=WORDS)
    assert _amounts(first)[family.pk] == 0
    second = listed(made.people, opened_cycle(made.people, year=2026, stage=4))
    assert _amounts(second)[family.pk] > 0


def test_a_birth_that_is_approved_makes_natural_graduation_impossible(made):
    """Also in the stage under way, in which whoever was born since its first day does not count yet."""
    from gandeng.registry import actions as registry
    from gandeng.registry.models import ChangeRequest

    family = without_component()
    case = proposed(made.operator, family)
    with in_territory(made.operator):
        nik = "6371014111260001"
        change = registry.request_change(
            made.operator, Family.objects.get(pk=family.pk), ChangeRequest.Kind.BIRTH, None,
            registry.Wanted({"name": "Bayi Uji", "birth_date": "2026-11-01", "sex": "F"}, nik), WORDS,
            registry.Proof(words="Surat lahir"),
        )  # fmt: skip
    with in_territory(made.coordinator):
        registry.approve_change(made.coordinator, change, WORDS)
    with pytest.raises(GraduationRefused, match="berubah sejak diusulkan"):
        approved(made.coordinator, case)
    assert status_of(family) == "ACTIVE"
    do(actions.withdraw, made.operator, case, timezone.localdate(), WORDS)
    with pytest.raises(GraduationRefused, match="masih ada anggota"):
        opened(made.operator, family)


def _amounts(cycle):
    with in_territory(EVERYWHERE), scopes_disabled():
        run = Cycle.objects.get(pk=cycle.pk).run_id
        return dict(Entitlement.objects.filter(run_id=run).values_list("family_id", "amount_rupiah"))
