"""What a request would do to an amount: exactly what it does once it is approved, and nothing of asking is kept."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from gandeng.accounts.acting import in_territory
from gandeng.core.calculation import CheckFailed
from gandeng.entitlements.asking import would_be_due
from gandeng.payments import effect as effect_of_change
from gandeng.payments.effect import KINDS, NotFitting, effects_of
from gandeng.payments.next_stages import after, next_stage
from gandeng.policy import PolicyGap
from gandeng.registry.actions import Proof, Wanted, approve_change, request_change
from gandeng.registry.models import ChangeRequest, Family, Member
from gandeng.registry.tests.factories import EVERYWHERE, make_family
from gandeng.registry.tests.helpers import few_queries

pytestmark = pytest.mark.django_db

VILLAGE = "6371011001"


@pytest.fixture
def family(db):
    """A mother, a pupil and a grandmother."""
    made = make_family(VILLAGE, members=3)
    people = list(_rows(Member, family=made))
    _put(people[1], birth_date=date(2016, 3, 1), school_level="SD")
    _put(people[2], birth_date=date(1950, 1, 1))
    return made


def _rows(model, **which):
    with in_territory(EVERYWHERE):
        return list(model.objects.filter(**which).order_by("pk" if model is Family else "member_no"))


def _put(member, **fields):
    with in_territory(EVERYWHERE):
        Member.objects.filter(pk=member.pk).update(**fields)


def _person(**told):
    return {"name": "Siti Uji", "birth_date": "1990-05-17", "sex": "F"} | told


YOUNG = (timezone.localdate() - timedelta(days=900)).isoformat()
ASKED = {
    "BIRTH": ("ACTIVE", None, _person(birth_date=YOUNG, name="Bayi Uji")),
    "DEATH": ("ACTIVE", 2, {"deceased_on": "2026-09-01"}),
    "LEFT": ("ACTIVE", 1, {"left_on": "2026-09-01"}),
    "BACK": ("ACTIVE", 1, {"deceased_on": None, "left_on": None}),
    "SCHOOL_LEVEL": ("ACTIVE", 1, {"school_level": "SMP"}),
    "PREGNANCY": ("ACTIVE", 0, {"pregnancy_no": 1}),
    "DISABILITY": ("ACTIVE", 0, {"severe_disability": True}),
    "IDENTITY": ("ACTIVE", 2, _person(birth_date="1990-01-01")),
    "SUSPEND": ("ACTIVE", None, {"status": "SUSPENDED"}),
    "RESUME": ("SUSPENDED", None, {"status": "ACTIVE"}),
    "END": ("ACTIVE", None, {"status": "ENDED"}),
}


def _asked(acting, family, kind, place, told):
    member = _rows(Member, family=family)[place] if place is not None else None
    with in_territory(acting):
        return request_change(acting, family, kind, member, Wanted(told), "Menurut keluarga", Proof("Dilihat"))


def _amounts(acting, family):
    """As the next stages would pay it now, asked the other way."""
    with in_territory(acting):
        today = timezone.localdate()
        coming = next_stage(family.village_code, today)
        found = would_be_due(_policies(coming, today), [family.pk], on=today)
        return [one[family.pk].amount_rupiah if one else 0 for one in found]


def _policies(coming, today):
    stages = [coming, after(coming)] if coming.starts_on <= today else [coming]
    return [policy for policy in map(_policy, stages) if policy]


def _policy(stage):
    try:
        return stage.policy
    except PolicyGap:
        return None


def test_every_kind_is_asked_here():
    assert set(ASKED) == {kind.value for kind in KINDS} - {"GRADUATE"}, "graduations have pages of their own"


@pytest.mark.parametrize("kind", ASKED)
def test_it_tells_what_approving_then_does(operator, coordinator, family, kind):
    status, place, told = ASKED[kind]
    with in_territory(EVERYWHERE):
        Family.objects.filter(pk=family.pk).update(status=status)
    if kind == "BACK":
        _put(_rows(Member, family=family)[place], deceased_on=date(2026, 9, 1))
    change = _asked(operator, _rows(Family, pk=family.pk)[0], kind, place, told)
    before = _amounts(operator, family)
    with in_territory(coordinator):
        effects = effects_of(change, timezone.localdate())
        approve_change(coordinator, change, "Sesuai bukti")
    assert [one.before_rupiah for one in effects] == before
    assert [one.after_rupiah for one in effects] == _amounts(operator, family)
    assert any(one.moves for one in effects), "the family is made so that each kind moves its amount"


def _everything():
    """Digests of every table of the registry and of what watches it."""
    with connection.cursor() as cursor:
        cursor.execute(
            """select c.relname from pg_class c where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace
                and (c.relname ^@ 'registry_' or c.relname ^@ 'audit_' or c.relname ^@ 'pghistory_')
                and has_table_privilege(c.oid, 'select') order by 1"""
        )
        tables = [name for (name,) in cursor.fetchall()]
        found = {}
        for name in tables:
            cursor.execute(f"select count(*), md5(string_agg(t::text, '|' order by t::text)) from {name} t")
            found[name] = cursor.fetchone()
    return found


@pytest.mark.parametrize("kind", ["BIRTH", "IDENTITY", "SUSPEND"])
def test_nothing_of_asking_is_kept(operator, coordinator, family, kind):
    _status, place, told = ASKED[kind]
    change = _asked(operator, family, kind, place, told)
    with in_territory(EVERYWHERE):
        before = _everything()
    assert before["registry_family"][0] == 1, "they are seen"
    with in_territory(coordinator):
        assert effects_of(change, timezone.localdate())
    with in_territory(EVERYWHERE):
        assert _everything() == before


def test_the_page_of_a_request_tells_it(client_of, operator, coordinator, family):
    change = _asked(operator, family, "IDENTITY", 2, _person(birth_date="1990-01-01", name="Nenek Uji"))
    page = client_of(coordinator).get(reverse("registry:change", args=[change.pk])).content.decode()
    address = reverse("payments:effect", args=[change.pk])
    assert f'hx-get="{address}"' in page
    birth = _asked(operator, family, "BIRTH", None, _person(birth_date=YOUNG, name="Bayi Uji"))
    desk = client_of(coordinator)
    for one in (birth, change):
        with few_queries():
            panel = desk.get(reverse("payments:effect", args=[one.pk]), headers={"HX-Request": "true"}).content.decode()
    with in_territory(coordinator):
        one = effects_of(change, timezone.localdate())[0]
    assert (one.before_rupiah, one.after_rupiah) == (825_000, 225_000), "600.000 for the grandmother, a stage of 2026"
    assert "Sekarang Rp825.000; bila disetujui <strong>Rp225.000</strong>" in panel
    assert "Lanjut usia: Rp600.000" in panel and "2 anggota lain tetap" in panel
    assert "SD atau sederajat" not in panel, "what stays is counted alone"
    whole = client_of(coordinator).get(address).content.decode()
    assert "<html" in whole and family.family_no in whole


def test_it_is_not_there_for_others_nor_once_decided(client_of, cast, operator, coordinator, family):
    change = _asked(operator, family, "SCHOOL_LEVEL", 1, {"school_level": "SMP"})
    address = reverse("payments:effect", args=[change.pk])
    assert client_of(cast("DISTRICT_COORDINATOR", "6372")).get(address).status_code == 404
    assert client_of(cast("AUDITOR", "63")).get(address).status_code == 403
    with in_territory(coordinator):
        approve_change(coordinator, change, "Sesuai bukti")
    assert client_of(coordinator).get(address).status_code == 404
    graduates = _asked(operator, family, "GRADUATE", None, {"status": "GRADUATED"})
    assert client_of(coordinator).get(reverse("payments:effect", args=[graduates.pk])).status_code == 404
    moved = _asked(operator, family, "MOVE", None, {"village_code": "6371021001"})
    assert client_of(coordinator).get(reverse("payments:effect", args=[moved.pk])).status_code == 404


def test_it_says_why_it_cannot_be_told(client_of, operator, coordinator, family, monkeypatch):
    change = _asked(operator, family, "BIRTH", None, _person(birth_date=YOUNG))
    desk, address = client_of(coordinator), reverse("payments:effect", args=[change.pk])

    def broken(*_):
        raise CheckFailed("benefit", "a check", "a row")

    with monkeypatch.context() as patch:
        patch.setattr(effect_of_change, "due_of", broken)
        assert "Periksa pengurus" in desk.get(address).content.decode()

    def unknown(*_):
        raise PolicyGap("no_figure", figure="calendar/months_per_stage", day="2031-01-01")

    with monkeypatch.context() as patch:
        patch.setattr(effect_of_change, "next_stage", unknown)
        assert "Angka kebijakan" in desk.get(address).content.decode()


def test_it_says_what_no_longer_fits(client_of, operator, coordinator, family):
    change = _asked(operator, family, "LEFT", 1, {"left_on": "2026-09-01"})
    _put(_rows(Member, family=family)[1], deceased_on=date(2026, 8, 1))
    with in_territory(coordinator), pytest.raises(NotFitting, match="meninggal"):
        effects_of(ChangeRequest.objects.get(pk=change.pk), timezone.localdate())
    page = client_of(coordinator).get(reverse("payments:effect", args=[change.pk])).content.decode()
    assert "sudah meninggal" in page


def test_a_number_of_others_is_said(client_of, operator, coordinator, family):
    nik = "6371015505240001"
    with in_territory(operator):
        change = request_change(
            operator, family, "BIRTH", None, Wanted(_person(birth_date=YOUNG), nik), "Menurut keluarga", Proof("Akta")
        )  # fmt: skip
    make_family("6372011001", nik=nik)
    page = client_of(coordinator).get(reverse("payments:effect", args=[change.pk])).content.decode()
    assert "dipakai orang lain" in page
    with in_territory(EVERYWHERE):
        assert ChangeRequest.objects.get(pk=change.pk).state == "PENDING"
