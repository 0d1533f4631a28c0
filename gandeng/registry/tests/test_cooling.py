"""What is new of an account or collector is told to whoever is near, until it is paid by."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from gandeng.accounts.acting import in_territory
from gandeng.registry.cooling import COOLING_DAYS, NEVER
from gandeng.registry.cooling_queries import cooling, new_by_family, new_of
from gandeng.registry.models import Account, Family
from gandeng.registry.tests.factories import EVERYWHERE, make_family
from gandeng.registry.tests.helpers import approved, asked, few_queries

pytestmark = pytest.mark.django_db

URL = "/keluarga/masa-tunggu/"


def changed(operator, coordinator, family, kind, **told):
    return approved(coordinator, asked(operator, family, kind, **told))


def told(acting, on=None):
    with in_territory(acting):
        today = on or timezone.localdate()
        return [(one.family.pk, one.collector, one.usable_from) for one in new_of(list(cooling({}, today)), today)]


def test_it_works(client_of, operator, coordinator):
    old, account, collector = (make_family(members=2) for _ in range(3))
    assert told(operator) == []
    change = changed(
        operator, coordinator, account, "ACCOUNT", after={"channel": "BNI"}, identifier="1234567890"
    )  # fmt: skip
    changed(operator, coordinator, collector, "COLLECTOR", place=1)
    day = timezone.localdate() + timedelta(days=COOLING_DAYS)
    assert sorted(told(operator)) == sorted([(account.pk, False, day), (collector.pk, True, day)])
    desk = client_of(operator)
    desk.get(URL)
    with few_queries():
        page = desk.get(URL).content.decode()
    assert account.family_no in page and collector.family_no in page and old.family_no not in page
    assert "Rekening BNI •••• 890" in page and "1234567890" not in page
    assert reverse("registry:change", args=[change.pk]) in page and operator.person_name in page
    assert coordinator.person_name in page and reverse("registry:ask", args=[account.pk, "HOLD_ACCOUNT"]) in page


def test_it_ends_with_the_last_day_and_is_not_there_for_what_never_is_paid(operator, coordinator):
    family, shared = make_family(), make_family()
    changed(operator, coordinator, family, "ACCOUNT", after={"channel": "BNI"}, identifier="1234567890")
    with in_territory(EVERYWHERE):
        Account.objects.filter(family=shared).update(usable_from=NEVER)
    day = timezone.localdate() + timedelta(days=COOLING_DAYS)
    assert [one[0] for one in told(operator, on=day - timedelta(days=1))] == [family.pk]
    assert told(operator, on=day) == []


def test_a_name_put_right_and_what_a_list_brought_are_there(client_of, operator, coordinator):
    family, listed = make_family(), make_family()
    after = {"name": "Siti Lain Uji", "birth_date": "1990-05-17", "sex": "F"}
    changed(operator, coordinator, family, "IDENTITY", place=0, after=after)
    with in_territory(EVERYWHERE):
        Family.objects.filter(pk=listed.pk).update(collector_usable_from=timezone.localdate() + timedelta(days=5))
    page = client_of(operator).get(URL).content.decode()
    assert "Menurut daftar dari Kementerian" in page and "Siti Lain Uji" in page
    assert {one[0] for one in told(operator)} == {family.pk, listed.pk}


def test_it_is_of_ones_own_territory_and_narrowed(client_of, cast, operator, coordinator):
    changed(operator, coordinator, make_family(), "ACCOUNT", after={"channel": "BNI"}, identifier="1234567890")
    assert told(cast("DISTRICT_OPERATOR", "6372")) == []
    desk = client_of(operator)
    assert "BNI" in desk.get(URL, {"region": "637101"}).content.decode()
    assert "Tidak ada yang cocok" in desk.get(URL, {"region": "637102"}).content.decode()
    assert desk.get(URL, {"wilayah": "63"}).status_code == 400
    assert "Tidak ada yang menunggu" in client_of(cast("DISTRICT_OPERATOR", "6372")).get(URL).content.decode()
    reader = client_of(cast("AUDITOR", "6371")).get(URL).content.decode()
    assert "BNI" in reader and "HOLD_ACCOUNT" not in reader


def test_what_a_phone_carries_has_no_number(operator, coordinator):
    family = make_family(members=2)
    changed(operator, coordinator, family, "ACCOUNT", after={"channel": "BNI"}, identifier="1234567890")
    changed(operator, coordinator, family, "COLLECTOR", place=1)
    day = timezone.localdate() + timedelta(days=COOLING_DAYS)
    with in_territory(operator):
        assert new_by_family([family.pk], timezone.localdate()) == {family.pk: [("ACCOUNT", day), ("COLLECTOR", day)]}
        assert new_by_family([make_family().pk], timezone.localdate()) == {}
