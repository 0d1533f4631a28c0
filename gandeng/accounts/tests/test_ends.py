"""A role ends, and nobody makes it last longer; who stands in for somebody goes with whom she stands in for."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from gandeng.accounts.acting import acting_for, grants_on
from gandeng.accounts.actions import Refused, end_role
from gandeng.accounts.confirming import confirm_role
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


@pytest.fixture
def deputise(client_of, administrator, coordinator):
    """Named by one, confirmed by another."""

    def named(grant, person, until):
        told = {"person": str(person.person_id), "since": in_days(0).isoformat(), "until": until.isoformat()}
        answer = client_of(administrator).post(reverse("accounts:deputy", args=[grant.pk]), told)
        for waiting in Grant.objects.filter(awaits=True):
            confirm_role(coordinator, waiting, reason="surat penunjukan")
        return answer

    return named


def test_a_deputy_goes_with_whom_she_stands_in_for(administrator, head, cast, client_of, deputise):
    browser, deputy = client_of(administrator), cast("HELPDESK", "6371", name="Pengganti")
    assert deputise(grant_of(head), deputy, in_days(90)).status_code == 302
    assert "DISTRICT_HEAD" in held(deputy, 60)
    end(browser, grant_of(head), in_days(30))
    assert "DISTRICT_HEAD" in held(deputy, 29) and "DISTRICT_HEAD" not in held(deputy, 30)


def test_people_of_one_name_are_told_apart_and_nobody_is_chosen_beforehand(administrator, head, cast, client_of):
    for role, region in (("HELPDESK", "6371"), ("DISTRICT_OPERATOR", "6372")):
        cast(role, region, name="Siti Aminah")
    browser, page = client_of(administrator), reverse("accounts:deputy", args=[grant_of(head).pk])
    choices = [words for _key, words in browser.get(page).context["form"].fields["person"].choices]
    assert choices[0] == "Pilih orangnya" and len(choices) == len(set(choices))
    assert "Siti Aminah: Petugas pengaduan, Kota Banjarmasin" in choices
    told = {"person": "", "since": in_days(0).isoformat(), "until": in_days(9).isoformat()}
    assert "Pilih siapa yang menggantikan." in browser.post(page, told).content.decode()


def test_it_refuses_a_deputy_of_a_deputy_and_one_who_stays_longer(administrator, head, cast, client_of, deputise):
    browser, first = client_of(administrator), grant_of(head)
    deputy, third = (cast("HELPDESK", "6371", name=name) for name in ("Pengganti", "Orang Ketiga"))
    deputise(first, deputy, in_days(30))
    of_a_deputy = deputise(grant_of(deputy, "DISTRICT_HEAD"), third, in_days(20))
    assert of_a_deputy.status_code == 422 and "pemegang perannya" in of_a_deputy.content.decode()
    end(browser, first, in_days(10))
    longer = deputise(first, third, in_days(11))
    assert longer.status_code == 422 and "Peran yang digantikan berakhir" in longer.content.decode()
    end(browser, first, in_days(0))
    assert deputise(first, third, in_days(11)).status_code == 422
    assert held(third) == ["HELPDESK"]


def test_deputies_given_before_hold_nothing_beyond_whom_they_stand_in_for(head, cast):
    """Rows an earlier release let in: later than the holder, and a deputy's deputy."""
    first, names = grant_of(head), ("Pengganti", "Orang Ketiga")
    for name in names:
        person = grant_of(cast("HELPDESK", "6371", name=name)).person
        first = Grant.objects.create(
            person=person, role="DISTRICT_HEAD", region_code="6371", valid_from=date(2024, 1, 1),
            valid_until=date(2090, 1, 1), stands_in_for=first,
        )  # fmt: skip
    second, third = (Grant.objects.filter(person__name=name) for name in names)
    Grant.objects.filter(person_id=head.person_id).update(valid_until=in_days(2))

    def everybody(days):
        whole = {one.person_id for one in grants_on(in_days(days)).filter(role="DISTRICT_HEAD")}
        persons = {found[0].person_id for found in (second, third)}
        apart = {one for one in persons if "DISTRICT_HEAD" in [h.role for h in acting_for(one, in_days(days)).grants]}
        assert whole - {head.person_id} == apart, "asked for all and for one alike"
        return apart

    assert everybody(1) == {second[0].person_id}
    assert everybody(2) == set()


def test_an_end_reaches_deputies_of_deputies_given_before(administrator, head, cast):
    deputy, third = (cast("HELPDESK", "6371", name=name) for name in ("Pengganti", "Orang Ketiga"))
    of = grant_of(head)
    for one in (deputy, third):
        of = Grant.objects.create(
            person_id=one.person_id, role="DISTRICT_HEAD", region_code="6371", valid_from=date(2024, 1, 1),
            valid_until=date(2090, 1, 1), stands_in_for=of,
        )  # fmt: skip
    end_role(administrator, Grant.objects.get(person_id=head.person_id), on=in_days(0), reason="diberhentikan")
    of.refresh_from_db()
    assert of.valid_until == in_days(0)


def test_the_guards_of_other_packages_ask_the_same(head, cast):
    deputy = cast("HELPDESK", "6371", name="Pengganti")
    Grant.objects.create(
        person_id=deputy.person_id, role="DISTRICT_HEAD", region_code="6371", valid_from=date(2024, 1, 1),
        valid_until=date(2090, 1, 1), stands_in_for=grant_of(head),
    )  # fmt: skip
    asked = "select conduct_holds(%(who)s, '6371', 'DISTRICT_HEAD'), helpdesk_holds(%(who)s, '6371', 'DISTRICT_HEAD')"

    def holds():
        with connection.cursor() as cursor:
            cursor.execute(asked, {"who": deputy.person_id})
            return cursor.fetchone()

    assert holds() == (True, True)
    Grant.objects.filter(person_id=head.person_id).update(valid_until=in_days(0))
    assert holds() == (False, False)
