"""Certificates: numbered, by set, once from a training; whose they are; revoked and renewed."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django_scopes import scopes_disabled

from gandeng.accounts.acting import in_territory
from gandeng.accounts.models import Person
from gandeng.accounts.public_codes import CODE_LENGTH, tidy
from gandeng.audit.models import AuditEntry
from gandeng.certificates import queries
from gandeng.certificates.actions import (
    CertificateRefused,
    Outside,
    Paper,
    issue,
    record_outside,
    renew,
    revoke,
)
from gandeng.certificates.content import digest_of, months_later
from gandeng.certificates.models import Certificate
from gandeng.certificates.tests.factories import issued_before, make_certificate, make_skill, wanted
from gandeng.facilitators.models import Staff
from gandeng.facilitators.tests.factories import make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def head(cast):
    return cast("DISTRICT_HEAD", "6371", name="Kepala Uji")


@pytest.fixture
def skill(cast):
    return make_skill(cast("PROVINCE_OFFICER", "63"))


def test_it_works(head, skill):
    staff = [make_staff("6371") for _ in range(3)]
    event = uuid4()
    with in_territory(head):
        made = issue(head, "6371", [wanted(one, skill, from_event=event) for one in staff])
        kept = list(Certificate.objects.select_related("skill").order_by("number"))
    year = timezone.localdate().year
    assert [one.number for one in kept] == [f"SRT-6371-{year}-{n:04d}" for n in (1, 2, 3)]
    assert [one.pk for one in made] == [one.pk for one in kept]
    assert all(tidy(one.code) and len(one.code) == CODE_LENGTH for one in kept)
    assert len({one.code for one in kept}) == 3
    assert [digest_of(one) for one in kept] == [one.content_sha256 for one in kept]
    assert kept[0].valid_until == months_later(timezone.localdate(), 36)
    assert kept[0].signer_post == "Kepala Dinas Sosial Kota Banjarmasin"
    with in_territory(head):
        assert queries.holds([one.pk for one in staff], timezone.localdate())[staff[0].pk] == {skill.pk}
        entry = AuditEntry.objects.filter(action="certificate.issued").get()
    assert entry.facts["certificates"] == 3


def test_a_thousand_in_one_go_are_numbered_one_after_the_other(cast):
    head, skill = cast("PROVINCE_HEAD", "63"), make_skill(cast("PROVINCE_OFFICER", "63"))
    people = Person.objects.bulk_create(Person(name=f"Peserta {n}") for n in range(1_000))
    with in_territory(head):
        staff = Staff.objects.bulk_create(
            Staff(staff_no=f"T{n:06d}", person=person, region_code="6371", joined_on=date(2024, 1, 1))
            for n, person in enumerate(people)
        )
        made = issue(head, "63", [wanted(one, skill) for one in staff])
        numbers = list(Certificate.objects.order_by("serial").values_list("number", flat=True))
    assert numbers == [one.number for one in made]
    assert (numbers[0][-4:], numbers[-1][-4:]) == ("0001", "1000")


def test_it_refuses_the_wrong_person_office_skill_and_oneself(cast, head, skill):
    staff, far = make_staff("6371"), make_staff("6372")
    own = make_staff("6371", person=Person.objects.get(pk=head.person_id))
    operator = cast("DISTRICT_OPERATOR", "6371")
    with in_territory(operator), pytest.raises(PermissionDenied):
        issue(operator, "6371", [wanted(staff, skill)])
    with in_territory(head), pytest.raises(PermissionDenied):
        issue(head, "6372", [wanted(far, skill)])
    for people, words in (([far], "tidak"), ([own], "diri sendiri"), ([staff, staff], "dua kali")):
        with in_territory(head), pytest.raises(CertificateRefused, match=f"(?i){words}"):
            issue(head, "6371", [wanted(one, skill) for one in people])
    elsewhere = make_skill(cast("PROVINCE_OFFICER", "75"), "75")
    with in_territory(head), pytest.raises(CertificateRefused, match="Keahlian"):
        issue(head, "6371", [wanted(staff, elsewhere)])
    with in_territory(head):
        assert not Certificate.objects.exists()


def test_the_database_refuses_another_number_region_and_change(head, skill):
    staff = make_staff("6371")
    made = make_certificate(head, staff, skill)
    with in_territory(head):
        for how in ({"number": "SRT-6371-2026-9999"}, {"region_code": "6372"}, {"office_code": "6372"}):
            told = {field.attname: getattr(made, field.attname) for field in Certificate._meta.fields}
            again = Certificate(**told | {"id": uuid4(), "code": None, "number": "", "series": ""} | how)
            with pytest.raises(DatabaseError), transaction.atomic():
                again.save(force_insert=True)
        with pytest.raises(DatabaseError), transaction.atomic():
            Certificate.objects.filter(pk=made.pk).update(title="lain")


def test_nobody_gets_two_in_force_from_one_training(head, skill):
    staff, event = make_staff("6371", name="Siti Uji"), uuid4()
    first = make_certificate(head, staff, skill, from_event=event)
    with pytest.raises(CertificateRefused, match="Siti Uji"):
        make_certificate(head, staff, skill, from_event=event)
    with in_territory(head), pytest.raises(IntegrityError, match="in force"), transaction.atomic():
        told = {field.attname: getattr(first, field.attname) for field in Certificate._meta.fields}
        code = first.code[::-1]
        Certificate(**told | {"id": uuid4(), "code": code, "number": "", "series": ""}).save(force_insert=True)
    with in_territory(head):
        revoke(head, first, "Nama salah tulis")
    assert make_certificate(head, staff, skill, from_event=event, renews=first.pk).renews_id == first.pk


def test_a_certificate_is_revoked_once_and_renewed_once(cast, head, skill):
    staff = make_staff("6371")
    made = make_certificate(head, staff, skill)
    with in_territory(head):
        with pytest.raises(CertificateRefused, match="masih berlaku"):
            renew(head, queries.access_certificate(head, made.pk), wanted(staff, skill))
        revoke(head, made, "Belum lulus ujian")
        with pytest.raises(CertificateRefused, match="sudah dicabut"):
            revoke(head, made, "Lagi")
        assert queries.holds([staff.pk], timezone.localdate())[staff.pk] == set()
        new = renew(head, queries.access_certificate(head, made.pk), wanted(staff, skill))
        with pytest.raises(CertificateRefused, match="sudah diperbarui"):
            renew(head, queries.access_certificate(head, made.pk), wanted(staff, skill))
    assert (new.renews_id, new.number[-4:]) == (made.pk, "0002")
    operator = cast("DISTRICT_OPERATOR", "6371")
    with in_territory(operator), pytest.raises(PermissionDenied):
        revoke(operator, new, "Bukan hak saya")


def test_where_its_holder_works_by_now_it_is_revoked_too(client_of, cast, head, skill):
    """The office that issued it sees her no more."""
    staff = make_staff("6371")
    made = make_certificate(head, staff, skill)
    with in_territory(cast("MINISTRY_OFFICER", "")), scopes_disabled():
        Staff.objects.filter(pk=staff.pk).update(region_code="6372")
    url = reverse("certificates:revoke", args=[made.pk])
    here = client_of(cast("DISTRICT_HEAD", "6372"))
    assert url in here.get(reverse("certificates:certificate", args=[made.pk])).content.decode()
    assert client_of(head).get(url).status_code == 404
    assert client_of(cast("DISTRICT_HEAD", "6301")).get(url).status_code == 404
    assert here.get(reverse("certificates:renew", args=[made.pk])).status_code == 404
    assert here.post(url, {"reason": "Nilai ujiannya keliru"}).status_code == 302
    with in_territory(head):
        entry = AuditEntry.objects.get(action="certificate.revoked")
    assert entry.region_code == made.office_code and "6372" in entry.authority


def test_it_is_for_its_holder_and_for_those_whose_territory_holds_her(cast, head, skill):
    person = cast("FACILITATOR", "637101", name="Pemegang Uji")
    beside = cast("FACILITATOR", "637101", name="Rekan Uji")
    lead, away = cast("SUB_DISTRICT_LEAD", "637101"), cast("SUB_DISTRICT_LEAD", "637102")
    staff = make_staff("6371", person=Person.objects.get(pk=person.person_id))
    make_staff("6371", person=Person.objects.get(pk=beside.person_id))
    made = make_certificate(head, staff, skill)
    for who, seen in (
        (person, True), (beside, False), (lead, True), (away, False), (head, True),
        (cast("PROVINCE_HEAD", "63"), True), (cast("DISTRICT_HEAD", "6372"), False), (cast("AUDITOR", "6371"), True),
    ):  # fmt: skip
        with in_territory(who), connection.cursor() as cursor:
            cursor.execute("select count(*) from certificates_certificate")
            assert cursor.fetchone() == (1 if seen else 0,), who.grants
            if seen:
                assert queries.access_certificate(who, made.pk) == made
            else:
                with pytest.raises(Http404):
                    queries.access_certificate(who, made.pk)


def test_it_goes_with_her_to_another_district(cast, head, skill):
    staff = make_staff("6371")
    made = make_certificate(head, staff, skill)
    province = cast("PROVINCE_OFFICER", "63")
    with in_territory(province):
        staff.region_code = "6372"
        staff.save(update_fields=["region_code"])
    there = cast("DISTRICT_HEAD", "6372")
    with in_territory(there):
        assert queries.access_certificate(there, made.pk).number == made.number
    with in_territory(head), pytest.raises(Http404):
        queries.access_certificate(head, made.pk)


def test_one_of_another_institution_is_recorded_with_its_paper(cast, head, skill):
    operator, staff = cast("DISTRICT_OPERATOR", "6371"), make_staff("6371")
    told = Outside(skill, "BB/12/2024", "BBPPKS Uji", "Diklat FDS", date(2024, 5, 1))
    paper = Paper("application/pdf", b"%PDF-uji")
    with in_territory(operator):
        made = record_outside(operator, staff, told, paper)
        assert (made.number, made.valid_until) == ("CSL-6371-2024-0001", date(2027, 5, 1))
        assert made.code is None
        assert made.evidence.byte_count == len(paper.content)
        with pytest.raises(CertificateRefused, match="sudah tercatat"):
            record_outside(operator, staff, told, paper)
        with pytest.raises(CertificateRefused, match="masa depan"):
            later = timezone.localdate() + timedelta(days=1)
            record_outside(operator, staff, Outside(skill, "2", "B", "C", later), paper)
    with in_territory(head), pytest.raises(PermissionDenied):
        record_outside(head, staff, told, paper)


def test_needs_of_a_district(cast, head, skill):
    never, held, soon, expired, revoked = (make_staff("6371", name=f"SDM {n}") for n in range(5))
    make_staff("6372")
    make_staff("6371", role="SUPERVISOR")
    today = timezone.localdate()
    make_certificate(head, held, skill)
    issued_before(soon, skill, today - timedelta(days=330), by=head)
    issued_before(expired, skill, today - timedelta(days=800), by=head)
    with in_territory(head):
        revoke(head, make_certificate(head, revoked, skill), "Salah orang")
        found = {one.name: one.state for one in queries.lacking(head, "6371", today)}
        assert found == {"SDM 0": "NEVER", "SDM 2": "SOON", "SDM 3": "EXPIRED", "SDM 4": "NEVER"}
        (row,) = queries.coverage(head, "6371", today)
        assert (row.needed, row.held, row.running_out, row.never, row.expired, row.lacking) == (5, 2, 1, 2, 1, 3)
        before = queries.coverage(head, "", today - timedelta(days=200))
        assert [(one.held, one.running_out) for one in before] == [(1, 0)]
        narrowed = queries.Narrowed(skill.pk, states=["EXPIRED"])
        assert [one.pk for one in queries.staff_lacking(head, "", today, narrowed)] == [expired.pk]
        assert list(queries.running_out(head, today).values_list("staff_id", flat=True)) == [soon.pk]
    province = cast("PROVINCE_OFFICER", "63")
    with in_territory(province):
        assert [(one.district, one.needed) for one in queries.coverage(province, "63", today)] == [
            ("6371", 5), ("6372", 1),
        ]  # fmt: skip
    with in_territory(never_of := cast("FACILITATOR", "637101")):
        assert queries.lacking(never_of, "", today) == []
    assert never.pk not in {one.pk for one in (held, soon)}
