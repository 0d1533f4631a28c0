"""The caseload of a place: every figure is the count of its rows, on any day."""

import io
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from gandeng.accounts.acting import in_territory
from gandeng.audit.models import AuditEntry
from gandeng.facilitators.actions import caseload
from gandeng.facilitators.load_queries import caseload_on, without_facilitator
from gandeng.facilitators.models import Leave
from gandeng.facilitators.norm import norm_families, published_of
from gandeng.facilitators.tests.factories import few_queries, make_staff
from gandeng.registry.models import Family
from gandeng.registry.tests.factories import EVERYWHERE, make_family

pytestmark = pytest.mark.django_db
HERE, NEXT, FAR = "6371011001", "6371011002", "6371021001"
WHY = "Uji beban dampingan"


@pytest.fixture
def office(coordinator):
    """Siti has three families in two sub-districts, Ani one, Budi none; two have nobody."""
    siti, ani, budi = (make_staff(name=name) for name in ("Siti", "Ani", "Budi"))
    with in_territory(coordinator):
        for village, staff, families in ((HERE, siti, 2), (FAR, siti, 1), (NEXT, ani, 1)):
            for _ in range(families):
                make_family(village)
            caseload.assign_unaccompanied(coordinator, village, staff, day=today(), reason=WHY)
    make_family(NEXT)
    make_family(HERE, status="SUSPENDED")
    make_family(HERE, status="GRADUATED")
    return siti, ani, budi


def today():
    return timezone.localdate()


def figures(place):
    return place.accompanied, place.without, len(place.people), place.heaviest


def test_it_works(coordinator, office):
    with in_territory(coordinator):
        found = caseload_on("6371", today(), 2)
        assert figures(found.whole()) == (4, 2, 3, 3)
        assert found.whole().mean == pytest.approx(4 / 3)
        assert found.whole().over_norm == 1
        assert {one.code: figures(one) for one in found.parts(6)} == {
            "637101": (3, 2, 2, 3), "637102": (1, 0, 1, 3),
        }  # fmt: skip
        assert [(one.name, one.families) for one in found.people] == [("Siti", 3), ("Ani", 1), ("Budi", 0)]
        village = caseload_on(FAR, today(), 2).whole()
        assert figures(village) == (1, 0, 1, 3), "her load is all her families"
        assert without_facilitator("6371", today()).count() == 2


def test_families_nobody_accompanies_are_set_against_their_own_accompaniments(coordinator, office):
    """Not each of a village against all of the village, as an order by villages invites a merge to do."""
    with in_territory(coordinator), connection.cursor() as cursor:
        cursor.execute("set local enable_hashjoin = off; set local enable_nestloop = off")
        asked = without_facilitator("6371", today()).order_by("village_code", "family_no")[:51]
        plan = asked.explain()
        assert len(asked) == 2
    merged = [line for line in plan.splitlines() if "Merge Cond" in line]
    assert merged and "village_code" not in " ".join(merged), plan


def test_every_level_adds_up_to_the_families_there_are(coordinator, office):
    make_family("6372011001")
    with in_territory(EVERYWHERE):
        for region in ("", "63", "6371", "637101", HERE):
            whole = caseload_on(region, today(), 200).whole()
            families = Family.objects.filter(village_code__startswith=region, status__in=("ACTIVE", "SUSPENDED"))
            assert whole.families == families.count(), region
            assert whole.without == without_facilitator(region, today()).count(), region


def test_a_day_that_is_over_and_one_to_come(coordinator, office):
    siti, ani, _ = office
    with in_territory(coordinator):
        caseload.hand_over(coordinator, siti, ani, day=today() + timedelta(9), reason=WHY, villages=[FAR])
        before = caseload_on("6371", today() - timedelta(1), 200).whole()
        assert figures(before)[:2] == (0, 6)
        after = caseload_on("6371", today() + timedelta(9), 200)
        assert [(one.name, one.families) for one in after.people[:2]] in (
            [("Ani", 2), ("Siti", 2)], [("Siti", 2), ("Ani", 2)],
        )  # fmt: skip


def test_the_nearest_office_s_last_word_is_the_limit(coordinator, office, cast):
    head = cast("PROVINCE_HEAD", "63")
    with in_territory(coordinator):
        assert caseload_on("6371", today(), 200).whole().over_limit is None
    with in_territory(head):
        caseload.set_load_limit(head, "63", 1, day=today(), reason=WHY)
        assert caseload_on("63", today(), 200).whole().over_limit == 2
    with in_territory(coordinator):
        caseload.set_load_limit(coordinator, "6371", 3, day=today(), reason=WHY)
        assert caseload_on("6371", today(), 200).whole().over_limit == 1
        assert caseload_on("6371", today() - timedelta(1), 200).whole().over_limit is None


def test_pages_show_it_and_ask_little(coordinator, office, client_of):
    pages = client_of(coordinator)
    for region in ("6371", "637101", HERE):
        for name in ("load", "people"):
            with few_queries():
                answer = pages.get(reverse(f"caseload:{name}", args=[region]))
            assert answer.status_code == 200
    page = pages.get(reverse("caseload:load", args=["6371"])).content.decode()
    assert "Banjarmasin Selatan" in page and "peta-beban" in page and "belum ditetapkan" in page.lower()
    assert "200 keluarga per pendamping" in page
    people = pages.get(reverse("caseload:people", args=["6371"]), {"over": "norm"}).content.decode()
    assert "Tidak ada pendamping yang cocok" in people


