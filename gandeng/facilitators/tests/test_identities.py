"""A NIK and a family card of staff: typed or brought by a list, sealed, known by their index, shown by four digits."""

import pyarrow.parquet as pq
import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from conftest import Cast
from gandeng.accounts.acting import in_territory
from gandeng.accounts.models import Person
from gandeng.audit.models import AuditEntry
from gandeng.audit.sealing import Place, blind, unseal
from gandeng.facilitators import importing
from gandeng.facilitators.actions import imports
from gandeng.facilitators.actions.identities import Numbers, record_identity
from gandeng.facilitators.actions.staff import StaffRefused
from gandeng.facilitators.listing import HEADERS, lines_of
from gandeng.facilitators.models import Identity, ImportRow, Staff
from gandeng.facilitators.tests.factories import few_queries, make_staff
from gandeng.facilitators.tests.lists import QUIET, applied, person, taken
from gandeng.jobs.work import WorkRefused
from gandeng.registry.tests.factories import EVERYWHERE
from gandeng.runs.tests.samples import read_in_this_process

pytestmark = pytest.mark.django_db
NIK, CARD, OTHER = "6371014505900001", "6371010101010007", "6371014505900033"


@pytest.fixture(autouse=True)
def read_here(monkeypatch):
    read_in_this_process(monkeypatch)


def listed(number="P000001", **told):
    return person(number) | {"NIK": "", "Nomor KK": ""} | told


def numbers_of(staff):
    with in_territory(EVERYWHERE):
        rows = Identity.objects.filter(staff=staff, ended_at=None)
        return {"nik" if row.nik_last4 else "kk": str(row) for row in rows}


def page_of(client, staff):
    return client.get(reverse("facilitators:person", args=[staff.pk])).content.decode()


def test_it_works(operator, client_of):
    siti, desk = make_staff(), client_of(operator)
    address = reverse("facilitators:set_identity", args=[siti.pk])
    answer = desk.post(address, {"nik": f"{NIK[:6]} {NIK[6:]}", "kk": CARD}, follow=True)
    told = answer.content.decode()
    assert "•••• 0001" in told and "•••• 0007" in told and NIK not in told and CARD not in told
    with in_territory(operator):
        nik = Identity.objects.get(kk_last4="")
        assert unseal(nik.nik_sealed, Place("facilitators_identity", "nik", str(nik.pk))) == NIK
        assert bytes(nik.nik_index) == blind("nik", NIK)
        assert bytes(Identity.objects.get(nik_last4="").kk_index) == blind("kk", CARD)
        line = AuditEntry.objects.get(action="staff.identity_recorded")
    assert line.facts["nik"] == {"before": "", "after": "0001"} and NIK not in str(line.facts)
    with few_queries():
        assert "•••• 0007" in desk.get(address).content.decode()


@pytest.mark.parametrize(("typed", "odd"), [("3273019913900001", True), ("3273011405900001", False)])
def test_none_is_refused_for_what_it_says_and_nothing_it_says_is_repeated(operator, client_of, typed, odd):
    """A day no calendar has is looked at once more; another province than hers is nothing odd."""
    siti = make_staff()
    told = client_of(operator).post(
        reverse("facilitators:set_identity", args=[siti.pk]), {"nik": typed, "kk": ""}, follow=True
    )  # fmt: skip
    page = told.content.decode()
    assert ("Periksa sekali lagi dengan KTP-nya" in page) is odd
    assert typed[:12] not in page and "Bandung" not in page
    assert numbers_of(siti) == {"nik": "0001"}


@pytest.mark.parametrize("typed", ["637101450590000", "6371014505900001x", "6,37E+15"])
def test_it_refuses_what_is_not_sixteen_digits(operator, client_of, typed):
    siti = make_staff()
    answer = client_of(operator).post(reverse("facilitators:set_identity", args=[siti.pk]), {"nik": typed, "kk": typed})
    assert answer.status_code == 422 and set(answer.context["form"].errors) == {"nik", "kk"}
    assert numbers_of(siti) == {}


def test_a_number_that_changes_ends_and_one_that_was_wrong_goes(operator, client_of):
    siti = make_staff()
    with in_territory(operator):
        record_identity(operator, siti, Numbers({"nik": NIK, "kk": CARD}))
        with pytest.raises(StaffRefused):
            record_identity(operator, siti, Numbers({"nik": NIK, "kk": ""}))
        record_identity(operator, siti, Numbers({"nik": OTHER, "kk": ""}))
        assert numbers_of(siti) == {"nik": "0033", "kk": "0007"}
    desk, address = client_of(operator), reverse("facilitators:set_identity", args=[siti.pk])
    assert "Hapus nomor KK yang tercatat" in desk.get(address).content.decode()
    assert desk.post(address, {"nik": "", "kk": "", "gone": ["kk"]}).status_code == 302
    assert numbers_of(siti) == {"nik": "0033"}
    assert "Hapus nomor KK yang tercatat" not in desk.get(address).content.decode()
    with in_territory(operator):
        assert Identity.objects.filter(ended_at=None).count() == 1 and Identity.objects.count() == 3


def test_it_refuses_ones_own_and_the_database_does_too(operator):
    me = make_staff(person=Person.objects.get(pk=operator.person_id))
    with in_territory(operator):
        with pytest.raises(StaffRefused):
            record_identity(operator, me, Numbers({"nik": NIK}))
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            Identity.objects.create(staff=me, nik_last4="0001")


def test_the_role_of_the_pages_changes_nothing_but_when_a_number_ended(operator):
    siti = make_staff()
    with in_territory(operator):
        record_identity(operator, siti, Numbers({"nik": NIK}))
        for changed in ({"nik_index": b"x" * 16}, {"nik_last4": "9999"}, {"staff": siti}):
            with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                Identity.objects.update(**changed)
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            Identity.objects.all().delete()


