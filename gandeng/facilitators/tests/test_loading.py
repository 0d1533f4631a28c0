"""Staff and caseload from the simulator's tables, and lists that go out and come in again."""

from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.utils import timezone

from gandeng.accounts.acting import in_territory
from gandeng.accounts.models import Grant, Person
from gandeng.accounts.roles import Role
from gandeng.core.region_code import RegionCode
from gandeng.facilitators import listing
from gandeng.facilitators.actions import caseload, imports
from gandeng.facilitators.actions.lists_out import ListRefused, export_list
from gandeng.facilitators.loading import LoadRefused, facilitators_of, load_caseload, load_staff
from gandeng.facilitators.models import Accompaniment, CaseloadChange, Post, Staff
from gandeng.facilitators.tests.factories import make_staff
from gandeng.facilitators.tests.lists import CASELOAD, QUIET, STAFF, applied, person, sent
from gandeng.jobs.work import WorkRefused
from gandeng.registry.loading import load_registry
from gandeng.registry.models import Family
from gandeng.registry.tests.factories import EVERYWHERE, make_family
from gandeng.registry.tests.helpers import small_district, tables

pytestmark = pytest.mark.django_db
ON = date(2024, 3, 1)


@pytest.fixture(autouse=True)
def read_here(monkeypatch):
    from gandeng.runs.tests.samples import read_in_this_process

    read_in_this_process(monkeypatch)


@pytest.fixture(scope="module")
def registry(tmp_path_factory):
    """A district of 120 families and 5 facilitators, in the columns of `gandeng simulate`; one village is shared."""
    folder = small_district(tmp_path_factory.mktemp("simulated") / "registry", families=120)
    families, _ = tables(folder)
    villages = sorted({row["village_code"] for row in families})
    parts = []
    for place, village in enumerate(villages):
        own = sorted(row["family_id"] for row in families if row["village_code"] == village)
        for first, numbers in ((place % 5, own[:1]), (4 if place == 0 else place % 5, own[1:])):
            if numbers:
                parts.append({
                    "facilitator_id": f"P{first + 1:06d}", "village_code": village, "first_family_id": numbers[0],
                    "last_family_id": numbers[-1], "families": len(numbers),
                })  # fmt: skip
    people = [
        {"facilitator_id": f"P{number:06d}", "name": f"Pendamping {number}", "home_sub_district": "63.71.01"}
        for number in range(1, 6)
    ]
    pq.write_table(pa.Table.from_pylist(parts), folder / "assignments.parquet")
    pq.write_table(pa.Table.from_pylist(people), folder / "facilitators.parquet")
    return folder


@pytest.fixture
def office(cast, registry):
    operator, coordinator = cast("DISTRICT_OPERATOR", "6371"), cast("DISTRICT_COORDINATOR", "6371")
    load_registry(EVERYWHERE, registry, on=ON, report=QUIET)
    with in_territory(operator):
        load_staff(operator, facilitators_of(registry, ON), "6371", today=timezone.localdate())
    with in_territory(coordinator):
        load_caseload(coordinator, registry, "6371", on=ON, newest=4)
    return operator, coordinator


def test_it_works(office):
    with in_territory(EVERYWHERE):
        assert Staff.objects.count() == Post.objects.count() == 5
        active = Family.objects.filter(status__in=("ACTIVE", "SUSPENDED")).order_by("family_no")
        held = set(Accompaniment.objects.filter(valid_until=None).values_list("family_id", flat=True))
        newest = set(Family.objects.order_by("-family_no")[:4].values_list("pk", flat=True))
        assert held == {family.pk for family in active} - newest
        first = CaseloadChange.objects.get()
        assert (first.kind, first.families, first.effective_on) == ("FIRST", len(held), ON)
        villages = set(Accompaniment.objects.values_list("staff__person_id", "village_code"))
        given = Grant.objects.filter(role=Role.FACILITATOR).values_list("person_id", "region_code")
        assert set(given) == villages


