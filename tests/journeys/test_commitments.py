"""One chain: attendance, verdict, recommendation, decision, amount; and what a closed eye must not change."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django_scopes import scopes_disabled

from gandeng.accounts.acting import in_territory
from gandeng.commitments.queries import chain
from gandeng.commitments.tests.factories import (
    answered,
    appealed,
    days_pass,
    decided,
    make_facility,
    make_pupil,
    months,
    recorded,
    told,
)
from gandeng.core.cycle import Cycle as Stage
from gandeng.entitlements.models import Entitlement
from gandeng.payments import actions
from gandeng.payments.held_queries import came_in, lifted_in, lifted_perhaps
from gandeng.payments.models import Cycle, Payment
from gandeng.payments.refused import Refused
from gandeng.payments.tests.steps import People, approved, instructed, listed, moved, opened, quiet
from gandeng.policy import benefit_policy
from gandeng.reconciliation.actions.reissues import carry_over, make_reissue_round
from gandeng.reconciliation.tests.after import agreed, closed, made, sent_again
from gandeng.reconciliation.tests.world import send
from gandeng.reconciliation.tests.world import told as told_by_bank
from gandeng.registry.models import Family
from gandeng.registry.tests.factories import EVERYWHERE, make_family
from tests.journeys.verified import verified

pytestmark = pytest.mark.django_db
PRIMARY_A_STAGE = 225_000
TERM = 14
"""Days to object: `commitment/appeal_days`."""


@pytest.fixture
def office(cast):
    """Two pupils of one school, both missing too many days; only one is decided about."""

    class Office:
        people = People(cast)
        operator = cast("DISTRICT_OPERATOR", "6371")
        coordinator = cast("DISTRICT_COORDINATOR", "6371")
        head = cast("DISTRICT_HEAD", "6371")
        pupil = make_pupil()
        classmate = make_pupil()

    Office.school = make_facility(Office.operator)
    recorded(Office.operator, Office.school, {Office.pupil: months(4), Office.classmate: months(0)})
    return Office


def _amounts(office, cycle):
    with in_territory(office.people.officer):
        for step in (actions.freeze, actions.calculate):
            step(office.people.officer, cycle, quiet)
        run = Cycle.objects.get(pk=cycle.pk).run_id
    with in_territory(EVERYWHERE), scopes_disabled():
        rows = Entitlement.objects.filter(
            run_id=run, family_id__in=[office.pupil.family_id, office.classmate.family_id]
        )
        return dict(rows.values_list("family_id", "amount_rupiah"))


_TOLD = re.compile(r"<p>((?:Penangguhan|Belum|Tidak|Berlaku|Keberatan|Pada|Hak|Data|Lembar)\b[^<]*)")


def _page(office, client_of, about):
    """What the family's page and the decision's own say of its stage; both say the same."""
    browser = client_of(office.operator)
    with_chain = browser.get(reverse("commitments:family", args=[office.pupil.family_id]))
    alone = browser.get(reverse("commitments:decision", args=[about.pk]))
    (there,), (here,) = (_TOLD.findall(each.content.decode()) for each in (with_chain, alone))
    assert there == here
    return there


def test_attendance_reaches_the_amount_by_a_decision_alone(office):
    cycle = opened(office.people, year=2026, stage=4)
    assert _amounts(office, cycle)[office.pupil.family_id] == PRIMARY_A_STAGE, "a verdict changes no amount"
    decision = decided(office.coordinator)[0]
    assert _amounts(office, cycle)[office.pupil.family_id] == PRIMARY_A_STAGE, "nor does what nobody was told"
    told(office.operator, decision)
    assert _amounts(office, cycle)[office.pupil.family_id] == PRIMARY_A_STAGE, "nor while the family may object"
    with days_pass(TERM):
        assert _amounts(office, cycle)[office.pupil.family_id] == PRIMARY_A_STAGE, "nor on the last day to object"
    with days_pass(TERM + 1):
        amounts = _amounts(office, cycle)
    assert amounts == {office.pupil.family_id: 0, office.classmate.family_id: PRIMARY_A_STAGE}
    appealed(office.operator, decision)
    answered(office.head, decision, upheld=True)
    assert _amounts(office, cycle)[office.pupil.family_id] == PRIMARY_A_STAGE


def test_the_page_says_what_would_be_before_the_stage_is_frozen(office, client_of):
    decision = decided(office.coordinator)[0]
    opened(office.people, year=2026, stage=4)
    assert "keluarga belum diberi tahu" in _page(office, client_of, decision)
    told(office.operator, decision)
    words = _page(office, client_of, decision)
    assert "Belum berlaku selama keluarga dapat berkeberatan" in words
    assert "Keluarga dapat berkeberatan sampai" in words
    with days_pass(TERM + 1):
        assert "Berlaku: bantuan tahap 4 tahun 2026 menjadi nol" in _page(office, client_of, decision)
    appealed(office.operator, decision)
    assert "Tidak berlaku selama keberatannya belum dijawab" in _page(office, client_of, decision)
    answered(office.head, decision, upheld=True)
    assert "dibatalkan dan tidak sampai ke tahap 4 tahun 2026" in _page(office, client_of, decision)


@pytest.mark.parametrize(
    ("before", "because"),
    [
        ((), "belum tercatat bahwa keluarga diberi tahu"),
        ((told,), "keluarga masih dapat berkeberatan"),
        ((told, appealed), "keberatan keluarga belum dijawab"),
    ],
)
def test_a_stage_frozen_first_is_paid_and_the_page_says_why(office, client_of, before, because):
    """What came too late for it: to be told, the end of the term, the answer."""
    cycle = opened(office.people, year=2026, stage=4)
    decision = decided(office.coordinator)[0]
    for step in before:
        step(office.operator, decision)
    assert _amounts(office, cycle)[office.pupil.family_id] == PRIMARY_A_STAGE
    for step in (told, appealed)[len(before):]:  # fmt: skip
        step(office.operator, decision)
    answered(office.head, decision, upheld=False)
    words = _page(office, client_of, decision)
    assert "tidak sampai ke tahap 4 tahun 2026" in words and "Rp225.000" in words and because in words


def test_a_stage_it_reached_stays_zero_and_the_page_says_so_when_it_is_lifted(office, client_of):
    """An objection of the last day, written down after the stage was frozen."""
    cycle = opened(office.people, year=2026, stage=4)
    decision = decided(office.coordinator)[0]
    told(office.operator, decision)
    with days_pass(TERM + 1):
        assert _amounts(office, cycle)[office.pupil.family_id] == 0
        words = _page(office, client_of, decision)
        assert "diterapkan pada tahap 4 tahun 2026" in words and "Rp0" in words and "Sesudah itu" not in words
    with days_pass(TERM + 2):
        appealed(office.operator, decision, timezone.localdate(decision.at))
        assert "tercatat dan belum dijawab" in _page(office, client_of, decision)
        answered(office.head, decision, upheld=True)
        words = _page(office, client_of, decision)
        assert "diterapkan pada tahap 4 tahun 2026" in words and "Rp0" in words
        assert "keberatan keluarga diterima" in words and "dapat dibekukan dan dihitung lagi" in words
        with in_territory(office.people.officer):
            Cycle.objects.filter(pk=cycle.pk).update(state="INSTRUCTED")
        assert "dibayar lewat daftar susulan" in _page(office, client_of, decision)


def _ordered_while_suspended(office):
    """A stage that is out, in which the pupil's family is suspended and the classmate's paid; the decision."""
    cycle = opened(office.people, year=2026, stage=4)
    decision = decided(office.coordinator)[0]
    told(office.operator, decision)
    with days_pass(TERM + 1):
        instructed(office.people, approved(office.people, listed(office.people, cycle)))
    return cycle, decision


def _round(office, cycle):
    with in_territory(office.people.officer):
        make_reissue_round(office.people.officer, cycle, quiet)
    with in_territory(EVERYWHERE):
        return list(Payment.objects.filter(list__cycle=cycle, list__round__gt=0))


def _lifted(cycle):
    with in_territory(EVERYWHERE):
        found = Cycle.objects.get(pk=cycle.pk)
        return len(lifted_perhaps([found])), lifted_in(found)


def test_a_suspension_lifted_too_late_for_the_lists_is_paid_on_a_supplementary_one(office, client_of):
    cycle, decision = _ordered_while_suspended(office)
    with days_pass(TERM + 2):
        with pytest.raises(Refused, match="tidak ada keluarga yang ditahan"):
            _round(office, cycle)
        appealed(office.operator, decision, timezone.localdate(decision.at))
        with pytest.raises(Refused, match="tidak ada keluarga yang ditahan"):
            _round(office, cycle)
        assert _lifted(cycle) == (0, [])
        answered(office.head, decision, upheld=True)
        assert _lifted(cycle) == (1, [office.pupil.family_id])
        (late,) = _round(office, cycle)
        assert _lifted(cycle) == (0, [])
        assert (late.family_id, late.amount_rupiah) == (office.pupil.family_id, PRIMARY_A_STAGE)
        (again,) = _round(office, cycle)
        assert again.pk == late.pk
        assert verified() == {}
        page = client_of(office.people.officer).get(reverse("payments:payment", args=[late.pk])).content.decode()
        assert "Rp225.000" in page and "Jumlah berbeda" not in page and "dihitung" in page


def test_money_of_an_earlier_stage_sent_again_does_not_stand_for_what_was_lifted(office):
    """The family stands on a list of the stage by then, with what the stage before could not pay."""
    earlier = made(office.people, year=2026, stage=3)
    with in_territory(EVERYWHERE):
        failed = Payment.objects.get(cycle=earlier, family=office.pupil.family_id)
    send(office.people.officer, earlier, [told_by_bank(failed, "FAILURE", "")], region="63")
    closed(office.people, earlier)
    cycle, decision = _ordered_while_suspended(office)
    with days_pass(TERM + 2):
        with in_territory(office.people.officer):
            carry_over(office.people.officer, cycle)
        agreed(office.people.officer, office.coordinator, failed, cycle)
        (again,) = sent_again(office.people, cycle)
        assert again.reissue_of_id == failed.pk
        appealed(office.operator, decision, timezone.localdate(decision.at))
        answered(office.head, decision, upheld=True)
        assert _lifted(cycle) == (1, [office.pupil.family_id])
        with in_territory(EVERYWHERE):
            paid = Payment.objects.filter(pk__in=[each.pk for each in _round(office, cycle)], reissue_of=None)
            assert [(each.family_id, each.amount_rupiah) for each in paid] == [
                (office.pupil.family_id, PRIMARY_A_STAGE)
            ]
        assert verified() == {}


def test_a_suspension_lifted_after_the_closing_and_a_move_is_paid_by_a_later_stage(office, client_of):
    """An objection that waited on a phone while the stage was closed and the family went to another province."""
    cycle, decision = _ordered_while_suspended(office)
    with days_pass(TERM + 2):
        with in_territory(EVERYWHERE):
            Cycle.objects.filter(pk=cycle.pk).update(state="RECONCILING")
        closed(office.people, cycle)
        moved(office.pupil.family_id, "6201011001")
        appealed(office.operator, decision, timezone.localdate(decision.at))
        answered(office.head, decision, upheld=True)
        later = made(office.people, year=2026, stage=3)
        with in_territory(EVERYWHERE):
            Cycle.objects.filter(pk=later.pk).update(year=2027)  # of which no calendar is known
        page = client_of(office.people.officer).get(reverse("reconciliation:reissues", args=[later.pk]))
        assert 'name="owed"' in page.content.decode()
        with in_territory(office.people.officer):
            make_reissue_round(office.people.officer, later, quiet, owed=True)
        with in_territory(EVERYWHERE):
            (paid,) = Payment.objects.filter(family=office.pupil.family_id)
        assert (paid.cycle_id, paid.owed_by_id, paid.amount_rupiah) == (later.pk, cycle.pk, PRIMARY_A_STAGE)


def test_who_came_in_suspended_is_paid_where_it_lives_once_that_is_lifted_after_the_closing(office, cast):
    """It moved between two freezings, so only the region it moved to can calculate it."""
    others = People(cast, "62")
    make_family("6201011001", pregnancy_no=1)
    there = made(others, year=2026, stage=4, region="62")
    with in_territory(EVERYWHERE):
        Cycle.objects.filter(pk=there.pk).update(state="RECONCILING", frozen_at=there.frozen_at - timedelta(minutes=9))
    decision = decided(office.coordinator)[0]
    told(office.operator, decision)
    with days_pass(TERM + 2):
        moved(office.pupil.family_id, "6201011001")
        listed(office.people, opened(office.people, year=2026, stage=4))
        with in_territory(others.officer):
            assert came_in(Cycle.objects.get(pk=there.pk)) == [], "though whoever closes may not read that decision"
        closed(others, there)
        appealed(office.operator, decision, timezone.localdate(decision.at))
        answered(office.head, decision, upheld=True)
        later = made(others, year=2026, stage=3, region="62")
        with in_territory(EVERYWHERE):
            Cycle.objects.filter(pk=later.pk).update(year=2027)  # of which no calendar is known
            assert came_in(Cycle.objects.get(pk=there.pk)) == [office.pupil.family_id]
        with in_territory(others.officer):
            make_reissue_round(others.officer, later, quiet, owed=True)
        with in_territory(EVERYWHERE):
            (paid,) = Payment.objects.filter(family=office.pupil.family_id, owed_by=there)
        assert (paid.cycle_id, paid.amount_rupiah) == (later.pk, PRIMARY_A_STAGE)


def test_a_suspension_goes_along_to_the_province_that_freezes_the_family(office, cast):
    """Decided where it lived before; whoever freezes it now may not read that decision."""
    others = People(cast, "62")
    make_family("6201011001", pregnancy_no=1)
    decision = decided(office.coordinator)[0]
    told(office.operator, decision)
    moved(office.pupil.family_id, "6201011001")
    with days_pass(TERM + 1):
        there = made(others, year=2026, stage=4, region="62")
    with in_territory(EVERYWHERE):
        assert not Payment.objects.filter(family=office.pupil.family_id).exists()
    with days_pass(TERM + 2):
        appealed(office.operator, decision, timezone.localdate(decision.at))
        answered(office.head, decision, upheld=True)
        with in_territory(others.officer):
            make_reissue_round(others.officer, there, quiet)
    with in_territory(EVERYWHERE):
        (paid,) = Payment.objects.select_related("list").filter(family=office.pupil.family_id)
    assert (paid.cycle_id, paid.list.round, paid.amount_rupiah) == (there.pk, 1, PRIMARY_A_STAGE)
    assert verified() == {}


def test_figures_told_otherwise_since_keep_nobody_from_what_was_lifted(office, client_of, monkeypatch):
    """Another source beside a figure is another digest; another rate would pay one stage by two."""
    cycle, decision = _ordered_while_suspended(office)
    told_otherwise = replace(benefit_policy(Stage(2026, 4), cycle.months), digest="another source")
    dearer = replace(
        told_otherwise, rules=tuple(replace(each, amount=each.amount * 2) for each in told_otherwise.rules)
    )
    with days_pass(TERM + 2):
        appealed(office.operator, decision, timezone.localdate(decision.at))
        answered(office.head, decision, upheld=True)
        for module in ("actions.after_freezing", "held_queries"):
            monkeypatch.setattr(f"gandeng.payments.{module}.benefit_policy", lambda *_: dearer)
        with pytest.raises(Refused, match="Hak 1 keluarga belum dihitung"):
            _round(office, cycle)
        page = client_of(office.people.officer).get(reverse("reconciliation:reissues", args=[cycle.pk]))
        assert "Angka kebijakan tahapnya berubah" in page.content.decode()
        monkeypatch.setattr("gandeng.payments.actions.after_freezing.benefit_policy", lambda *_: told_otherwise)
        (late,) = _round(office, cycle)
        assert (late.family_id, late.amount_rupiah) == (office.pupil.family_id, PRIMARY_A_STAGE)
        assert verified() == {}


def test_an_objection_that_is_rejected_too_late_pays_nothing(office):
    cycle, decision = _ordered_while_suspended(office)
    with days_pass(TERM + 2):
        appealed(office.operator, decision, timezone.localdate(decision.at))
        answered(office.head, decision, upheld=False)
        with pytest.raises(Refused, match="tidak ada keluarga yang ditahan"):
            _round(office, cycle)


def test_a_family_the_ministry_suspended_as_well_is_not_paid_by_an_upheld_objection(office):
    cycle = opened(office.people, year=2026, stage=4)
    decision = decided(office.coordinator)[0]
    told(office.operator, decision)
    with in_territory(EVERYWHERE):
        Family.objects.filter(pk=office.pupil.family_id).update(status="SUSPENDED")
    with days_pass(TERM + 1):
        instructed(office.people, approved(office.people, listed(office.people, cycle)))
        with in_territory(EVERYWHERE):
            Family.objects.filter(pk=office.pupil.family_id).update(status="ACTIVE")
        appealed(office.operator, decision, timezone.localdate(decision.at))
        answered(office.head, decision, upheld=True)
        with pytest.raises(Refused, match="tidak ada keluarga yang ditahan"):
            _round(office, cycle)


def test_a_sheet_that_clears_the_pupil_after_the_lists_is_paid_too(office):
    cycle, _ = _ordered_while_suspended(office)
    with days_pass(TERM + 2):
        recorded(office.operator, office.school, {office.pupil: months(0)})
        (late,) = _round(office, cycle)
        assert (late.family_id, late.amount_rupiah) == (office.pupil.family_id, PRIMARY_A_STAGE)


def test_another_sheet_after_the_freezing_is_told_beside_what_the_stage_was(office, client_of):
    cycle = opened(office.people, year=2026, stage=4)
    decision = decided(office.coordinator)[0]
    told(office.operator, decision)
    with days_pass(TERM + 1):
        assert _amounts(office, cycle)[office.pupil.family_id] == 0
    with days_pass(TERM + 2):
        recorded(office.operator, office.school, {office.pupil: months(0)})
        words = _page(office, client_of, decision)
        assert "diterapkan pada tahap 4 tahun 2026" in words and "lembar baru mengganti rekomendasinya" in words
        assert _amounts(office, cycle)[office.pupil.family_id] == PRIMARY_A_STAGE
        words = _page(office, client_of, decision)
        assert "tidak sampai ke tahap 4 tahun 2026" in words and "sudah diganti lembar baru" in words


def test_a_family_zero_for_another_reason_is_not_told_that_the_decision_did_it(office, client_of):
    cycle = opened(office.people, year=2026, stage=4)
    decision = decided(office.coordinator)[0]
    with in_territory(EVERYWHERE):
        Family.objects.filter(pk=office.pupil.family_id).update(status="SUSPENDED")
    assert _amounts(office, cycle)[office.pupil.family_id] == 0
    words = _page(office, client_of, decision)
    assert "dibekukan sebagai tidak aktif" in words and "diterapkan" not in words


def test_between_freezing_and_calculation_nothing_is_promised(office, client_of):
    cycle = opened(office.people, year=2026, stage=4)
    decision = decided(office.coordinator)[0]
    told(office.operator, decision)
    with in_territory(office.people.officer):
        actions.freeze(office.people.officer, cycle, quiet)
    assert "belum dihitung" in _page(office, client_of, decision)


def test_the_chain_is_told_link_by_link(office):
    told(office.operator, decided(office.coordinator)[0])
    with in_territory(office.coordinator):
        link = chain(Family.objects.get(pk=office.pupil.family_id))[0]
    (verdict,) = link.verdicts
    assert (verdict.verdict, verdict.reason, verdict.reached, verdict.wanted) == ("NOT_MET", "TOO_FEW_DAYS", 80, 85)
    assert link.recommendation.verdicts == [str(verdict.pk)]
    assert (link.recommendation.cycle_year, link.recommendation.cycle_stage) == (2026, 4)
    assert link.decision.recommendation_id == link.recommendation.pk
    assert link.suspension.decision == link.decision and link.replaced is None


def test_another_stage_is_paid(office):
    told(office.operator, decided(office.coordinator)[0])
    cycle = opened(office.people, year=2026, stage=3)
    with days_pass(TERM + 1):
        assert _amounts(office, cycle)[office.pupil.family_id] == PRIMARY_A_STAGE


def test_what_was_frozen_stays(office):
    cycle = opened(office.people, year=2026, stage=4)
    with in_territory(office.people.officer):
        actions.freeze(office.people.officer, cycle, quiet)
    told(office.operator, decided(office.coordinator)[0])
    with days_pass(TERM + 1), in_territory(office.people.officer):
        actions.calculate(office.people.officer, cycle, quiet)
        run = Cycle.objects.get(pk=cycle.pk).run_id
    with in_territory(EVERYWHERE), scopes_disabled():
        assert Entitlement.objects.get(run_id=run, family_id=office.pupil.family_id).amount_rupiah == PRIMARY_A_STAGE
