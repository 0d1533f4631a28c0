"""From what is found to the request that puts it right; and what a request's page tells of the NIK."""

from datetime import date

import pytest
from django.urls import reverse

from gandeng.accounts.acting import in_territory
from gandeng.audit.models import AuditEntry
from gandeng.cleansing.kinds import KINDS
from gandeng.cleansing.tests.factories import a_family, found_in
from gandeng.cleansing.views.common import row_of
from gandeng.registry.actions import Proof, Wanted, approve_change, request_change
from gandeng.registry.models import ChangeRequest, Member
from gandeng.registry.tests.factories import EVERYWHERE

pytestmark = pytest.mark.django_db

REASON = "Menurut KTP yang dilihat"


def asked(operator, family, kind, *, identifier="", **after):
    with in_territory(operator):
        member = Member.objects.get(pk=family.collector_id)
        stands = {"name": member.name, "birth_date": member.birth_date.isoformat(), "sex": member.sex}
        wanted = Wanted(stands | after if kind == "IDENTITY" else after, identifier)
        return request_change(operator, family, kind, member if kind != "BIRTH" else None, wanted, REASON, Proof("KTP"))


@pytest.mark.parametrize(
    ("kind", "wrong", "right"),
    [
        ("NIK_DATE", {"birth_date": date(1990, 5, 16)}, {"birth_date": "1990-05-17"}),
        ("NIK_SEX", {"sex": "M"}, {"sex": "F"}),
        ("NAME_ODD", {"name": "Rahma 2"}, {"name": "Rahma"}),
        ("BORN_ODD", {"birth_date": date(1880, 5, 17)}, {"birth_date": "1990-05-17"}),
    ],
)
def test_a_request_puts_it_right_and_it_is_found_no_more(operator, coordinator, kind, wrong, right):
    family = a_family(**wrong)
    assert kind in [one.kind for one in found_in(operator)]
    change = asked(operator, family, "IDENTITY", **right)
    with in_territory(coordinator):
        approve_change(coordinator, change, "Sesuai bukti")
    assert found_in(operator) == []


def test_every_kind_has_a_request_that_puts_it_right():
    assert [code for code, kind in KINDS.items() if not kind.changes] == []


def test_the_links_of_a_record_open_with_whoever_it_is_about(operator, client_of):
    family = a_family(birth_date=date(1990, 5, 16))
    (found,) = found_in(operator)
    told = row_of(found)["changes"]
    assert [str(one["label"]) for one in told] == [ChangeRequest.Kind.IDENTITY.label, ChangeRequest.Kind.NIK.label]
    browser = client_of(operator)
    for one in told:
        assert f'<option value="{family.collector_id}" selected' in browser.get(one["url"]).content.decode()
    page = browser.get(reverse("cleansing:record", args=[found.pk])).content.decode()
    assert all(one["url"] in page for one in told)


@pytest.mark.parametrize(
    ("kind", "identifier", "after", "words"),
    [
        ("IDENTITY", "", {"name": "Rahmah"}, "cocok dengan NIK."),
        ("IDENTITY", "", {"birth_date": "1990-05-16"}, "Tanggal lahir tidak cocok dengan NIK"),
        ("IDENTITY", "", {"sex": "M"}, "Jenis kelamin tidak cocok dengan NIK"),
        ("NIK", "6371015705900009", {}, "cocok dengan NIK."),
        ("NIK", "6371011705900009", {}, "Jenis kelamin tidak cocok dengan NIK"),
        ("NIK", "6371015705900000", {}, "NIK yang tidak mungkin"),
        ("BIRTH", "6371010101240003", {"name": "Bayi", "birth_date": "2024-01-02", "sex": "M"}, "Tanggal lahir tidak"),
    ],
)  # fmt: skip
def test_whoever_decides_sees_what_the_nik_says(client_of, operator, coordinator, kind, identifier, after, words):
    change = asked(operator, a_family(), kind, identifier=identifier, **after)
    for who in (operator, coordinator):
        page = client_of(who).get(reverse("registry:change", args=[change.pk])).content.decode()
        assert "Menurut NIK-nya" in page and words in page
        assert not identifier or identifier not in page


def test_it_says_nothing_where_there_is_no_nik_or_nothing_to_decide(client_of, cast, operator, coordinator):
    family = a_family(nik_index=None)
    change = asked(operator, family, "IDENTITY", name="Rahmah")
    address = reverse("registry:change", args=[change.pk])
    assert "Menurut NIK-nya" not in client_of(coordinator).get(address).content.decode()
    with in_territory(EVERYWHERE):
        Member.objects.filter(pk=family.collector_id).update(nik_index=b"x")
    with in_territory(coordinator):
        approve_change(coordinator, change, "Sesuai bukti")
    assert "Menurut NIK-nya" not in client_of(coordinator).get(address).content.decode()
    other = asked(operator, a_family(), "IDENTITY", name="Rahmah")
    page = client_of(cast("AUDITOR", "63")).get(reverse("registry:change", args=[other.pk])).content.decode()
    assert "Rahmah" in page and "Menurut NIK-nya" not in page
    with in_territory(EVERYWHERE):
        assert not AuditEntry.objects.filter(action="identifier.revealed").exists()
