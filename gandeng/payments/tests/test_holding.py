"""Whoever decides whether an account is held reads on which lists it stands, and what still helps."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django_scopes import scopes_disabled

from gandeng.accounts.acting import in_territory
from gandeng.payments import actions
from gandeng.payments.models import Cycle, HeldPayment, Payment
from gandeng.payments.refused import Refused
from gandeng.payments.tests.steps import (
    PREGNANT,
    People,
    approved,
    families,
    instructed,
    listed,
    lists_of,
    moved,
    opened,
    quiet,
)
from gandeng.registry.actions import approve_change
from gandeng.registry.cooling import NEVER
from gandeng.registry.models import Account, Family, Member
from gandeng.registry.tests.factories import EVERYWHERE, make_family
from gandeng.registry.tests.helpers import asked

pytestmark = pytest.mark.django_db


def handed_in(people, cycle):
    for each in lists_of(cycle):
        with in_territory(people.officer):
            actions.submit_list(people.officer, each)
    return cycle


def all_levels(people, cycle):
    """As `approved`, of lists that are handed in already."""
    for each in lists_of(cycle):
        for who, level in ((people.head(each.district_code), "DISTRICT"), (people.province, "PROVINCE")):
            with in_territory(who):
                actions.approve_list(who, each, level)
    return Cycle.objects.get(pk=cycle.pk)


STEPS = {
    "listed": (listed, "sebelum dapat diajukan"),
    "submitted": (handed_in, "sebelum dapat disetujui"),
    "approved": (all_levels, "Minta agar daftarnya dikembalikan"),
    "instructed": (instructed, "Hubungi penyalurnya sekarang"),
}


@pytest.fixture
def people(cast):
    return People(cast)


def denied(operator, family, kind):
    """Denied after it was paid by for a while."""
    with in_territory(EVERYWHERE):
        yesterday = timezone.localdate() - timedelta(days=1)
        Account.objects.filter(family=family).update(valid_from=yesterday - timedelta(days=14), usable_from=yesterday)
        Family.objects.filter(pk=family.pk).update(collector_usable_from=yesterday)
    return asked(operator, family, kind)


def page_of(browser, change):
    return browser.get(reverse("registry:change", args=[change.pk])).content.decode()


@pytest.mark.parametrize("last", STEPS)
@pytest.mark.parametrize(
    ("kind", "channel"), [("HOLD_ACCOUNT", "BRI"), ("HOLD_ACCOUNT", "POS"), ("HOLD_COLLECTOR", "BRI")]
)
def test_it_works(people, cast, client_of, operator, kind, channel, last):
    family, other = families(("6371011001", channel), ("6371011001", channel))
    change = denied(operator, family, kind)
    desk = client_of(cast("DISTRICT_COORDINATOR", "6371"))
    assert "Pembayaran ke sana" not in page_of(desk, change), "no list yet"
    cycle = opened(people)
    for name, (step, _) in STEPS.items():
        cycle = step(people, cycle)
        if name == last:
            break
    page = page_of(desk, change)
    assert STEPS[last][1] in page and "Rp500.000" in page and "Tahap 2 tahun 2024" in page
    assert f"2024-2-{family.family_no}" in page and other.family_no not in page


def test_an_account_that_is_another_since_is_not_told(people, cast, client_of, operator):
    [family] = families(("6371011001", "BRI"))
    change = denied(operator, family, "HOLD_ACCOUNT")
    listed(people, opened(people))
    with in_territory(EVERYWHERE):
        Account.objects.filter(family=family).update(account_index=b"x" * 32)
    assert "Pembayaran ke sana" not in page_of(client_of(cast("DISTRICT_COORDINATOR", "6371")), change)


@pytest.mark.parametrize("kind", ["HOLD_ACCOUNT", "HOLD_COLLECTOR"])
@pytest.mark.parametrize("channel", ["BRI", "POS"])
def test_nobody_says_yes_to_a_list_that_pays_there_until_it_is_made_anew(people, cast, operator, kind, channel):
    family, other = families(("6371011001", channel), ("6371011001", channel))
    change = denied(operator, family, kind)
    cycle = listed(people, opened(people))
    decider = cast("DISTRICT_COORDINATOR", "6371")
    (found,) = lists_of(cycle)
    with in_territory(people.officer):
        actions.submit_list(people.officer, found)
    with in_territory(decider):
        approve_change(decider, change, "Keluarga ditemui")
    head = people.head("6371")
    with in_territory(head):
        with pytest.raises(Refused, match=r"ditahan karena keluarga tidak memintanya \(1\)"):
            actions.approve_list(head, found, "DISTRICT")
        actions.refuse_list(head, found, "Ada yang ditahan")
    with in_territory(people.officer):
        with pytest.raises(Refused, match="ditahan"):
            actions.submit_list(people.officer, lists_of(cycle)[0])
        actions.make_lists(people.officer, cycle, quiet)
    assert approved(people, cycle).state == "APPROVED"
    with in_territory(EVERYWHERE), scopes_disabled():
        assert [one.family_id for one in Payment.objects.all()] == [other.pk]
        assert [one.reason for one in HeldPayment.objects.all()] == [f"{kind.removeprefix('HOLD_')}_DENIED"]


@pytest.mark.parametrize(
    ("channel", "kind", "right"),
    [
        ("BRI", "ACCOUNT", {"after": {"channel": "BRI"}, "identifier": "700000000000123"}),
        ("POS", "ACCOUNT", {"after": {"channel": "BRI"}, "identifier": "700000000000123"}),
        ("POS", "COLLECTOR", {"place": 1}),
    ],
)
def test_what_was_denied_is_paid_by_no_list_once_the_right_one_is_known(people, cast, operator, channel, kind, right):
    """The registry was frozen with the wrong one, and the right one waits its days."""
    family = make_family("6371011001", channel=channel, members=2, **PREGNANT)
    [other] = families(("6371011001", channel))
    change = denied(operator, family, f"HOLD_{kind}")
    cycle = listed(people, opened(people))
    decider = cast("DISTRICT_COORDINATOR", "6371")
    with in_territory(decider):
        approve_change(decider, change, "Keluarga ditemui")
    anew = asked(operator, family, kind, **right)
    with in_territory(decider):
        approve_change(decider, anew, "Keluarga ditemui")
    with in_territory(people.officer):
        with pytest.raises(Refused, match="ditahan"):
            actions.submit_list(people.officer, lists_of(cycle)[0])
        actions.make_lists(people.officer, cycle, quiet)
    assert instructed(people, approved(people, cycle)).state == "INSTRUCTED"
    with in_territory(EVERYWHERE), scopes_disabled():
        assert [one.family_id for one in Payment.objects.all()] == [other.pk]
        assert [one.reason for one in HeldPayment.objects.all()] == [f"{kind}_DENIED"]


@pytest.mark.parametrize("kind", ["HOLD_ACCOUNT", "HOLD_COLLECTOR"])
def test_what_was_denied_is_known_also_of_a_family_that_has_left(people, cast, operator, kind):
    family, _other = families(("6371011001", "BRI"), ("6371011001", "BRI"))
    change = denied(operator, family, kind)
    cycle = listed(people, opened(people))
    decider = cast("DISTRICT_COORDINATOR", "6371")
    with in_territory(decider):
        approve_change(decider, change, "Keluarga ditemui")
    moved(family.pk, "6201011001")
    with in_territory(people.officer):
        with pytest.raises(Refused, match=r"ditahan karena keluarga tidak memintanya \(1\)"):
            actions.submit_list(people.officer, lists_of(cycle)[0])
        actions.make_lists(people.officer, cycle, quiet)
    with in_territory(EVERYWHERE), scopes_disabled():
        assert [one.reason for one in HeldPayment.objects.all()] == [f"{kind.removeprefix('HOLD_')}_DENIED"]


def test_a_stage_whose_last_list_nobody_stands_on_any_more_goes_on(people, cast, operator):
    family, _by_bank = families(("6371011001", "POS"), ("6371011001", "BRI"))
    change = denied(operator, family, "HOLD_ACCOUNT")
    cycle = listed(people, opened(people))
    by_bank = next(one for one in lists_of(cycle) if one.channel == "BRI")
    with in_territory(people.officer):
        actions.submit_list(people.officer, by_bank)
    for who, level in ((people.head("6371"), "DISTRICT"), (people.province, "PROVINCE")):
        with in_territory(who):
            actions.approve_list(who, by_bank, level)
    assert instructed(people, cycle).state == "LISTED"
    decider = cast("DISTRICT_COORDINATOR", "6371")
    with in_territory(decider):
        approve_change(decider, change, "Keluarga ditemui")
    with in_territory(people.officer):
        assert actions.make_lists(people.officer, cycle, quiet).state == "INSTRUCTED"


def test_lists_that_pay_elsewhere_are_approved(people, operator):
    """Held is another account than the one that stands on the list, and another family's."""
    family, other = families(("6371011001", "BRI"), ("6371011001", "BRI"))
    cycle = listed(people, opened(people))
    with in_territory(EVERYWHERE), scopes_disabled():
        Account.objects.filter(family=family).update(usable_from=NEVER, account_index=b"x" * 32)
        Family.objects.filter(pk=other.pk).update(collector_usable_from=NEVER)
        Member.objects.filter(family=other).update(nik_index=b"y" * 32)
    assert approved(people, cycle).state == "APPROVED"
