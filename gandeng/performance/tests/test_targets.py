"""Targets: an office's own word, the nearest office first; without one there is no ratio."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from gandeng.accounts.acting import in_territory
from gandeng.performance.actions.common import PerformanceRefused
from gandeng.performance.actions.targets import Wanted, set_report_day, set_targets
from gandeng.performance.published import areas
from gandeng.performance.report_queries import own_late
from gandeng.performance.target_queries import targets, terms_on
from gandeng.performance.tests.factories import last_month, make_worker

pytestmark = pytest.mark.django_db


def _set(acting, region, count=12, **more):
    wanted = Wanted(
        region, more.pop("year", timezone.localdate().year), [5], post_role="FACILITATOR", count=count, reason="Uji",
        **more,
    )  # fmt: skip
    with in_territory(acting):
        return set_targets(acting, wanted)


def _count(worker):
    today = timezone.localdate()
    with in_territory(worker.acting):
        found = targets(today.year).of("6371", 5, terms_on([worker.staff.pk], today)[worker.staff.pk])
    return found and found.count


def test_it_works_and_the_nearest_office_counts(cast):
    worker = make_worker(cast)
    assert _count(worker) is None
    _set(cast("MINISTRY_OFFICER", ""), "", 36)
    assert _count(worker) == 36
    coordinator = cast("DISTRICT_COORDINATOR", "6371")
    _set(coordinator, "6371", 24)
    _set(coordinator, "6371", 30)
    assert _count(worker) == 30
    _set(coordinator, "6371", None, basis="WITHDRAWN")
    assert _count(worker) == 36


def test_nothing_published_is_in_force_and_without_a_target_nothing_is_missing(cast, client_of):
    worker = make_worker(cast)
    rows = client_of(worker.acting).get(reverse("performance:own")).context["rows"]
    assert len(rows) == len(areas()) == 9
    assert {row["target_words"] for row in rows} == {"belum ditetapkan"} and {row["missing"] for row in rows} == {None}


def test_a_coordinator_sets_one_beginning_with_what_was_published(cast, client_of):
    browser = client_of(cast("DISTRICT_COORDINATOR", "6371"))
    page = reverse("performance:set_target")
    form = browser.get(page, {"area": "5"}).context["form"]
    assert form.initial["count"] == 36
    told = {"region": "6371", "year": timezone.localdate().year, "area": "5", "whose": "FACILITATOR", "basis": "COUNT",
            "count": "36", "reason": "Perjanjian kinerja"}  # fmt: skip
    assert browser.post(page, told | {"count": ""}).status_code == 422
    assert browser.post(page, told | {"region": "6372"}).status_code == 422
    assert browser.post(page, told).status_code == 302
    assert "36" in browser.get(reverse("performance:targets")).content.decode()


def test_it_refuses_another_district_and_a_year_that_is_over(cast):
    coordinator = cast("DISTRICT_COORDINATOR", "6371")
    with pytest.raises(PermissionDenied):
        _set(coordinator, "6372")
    with pytest.raises(PerformanceRefused):
        _set(coordinator, "6371", year=timezone.localdate().year - 1)


def test_late_only_where_an_office_said_so(cast, client_of):
    worker, coordinator = make_worker(cast), cast("DISTRICT_COORDINATOR", "6371")
    month = last_month()
    day = month.replace(year=month.year + (month.month == 12), month=month.month % 12 + 1, day=20)
    with in_territory(worker.acting):
        assert own_late(worker.acting, day) is None
    begin = max(month, timezone.localdate().replace(month=1, day=1))
    with in_territory(coordinator):
        set_report_day(coordinator, "6371", 5, begin, "Uji")
    with in_territory(worker.acting):
        assert own_late(worker.acting, day) == (month if begin == month else None)
    page = client_of(coordinator).get(reverse("performance:reviews")).context
    assert [one["staff"] for one in page["missing"]] == [worker.staff]
