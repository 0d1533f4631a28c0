"""A list that still says what was before an approved request; and one that gives a collector another NIK."""

import copy
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from gandeng.accounts.acting import in_territory
from gandeng.jobs.work import KINDS
from gandeng.registry.actions import Proof, Wanted, approve_change, lists, request_change
from gandeng.registry.cooling import COOLING_DAYS, NEVER
from gandeng.registry.list_queries import preview_rows
from gandeng.registry.loading import load_registry
from gandeng.registry.models import Account, ChangeRequest, Family, Intake, Member
from gandeng.registry.tests.factories import EVERYWHERE
from gandeng.registry.tests.helpers import ON, QUIET, small_district, tables, taken

pytestmark = pytest.mark.django_db

REASON = "Menurut keluarga dan buktinya"
NIK = "6371014101900077"
ASKED = {
    "BIRTH": (None, {"name": "Bayi Uji", "birth_date": "2024-02-02", "sex": "F"}, ""),
    "DEATH": (1, {"deceased_on": "2024-02-01"}, ""),
    "BACK": (1, {"deceased_on": None, "left_on": None}, ""),
    "LEFT": (1, {"left_on": "2024-02-01"}, ""),
    "SCHOOL_LEVEL": (2, {"school_level": "SMA"}, ""),
    "PREGNANCY": (0, {"pregnancy_no": 4}, ""),
    "DISABILITY": (2, {"severe_disability": True}, ""),
    "NIK": (1, {}, NIK),
    "IDENTITY": (1, {"name": "Rahmat Uji", "birth_date": "1984-02-11", "sex": "M"}, ""),
    "COLLECTOR": (1, {}, ""),
    "ACCOUNT": (None, {"channel": "BNI"}, "1234567890"),
    "MOVE": (None, {"village_code": "6371021001"}, ""),
    "SUSPEND": (None, {"status": "SUSPENDED"}, ""),
    "END": (None, {"status": "ENDED"}, ""),
}


@pytest.fixture(scope="module")
def district(tmp_path_factory):
    return small_district(tmp_path_factory.mktemp("sim") / "district", families=8)


@pytest.fixture
def listed(db, settings, tmp_path, district):
    """The registry, and a list that says the same."""
    settings.DATA_DIR = tmp_path / "data"
    load_registry(EVERYWHERE, district, on=ON, report=QUIET)
    return copy.deepcopy(tables(district))


def people_of(number):
    with in_territory(EVERYWHERE):
        return list(Member.objects.filter(family__family_no=number).order_by("member_no"))


def changed(operator, coordinator, kind, number="K630000001"):
    place, after, identifier = ASKED[kind]
    member = people_of(number)[place] if place is not None else None
    after = after | ({"collector": str(member.pk)} if kind == "COLLECTOR" else {})
    with in_territory(operator):
        family = Family.objects.get(family_no=number)
        change = request_change(operator, family, kind, member, Wanted(after, identifier), REASON, Proof("Dilihat"))
    with in_territory(coordinator):
        return approve_change(coordinator, change, "Sesuai bukti")


def done(acting, kind, intake, **more):
    with in_territory(acting):
        KINDS[kind](acting, QUIET, {"intake": str(intake.pk)} | more)


def test_every_kind_is_tried_here():
    kept = {"GRADUATE", "RESUME", "DECILE", *ChangeRequest.HOLDS}  # no list names what is held (below)
    assert set(ASKED) == {kind.value for kind in ChangeRequest.Kind} - kept, "RESUME is SUSPEND the other way"


@pytest.mark.parametrize("kind", [kind for kind in ASKED if kind != "BACK"])
def test_a_list_from_before_takes_it_back(operator, coordinator, listed, kind):
    assert "taken_back" in taken(operator, *listed).preview
    changed(operator, coordinator, kind)
    families = copy.deepcopy(listed[0])
    families[-1]["status"] = "SUSPENDED"  # another list than the one above
    told = taken(operator, families, listed[1]).preview["taken_back"]
    assert told == {"counts": {kind: 1}, "families": [[kind, "K630000001"]]}


@pytest.mark.parametrize("knows", [True, False])
def test_a_list_that_still_takes_somebody_for_dead_or_knows_her_not_takes_her_back(
    operator, coordinator, listed, knows
):
    families, members = listed
    changed(operator, coordinator, "DEATH")
    changed(operator, coordinator, "BACK")
    (her,) = (row for row in members if row["member_id"] == "K630000001-2")
    her["deceased_on"] = date(2024, 2, 1)
    told = taken(operator, families, members if knows else [row for row in members if row is not her])
    assert told.preview["taken_back"] == {"counts": {"BACK": 1}, "families": [["BACK", "K630000001"]]}


@pytest.mark.parametrize("same", [True, False])
def test_a_list_that_gives_the_number_of_a_child_to_somebody_else_takes_the_child_back(
    operator, coordinator, listed, same
):
    """Its number is ours, the next of the family; a list counts on from its own."""
    families, members = listed
    changed(operator, coordinator, "BIRTH")
    born = date(2024, 2, 2) if same else date(1951, 6, 30)
    members.append({**members[1], "member_id": "K630000001-4", "name": "Nama Lain", "nik": NIK, "birth_date": born})
    told = taken(operator, families, members).preview["taken_back"]
    assert told["counts"] == ({} if same else {"BIRTH": 1})


