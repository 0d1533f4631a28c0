"""Conduct and a shared district of the try-out: signatures, a case that was heard, a plan that takes effect later."""

from contextlib import contextmanager
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import transaction
from django.utils import timezone

from gandeng.accounts.acting import in_territory
from gandeng.accounts.models import Person
from gandeng.conduct.case_queries import access_case
from gandeng.conduct.models import Case, Clarification, Signature
from gandeng.facilitators.actions.caseload import assign_unaccompanied
from gandeng.facilitators.models import CaseloadChange, Plan
from gandeng.facilitators.tests.factories import make_staff
from gandeng.home.filling_conduct import fill_conduct
from gandeng.home.filling_plan import fill_plan
from gandeng.registry.tests.factories import make_family

pytestmark = pytest.mark.django_db


@contextmanager
def doing(acting):
    with in_territory(acting), transaction.atomic():
        yield acting


@pytest.fixture
def people(cast):
    """Whoever acts in the try-out, as far as this needs them."""
    facilitator = cast("FACILITATOR", "6371011001")
    make_staff("6371", person=Person.objects.get(pk=facilitator.person_id))
    return SimpleNamespace(
        province="63", facilitator=facilitator, heads={"6371": cast("DISTRICT_HEAD", "6371")},
        coordinators={"6371": cast("DISTRICT_COORDINATOR", "6371")}, province_head=cast("PROVINCE_HEAD", "63"),
        province_officer=cast("PROVINCE_OFFICER", "63"), helpdesk=cast("HELPDESK", "6371"),
    )  # fmt: skip


def test_a_case_waits_for_its_decision_and_some_have_signed(people):
    for _one in range(3):
        make_staff("6371")
    fill_conduct(people, doing)
    with in_territory(people.heads["6371"]):
        case = Case.objects.get()
        assert case.state == Case.State.HEARING and "putusan" in access_case(people.heads["6371"], case.pk).deeds
        assert (Signature.objects.count(), Clarification.objects.count()) == (3, 1)
        assert not Signature.objects.filter(staff__person_id=people.facilitator.person_id).exists(), (
            "hers is left to do"
        )


def test_a_plan_is_accepted_and_takes_effect_later(people):
    siti, _ani, coordinator = make_staff("6371"), make_staff("6371", home="637102"), people.coordinators["6371"]
    for village in ("6371011001", "6371021001"):
        for _one in range(6):
            make_family(village)
        with in_territory(coordinator):
            assign_unaccompanied(coordinator, village, siti, day=timezone.localdate(), reason="Uji")
    fill_plan(people, doing)
    with in_territory(coordinator):
        plan = Plan.objects.select_related("change").get()
        assert (plan.state, plan.change.kind) == (Plan.State.CARRIED_OUT, CaseloadChange.Kind.BALANCE)
        assert plan.change.effective_on == timezone.localdate() + timedelta(days=14) and plan.change.families > 0


def test_without_facilitators_or_families_there_is_nothing(people):
    fill_conduct(people, doing)
    fill_plan(people, doing)
    with in_territory(people.heads["6371"]):
        assert not Case.objects.exists() and not Plan.objects.exclude(state=Plan.State.DRAFT).exists()
