"""A case under way goes on where its village gets another code."""

import pytest
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from gandeng.accounts.acting import acting_for, in_territory
from gandeng.graduation import actions, queries
from gandeng.graduation.models import Case
from gandeng.graduation.tests.factories import WORDS, approved, opened, prepared, told, without_component
from gandeng.graduation.tests.factories import do as done
from gandeng.registry.models import Family
from gandeng.registry.tests.factories import EVERYWHERE
from gandeng.registry.tests.recoded import GONE, NEW, OTHER, applied

pytestmark = pytest.mark.django_db


def test_it_works(cast, operator, client_of):
    coordinator, head = cast("DISTRICT_COORDINATOR", "6371"), cast("DISTRICT_COORDINATOR", "6371")
    family = without_component(GONE)
    case = opened(operator, family)
    applied(operator, head, (GONE, NEW, True))
    operator, coordinator = (acting_for(one.person_id, timezone.localdate()) for one in (operator, coordinator))
    prepared(operator, case)
    done(actions.propose, operator, case, WORDS)
    assert client_of(coordinator).get(reverse("graduation:case", args=[case.pk])).status_code == 200
    approved(coordinator, case)
    told(operator, case)
    with in_territory(coordinator):
        assert queries.cases().get(pk=case.pk).village_code == GONE
        assert queries.here(queries.cases()).filter(pk=case.pk).exists()


def test_no_second_case_is_opened_under_the_new_code(cast, operator):
    head = cast("DISTRICT_COORDINATOR", "6371")
    family = without_component(GONE)
    opened(operator, family)
    applied(operator, head, (GONE, NEW, True))
    with in_territory(EVERYWHERE):
        now = Family.objects.get(pk=family.pk)
    with pytest.raises((actions.GraduationRefused, IntegrityError)):
        opened(operator, now)
    with in_territory(EVERYWHERE):
        assert Case.objects.filter(family=family).count() == 1


def test_a_family_that_moved_begins_anew_as_before(operator):
    family = without_component(GONE)
    case = opened(operator, family)
    with in_territory(EVERYWHERE):
        Family.objects.filter(pk=family.pk).update(village_code=OTHER)
        assert not queries.here(queries.cases()).filter(pk=case.pk).exists()