def test_of_another_district_there_is_nothing(stranger, office, client_of):
    pages = client_of(stranger)
    for name in ("load", "people"):
        assert pages.get(reverse(f"caseload:{name}", args=["6371"])).status_code == 404
    assert pages.get(reverse("caseload:load", args=["63"])).status_code == 404
    assert pages.get(reverse("caseload:load", args=[""])).status_code == 404
    assert pages.post(reverse("caseload:export", args=["6371"]), {"what": "places", "format": "csv"}).status_code == 404
    assert pages.get(reverse("caseload:unaccompanied"), {"region": "6371"}).status_code == 404


def test_a_lead_sees_her_sub_district(cast, office, client_of):
    pages = client_of(cast("SUB_DISTRICT_LEAD", "637101"))
    assert pages.get(reverse("caseload:top")).context["whole"].families == 5
    assert pages.get(reverse("caseload:load", args=["637102"])).status_code == 404


def test_a_wrong_day_is_told_beside_the_field(coordinator, office, client_of):
    pages = client_of(coordinator)
    for name, args in (("load", ["6371"]), ("people", ["6371"]), ("unaccompanied", [])):
        for day in ("kemarin", "1999-01-01", "2024-02-30"):
            answer = pages.get(reverse(f"caseload:{name}", args=args), {"day": day})
            assert answer.status_code == 422
            assert "anggal" in answer.content.decode()


def test_who_is_away_and_where_nobody_told_the_home(coordinator, client_of):
    make_family(HERE)
    with in_territory(EVERYWHERE):
        staff = make_staff(name="Siti", home="")
        Leave.objects.create(
            staff=staff, region_code="6371", kind="ANNUAL", valid_from=today(), valid_until=today() + timedelta(2)
        )
    with in_territory(coordinator):
        caseload.assign_unaccompanied(coordinator, HERE, staff, day=today(), reason=WHY)
    page = client_of(coordinator).get(reverse("caseload:people", args=["6371"])).content.decode()
    assert "rumah belum dicatat" in page and "Cuti" in page


@pytest.mark.parametrize("what", ["places", "people"])
def test_it_can_be_taken_away_and_that_is_written_down(coordinator, office, client_of, what):
    pages, address = client_of(coordinator), reverse("caseload:export", args=["6371"])
    told = pages.post(address, {"what": what, "format": "csv"})
    lines = {"places": 3, "people": 4}[what]
    assert told.status_code == 200 and told.content.decode("utf-8-sig").count("\r\n") == lines
    book = CalamineWorkbook.from_filelike(io.BytesIO(pages.post(address, {"what": what, "format": "xlsx"}).content))
    assert len(book.get_sheet_by_index(0).to_python()) == lines
    with in_territory(coordinator):
        assert AuditEntry.objects.filter(action="caseload.exported").count() == 2
    assert pages.post(address, {"what": "everything", "format": "csv"}).status_code == 400


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_list_without_a_facilitator_can_be_taken_away(coordinator, office, cast, client_of, kind, monkeypatch):
    pages, address = client_of(coordinator), reverse("caseload:unaccompanied_export", args=["6371"])
    why = {"format": kind, "purpose": "Rapat pembagian keluarga"}
    told = pages.post(address, why)
    book = told.content.decode("utf-8-sig").splitlines() if kind == "csv" else (
        CalamineWorkbook.from_filelike(io.BytesIO(told.content)).get_sheet_by_index(0).to_python()
    )  # fmt: skip
    assert len(book) == 1 + pages.get(reverse("caseload:unaccompanied")).context["total"] == 3
    with in_territory(coordinator):
        entry = AuditEntry.objects.get(action="families.exported")
    assert (entry.reason, entry.facts["rows"]) == (why["purpose"], 2)
    for wrong in ({"format": kind}, why | {"day": "kemarin"}):
        assert pages.post(address, wrong).status_code == 422
    assert client_of(cast("DISTRICT_COORDINATOR", "6372")).post(address, why).status_code == 404
    monkeypatch.setattr("gandeng.facilitators.actions.caseload_exports.ROWS_ALONE", 1)
    refused = pages.post(address, why)
    assert refused.status_code == 422 and "tempat yang lebih kecil" in refused.content.decode()


def test_the_limit_is_set_with_a_reason(coordinator, operator, client_of):
    pages, address = client_of(coordinator), reverse("caseload:limit", args=["6371"])
    assert pages.get(address).status_code == 200
    good = {"families": "350", "day": today().isoformat(), "reason": WHY}
    for wrong in ({"families": "0"}, {"families": "banyak"}, {"reason": "ya"}, {"day": "2024-01-01"}):
        answer = pages.post(address, good | wrong)
        assert answer.status_code == 422 and "govuk-error-message" in answer.content.decode()
    assert pages.post(address, good).status_code == 302
    assert "350 keluarga" in pages.get(reverse("caseload:load", args=["6371"])).content.decode()
    assert client_of(operator).get(address).status_code == 403


def test_published_counts_stand_beside_with_their_conflict(cast, client_of):
    assert {one.families for one in published_of("63").counts} == {100_771, 91_039, 111_671, 98_636}
    assert [round(one.for_each, 1) for one in published_of("").counts if one.for_each] == [
        252.6, 238.3, 254.9, 376.6, 441.6,
    ]  # fmt: skip
    page = client_of(cast("PROVINCE_OFFICER", "63")).get(reverse("caseload:top")).content.decode()
    assert "111.671" in page and "252,6" in page and "Angka-angka ini tidak sama" in page


def test_the_norm_has_its_day(coordinator):
    assert norm_families(today()) == 200
    assert norm_families(today().replace(year=2010, day=1)) is None