def test_a_list_that_knows_it_takes_nothing_back(operator, coordinator, listed):
    families, members = listed
    for kind in ("IDENTITY", "SCHOOL_LEVEL", "DISABILITY"):
        changed(operator, coordinator, kind)
    with in_territory(EVERYWHERE):
        stands = {one.member_no: one for one in Member.objects.all()}
    for row in members:
        one = stands[row["member_id"]]
        row |= {"name": one.name, "birth_date": one.birth_date, "sex": one.sex, "school_level": one.school_level,
                "severe_disability": one.severe_disability}  # fmt: skip
    intake = taken(operator, families, members)
    assert intake.preview["taken_back"] == {"counts": {}, "families": []} and not preview_rows(intake)["taken_back"]


def test_a_list_releases_nothing_that_is_held_but_by_another_account_or_collector(operator, coordinator, listed):
    families, members = listed
    for row, number in zip(families, range(3), strict=False):
        members[number * 3]["nik"] = f"63710141019000{70 + number}"  # each collector's, and nothing else of the first
        row |= [{}, {"channel": "BNI", "account_no": "1234567890"}, {"collector_member_id": f"{row['family_id']}-3"}][
            number
        ]
    with in_territory(EVERYWHERE):
        Account.objects.update(usable_from=NEVER)
        Family.objects.update(collector_usable_from=NEVER)
    intake = taken(operator, families, members)
    done(coordinator, "registry.apply", intake)
    waits = timezone.localdate() + timedelta(days=COOLING_DAYS)
    with in_territory(EVERYWHERE):
        now = Family.objects.order_by("family_no").values_list("collector_usable_from", flat=True)
        assert list(now[:4]) == [NEVER, NEVER, waits, NEVER]
        in_force = Account.objects.filter(valid_until=None).order_by("family__family_no")
        assert list(in_force.values_list("usable_from", flat=True)[:4]) == [NEVER, waits, NEVER, NEVER]


def test_the_newest_request_is_what_counts(operator, coordinator, listed):
    """Told and told back again: the list that says what was first agrees."""
    changed(operator, coordinator, "PREGNANCY")
    with in_territory(operator):
        member = people_of("K630000001")[0]
        back = request_change(
            operator, member.family, "PREGNANCY", member, Wanted({"pregnancy_no": None}), REASON, Proof("Buku KIA")
        )  # fmt: skip
    with in_territory(coordinator):
        approve_change(coordinator, back, "Sesuai bukti")
    assert taken(operator, *listed).preview["taken_back"]["counts"] == {}


def test_the_page_tells_it_and_applying_does_it(client_of, operator, coordinator, listed):
    before = people_of("K630000001")[1].name
    changed(operator, coordinator, "IDENTITY")
    intake = taken(operator, *listed)
    page = client_of(coordinator).get(reverse("registry:intake", args=[intake.pk])).content.decode()
    assert "Perbaikan yang dikembalikan" in page and "?q=K630000001" in page and "1 perubahan sudah disetujui" in page
    done(coordinator, "registry.apply", intake)
    assert people_of("K630000001")[1].name == before


def test_a_collector_of_another_nik_waits_and_undoing_it_ends_the_waiting(client_of, operator, coordinator, listed):
    families, members = listed
    members[0]["nik"], members[1]["nik"] = NIK, "6371014101900078"
    first, other = members[0]["family_id"], members[3]["family_id"]
    intake = taken(operator, families, members)
    assert preview_rows(intake)["collector_niks"] == 1, "the other is of nobody who collects"
    page = client_of(coordinator).get(reverse("registry:intake", args=[intake.pk])).content.decode()
    assert "Pengurus 1 keluarga berganti NIK" in page
    done(coordinator, "registry.apply", intake)

    def days():
        with in_territory(EVERYWHERE):
            return {one.family_no: one.collector_usable_from for one in Family.objects.all()}

    assert days()[first] == timezone.localdate() + timedelta(days=COOLING_DAYS)
    assert days()[other] == ON
    done(coordinator, "registry.undo", intake, reason="Daftar yang salah")
    assert days()[first] == ON


def test_a_list_of_an_earlier_release_is_shown_and_applied(client_of, operator, coordinator, listed, monkeypatch):
    def earlier(*told):
        preview = kept(*told)
        del preview["counts"]["collectors"], preview["taken_back"]
        return preview

    kept = lists._preview
    monkeypatch.setattr(lists, "_preview", earlier)
    families, members = listed
    families[0]["status"] = "ENDED"
    intake = taken(operator, families, members)
    assert client_of(coordinator).get(reverse("registry:intake", args=[intake.pk])).status_code == 200
    done(coordinator, "registry.apply", intake)
    with in_territory(EVERYWHERE):
        assert Intake.objects.get(pk=intake.pk).state == "APPLIED"
