"""What a family did not ask for is held by two people, neither of whom brought it, until it is put right."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from gandeng.accounts.acting import in_territory
from gandeng.core.channels import POST
from gandeng.registry import change_queries
from gandeng.registry.actions import (
    ChangeRefused,
    approve_change,
    refuse_change,
    withdraw_change,
)
from gandeng.registry.cooling import COOLING_DAYS, NEVER
from gandeng.registry.cooling_queries import cooling, new_by_family
from gandeng.registry.models import Account, ChangeRequest, Family
from gandeng.registry.queries import held_now
from gandeng.registry.tests.factories import EVERYWHERE, make_family
from gandeng.registry.tests.helpers import approved, asked, few_queries

pytestmark = pytest.mark.django_db

REASON = "Keluarga tidak mengenal rekening itu"
NUMBER = "1234567890"
HOLDS = ["HOLD_ACCOUNT", "HOLD_COLLECTOR"]


@pytest.fixture
def another(cast):
    """Decides in the same district, and had no hand in anything."""
    return cast("DISTRICT_COORDINATOR", "6371")


@pytest.fixture
def family(db):
    return make_family(members=3)


def changed(operator, coordinator, family, kind):
    """Another account or collector, asked for and approved."""
    told = {"after": {"channel": "BNI"}, "identifier": NUMBER} if kind == "HOLD_ACCOUNT" else {"place": 1}
    change = asked(operator, family, kind.removeprefix("HOLD_"), **told)
    approved(coordinator, change)
    return change


def usable(family, kind):
    with in_territory(EVERYWHERE):
        if kind == "HOLD_COLLECTOR":
            return Family.objects.get(pk=family.pk).collector_usable_from
        return Account.objects.get(family=family, valid_until__isnull=True).usable_from


def waiting(days=COOLING_DAYS):
    return timezone.localdate() + timedelta(days=days)


@pytest.mark.parametrize("kind", HOLDS)
def test_it_works(client_of, operator, coordinator, another, family, kind):
    brought = changed(operator, coordinator, family, kind)
    desk, ask = client_of(operator), reverse("registry:ask", args=[family.pk, kind])
    assert ask in desk.get(reverse("registry:cooling")).content.decode()
    assert ask in desk.get(reverse("registry:family", args=[family.pk])).content.decode()
    assert "tidak dibayar sampai rekening atau pengurus yang benar disetujui" in desk.get(ask).content.decode()
    assert desk.post(ask, {"reason": REASON}).status_code == 302
    assert usable(family, kind) == waiting(), "nothing yet"
    with in_territory(EVERYWHERE):
        change = ChangeRequest.objects.get(kind=kind)
    line = desk.get(reverse("registry:cooling")).content.decode()
    assert ask not in line and reverse("registry:change", args=[change.pk]) in line and "Disangkal keluarga" in line
    page = client_of(another)
    page.get(reverse("home"))
    with few_queries():
        before = page.get(reverse("registry:change", args=[change.pk])).content.decode()
    assert "Ditahan" in before and "Simpan keputusan" in before
    assert reverse("registry:change", args=[brought.pk]) in before and coordinator.person_name in before
    told = {"decision": "approve", "reason": "Keluarga ditemui"}
    assert page.post(reverse("registry:decide", args=[change.pk]), told).status_code == 302
    assert usable(family, kind) == NEVER
    with in_territory(operator):
        assert list(cooling({}, timezone.localdate())) == []
        assert len(held_now()) == 1
    story = desk.get(reverse("registry:family", args=[family.pk])).content.decode()
    assert "Ditahan: keluarga tidak memintanya" in story and "9999" not in story
    assert ask not in story, "held already"


@pytest.mark.parametrize("kind", HOLDS)
def test_what_the_family_asked_for_after_all_waits_anew(operator, coordinator, another, family, kind):
    changed(operator, coordinator, family, kind)
    approved(another, asked(operator, family, kind))
    change = changed(operator, coordinator, family, kind)
    assert change.before["held"] is True
    with in_territory(EVERYWHERE):
        told = {one.label: (one.before, one.after) for one in change_queries.differences(change, {})}
    assert told["Ditahan"] == ("ya", "tidak")
    assert usable(family, kind) == waiting()
    with in_territory(operator):
        assert len(held_now()) == 1, "as long as it waits"
    with in_territory(EVERYWHERE):
        Family.objects.filter(pk=family.pk).update(collector_usable_from=timezone.localdate())
        Account.objects.filter(family=family, valid_until=None).update(usable_from=timezone.localdate())
    with in_territory(operator):
        assert held_now() == []


def test_one_paid_at_the_post_is_held_and_asked_for_again(operator, coordinator, another, family):
    approved(coordinator, asked(operator, family, "ACCOUNT", after={"channel": POST}))
    with pytest.raises(ChangeRefused, match="Tidak ada yang berubah"):
        asked(operator, family, "ACCOUNT", after={"channel": POST})
    approved(another, asked(operator, family, "HOLD_ACCOUNT"))
    with in_territory(operator):
        assert len(held_now()) == 1
    approved(coordinator, asked(operator, family, "ACCOUNT", after={"channel": POST}))
    assert usable(family, "HOLD_ACCOUNT") == waiting()


@pytest.mark.parametrize("kind", HOLDS)
def test_whoever_brought_it_decides_nothing(client_of, cast, operator, coordinator, another, family, kind):
    changed(operator, coordinator, family, kind)
    change = asked(operator, family, kind)
    with in_territory(coordinator):
        for decide in (approve_change, refuse_change):
            with pytest.raises(ChangeRefused, match="meminta atau menyetujui penggantiannya"):
                decide(coordinator, change, "Tidak perlu ditahan")
        assert list(change_queries.denied_for(coordinator)) == []
    page = client_of(coordinator).get(reverse("registry:change", args=[change.pk])).content.decode()
    assert "Simpan keputusan" not in page and "diputuskan oleh orang lain, atau oleh provinsi" in page
    province = cast("PROVINCE_HEAD", "63")
    for other in (another, province):
        with in_territory(other):
            assert [one.pk for one in change_queries.denied_for(other)] == [change.pk]
            assert list(change_queries.waiting_for(other)) == []
        shelf = client_of(other).get(reverse("registry:changes"), {"shelf": "denied"}).content.decode()
        assert reverse("registry:change", args=[change.pk]) in shelf
        assert "?shelf=denied" in client_of(other).get(reverse("home")).content.decode()
    approved(province, change)


def test_a_name_put_right_bars_whoever_approved_it(operator, coordinator, another, family):
    after = {"name": "Siti Lain Uji", "birth_date": "1990-05-17", "sex": "F"}
    approved(coordinator, asked(operator, family, "IDENTITY", place=0, after=after))
    change = asked(operator, family, "HOLD_COLLECTOR")
    with in_territory(coordinator), pytest.raises(ChangeRefused, match="penggantiannya"):
        approve_change(coordinator, change, "Sesuai")
    approved(another, change)
    approved(coordinator, asked(operator, family, "IDENTITY", place=0, after=after | {"name": "Siti Uji Lagi"}))
    assert usable(family, "HOLD_COLLECTOR") == NEVER, "another name of the same person releases nothing"


@pytest.mark.parametrize("kind", HOLDS)
def test_what_was_never_changed_is_not_held_and_not_offered(client_of, operator, family, kind):
    page = client_of(operator).get(reverse("registry:family", args=[family.pk])).content.decode()
    assert reverse("registry:ask", args=[family.pk, kind]) not in page
    assert client_of(operator).get(reverse("registry:ask", args=[family.pk, kind])).status_code == 404
    with pytest.raises(ChangeRefused, match="tidak pernah diganti"):
        asked(operator, family, kind)


@pytest.mark.parametrize("kind", HOLDS)
def test_it_is_asked_once_and_may_be_taken_back(operator, coordinator, another, family, kind):
    changed(operator, coordinator, family, kind)
    change = asked(operator, family, kind)
    with pytest.raises(ChangeRefused, match="masih menunggu"):
        asked(operator, family, kind)
    with in_territory(operator):
        withdraw_change(operator, change)
    again = asked(operator, family, kind)
    with in_territory(another):
        refuse_change(another, again, "Keluarga ditemui dan mengenalnya")
    assert usable(family, kind) == waiting()
    approved(another, asked(operator, family, kind))
    with pytest.raises(ChangeRefused, match="sudah ditahan"):
        asked(operator, family, kind)


@pytest.mark.parametrize("kind", HOLDS)
def test_another_one_since_is_not_held(operator, coordinator, another, family, kind):
    changed(operator, coordinator, family, kind)
    change = asked(operator, family, kind)
    with in_territory(EVERYWHERE):
        if kind == "HOLD_ACCOUNT":
            Account.objects.filter(family=family, valid_until__isnull=True).update(usable_from=waiting(20))
        else:
            Family.objects.filter(pk=family.pk).update(collector_usable_from=waiting(20))
    with in_territory(another), pytest.raises(ChangeRefused, match="sudah berubah"):
        approve_change(another, change, "Sesuai")


def test_a_phone_does_not_ask_about_what_was_denied(operator, coordinator, family):
    for kind in HOLDS:
        changed(operator, coordinator, family, kind)
    asked(operator, family, "HOLD_ACCOUNT")
    with in_territory(operator):
        assert new_by_family([family.pk], timezone.localdate()) == {family.pk: [("COLLECTOR", waiting())]}


def test_an_account_of_another_family_is_not_one_that_was_denied(operator, family):
    with in_territory(EVERYWHERE):
        rows = Account.objects.filter(family=family)
        rows.update(account_index=None, account_sealed=b"", account_last3="", usable_from=NEVER)
        assert not rows.get().is_held
    with in_territory(operator):
        assert held_now() == []
        with pytest.raises(ChangeRefused, match="sudah ditahan"):
            asked(operator, family, "HOLD_ACCOUNT")


def test_a_reader_is_told_whom_to_ask(client_of, cast, operator, coordinator, family):
    changed(operator, coordinator, family, "HOLD_ACCOUNT")
    page = client_of(cast("AUDITOR", "6371")).get(reverse("registry:cooling")).content.decode()
    assert "Beri tahu mereka" in page and "Keluarga tidak memintanya</a>" not in page
