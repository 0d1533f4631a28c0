"""A name, birth date or sex recorded wrongly: put right by two people, and no way around a new collector."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from gandeng.accounts.acting import in_territory
from gandeng.registry.actions import ChangeRefused, Proof, Wanted, approve_change, request_change
from gandeng.registry.cooling import COOLING_DAYS
from gandeng.registry.models import ChangeRequest, Family, Member
from gandeng.registry.tests.factories import EVERYWHERE, make_family

pytestmark = pytest.mark.django_db

REASON = "Menurut KTP dan KK yang dilihat"
BORN = date(1991, 4, 3)
NIK = "6371014304910001"


@pytest.fixture
def family(db):
    return make_family(members=3, name="Siti Aminh")


def _members(family):
    with in_territory(EVERYWHERE):
        return list(Member.objects.filter(family=family).order_by("member_no"))


def _typed(member, **told):
    return {"member": str(member.pk), "reason": REASON, "evidence_words": "KTP asli", "name": "", "sex": ""} | told


def _asked(client, family, member, **told):
    answer = client.post(reverse("registry:ask", args=[family.pk, "IDENTITY"]), _typed(member, **told))
    assert answer.status_code == 302, answer.content.decode()
    with in_territory(EVERYWHERE):
        return ChangeRequest.objects.latest("requested_at")


def _approved(coordinator, change):
    with in_territory(coordinator):
        approve_change(coordinator, change, "Sesuai bukti")


def _usable_from(family):
    with in_territory(EVERYWHERE):
        return Family.objects.get(pk=family.pk).collector_usable_from


def test_it_works(client_of, operator, coordinator, family):
    second = _members(family)[1]
    change = _asked(client_of(operator), family, second, name="Rahmah Uji", birth_date=BORN.isoformat(), sex="M")
    assert _members(family)[1].name == second.name, "nothing yet"
    page = client_of(coordinator).get(reverse("registry:change", args=[change.pk])).content.decode()
    assert all(words in page for words in (second.name, "Rahmah Uji", "17 Mei 1990", "3 April 1991", "Laki-laki"))
    _approved(coordinator, change)
    now = _members(family)[1]
    assert (now.name, now.birth_date, now.sex) == ("Rahmah Uji", BORN, "M")
    story = client_of(operator).get(reverse("registry:family", args=[family.pk])).content.decode()
    assert "Tanggal lahir: 17 Mei 1990 → 3 April 1991" in story and "Jenis kelamin: Perempuan → Laki-laki" in story
    with in_territory(operator):
        found = client_of(operator).get(reverse("registry:families"), {"q": "Siti Aminh"}).content.decode()
    assert family.family_no in found, "the others are as they were"


def test_what_is_left_empty_stays(client_of, operator, coordinator, family):
    second = _members(family)[1]
    change = _asked(client_of(operator), family, second, birth_date=BORN.isoformat())
    assert change.after == {"name": second.name, "birth_date": "1991-04-03", "sex": second.sex}
    _approved(coordinator, change)
    now = _members(family)[1]
    assert (now.name, now.birth_date, now.sex) == (second.name, BORN, second.sex)


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({}, "Tidak ada yang berubah"),
        ({"name": "Siti Uji 1"}, "perlu bukti"),
        ({"birth_date": "2999-01-01"}, "belum tiba"),
        ({"birth_date": "kemarin"}, "tanggal yang benar"),
        ({"sex": "X"}, "X"),
        ({"name": "x" * 121}, "120"),
    ],
)
def test_it_refuses(client_of, operator, family, told, words):
    second = _members(family)[1]
    proof = {"evidence_words": ""} if words == "perlu bukti" else {}
    page = client_of(operator).post(
        reverse("registry:ask", args=[family.pk, "IDENTITY"]), _typed(second, **told, **proof)
    )
    assert page.status_code == 422 and words in page.content.decode()


def test_a_pregnancy_ends_before_its_woman_is_a_man(operator, coordinator, family):
    second = _members(family)[1]
    after = {"name": second.name, "birth_date": second.birth_date.isoformat(), "sex": "M"}
    with in_territory(operator):
        change = request_change(operator, family, "IDENTITY", second, Wanted(after), REASON, Proof("KTP"))
    with in_territory(EVERYWHERE):
        Member.objects.filter(pk=second.pk).update(pregnancy_no=1)
    with pytest.raises(ChangeRefused, match="Akhiri kehamilannya"):
        _approved(coordinator, change)
    with in_territory(operator), pytest.raises(ChangeRefused, match="Akhiri kehamilannya"):
        request_change(operator, family, "IDENTITY", _members(family)[1], Wanted(after), REASON, Proof("KTP"))


def test_it_refuses_what_was_asked_for_of_another_record(operator, coordinator, family, client_of):
    second = _members(family)[1]
    change = _asked(client_of(operator), family, second, name="Rahmah Uji")
    with in_territory(EVERYWHERE):
        Member.objects.filter(pk=second.pk).update(birth_date=BORN)
    with pytest.raises(ChangeRefused, match="sudah berubah"):
        _approved(coordinator, change)


@pytest.mark.parametrize(
    ("told", "waits"),
    [
        ({"name": "Siti Aminah"}, True), ({"name": "SITI AMINH"}, False), ({"birth_date": "1991-04-03"}, False),
        ({"sex": "M"}, False),
    ],
)  # fmt: skip
def test_a_collector_of_another_name_waits_like_a_new_one(client_of, operator, coordinator, family, told, waits):
    change = _asked(client_of(operator), family, _members(family)[0], **told)
    page = client_of(coordinator).get(reverse("registry:change", args=[change.pk])).content.decode()
    assert (f"mulai {COOLING_DAYS} hari kemudian" in page) is waits
    _approved(coordinator, change)
    assert _usable_from(family) == (timezone.localdate() + timedelta(days=COOLING_DAYS) if waits else None)


@pytest.mark.parametrize("first", [True, False])
def test_a_collector_of_another_nik_waits_and_a_first_one_does_not(operator, coordinator, family, first):
    collector = _members(family)[0]
    if first:
        with in_territory(EVERYWHERE):
            Member.objects.filter(pk=collector.pk).update(nik_index=None, nik_last4="", nik_sealed=b"")
    with in_territory(operator):
        change = request_change(
            operator, family, "NIK", _members(family)[0], Wanted({}, NIK), REASON, Proof("KTP")
        )  # fmt: skip
    _approved(coordinator, change)
    assert _usable_from(family) == (None if first else timezone.localdate() + timedelta(days=COOLING_DAYS))


def test_another_member_makes_nobody_wait(client_of, operator, coordinator, family):
    _approved(coordinator, _asked(client_of(operator), family, _members(family)[2], name="Orang Lain Uji"))
    assert _usable_from(family) is None


def test_a_link_chooses_whoever_it_is_about(client_of, operator, family):
    second = _members(family)[1]
    page = client_of(operator).get(reverse("registry:ask", args=[family.pk, "IDENTITY"]), {"member": str(second.pk)})
    assert f'<option value="{second.pk}" selected' in page.content.decode()
    odd = client_of(operator).get(reverse("registry:ask", args=[family.pk, "IDENTITY"]), {"anggota": "1"})
    assert odd.status_code == 400
