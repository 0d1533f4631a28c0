"""Cases of the try-out: of many kinds, by every way, one late, the sensitive ones for heads alone; a letter."""

from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from django.db import transaction
from django.utils import timezone

from gandeng.accounts.acting import in_territory
from gandeng.helpdesk.models import Case, FamilyCode, Letter, Origin
from gandeng.helpdesk.tests.factories import accompanied, person
from gandeng.home.filling_helpdesk import fill_helpdesk
from gandeng.payments.tests.factories import make_cycle
from gandeng.registry.tests.factories import make_family
from gandeng.training.actions.problems import Raised, give, raise_problem
from gandeng.training.problem_queries import access_problem
from gandeng.training.tests.happening import happening

pytestmark = pytest.mark.django_db


@contextmanager
def doing(acting):
    with in_territory(acting), transaction.atomic():
        yield acting


@pytest.mark.parametrize("families", [0, 1])
def test_a_dozen_cases_of_every_state_and_way(cast, families):
    for _one in range(families):
        make_family()
    desk, head = cast("HELPDESK", "6371"), cast("DISTRICT_HEAD", "6371")
    people = SimpleNamespace(
        facilitator=cast("FACILITATOR", "6371011001"), helpdesk=desk, heads={"6371": head},
        coordinators={"6371": cast("DISTRICT_COORDINATOR", "6371")},
    )  # fmt: skip
    cast("SUB_DISTRICT_LEAD", "637101")
    fill_helpdesk(people, doing)
    with in_territory(desk):
        seen = list(Case.objects.all())
    with in_territory(head):
        sensitive = list(Case.objects.filter(sensitive=True))
    assert (len(seen), len(sensitive)) == (15, 2), "the desk does not find the sensitive ones"
    assert {case.state for case in seen} == {"NEW", "ASSIGNED", "ESCALATED", "ANSWERED", "CLOSED"}
    assert {case.came for case in seen} == set(Case.Came.values) and {case.level for case in seen} == {1, 2}
    assert [case.kind for case in seen if case.due_at and case.due_at < timezone.now()] == ["CARD"]
    assert sorted(case.rating for case in seen if case.rating) == [3, 4, 4, 5, 5]
    assert sum(case.reopened for case in seen) == 1
    assert sum(case.family_id is not None for case in seen) == families


def test_a_family_of_hers_has_its_letter_and_a_problem_became_a_case(cast, operator):
    facilitator, family = accompanied(cast)
    coordinator, event = cast("DISTRICT_COORDINATOR", "6371"), happening(cast, operator, 1)
    who = event.people[0]
    with in_territory(who):
        problem = raise_problem(who, event.own(who), Raised("6371", "DATA", "Data ganda di dua desa"))
    with in_territory(operator):
        give(operator, access_problem(operator, problem.pk), person(coordinator), None)
    people = SimpleNamespace(
        facilitator=facilitator, helpdesk=cast("HELPDESK", "6371"), heads={"6371": cast("DISTRICT_HEAD", "6371")},
        coordinators={"6371": coordinator},
    )  # fmt: skip
    fill_helpdesk(people, doing)
    with in_territory(facilitator):
        assert Letter.objects.get().family_id == family.pk and FamilyCode.objects.count() == 1
    with in_territory(coordinator):
        assert Origin.objects.get(problem=problem).case.assigned_id == coordinator.person_id


def test_money_that_did_not_come_is_linked_with_its_payment(cast):
    make_cycle()
    desk, head = cast("HELPDESK", "6371"), cast("DISTRICT_HEAD", "6371")
    people = SimpleNamespace(
        facilitator=cast("FACILITATOR", "6371011001"), helpdesk=desk, heads={"6371": head},
        coordinators={"6371": cast("DISTRICT_COORDINATOR", "6371")},
    )  # fmt: skip
    fill_helpdesk(people, doing)
    with in_territory(desk):
        linked = Case.objects.get(payment__isnull=False)
    assert (linked.kind, linked.state) == ("NOT_RECEIVED", "ASSIGNED") and linked.family_id is not None
