"""The welfare decile: read from lists, changed by request, seen where its family is, gone with its list alone."""

import random
from dataclasses import replace
from datetime import date, timedelta

import pyarrow.parquet as pq
import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from gandeng.accounts.acting import in_territory
from gandeng.files.layouts import FAMILIES as CONTRACT
from gandeng.jobs.work import KINDS, WorkRefused
from gandeng.registry import staging
from gandeng.registry.actions import ChangeRefused, Proof, Wanted, approve_change, lists, request_change
from gandeng.registry.comparing import counts
from gandeng.registry.loading import LoadRefused, load_registry
from gandeng.registry.models import ChangeRequest, DecileReading, Family
from gandeng.registry.snapshots import FAMILIES as FAMILIES_FILE
from gandeng.registry.tests.factories import EVERYWHERE, make_family
from gandeng.registry.tests.helpers import ON, QUIET, few_queries, small_district, tables, taken, write_tables
from gandeng.registry.tests.test_lists import own_folder, read_here

__all__ = ["own_folder", "read_here"]

pytestmark = pytest.mark.django_db

FAMILIES, DAYS = 12, [date(2024, 3, 1) + timedelta(90 * place) for place in range(4)]


@pytest.fixture(scope="module")
def district(tmp_path_factory):
    return small_district(tmp_path_factory.mktemp("sim") / "district", families=FAMILIES)


def _listed(district, deciles):
    """Families of the district; `deciles` by number: a decile and its day."""
    families, members = tables(district)
    told = [deciles.get(row["family_id"], (None, None)) for row in families]
    return [row | {"decile": one, "decile_on": day} for row, (one, day) in zip(families, told, strict=True)], members


def _do(kind, acting, intake, **more):
    with in_territory(acting):
        KINDS[f"registry.{kind}"](acting, QUIET, {"intake": str(intake.pk)} | more)
        intake.refresh_from_db()
    return intake


def _undo(acting, intake):
    return _do("undo", acting, intake, reason="Daftar yang salah")


def _recorded():
    """Number of the family, decile and day, in the order they were recorded, of each family by itself."""
    with in_territory(EVERYWHERE):
        rows = DecileReading.objects.order_by("family__family_no", "id").select_related("family")
        return [(row.family.family_no, row.decile, row.read_on) for row in rows]


def _reading(family, decile, day):
    with in_territory(EVERYWHERE):
        return DecileReading.objects.create(family=family, decile=decile, read_on=day)


def test_it_works(client_of, operator, coordinator, district):
    load_registry(EVERYWHERE, district, on=ON, report=QUIET)
    day = date(2024, 5, 17)
    intake = taken(operator, *_listed(district, {"K630000001": (3, day), "K630000002": (10, day)}))
    told = intake.preview["counts"]["deciles"]
    assert (told["listed"], told["first"], told["without"]) == (2, 2, FAMILIES - 2)
    page = client_of(coordinator).get(reverse("registry:intake", args=[intake.pk])).content.decode()
    assert "Desil tercatat untuk pertama kali" in page
    assert _recorded() == [], "not before somebody else applies it"
    _do("apply", coordinator, intake)
    assert _recorded() == [("K630000001", 3, day), ("K630000002", 10, day)]
    with in_territory(EVERYWHERE):
        family = Family.objects.get(family_no="K630000001")
    browser = client_of(operator)
    browser.get(reverse("registry:families"))
    with few_queries():
        page = browser.get(reverse("registry:family", args=[family.pk])).content.decode()
    assert "dibaca 17 Mei 2024, dari daftar keluarga.csv" in page
    assert "Desil 3 dicatat" in page
    _undo(coordinator, intake)
    assert _recorded() == []
    page = client_of(operator).get(reverse("registry:family", args=[family.pk])).content.decode()
    assert "Belum diketahui" in page


@pytest.mark.parametrize("seed", range(3))
def test_order_and_repetition_change_nothing_and_undoing_brings_back_what_was(seed, operator, coordinator, district):
    """Lists drawn at random against plain Python: a reading the newest of its day says already is not added."""
    draw, oracle, before = random.Random(seed), {}, []
    load_registry(EVERYWHERE, district, on=ON, report=QUIET)
    numbers = [row["family_id"] for row in tables(district)[0]]
    for _ in range(2):
        deciles = {one: (draw.randint(1, 10), draw.choice(DAYS)) for one in numbers if draw.random() < 0.7}
        newest = {key: max(rows.items())[0] for key, rows in oracle.items()}
        expected = {"first": 0, "risen": 0, "fallen": 0, "same": 0, "older": 0}
        before, added = _recorded(), []
        for number, (decile, day) in deciles.items():
            known = oracle.get(number, {})
            expected[_kind(decile, day, known, newest.get(number))] += 1
            if known.get(day) != decile:
                added.append((number, decile, day))
        families, members = _listed(district, deciles)
        first = taken(operator, families, members)
        assert {key: first.preview["counts"]["deciles"][key] for key in expected} == expected
        _do("apply", coordinator, first)
        after = _recorded()
        assert sorted(after) == sorted(before + added)
        draw.shuffle(families)
        second = _do("apply", coordinator, taken(operator, families, members))
        assert _recorded() == after, "the same list in another order, once more"
        _undo(coordinator, second)
        assert _recorded() == after
        _undo(coordinator, first)
        assert _recorded() == before
        draw.shuffle(families)
        _do("apply", coordinator, taken(operator, families, members))
        assert _recorded() == after
        for number, decile, day in added:
            oracle.setdefault(number, {})[day] = decile


