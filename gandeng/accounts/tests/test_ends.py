"""A role ends, and nobody makes it last longer."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from gandeng.accounts.acting import acting_for
from gandeng.accounts.actions import Refused, end_role
from gandeng.accounts.models import Grant

pytestmark = pytest.mark.django_db


def in_days(count):
    return timezone.localdate() + timedelta(days=count)


def held(acting, days=0):
    return [one.role.value for one in acting_for(acting.person_id, in_days(days)).grants]


def grant_of(acting, role=None):
    found = Grant.objects.filter(person_id=acting.person_id)
    return found.get(role=role) if role else found.get()


@pytest.fixture
def administrator(cast):
    return cast("ADMINISTRATOR", "6371", name="Admin Kota")


@pytest.fixture
def head(cast):
    return cast("DISTRICT_HEAD", "6371", name="Kepala Dinas")


def end(browser, grant, on):
    return browser.post(reverse("accounts:end_role", args=[grant.pk]), {"on": on.isoformat(), "reason": "pindah tugas"})


def test_it_works(administrator, head, client_of):
    browser, grant = client_of(administrator), grant_of(head)
    assert end(browser, grant, in_days(9)).status_code == 302
    assert end(browser, grant, in_days(3)).status_code == 302, "earlier than was said"
    assert held(head, 2) == ["DISTRICT_HEAD"] and held(head, 3) == []


def test_it_refuses_a_later_end_and_to_bring_back_what_has_ended(administrator, head, client_of):
    browser, grant = client_of(administrator), grant_of(head)
    end(browser, grant, in_days(3))
    answer = end(browser, grant, in_days(300))
    assert answer.status_code == 422 and "lebih awal" in answer.content.decode()
    end(browser, grant, in_days(0))
    assert end(browser, grant, in_days(300)).status_code == 422
    assert held(head, 100) == []


def test_it_refuses_a_role_of_one_s_own(administrator, cast, client_of):
    old = cast("DISTRICT_HEAD", "6371", person=grant_of(administrator).person)
    Grant.objects.filter(person_id=old.person_id).update(valid_until=in_days(1))
    browser = client_of(administrator)
    for grant in Grant.objects.filter(person_id=administrator.person_id):
        assert end(browser, grant, in_days(0)).status_code == 403
        with pytest.raises(PermissionDenied):
            end_role(administrator, grant, on=in_days(0), reason="sendiri")
    page = browser.get(reverse("accounts:person", args=[administrator.person_id])).content.decode()
    assert "/akhiri/" not in page


def test_an_end_in_the_past_is_today(administrator, head):
    end_role(administrator, grant_of(head), on=date(2024, 2, 1), reason="terlambat dicatat")
    assert grant_of(head).valid_until == in_days(0), "what was done until today was rightful"
    with pytest.raises(Refused):
        end_role(administrator, grant_of(head), on=date(2024, 2, 1), reason="sekali lagi")


@pytest.mark.parametrize("later", [date(2090, 1, 1), None])
def test_the_database_lets_no_role_last_longer(head, later):
    grants = Grant.objects.filter(person_id=head.person_id)
    grants.update(valid_until=in_days(-30))
    with pytest.raises(IntegrityError, match="lasts longer"), transaction.atomic():
        grants.update(valid_until=later)
