"""Cases of the try-out: of many kinds, by every way, one late, and the sensitive ones for heads alone."""

from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from django.db import transaction
from django.utils import timezone

from gandeng.accounts.acting import in_territory
from gandeng.helpdesk.models import Case
from gandeng.home.filling_helpdesk import fill_helpdesk
from gandeng.payments.tests.factories import make_cycle
from gandeng.registry.tests.factories import make_family

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
    people = SimpleNamespace(facilitator=cast("FACILITATOR", "6371011001"), helpdesk=desk, heads={"6371": head})
    fill_helpdesk(people, doing)
    with in_territory(desk):
        seen = list(Case.objects.all())
    with in_territory(head):
        sensitive = list(Case.objects.filter(sensitive=True))
    assert (len(seen), len(sensitive)) == (11, 2), "the desk does not find the sensitive ones"
    assert {case.state for case in seen} == {"NEW", "ASSIGNED", "ESCALATED", "ANSWERED", "CLOSED"}
    assert {case.came for case in seen} == set(Case.Came.values) and {case.level for case in seen} == {1, 2}
    assert [case.kind for case in seen if case.due_at and case.due_at < timezone.now()] == ["CARD"]
    assert [case.rating for case in seen if case.rating] == [4] and sum(case.reopened for case in seen) == 1
    assert sum(case.family_id is not None for case in seen) == families


def test_money_that_did_not_come_is_linked_with_its_payment(cast):
    make_cycle()
    desk, head = cast("HELPDESK", "6371"), cast("DISTRICT_HEAD", "6371")
    people = SimpleNamespace(facilitator=cast("FACILITATOR", "6371011001"), helpdesk=desk, heads={"6371": head})
    fill_helpdesk(people, doing)
    with in_territory(desk):
        linked = Case.objects.get(payment__isnull=False)
    assert (linked.kind, linked.state) == ("NOT_RECEIVED", "ASSIGNED") and linked.family_id is not None
