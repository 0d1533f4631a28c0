"""Clarifications: published for a region, read by its staff, replaced and ended, never rewritten."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from gandeng.accounts.acting import in_territory
from gandeng.conduct import clarification_queries as queries
from gandeng.conduct.actions import clarifications as actions
from gandeng.conduct.actions.common import ConductRefused
from gandeng.conduct.models import Acknowledgement
from gandeng.conduct.tests import factories as f

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(cast):
    return f.make_people(cast)


def test_it_works(people, client_of):
    made = f.make_clarification(people.coordinator)
    browser = client_of(people.accused)
    home = browser.get(reverse("home")).content.decode()
    assert made.claim in home and "klarifikasi belum Anda baca" in home
    assert browser.post(reverse("conduct:acknowledge", args=[made.pk])).status_code == 302
    assert made.claim not in browser.get(reverse("home")).content.decode()
    with in_territory(people.coordinator):
        assert [
            (one.district, one.staff, one.read, one.due) for one in queries.read_by_district(people.coordinator, made)
        ] == [("6371", 2, 1, 1)]
        assert [one.person_id for one in queries.not_read(people.coordinator, made)] == [people.lead.person_id]


def test_a_province_reaches_all_its_districts_and_no_other(people, cast):
    made = f.make_clarification(people.province, "63")
    other = f.make_people(cast, "6271")
    with in_territory(people.accused):
        assert list(queries.unread(people.accused)) == [made]
    with in_territory(other.accused):
        assert not queries.unread(other.accused).exists()
        with pytest.raises(Http404):
            queries.access_clarification(other.accused, made.pk)


def test_a_newer_one_takes_its_place(people):
    old = f.make_clarification(people.coordinator)
    text = actions.Text("6371", "Kabar lain", "Bukan begitu.", "Siaran", timezone.localdate() + timedelta(days=9))
    with in_territory(people.coordinator):
        new = actions.publish(people.coordinator, text, old)
        with pytest.raises(ConductRefused, match="sudah diganti"):
            actions.publish(people.coordinator, text, old)
        with pytest.raises(ConductRefused):
            actions.end(people.coordinator, old, "Terlambat")
    with in_territory(people.accused):
        assert list(queries.unread(people.accused)) == [new]
        with pytest.raises(ConductRefused, match="tidak berlaku"):
            actions.acknowledge(people.accused, old)


def test_it_ends_with_a_reason(people, client_of):
    made = f.make_clarification(people.coordinator)
    browser = client_of(people.coordinator)
    assert browser.post(reverse("conduct:end", args=[made.pk]), {"reason": ""}).status_code == 422
    assert browser.post(reverse("conduct:end", args=[made.pk]), {"reason": "Sudah reda"}).status_code == 302
    with in_territory(people.accused):
        assert not queries.unread(people.accused).exists()


def test_it_refuses_who_may_not(people, cast):
    for acting in (people.accused, people.head, people.auditor):
        with pytest.raises(PermissionDenied):
            f.make_clarification(acting)
    with pytest.raises(PermissionDenied):
        f.make_clarification(people.coordinator, "63")
    made = f.make_clarification(people.coordinator)
    neighbour = cast("DISTRICT_COORDINATOR", "6372")
    with in_territory(neighbour), pytest.raises(PermissionDenied):
        actions.end(neighbour, made, "Bukan wilayahnya")
    with in_territory(people.head), pytest.raises(ConductRefused, match="Hanya SDM PKH"):
        actions.acknowledge(people.head, made)


def test_its_text_and_who_read_it_are_never_changed(people):
    made = f.make_clarification(people.coordinator)
    with in_territory(people.accused):
        actions.acknowledge(people.accused, made)
        actions.acknowledge(people.accused, made)
        assert Acknowledgement.objects.count() == 1
    for change in (
        "update conduct_clarification set truth = 'lain'", "delete from conduct_clarification",
        "delete from conduct_acknowledgement", "update conduct_acknowledgement set at = now()",
    ):  # fmt: skip
        with (
            in_territory(people.coordinator), connection.cursor() as cursor,
            pytest.raises(Exception, match=r"permission denied|never changed|not changed"), transaction.atomic(),
        ):  # fmt: skip
            cursor.execute(change)


def test_pages(people, client_of):
    browser = client_of(people.coordinator)
    told = {
        "region": "6371", "claim": "NIK 6371010101800001 dihapus", "truth": "Tidak benar.", "source": "Dinas",
        "valid_until": (timezone.localdate() + timedelta(days=9)).isoformat(),
    }  # fmt: skip
    assert browser.post(reverse("conduct:publish"), told).status_code == 422, "no long number in it"
    answer = browser.post(reverse("conduct:publish"), told | {"claim": "Bantuan berhenti"})
    assert answer.status_code == 302
    assert "Bantuan berhenti" in browser.get(answer.url).content.decode()
    assert "Bantuan berhenti" in browser.get(reverse("conduct:clarifications")).content.decode()
    assert client_of(people.auditor).get(reverse("conduct:publish")).status_code == 403