def test_only_who_keeps_or_checks_records_and_she_herself_see_four_digits(cast, operator, client_of):
    facilitator = cast("FACILITATOR", "6371011001")
    siti = make_staff(person=Person.objects.get(pk=facilitator.person_id))
    with in_territory(operator):
        record_identity(operator, siti, Numbers({"nik": NIK, "kk": CARD}))
    own = client_of(facilitator).get(reverse("facilitators:own")).content.decode()
    assert "•••• 0001" in own and NIK not in own
    assert "•••• 0001" in page_of(client_of(cast("DISTRICT_HEAD", "6371")), siti)
    near = page_of(client_of(cast("SUB_DISTRICT_LEAD", "637101")), siti)
    assert siti.person.name in near and "••••" not in near
    for other in (cast("FACILITATOR", "6371011001"), cast("SUB_DISTRICT_LEAD", "637101"), cast("HELPDESK", "6372")):
        with in_territory(other):
            assert not Identity.objects.exists()


def test_a_list_brings_them_and_keeps_none_in_the_open(operator, django_capture_on_commit_callbacks):
    rows = [listed(NIK=NIK, **{"Nomor KK": CARD}), listed("P000002")]
    found = taken(operator, rows)
    folder = importing.folder_of(found.pk)
    for path in folder.iterdir():
        content = path.read_bytes()
        assert NIK.encode() not in content and CARD.encode() not in content
    with in_territory(operator), django_capture_on_commit_callbacks(execute=True):
        imports.apply_list(operator, found.pk, QUIET)
    assert not folder.exists()
    with in_territory(operator):
        siti = Staff.objects.get(staff_no="P000001")
        assert bytes(Identity.objects.get(kk_last4="").nik_index) == blind("nik", NIK)
        assert "sealed" not in str(list(ImportRow.objects.values_list("before", "after")))
    assert numbers_of(siti) == {"nik": "0001", "kk": "0007"}
    with in_territory(operator), pytest.raises(WorkRefused, match="tidak mengubah"):
        imports.apply_list(operator, taken(operator, rows).pk, QUIET)


def test_an_empty_cell_or_no_column_leaves_what_is_there(operator):
    applied(operator, [listed(NIK=NIK, **{"Nomor KK": CARD})])
    applied(operator, [person("P000001", Nama="Siti Aminah")])
    found = applied(operator, [listed(NIK=OTHER, Nama="Siti Aminah")])
    assert found.preview["counts"]["identities"] == 1
    with in_territory(operator):
        assert numbers_of(Staff.objects.get()) == {"nik": "0033", "kk": "0007"}
        imports.undo_list(operator, found.pk, "Berkas yang salah", QUIET)
        assert numbers_of(Staff.objects.get()) == {"nik": "0001", "kk": "0007"}


def test_a_list_is_not_undone_once_somebody_recorded_another_number(operator):
    found = applied(operator, [listed(NIK=NIK)])
    with in_territory(operator):
        record_identity(operator, Staff.objects.get(), Numbers({"nik": OTHER}))
        with pytest.raises(WorkRefused, match="sudah berubah lagi"):
            imports.undo_list(operator, found.pk, "Berkas yang salah", QUIET)


def test_it_refuses_a_damaged_number_and_two_of_one_person(operator):
    for told, words in (({"NIK": "6,37101E+15"}, "NIK"), ({"Nomor KK": "123"}, "nomor KK")):
        with pytest.raises(WorkRefused, match=f"{words} '.*' rusak"):
            taken(operator, [listed(**told)])
    lead = {"Tugas": "Ketua tim kecamatan", "Kode wilayah": "63.71.01"}
    with pytest.raises(WorkRefused, match="hanya tugas boleh berbeda"):
        taken(operator, [listed(NIK=NIK), listed(NIK=OTHER, **lead)])
    assert taken(operator, [listed(NIK=NIK), listed(NIK=NIK, **lead)]).preview["counts"]["added"] == 1


def test_it_refuses_a_list_with_ones_own_other_number(operator):
    make_staff(person=Person.objects.get(pk=operator.person_id), role="DATA_ADMINISTRATOR")
    with in_territory(EVERYWHERE):
        me = Staff.objects.select_related("person").get()
        out = dict(zip(HEADERS["STAFF"], next(iter(lines_of("STAFF", "6371", whole=True))), strict=True))
    assert taken(operator, [out]).preview["counts"]["unchanged"] == 1
    with pytest.raises(WorkRefused, match="catatan Anda sendiri"):
        taken(operator, [out | {"NIK": NIK}])
    assert numbers_of(me) == {}


def test_a_sealed_number_put_in_another_row_is_not_taken(operator):
    """Digests hold the rows, and each seal its own place."""
    found = taken(operator, [listed(NIK=NIK), listed("P000002", NIK=OTHER)])
    path = importing.folder_of(found.pk) / "nik_seals.parquet"
    rows = pq.read_table(path)
    turned = rows.set_column(1, "sealed", rows.column("sealed").take([1, 0]))
    pq.write_table(turned, path)
    with in_territory(operator), pytest.raises(WorkRefused, match="bukan lagi yang diunggah"):
        imports.apply_list(operator, found.pk, QUIET)


def test_another_district_neither_sees_nor_writes_them(operator):
    siti, stranger = make_staff(), Cast()("DISTRICT_OPERATOR", "6372")
    with in_territory(operator):
        record_identity(operator, siti, Numbers({"nik": NIK}))
    with in_territory(stranger):
        assert not Identity.objects.exists()
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            Identity.objects.create(staff_id=siti.pk, kk_last4="0001")
