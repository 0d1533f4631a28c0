"""From a candidate to a family that has left, and back: who may, in what order, and what protects the family."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from gandeng.accounts.acting import in_territory
from gandeng.accounts.roles import May
from gandeng.graduation import actions
from gandeng.graduation.actions import GraduationRefused
from gandeng.graduation.migrations import __name__ as _migrations
from gandeng.graduation.models import Case, Paper, Step
from gandeng.graduation.moves import MOVES
from gandeng.graduation.queries import missing, steps_of
from gandeng.graduation.tests.factories import (
    WORDS,
    approved,
    do,
    graduated,
    opened,
    prepared,
    proposed,
    signed,
    state_of,
    status_of,
    told,
    with_component,
    without_component,
)
from gandeng.payments import next_stages
from gandeng.policy import PolicyGap
from gandeng.registry import actions as registry
from gandeng.registry.models import ChangeRequest, Family, Member
from gandeng.registry.tests.factories import EVERYWHERE, make_family

pytestmark = pytest.mark.django_db


@pytest.fixture
def made(cast):
    """Who prepares, decides and answers."""

    class Made:
        operator = cast("DISTRICT_OPERATOR", "6371")
        coordinator = cast("DISTRICT_COORDINATOR", "6371")
        head = cast("DISTRICT_HEAD", "6371")
        lead = cast("SUB_DISTRICT_LEAD", "637101")

    return Made


@pytest.mark.parametrize("kind", ["NATURAL", "INDEPENDENT", "IMPROVED"])
def test_it_works(made, kind):
    family = without_component() if kind == "NATURAL" else with_component()
    case = proposed(made.operator, family, kind)
    assert (state_of(case), status_of(family)) == ("PROPOSED", "ACTIVE")
    approved(made.head, case)
    assert status_of(family) == "ACTIVE", "before the family was told nothing changes"
    told(made.operator, case)
    step = do(actions.carry_out, made.coordinator, case)
    assert (state_of(case), status_of(family)) == ("EFFECTIVE", "GRADUATED")
    with in_territory(EVERYWHERE):
        change = ChangeRequest.objects.get(pk=step.change_id)
        assert (change.state, change.requested_by_id, change.decided_by_id) == (
            "APPROVED", made.operator.person_id, made.coordinator.person_id,
        )  # fmt: skip


def test_nobody_was_told_before_it_was_decided(made):
    case = proposed(made.operator, without_component())
    approved(made.head, case)
    with pytest.raises(GraduationRefused, match="sesudah keputusannya"):
        told(made.operator, case, timezone.localdate() - timedelta(days=1))


def test_moves_of_the_code_are_those_of_the_database():
    from importlib import import_module

    assert MOVES == import_module(f"{_migrations}.0002_guards").MOVES


def test_it_refuses_where_no_calendar_says_which_stage_comes_next(made, monkeypatch):
    def unknown(stage):
        raise PolicyGap("no_figure", figure="calendar/months_per_stage", day=f"{stage.year}-01-01")

    monkeypatch.setattr(next_stages, "months_of", unknown)
    with pytest.raises(GraduationRefused, match="kalender kebijakan belum ada"):
        opened(made.operator, without_component())
    assert not Case.objects.exists()


def test_it_refuses_natural_where_somebody_still_counts(made):
    with pytest.raises(GraduationRefused, match="masih ada anggota"):
        opened(made.operator, with_component())


def test_it_refuses_natural_of_a_suspended_family(made):
    with pytest.raises(GraduationRefused, match="penangguhan"):
        opened(made.operator, make_family(status="SUSPENDED"))
    assert opened(made.operator, make_family(status="SUSPENDED"), "INDEPENDENT").pk


@pytest.mark.parametrize("status", ["PROPOSED", "GRADUATED", "ENDED"])
def test_it_refuses_who_is_not_in_the_programme(made, status):
    with pytest.raises(GraduationRefused, match="tidak menjadi peserta"):
        opened(made.operator, make_family(status=status), "INDEPENDENT")


def test_it_refuses_a_second_case(made):
    family = without_component()
    opened(made.operator, family)
    with pytest.raises(GraduationRefused, match="sudah mempunyai"):
        opened(made.operator, family, "INDEPENDENT")


def test_a_family_that_withdrew_may_begin_again(made):
    family = with_component()
    case = proposed(made.operator, family, "INDEPENDENT")
    do(actions.withdraw, made.coordinator, case, timezone.localdate(), WORDS)
    with in_territory(EVERYWHERE):
        assert ChangeRequest.objects.get(family=family).state == "WITHDRAWN"
    again = proposed(made.operator, family, "INDEPENDENT")
    assert (state_of(case), state_of(again)) == ("WITHDRAWN", "PROPOSED")


def test_it_refuses_a_proposal_without_its_papers(made):
    case = opened(made.operator, with_component(), "INDEPENDENT")
    with pytest.raises(GraduationRefused, match="daftar periksa, kunjungan"):
        do(actions.propose, made.operator, case, WORDS)


def test_it_refuses_a_proposal_after_nobody_was_met(made):
    case = opened(made.operator, without_component())
    prepared(made.operator, case)
    do(actions.visit, made.operator, case, timezone.localdate(), "ABSENT", WORDS)
    with in_territory(made.operator):
        assert missing(case, steps_of(case)) == ["VISIT"]
    with pytest.raises(GraduationRefused, match="tidak bertemu"):
        do(actions.propose, made.operator, case, WORDS)


def test_whoever_prepared_does_not_decide(made, cast):
    both = cast("DISTRICT_COORDINATOR", "6371", person=_person(made.operator))
    case = proposed(made.operator, without_component())
    with pytest.raises(GraduationRefused, match="tidak memutuskannya"):
        approved(both, case)
    with pytest.raises(PermissionDenied):
        approved(made.lead, case)


def _person(acting):
    from gandeng.accounts.models import Person

    return Person.objects.get(pk=acting.person_id)


def test_whoever_helped_to_prepare_does_not_decide_either(made, cast):
    case = opened(made.lead, without_component())
    prepared(made.operator, case)
    do(actions.propose, made.lead, case, WORDS)
    both = cast("DISTRICT_COORDINATOR", "6371", person=_person(made.operator))
    with pytest.raises(GraduationRefused, match="tidak memutuskannya"):
        approved(both, case)
    approved(made.coordinator, case)


def test_a_baby_that_comes_makes_the_decision_stale(made):
    family = without_component()
    case = proposed(made.operator, family)
    _expecting(family)
    with pytest.raises(GraduationRefused, match="berubah sejak diusulkan"):
        approved(made.coordinator, case)
    do(actions.give_back, made.coordinator, case, WORDS)
    with pytest.raises(GraduationRefused, match="masih ada anggota"):
        do(actions.propose, made.operator, case, WORDS)
    do(actions.withdraw, made.operator, case, timezone.localdate(), WORDS)
    assert (state_of(case), status_of(family)) == ("WITHDRAWN", "ACTIVE")


def test_what_changes_after_the_decision_keeps_it_from_being_carried_out(made):
    family = without_component()
    case = proposed(made.operator, family)
    approved(made.coordinator, case)
    told(made.operator, case)
    _expecting(family)
    with pytest.raises(GraduationRefused, match="berubah sejak diusulkan"):
        do(actions.carry_out, made.coordinator, case)
    assert status_of(family) == "ACTIVE"


def _expecting(family):
    with in_territory(EVERYWHERE):
        Member.objects.filter(family=family).update(pregnancy_no=1)


def test_an_objection_keeps_it_until_somebody_else_answers(made, cast):
    family = with_component()
    case = proposed(made.operator, family, "IMPROVED")
    approved(made.coordinator, case)
    told(made.operator, case)
    do(actions.object_to, made.lead, case, timezone.localdate(), WORDS)
    with pytest.raises(GraduationRefused, match="Muat ulang"):
        do(actions.carry_out, made.coordinator, case)
    with pytest.raises(GraduationRefused, match="tidak ikut memutuskan"):
        do(actions.answer, made.coordinator, case, upheld=False, words=WORDS)
    do(actions.answer, made.head, case, upheld=True, words=WORDS)
    assert (state_of(case), status_of(family)) == ("OVERTURNED", "ACTIVE")
    with in_territory(EVERYWHERE):
        assert ChangeRequest.objects.get(family=family).state == "WITHDRAWN"


def test_a_rejected_objection_is_not_made_twice(made):
    case = proposed(made.operator, with_component(), "IMPROVED")
    approved(made.coordinator, case)
    told(made.operator, case)
    do(actions.object_to, made.operator, case, timezone.localdate(), WORDS)
    do(actions.answer, made.head, case, upheld=False, words=WORDS)
    with pytest.raises(GraduationRefused, match="sudah dijawab"):
        do(actions.object_to, made.operator, case, timezone.localdate(), WORDS)
    do(actions.carry_out, made.coordinator, case)
    assert state_of(case) == "EFFECTIVE"


def test_a_family_comes_back_by_two_people(made):
    family = with_component()
    case = graduated(made.operator, made.coordinator, family, "INDEPENDENT")
    do(actions.ask_back, made.lead, case, WORDS)
    assert status_of(family) == "GRADUATED"
    do(actions.decide_back, made.coordinator, case, yes=True, words=WORDS)
    assert (state_of(case), status_of(family)) == ("REENTERED", "ACTIVE")
    assert opened(made.operator, family, "INDEPENDENT").pk, "it may graduate again one day"


def test_who_asks_for_the_way_back_does_not_decide(made, cast):
    case = graduated(made.operator, made.coordinator, with_component(), "INDEPENDENT")
    both = cast("DISTRICT_COORDINATOR", "6371", person=_person(made.lead))
    do(actions.ask_back, both, case, WORDS)
    with pytest.raises(GraduationRefused, match="tidak memutuskannya"):
        do(actions.decide_back, both, case, yes=True, words=WORDS)
    do(actions.decide_back, made.head, case, yes=False, words=WORDS)
    assert state_of(case) == "EFFECTIVE"


def test_an_objection_after_it_leads_back(made):
    family = with_component()
    case = graduated(made.operator, made.coordinator, family, "IMPROVED")
    do(actions.object_to, made.operator, case, timezone.localdate(), WORDS)
    do(actions.answer, made.head, case, upheld=True, words=WORDS)
    do(actions.ask_back, made.operator, case, WORDS)
    do(actions.decide_back, made.coordinator, case, yes=True, words=WORDS)
    assert status_of(family) == "ACTIVE"


def test_a_follow_up_is_once(made):
    case = graduated(made.operator, made.coordinator, without_component())
    today = timezone.localdate()
    do(actions.follow_up, made.operator, case, "FOLLOW_UP_6", today, "BETTER", WORDS)
    with pytest.raises(GraduationRefused, match="Sudah dicatat"):
        do(actions.follow_up, made.lead, case, "FOLLOW_UP_6", today, "SAME", WORDS)


def test_the_registry_lets_nobody_graduate_past_a_case(made):
    family = without_component()
    proposed(made.operator, family)
    with in_territory(made.coordinator):
        change = ChangeRequest.objects.get(family=family)
        with pytest.raises(registry.ChangeRefused, match="bagian graduasi"):
            registry.approve_change(made.coordinator, change, WORDS)
        with pytest.raises(IntegrityError, match="by a case"), transaction.atomic():
            registry.approve_change(made.coordinator, change, WORDS, right=May.DECIDE_GRADUATION)
    assert status_of(family) == "ACTIVE"


def test_the_page_of_its_request_offers_no_yes(made, client_of):
    family = without_component()
    proposed(made.operator, family)
    with in_territory(made.coordinator):
        change = ChangeRequest.objects.get(family=family)
    desk, address = client_of(made.coordinator), reverse("registry:change", args=[change.pk])
    page = desk.get(address).content.decode()
    assert 'value="refuse"' in page and 'value="approve"' not in page and "bagian graduasi" in page
    answer = desk.post(reverse("registry:decide", args=[change.pk]), {"decision": "approve", "reason": WORDS})
    assert answer.status_code == 422
    assert status_of(family) == "ACTIVE"


def test_a_request_refused_in_the_registry_is_not_carried_out(made):
    family = without_component()
    case = proposed(made.operator, family)
    approved(made.coordinator, case)
    told(made.operator, case)
    with in_territory(made.coordinator):
        registry.refuse_change(made.coordinator, ChangeRequest.objects.get(family=family), WORDS)
    with pytest.raises(GraduationRefused, match="sudah ditarik atau ditolak"):
        do(actions.carry_out, made.coordinator, case)


def test_it_refuses_tomorrow(made):
    case = opened(made.operator, without_component())
    tomorrow = timezone.localdate() + timedelta(days=1)
    with pytest.raises(GraduationRefused, match="belum tiba"):
        do(actions.visit, made.operator, case, tomorrow, "FITS", WORDS)


def test_it_refuses_a_signature_of_another_family(made):
    case = opened(made.operator, with_component(), "INDEPENDENT")
    stranger = make_family("6371011001")
    from gandeng.graduation.signing import drawn
    from gandeng.graduation.tests.factories import STROKES

    with in_territory(EVERYWHERE):
        signer = Member.objects.get(family=stranger)
    with pytest.raises(GraduationRefused, match="anggota keluarga itu"):
        do(actions.state_own, made.operator, case, timezone.localdate(), signer, drawn(STROKES), drawn=True, words="")


def test_the_statement_is_sealed_and_opened_with_a_line_in_the_log(made):
    from gandeng.audit.models import AuditEntry

    case = opened(made.operator, with_component(), "INDEPENDENT")
    step = signed(made.operator, case)
    with in_territory(made.coordinator):
        paper = Paper.objects.get(step=step)
        assert b"JFIF" not in bytes(paper.content_sealed)
        picture = actions.open_paper(made.coordinator, case, paper)
    assert picture.startswith(b"\xff\xd8\xff")
    with in_territory(EVERYWHERE):
        assert AuditEntry.objects.filter(action="graduation.statement_opened").exists()


def test_nobody_changes_what_was_done(made):
    case = opened(made.operator, without_component())
    prepared(made.operator, case)
    with in_territory(EVERYWHERE):
        for table in ("graduation_case", "graduation_step"):
            with pytest.raises(Exception, match=r"denied|never changed"), transaction.atomic():
                connection.cursor().execute(f"update {table} set village_code = '6371011002'")


def test_the_database_refuses_a_step_out_of_order(made):
    case = opened(made.operator, without_component())
    with in_territory(made.operator), pytest.raises(IntegrityError, match="no such step"), transaction.atomic():
        Step.objects.create(
            case=case, family=case.family, village_code=case.village_code, number=1, kind="EFFECTIVE",
            state="EFFECTIVE", on_day=timezone.localdate(), by_id=made.operator.person_id, authority="x",
        )  # fmt: skip


def test_a_stranger_sees_nothing(made, cast):
    case = graduated(made.operator, made.coordinator, without_component())
    with in_territory(cast("DISTRICT_COORDINATOR", "6302")):
        assert not Case.objects.filter(pk=case.pk).exists()
        assert not Step.objects.exists()
    assert uuid4() != case.pk


def test_a_family_that_moved_begins_anew_there(made):
    family = without_component()
    case = opened(made.operator, family)
    with in_territory(EVERYWHERE):
        Member.objects.filter(family=family).update(village_code="6371011002")
        Family.objects.filter(pk=family.pk).update(village_code="6371011002")
    with pytest.raises(GraduationRefused, match="sudah pindah"):
        do(actions.visit, made.operator, case, timezone.localdate(), "FITS", WORDS)
    assert opened(made.operator, family).village_code == "6371011002"