def _kind(decile, day, known, newest):
    if newest is None:
        return "first"
    if day < newest:
        return "older"
    return "same" if decile == known[newest] else "risen" if decile > known[newest] else "fallen"


@pytest.mark.parametrize(
    ("decile", "day", "says"),
    [
        (0, date(2024, 5, 17), "1 sampai 10"), (11, date(2024, 5, 17), "1 sampai 10"),
        ("3,5", date(2024, 5, 17), "1 sampai 10"), (3, None, "desil tanpa tanggalnya"),
        (None, date(2024, 5, 17), "desil tanpa tanggalnya"), (3, "17-13-2024", "tanggal"),
        (3, date(2999, 1, 1), "tidak dapat dibaca"),
    ],
)  # fmt: skip
def test_one_wrong_decile_refuses_the_whole_list(operator, district, decile, day, says):
    with pytest.raises(WorkRefused, match=says):
        taken(operator, *_listed(district, {"K630000003": (decile, day), "K630000001": (3, date(2024, 5, 17))}))
    assert _recorded() == []


def test_a_day_to_come_refuses_the_whole_list(operator, district):
    tomorrow = timezone.localdate() + timedelta(1)
    with pytest.raises(WorkRefused, match=r"belum tiba, antara lain baris 4"):
        taken(operator, *_listed(district, {"K630000003": (3, tomorrow)}))


def test_a_list_staged_by_an_earlier_release_is_applied_without_deciles(operator, coordinator, district, monkeypatch):
    """It told of none in its preview, and staged none."""
    with monkeypatch.context() as earlier:
        earlier.setattr(staging, "_FAMILY", replace(staging._FAMILY, names=CONTRACT.names))
        earlier.setattr(
            lists, "counts", lambda region: {part: counts(region)[part] for part in ("families", "members")}
        )
        intake = taken(operator, *_listed(district, {}))
    assert "deciles" not in intake.preview["counts"]
    assert "decile" not in pq.read_schema(staging.folder_of(intake.pk) / FAMILIES_FILE).names
    _do("apply", coordinator, intake)
    assert intake.state == "APPLIED"
    assert _recorded() == []


def test_a_registry_is_loaded_with_them(district, tmp_path):
    families, members = _listed(district, {"K630000001": (3, date(2024, 5, 17))})
    folder = write_tables(tmp_path / "told", families, members)
    for _ in range(2):
        load_registry(EVERYWHERE, folder, on=ON, report=QUIET)
        assert _recorded() == [("K630000001", 3, date(2024, 5, 17))]
    families[0]["decile"] = 11
    with pytest.raises(LoadRefused, match="Desil keluarga K630000001"):
        load_registry(EVERYWHERE, write_tables(tmp_path / "odd", families, members), on=ON, report=QUIET)


def test_a_family_with_a_reading_of_a_person_is_no_longer_undone(operator, coordinator, district):
    """The list that added it would leave the reading without its family."""
    intake = _do("apply", coordinator, taken(operator, *_listed(district, {})))
    with in_territory(EVERYWHERE):
        family = Family.objects.get(family_no="K630000001")
    _reading(family, 4, date(2024, 5, 17))
    with pytest.raises(WorkRefused, match="sudah dipakai"):
        _undo(coordinator, intake)
    assert intake.state == "APPLIED"
    assert len(_recorded()) == 1


@pytest.mark.parametrize(
    "statement",
    ["update registry_decilereading set decile = 9", "delete from registry_decilereading",
     "truncate registry_decilereading cascade"],
)  # fmt: skip
def test_a_reading_stays_as_it_is_and_goes_with_its_list_alone(operator, coordinator, district, statement):
    _do("apply", coordinator, taken(operator, *_listed(district, {"K630000001": (3, date(2024, 5, 17))})))
    with pytest.raises(DatabaseError), in_territory(EVERYWHERE), transaction.atomic():
        connection.cursor().execute(statement)
    assert len(_recorded()) == 1


@pytest.mark.parametrize(("decile", "day"), [(0, date(2024, 1, 1)), (11, date(2024, 1, 1)), (3, date(2999, 1, 1))])
def test_the_database_refuses_what_is_no_reading(decile, day):
    with pytest.raises(DatabaseError), transaction.atomic():
        _reading(make_family(), decile, day)


