"""Whoever decides whether an account is held reads on which lists it stands, and what still helps."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from gandeng.accounts.acting import in_territory
from gandeng.payments.tests.steps import People, approved, families, instructed, listed, opened
from gandeng.registry.actions import Proof, request_change
from gandeng.registry.forms import FORMS
from gandeng.registry.models import Account, Family
from gandeng.registry.tests.factories import EVERYWHERE

pytestmark = pytest.mark.django_db
STEPS = {
    "listed": (listed, "sebelum daftarnya disusun lagi"),
    "approved": (approved, "Minta agar dikembalikan"),
    "instructed": (instructed, "Hubungi penyalurnya sekarang"),
}


@pytest.fixture
def people(cast):
    return People(cast)


def asked(operator, family, kind):
    """Denied after it was paid by for a while."""
    with in_territory(EVERYWHERE):
        yesterday = timezone.localdate() - timedelta(days=1)
        Account.objects.filter(family=family).update(valid_from=yesterday - timedelta(days=14), usable_from=yesterday)
        Family.objects.filter(pk=family.pk).update(collector_usable_from=yesterday)
    with in_territory(operator):
        found = Family.objects.get(pk=family.pk)
        wanted = FORMS[kind](family=found, members=[]).wanted()
        return request_change(operator, found, kind, None, wanted, "Keluarga tidak mengenalnya", Proof())


def page_of(browser, change):
    return browser.get(reverse("registry:change", args=[change.pk])).content.decode()


@pytest.mark.parametrize("last", STEPS)
@pytest.mark.parametrize(
    ("kind", "channel"), [("HOLD_ACCOUNT", "BRI"), ("HOLD_ACCOUNT", "POS"), ("HOLD_COLLECTOR", "BRI")]
)
def test_it_works(people, cast, client_of, operator, kind, channel, last):
    family, other = families(("6371011001", channel), ("6371011001", channel))
    change = asked(operator, family, kind)
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
    change = asked(operator, family, "HOLD_ACCOUNT")
    listed(people, opened(people))
    with in_territory(EVERYWHERE):
        Account.objects.filter(family=family).update(account_index=b"x" * 32)
    assert "Pembayaran ke sana" not in page_of(client_of(cast("DISTRICT_COORDINATOR", "6371")), change)
