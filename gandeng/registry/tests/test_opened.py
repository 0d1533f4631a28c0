"""Who looked at whom."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from gandeng.accounts.acting import in_territory
from gandeng.audit.models import AuditEntry
from gandeng.registry.tests.factories import EVERYWHERE, make_family

pytestmark = pytest.mark.django_db


@pytest.fixture
def look(client_of, django_capture_on_commit_callbacks):
    def look(acting, family):
        with django_capture_on_commit_callbacks(execute=True):
            return client_of(acting).get(f"/keluarga/{family.pk}/").status_code

    return look


def opened():
    with in_territory(EVERYWHERE):
        return list(AuditEntry.objects.filter(action="family.opened").order_by("id"))


def test_it_works(look, operator):
    family = make_family(name="Rahmawati Unik")
    assert look(operator, family) == 200
    (entry,) = opened()
    assert (entry.person_id, entry.object_id, entry.region_code) == (operator.person_id, str(family.pk), "6371011001")
    assert entry.authority == operator.first.words


def test_once_a_day_for_each_person_and_family(look, operator, cast, monkeypatch):
    family, other = make_family(), make_family()
    for _ in range(3):
        look(operator, family)
    look(operator, other)
    look(cast("HELPDESK", "6371"), family)
    assert len(opened()) == 3
    tomorrow = timezone.localdate() + timedelta(days=1)
    monkeypatch.setattr("gandeng.audit.actions.timezone.localdate", lambda: tomorrow)
    from gandeng.registry.actions.identifiers import note_opening

    with in_territory(operator):
        note_opening(operator, family)
    assert len(opened()) == 4, "midnight of Jakarta begins another day"


def test_what_is_not_yours_is_not_opened(look, stranger):
    assert look(stranger, make_family()) == 404
    assert opened() == []


def test_two_active_families_never_share_a_card(db):
    from django.db import IntegrityError, transaction
    from django_scopes import scopes_disabled

    one, two = make_family(), make_family("6372011001")
    with in_territory(EVERYWHERE), scopes_disabled():
        type(one).objects.filter(pk=one.pk).update(kk_index=b"k" * 16)
        with pytest.raises(IntegrityError, match="family_kk_once"), transaction.atomic():
            type(two).objects.filter(pk=two.pk).update(kk_index=b"k" * 16)
        type(one).objects.filter(pk=one.pk).update(status="GRADUATED")
        type(two).objects.filter(pk=two.pk).update(kk_index=b"k" * 16)


def test_a_card_nobody_knows_is_equal_to_none(db):
    from django_scopes import scopes_disabled

    with in_territory(EVERYWHERE), scopes_disabled():
        for family in (make_family(), make_family()):
            type(family).objects.filter(pk=family.pk).update(kk_index=None)
    assert connection