def test_a_reading_is_there_where_its_family_is(client_of, operator, stranger, cast):
    mine, theirs = make_family("6371011001"), make_family("6371011002")
    for family in (mine, theirs):
        _reading(family, 4, date(2024, 5, 17))
    with in_territory(operator):
        assert DecileReading.objects.count() == 2
        assert _bare() == 2
    with in_territory(stranger):
        assert DecileReading.objects.count() == 0
        assert _bare() == 0
    facilitator = cast("FACILITATOR", "6371011001")
    client_of(facilitator)
    with in_territory(facilitator):
        assert _bare() == 1
    with in_territory(cast("CHANNEL_OFFICER", "6371", channel="BRI")):
        assert _bare() == 0
    with in_territory(stranger), pytest.raises(DatabaseError), transaction.atomic():
        DecileReading.objects.create(family_id=mine.pk, decile=3, read_on=date(2024, 5, 17))


def _bare():
    """Past our managers."""
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from registry_decilereading")
        return cursor.fetchone()[0]


def test_the_list_is_narrowed_by_the_reading_in_force(client_of, operator):
    third, was_third, unknown = make_family(), make_family(), make_family()
    _reading(third, 5, date(2024, 1, 1))
    _reading(third, 3, date(2024, 5, 17))
    _reading(was_third, 3, date(2024, 1, 1))
    _reading(was_third, 8, date(2024, 1, 1))
    browser, address = client_of(operator), reverse("registry:families")
    for asked, found in (("3", third), ("8", was_third), ("unknown", unknown)):
        with few_queries():
            page = browser.get(address, {"decile": asked}).content.decode()
        assert [one.family_no in page for one in (third, was_third, unknown)] == [
            one is found for one in (third, was_third, unknown)
        ]
    assert "17 Mei 2024" in browser.get(address).content.decode()
    for odd in ("0", "11", "x", "03", "٣"):
        assert browser.get(address, {"decile": odd}).status_code == 400
    sent = browser.post(reverse("registry:export"), {"purpose": "Rapat kabupaten", "decile": "3"}).content.decode()
    assert "Desil,Desil per" in sent
    assert f"{third.family_no}," in sent
    assert ",3,2024-05-17" in sent
    assert was_third.family_no not in sent


def test_the_nation_chooses_a_province_first(client_of, cast):
    browser = client_of(cast("MINISTRY_OFFICER", ""))
    assert "Pilih provinsi dahulu" in browser.get(reverse("registry:families"), {"decile": "3"}).content.decode()
    found = browser.get(reverse("registry:families"), {"decile": "3", "region": "63"})
    assert "Pilih provinsi dahulu" not in found.content.decode()


def _ask(acting, family, decile, day):
    with in_territory(acting):
        wanted = Wanted({"decile": decile, "read_on": day})
        return request_change(acting, family, "DECILE", None, wanted, "Dilihat di SIKS-NG", Proof("Layar SIKS-NG"))


def test_a_person_asks_and_another_decides(client_of, operator, coordinator):
    family = make_family()
    ask = reverse("registry:ask", args=[family.pk, "DECILE"])
    typed = {"decile": "4", "read_on": "2024-05-17", "reason": "Dilihat di SIKS-NG", "evidence_words": "Layar SIKS-NG"}
    asked = client_of(operator).post(ask, typed)
    assert asked.status_code == 302
    assert "Dibaca pada" in client_of(coordinator).get(asked.url).content.decode()
    assert client_of(coordinator).post(f"{asked.url}putuskan/", {"decision": "approve"}).status_code == 302
    assert _recorded() == [(family.family_no, 4, date(2024, 5, 17))]
    page = client_of(operator).get(reverse("registry:family", args=[family.pk])).content.decode()
    assert "dari permintaan perubahan" in page
    with pytest.raises(ChangeRefused, match="Tidak ada yang berubah"):
        _ask(operator, family, 4, "2024-05-17")


def test_it_refuses_one_the_registry_has_overtaken(operator, coordinator):
    family = make_family()
    change = _ask(operator, family, 4, "2024-05-17")
    _reading(family, 6, date(2024, 5, 18))
    with pytest.raises(ChangeRefused, match="sudah berubah"), in_territory(coordinator):
        approve_change(coordinator, ChangeRequest.objects.get(pk=change.pk), "")


@pytest.mark.parametrize(
    "typed", [{"decile": "0"}, {"decile": "11"}, {"decile": "x"}, {"read_on": "2999-01-01"}, {"evidence_words": ""}]
)
def test_it_refuses_what_is_typed_wrong(client_of, operator, typed):
    sent = {"decile": "4", "read_on": "2024-05-17", "reason": "Dilihat di SIKS-NG", "evidence_words": "Layar"} | typed
    answer = client_of(operator).post(reverse("registry:ask", args=[make_family().pk, "DECILE"]), sent)
    assert answer.status_code == 422


def test_a_reading_moves_no_money(operator, coordinator, district, tmp_path):
    """Frozen tables are the same with and without."""
    from gandeng.registry.snapshots import freeze

    load_registry(EVERYWHERE, district, on=ON, report=QUIET)
    with in_territory(EVERYWHERE):
        before = freeze("6371", tmp_path / "before", on=timezone.localdate())
    _do("apply", coordinator, taken(operator, *_listed(district, {"K630000001": (9, date(2024, 5, 17))})))
    with in_territory(EVERYWHERE):
        assert freeze("6371", tmp_path / "after", on=timezone.localdate()) == before