def test_loading_again_changes_nothing(office, registry):
    operator, coordinator = office
    with in_territory(operator):
        again = load_staff(operator, facilitators_of(registry, ON), "6371", today=timezone.localdate())
    assert (again.added, again.unchanged, again.terms) == (0, 5, 0)
    with in_territory(coordinator), pytest.raises(caseload.CaseloadRefused, match="semuanya sudah demikian"):
        load_caseload(coordinator, registry, "6371", on=ON, newest=4)


def test_a_coordinator_undoes_the_first_caseload_of_her_district(office):
    _, coordinator = office
    with in_territory(coordinator):
        caseload.undo(coordinator, CaseloadChange.objects.get(), reason="Daftar lama")
        assert not Accompaniment.objects.filter(valid_until=None).exists()


def test_somebody_known_stays_the_same_person(cast, registry):
    operator = cast("DISTRICT_OPERATOR", "6371")
    known = Person.objects.create(name="Rahmawati Yang Ada")
    with in_territory(operator):
        load_staff(
            operator, facilitators_of(registry, ON), "6371", today=timezone.localdate(), people={"P000001": known.pk}
        )
        assert Staff.objects.get(staff_no="P000001").person == known


def test_it_refuses_another_district(cast, registry):
    operator = cast("DISTRICT_OPERATOR", "6372")
    with in_territory(operator), pytest.raises(LoadRefused, match="di luar wilayah"):
        load_staff(operator, facilitators_of(registry, ON), "6372", today=timezone.localdate())


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("kind", [STAFF, CASELOAD])
def test_what_goes_out_comes_in_again(office, kind, form):
    operator, _ = office
    applied(operator, [
        person("P000901", Nama="-Siti =1+1"),
        person("P000901", Tugas="Ketua tim kecamatan", Nama="-Siti =1+1", **{
            "Kode wilayah": "63.71.02", "Berlaku mulai": "2022-05-01"}),
        person("P000902", Nama="@SUM(A1)", **{"Berhenti mulai": "2025-02-03", "Alasan berhenti": "Pensiun"}),
    ])  # fmt: skip
    with in_territory(operator):
        told = export_list(operator, kind, "6371", "Untuk disesuaikan", form)
        found = imports.take_list(operator, sent(told, kind, name=f"x.{form}"), QUIET)
    counts = found.preview["counts"]
    assert counts["listed"] == counts["unchanged"] > 6
    if kind == STAFF and form == "csv":
        assert b"'-Siti" in told and b"'@SUM" in told


def test_a_list_longer_than_one_takes_alone_is_refused(office, monkeypatch):
    operator, _ = office
    monkeypatch.setattr("gandeng.facilitators.actions.lists_out.ROWS_ALONE", 50)
    with in_territory(operator), pytest.raises(ListRefused, match="paling banyak"):
        export_list(operator, CASELOAD, "6371", "Untuk disesuaikan", "csv")


def test_the_long_export_holds_one_invented_family(office):
    from gandeng.exports.sources import KINDS

    operator, _ = office
    with in_territory(operator):
        told = KINDS["dampingan"].source(operator, {"region": "6371"})
        marked = told.mark()
        assert told.count() == len(list(told.lines()))
        assert not Family.objects.filter(family_no=marked.number).exists()
        assert len(marked.line) == len(told.header) == len(listing.HEADERS[CASELOAD])
        assert RegionCode.parse(str(marked.line[4]))


def test_a_hundred_thousand_rows(cast, monkeypatch):
    """Read, found unknown by set and counted, in one refusal."""
    coordinator, staff, own = cast("DISTRICT_COORDINATOR", "6371"), make_staff(), make_family()
    since = timezone.localdate().isoformat()
    lines = ["Nomor keluarga;Nomor pendamping;Didampingi mulai", f"{own.family_no};{staff.staff_no};{since}"]
    lines += [f"K64{number:07d};{staff.staff_no};{since}" for number in range(100_000)]
    with in_territory(coordinator), pytest.raises(WorkRefused) as refused:
        imports.take_list(coordinator, sent("\n".join(lines).encode(), CASELOAD), QUIET)
    assert "100000 hal tidak cocok" in str(refused.value)
    assert "Dan 99980 lagi." in str(refused.value)
