"""What the pages about staff show, to whom, and how their forms refuse."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from gandeng.accounts.acting import acting_for, in_territory
from gandeng.accounts.models import Person
from gandeng.facilitators.actions import equipment, service
from gandeng.facilitators.actions.caseload import assign_unaccompanied
from gandeng.facilitators.actions.staff import Terms
from gandeng.facilitators.models import Leave, Post, Staff
from gandeng.facilitators.tests.factories import make_staff
from gandeng.registry.tests.factories import make_family

pytestmark = pytest.mark.django_db
VILLAGE = "6371011001"


def today():
    return timezone.localdate()


def address(name, *args):
    return reverse(f"facilitators:{name}", args=[getattr(one, "pk", one) for one in args])


NEW = {
    "name": "Siti Baru", "person": "", "staff_no": "", "role": "FACILITATOR", "place": "6371", "home": "637101",
    "since": "2026-01-05", "kind": "PPPK", "education": "D3", "service_no": "199005172026212001", "until": "",
}  # fmt: skip


def test_it_works(operator, client_of):
    pages = client_of(operator)
    assert "Belum ada pendamping" in pages.get(address("staff")).content.decode()
    asked = pages.get(address("take_on")).context["form"]
    answer = pages.post(address("take_on"), NEW | {"staff_id": asked["staff_id"].value()})
    with in_territory(operator):
        siti = Staff.objects.get()
    assert answer.headers["Location"] == address("person", siti)
    page = pages.get(address("person", siti)).content.decode()
    for words in ("Siti Baru", "Pengelola Layanan Operasional", "199005172026212001", "Banjarmasin", "Bertugas"):
        assert words in page
    listed = pages.get(address("staff") + "?q=baru").content.decode()
    assert "Siti Baru" in listed and siti.staff_no in listed


@pytest.mark.parametrize(
    ("told", "field", "words"),
    [
        ({"name": ""}, "name", "salah satu"),
        ({"role": "SUB_DISTRICT_LEAD"}, "place", "Pilih kecamatannya"),
        ({"place": "6372"}, "place", "6372"),
        ({"education": ""}, "education", "pendidikan"),
        ({"since": "1999-01-01"}, "since", "tahunnya"),
        ({"since": "kemarin"}, "since", "tanggal yang ada"),
        ({"service_no": "6371014505900001"}, "service_no", "NIK"),
        ({"staff_no": "*"}, "staff_no", "P000123"),
    ],
)
def test_the_form_refuses_beside_the_field_and_keeps_what_was_typed(operator, client_of, told, field, words):
    answer = client_of(operator).post(address("take_on"), NEW | {"staff_id": uuid4()} | told)
    assert answer.status_code == 422
    assert words in str(answer.context["form"].errors[field])
    kept = told.get("name", "Siti Baru")
    assert answer.context["form"]["name"].value() == kept
    with in_territory(operator):
        assert not Staff.objects.exists()


def test_each_act_has_its_form(operator, client_of):
    siti, pages, day = make_staff(), client_of(operator), today().isoformat()
    sent = {
        "employ": {"kind": "PPPK", "education": "S1", "since": day},
        "give_post": {"role": "SUB_DISTRICT_LEAD", "place": "637101", "since": day},
        "set_home": {"home": "637102"},
        "leave": {"kind": "ANNUAL", "since": day, "until": (today() + timedelta(5)).isoformat()},
        "issue": {"kind": "VEST", "serial_no": "r 17", "issued_on": day},
    }
    for name, told in sent.items():
        assert pages.get(address(name, siti)).status_code == 200, name
        assert pages.post(address(name, siti), {"sent": "1"}).status_code == (302 if name == "set_home" else 422), name
        assert pages.post(address(name, siti), told).status_code == 302, name
    with in_territory(operator):
        post, leave = Post.objects.get(role="SUB_DISTRICT_LEAD"), Leave.objects.get()
        facilitating, terms = Post.objects.get(role="FACILITATOR"), siti.employments.get(kind="PPPK")
        assert siti.equipment.get().serial_no == "R17"
    then = [
        (address("come_back", leave), {"day": (today() + timedelta(3)).isoformat()}),
        (address("take_back_leave", leave), {"reason": "Salah"}),
        (address("end_post", post), {"day": day, "reason": "Selesai"}),
        (address("take_back_post", facilitating), {"reason": "Salah"}),
        (address("take_back_terms", terms), {"reason": "Salah"}),
        (address("end_service", siti), {"day": day, "because": "RESIGNED", "reason": "Surat 1"}),
        (address("undo_end", siti), {"reason": "Salah orang"}),
    ]
    for url, told in then:
        assert pages.get(url).status_code == 200, url
        assert pages.post(url, {"sent": "1"}).status_code == 422, url
        assert pages.post(url, told).status_code == 302, url


def test_a_coordinator_ends_her_service_with_hand_over_and_an_operator_is_told_who_decides(operator, cast, client_of):
    make_family(VILLAGE)
    siti, ani, coordinator = make_staff(), make_staff(name="Ani Penerima"), cast("DISTRICT_COORDINATOR", "6371")
    with in_territory(coordinator):
        assign_unaccompanied(coordinator, VILLAGE, siti, day=today(), reason="Awal")
    told = {"day": today().isoformat(), "because": "RESIGNED", "reason": "Surat 1"}
    refused = client_of(operator).post(address("end_service", siti), told)
    assert refused.status_code == 422 and "Serah terima diputuskan koordinator" in refused.content.decode()
    pages = client_of(coordinator)
    assert "penerima untuk 1 keluarga" in pages.post(address("end_service", siti), told).content.decode()
    answer = pages.post(address("end_service", siti), told | {"taker": str(ani.pk)}, follow=True)
    assert "1 keluarga diserahkan" in answer.content.decode()
    assert "Sudah berhenti" in answer.content.decode()


def test_a_transfer_is_for_whoever_keeps_both_places(operator, cast, client_of):
    siti, officer = make_staff(), cast("PROVINCE_OFFICER", "63")
    told = {"role": "FACILITATOR", "place": "6372", "home": "637202", "day": today().isoformat(), "reason": "SK"}
    here = client_of(operator)
    assert "petugas provinsi" in here.get(address("transfer", siti)).content.decode()
    refused = here.post(address("transfer", siti), told)
    assert refused.status_code == 422 and "kedua tempat" in str(refused.context["form"].errors["place"])
    assert client_of(officer).post(address("transfer", siti), told).status_code == 302
    assert here.get(address("person", siti)).status_code == 404


def test_another_district_finds_nobody(stranger, client_of):
    siti = make_staff(name="Siti Sebelah")
    with in_territory(stranger):
        assert not Staff.objects.exists()
    pages = client_of(stranger)
    assert "Siti Sebelah" not in pages.get(address("staff") + "?status=ALL").content.decode()
    for name in ("person", "employ", "give_post", "set_home", "leave", "issue", "transfer", "end_service", "undo_end"):
        assert pages.get(address(name, siti)).status_code == 404, name


def test_who_only_looks_sees_no_number_of_papers_and_no_form(operator, cast, client_of):
    siti = make_staff()
    with in_territory(operator):
        service.employ(operator, siti, Terms("PPPK", today(), "S1", "NIP-RAHASIA"))
        service.go_on_leave(operator, siti, "MATERNITY", since=today(), until=today() + timedelta(9))
    lead = cast("SUB_DISTRICT_LEAD", "637101")
    page = client_of(lead).get(address("person", siti)).content.decode()
    assert "NIP-RAHASIA" not in page and "melahirkan" not in page and "Ubah status kerja" not in page
    assert siti.staff_no in client_of(lead).get(address("staff")).content.decode()
    assert client_of(lead).get(address("employ", siti)).status_code == 403
    elsewhere = cast("SUB_DISTRICT_LEAD", "637102")
    assert client_of(elsewhere).get(address("person", siti)).status_code == 404


def test_her_own_record_is_hers(operator, cast, client_of):
    acting = cast("FACILITATOR", VILLAGE, name="Siti Sendiri")
    siti = make_staff(person=Person.objects.get(pk=acting.person_id))
    with in_territory(operator):
        service.go_on_leave(operator, siti, "MATERNITY", since=today(), until=today() + timedelta(9))
    page = client_of(acting_for(acting.person_id, today())).get(address("own")).content.decode()
    assert siti.staff_no in page and "Cuti melahirkan" in page and "Batalkan" not in page
    assert "belum tercatat" in client_of(cast("HELPDESK", "6371")).get(address("own")).content.decode()


@pytest.mark.parametrize(
    ("query", "status"),
    [("?role=BOSS", 400), ("?status=X", 400), ("?region=abc", 400), ("?joined=20x8", 400), ("?employment=X", 400),
     ("?after=%27", 200), ("?day=besok", 200), ("?who=1", 400)],
)  # fmt: skip
def test_filters_are_known_or_refused(operator, client_of, query, status):
    assert client_of(operator).get(address("staff") + query).status_code == status


def test_the_list_is_narrowed_by_each_filter(cast, client_of):
    officer = cast("PROVINCE_OFFICER", "63")
    make_staff(name="Siti Satu")
    make_staff("6372", name="Ani Dua", role="SUPERVISOR", home="637202", kind="PPPK")
    pages = client_of(officer)
    for query, found in {
        "q=satu": {"Siti Satu"}, "role=SUPERVISOR": {"Ani Dua"}, "region=6372": {"Ani Dua"}, "region=637101":
        {"Siti Satu"}, "employment=PPPK": {"Ani Dua"}, "status=LEFT": set(), "joined=2024": {"Siti Satu", "Ani Dua"},
        "day=2023-12-31": set(), "status=COMING&day=2023-12-31": {"Siti Satu", "Ani Dua"},
    }.items():  # fmt: skip
        rows = pages.get(address("staff") + f"?{query}").context["rows"]
        assert {row["staff"].person.name for row in rows} == found, query


def test_a_nik_is_not_searched_for(operator, client_of):
    page = client_of(operator).get(address("staff") + "?q=6371014505900001")
    assert "Nomor panjang tidak dicari" in page.content.decode() and "6371014505900001" not in page.content.decode()


def test_no_page_asks_the_database_often(operator, cast, client_of):
    make_family(VILLAGE)
    coordinator = cast("DISTRICT_COORDINATOR", "6371")
    people = [make_staff() for _ in range(5)]
    with in_territory(coordinator):
        assign_unaccompanied(coordinator, VILLAGE, people[0], day=today(), reason="Awal")
        thing = equipment.issue(coordinator, people[0], "VEST", "R1", day=today())
    pages = client_of(coordinator)
    counted = {}
    for url in (
        address("staff"), address("person", people[0]), address("head_count"), address("equipment"),
        address("receipt", thing), address("end_service", people[0]), address("take_on"), address("own"),
    ):  # fmt: skip
        pages.get(url)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert pages.get(url).status_code == 200
        counted[url] = len([one for one in asked.captured_queries if "SAVEPOINT" not in one["sql"]])
    assert max(counted.values()) <= 12, counted
