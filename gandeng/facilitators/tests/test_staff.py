"""Taking somebody on: one record, its first post and terms, a number nobody else has."""

from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied

from gandeng.accounts.acting import in_territory
from gandeng.accounts.models import Person
from gandeng.audit.models import AuditEntry
from gandeng.facilitators.actions import staff as acts
from gandeng.facilitators.actions.staff import Newcomer, StaffRefused, Terms
from gandeng.facilitators.models import Staff
from gandeng.facilitators.tests.factories import make_staff

pytestmark = pytest.mark.django_db
SINCE = date(2026, 1, 5)


def newcomer(**told):
    plain = Newcomer(uuid4(), None, "Siti Uji", "", "FACILITATOR", "6371", "637101", Terms("CONTRACT", SINCE))
    return replace(plain, **told)


def test_it_works(operator, cast):
    with in_territory(operator):
        siti = acts.take_on(operator, newcomer())
        ani = acts.take_on(operator, newcomer(name="Ani Uji", terms=Terms("PPPK", SINCE, "S1", "1990 NIP")))
        assert [one.kind for one in siti.employments.all()] == ["CONTRACT"]
        assert [(one.role, one.region_code, one.valid_from) for one in siti.posts.all()] == [
            ("FACILITATOR", "6371", SINCE)
        ]
        assert ani.employments.get().job_title == "PENATA"
    assert int(ani.staff_no[1:]) == int(siti.staff_no[1:]) + 1
    coordinator = cast("DISTRICT_COORDINATOR", "6371")
    with in_territory(coordinator):
        told = AuditEntry.objects.filter(action="staff.taken_on", object_id=str(siti.pk)).get()
    assert told.region_code == "6371" and told.authority.startswith("Operator data")


def test_the_next_number_counts_those_nobody_here_sees(operator, stranger):
    with in_territory(stranger):
        acts.take_on(stranger, newcomer(place="6372", home="", staff_no="P000777"))
    with in_territory(operator):
        assert not Staff.objects.exists()
        assert acts.take_on(operator, newcomer()).staff_no == "P000778"


def test_sent_twice_it_is_one_person(operator):
    told = newcomer()
    with in_territory(operator):
        assert acts.take_on(operator, told).pk == acts.take_on(operator, told).pk
        assert Staff.objects.count() == 1 and Person.objects.filter(name="Siti Uji").count() == 1


def test_who_has_a_login_keeps_it(operator, cast):
    siti = cast("FACILITATOR", "637101", name="Siti Punya Akun")
    with in_territory(operator):
        person = Person.objects.get(pk=siti.person_id)
        staff = acts.take_on(operator, newcomer(person=person, name=""))
        assert staff.person_id == siti.person_id
        with pytest.raises(StaffRefused, match="sudah tercatat") as why:
            acts.take_on(operator, newcomer(person=person, name=""))
        assert why.value.field == "person"


def test_it_refuses_a_number_somebody_has_wherever(operator, stranger):
    with in_territory(stranger):
        acts.take_on(stranger, newcomer(place="6372", home="", staff_no="P000001"))
    with in_territory(operator), pytest.raises(StaffRefused, match="sudah dipakai") as why:
        acts.take_on(operator, newcomer(staff_no="P000001"))
    assert why.value.field == "staff_no"


@pytest.mark.parametrize(
    ("role", "place", "words"),
    [
        ("SUB_DISTRICT_LEAD", "6371", "Pilih kecamatannya"),
        ("FACILITATOR", "637101", "Pilih kabupaten/kotanya"),
        ("DISTRICT_COORDINATOR", "637101", "Pilih kabupaten/kotanya"),
    ],
)
def test_it_refuses_a_post_at_the_wrong_level(operator, role, place, words):
    with in_territory(operator), pytest.raises(StaffRefused, match=words):
        acts.take_on(operator, newcomer(role=role, place=place))


def test_it_refuses_a_title_without_education(operator):
    with in_territory(operator), pytest.raises(StaffRefused, match="pendidikan"):
        acts.take_on(operator, newcomer(terms=Terms("PPPK", SINCE)))


def test_it_refuses_whoever_may_not(cast):
    for role, region in (("DISTRICT_HEAD", "6371"), ("DISTRICT_OPERATOR", "6372"), ("FACILITATOR", "6371011001")):
        who = cast(role, region)
        with in_territory(who), pytest.raises(PermissionDenied):
            acts.take_on(who, newcomer())


def test_nobody_records_anything_about_oneself(operator):
    with in_territory(operator):
        me = Person.objects.get(pk=operator.person_id)
        with pytest.raises(StaffRefused, match="sendiri"):
            acts.take_on(operator, newcomer(person=me, name=""))
    own = make_staff(person=me)
    with in_territory(operator), pytest.raises(StaffRefused, match="sendiri"):
        acts.set_home(operator, own, "637102")


def test_home_is_kept(operator):
    siti = make_staff()
    with in_territory(operator):
        acts.set_home(operator, siti, "637102")
        assert Staff.objects.get(pk=siti.pk).home_code == "637102"
