import random
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from gandeng.accounts.acting import Acting, in_territory
from gandeng.audit.sealing import NotOurs, Place, blind, blind_account, seal, unseal
from gandeng.registry.cooling import COOLING_DAYS, NEVER
from gandeng.registry.loading import LoadRefused, load_registry
from gandeng.registry.models import Account, Family, Member
from gandeng.registry.snapshots import contract_selects, freeze
from gandeng.registry.tests.factories import EVERYWHERE, make_family
from gandeng.registry.tests.helpers import ON, QUIET, small_district, tables, write_tables

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def district(tmp_path_factory):
    return small_district(tmp_path_factory.mktemp("sim") / "district")


def _frozen(folder, region="6371", on=ON):
    with in_territory(EVERYWHERE):
        return freeze(region, folder, on=on)


def test_it_works(district, tmp_path):
    loaded = load_registry(EVERYWHERE, district, on=ON, report=QUIET)
    families, members = tables(district)
    assert (loaded.families, loaded.members) == (len(families), len(members))
    assert loaded.merged.families_added == len(families)
    with in_territory(EVERYWHERE):
        family = Family.objects.select_related("collector").get(family_no=families[0]["family_id"])
        assert family.collector.member_no == families[0]["collector_member_id"]
        member = family.collector
        nik = unseal(member.nik_sealed, Place("registry_member", "nik", str(member.pk)))
    assert nik == next(row["nik"] for row in members if row["member_id"] == member.member_no)


def test_freezing_what_was_loaded_gives_it_back(district, tmp_path):
    load_registry(EVERYWHERE, district, on=ON, report=QUIET)
    _frozen(tmp_path / "a")
    families, members = tables(district)
    got_families, got_members = tables(tmp_path / "a")
    wanted = sorted(({**row, "account_no": _hex(blind_account(row["channel"], row["account_no"]))} for row in families),
                    key=lambda row: row["family_id"])  # fmt: skip
    assert [{name: row[name] for name in wanted[0]} for row in got_families] == wanted
    wanted = sorted(
        ({**row, "nik": _hex(blind("nik", row["nik"]))} for row in members), key=lambda row: row["member_id"]
    )
    assert [{name: row[name] for name in wanted[0]} for row in got_members] == wanted
    assert [*got_families[0]][:6] == [*families[0]]
    assert [*got_members[0]][:11] == [*members[0]]


def _hex(index):
    return index.hex() if index else ""


def test_the_same_registry_freezes_to_the_same_bytes(district, tmp_path):
    load_registry(EVERYWHERE, district, on=ON, report=QUIET)
    first, again = _frozen(tmp_path / "a"), _frozen(tmp_path / "b")
    assert first == again
    assert (tmp_path / "a" / "members.parquet").read_bytes() == (tmp_path / "b" / "members.parquet").read_bytes()
    files = {"families.parquet", "members.parquet", "account-seals.parquet", "nik-seals.parquet"}
    assert {path.name for path in (tmp_path / "a").iterdir()} == files


def test_loading_twice_changes_nothing(district, tmp_path):
    load_registry(EVERYWHERE, district, on=ON, report=QUIET)
    before = _frozen(tmp_path / "a")
    again = load_registry(EVERYWHERE, district, on=ON + timedelta(days=5), report=QUIET)
    assert (again.merged.families_changed, again.merged.members_changed, again.merged.accounts_added) == (0, 0, 0)
    assert _frozen(tmp_path / "b") == before


def test_the_engine_runs_on_what_was_frozen(district, tmp_path):
    from gandeng.core.cycle import Cycle
    from gandeng.policy import benefit_policy
    from gandeng.registry.comparing import rupiah
    from gandeng.runs.entitle import entitle

    load_registry(EVERYWHERE, district, on=ON, report=QUIET)
    _frozen(tmp_path / "a")
    told = rupiah(benefit_policy(Cycle(2024, 2)), contract_selects(tmp_path / "a"), tmp_path / "work")
    files = entitle(district / "families.parquet", district / "members.parquet", tmp_path / "out", cycle=Cycle(2024, 2))
    assert told["rupiah"] == sum(row["rupiah"] for row in files.by_channel) > 0
    assert told["families"] == sum(row["payments"] for row in files.by_channel)


def test_who_left_is_not_frozen_and_who_died_is(tmp_path):
    family = make_family(members=3)
    with in_territory(EVERYWHERE):
        gone, dead = Member.objects.filter(family=family).order_by("member_no")[1:3]
        Member.objects.filter(pk=gone.pk).update(left_on=ON)
        Member.objects.filter(pk=dead.pk).update(deceased_on=ON)
    _frozen(tmp_path)
    numbers = {row["member_id"]: row["deceased_on"] for row in tables(tmp_path)[1]}
    assert gone.member_no not in numbers
    assert numbers[dead.member_no] == ON


def test_another_account_in_a_list_ends_the_old_one_and_waits(district, tmp_path):
    load_registry(EVERYWHERE, district, on=ON, report=QUIET)
    families, members = tables(district)
    bank = next(row for row in families if row["channel"] != "POS")
    bank["account_no"] = "9" * len(bank["account_no"])
    load_registry(EVERYWHERE, write_tables(tmp_path, families, members), on=ON + timedelta(days=9), report=QUIET)
    with in_territory(EVERYWHERE):
        rows = Account.objects.filter(family__family_no=bank["family_id"]).order_by("valid_from")
        old, new = rows
    assert old.valid_until == new.valid_from == ON + timedelta(days=9)
    assert new.usable_from == new.valid_from + timedelta(days=COOLING_DAYS)


def test_an_account_of_two_families_stays_with_one_and_the_other_is_not_paid(district, tmp_path):
    families, members = tables(district)
    one, other = [row for row in families if row["channel"] != "POS"][:2]
    other.update(channel=one["channel"], account_no=one["account_no"])
    merged = load_registry(EVERYWHERE, write_tables(tmp_path, families, members), on=ON, report=QUIET).merged
    assert merged.accounts_held == 1
    again = load_registry(EVERYWHERE, tmp_path, on=ON + timedelta(days=1), report=QUIET).merged
    assert (again.accounts_held, again.accounts_added) == (1, 0)
    with in_territory(EVERYWHERE):
        held = Account.objects.get(family__family_no=other["family_id"])
    assert (held.account_index, held.account_last3, held.usable_from) == (None, "", NEVER)


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda _f, m: m[1].update(nik=m[0]["nik"]), "NIK yang sama"),
        (lambda _f, m: m[0].update(family_id="K999999999"), "tidak ada"),
        (lambda f, m: f[0].update(collector_member_id=m[-1]["member_id"]), "bukan anggota"),
        (lambda f, _m: f[0].update(status="KAYA"), "tidak dikenal"),
    ],
)
def test_it_refuses_tables_that_do_not_fit(district, tmp_path, spoil, says):
    families, members = tables(district)
    spoil(families, members)
    with pytest.raises(LoadRefused, match=says):
        load_registry(EVERYWHERE, write_tables(tmp_path, families, members), on=ON, report=QUIET)
    with in_territory(EVERYWHERE):
        assert not Family.objects.exists()


def test_it_refuses_a_nik_that_lives_in_another_district_without_saying_whose(district, cast, tmp_path):
    _, members = tables(district)
    make_family("6372011001", nik=members[0]["nik"])
    with pytest.raises(LoadRefused, match="luar wilayah"):
        load_registry(cast("DISTRICT_OPERATOR", "6371"), district, on=ON, report=QUIET)


def test_it_refuses_who_neither_takes_nor_applies_lists(district):
    with pytest.raises(PermissionDenied):
        load_registry(Acting(uuid4(), "Tamu", ()), district, on=ON, report=QUIET)


def test_a_card_number_is_sealed_where_a_list_has_one(district, tmp_path):
    families, members = tables(district)
    for place, row in enumerate(families):
        row["kk_no"] = f"6371010101{place:06d}"
    load_registry(EVERYWHERE, write_tables(tmp_path, families, members), on=ON, report=QUIET)
    with in_territory(EVERYWHERE):
        family = Family.objects.get(kk_index=blind("kk", families[3]["kk_no"]))
    assert unseal(family.kk_sealed, Place("registry_family", "kk", str(family.pk))) == families[3]["kk_no"]


@given(st.text("0123456789", min_size=1, max_size=16), st.text("0123456789", min_size=1, max_size=16))
def test_indexes_are_equal_where_identifiers_are(one, other):
    assert (blind("nik", one) == blind("nik", other)) == (one == other)
    same = (one.lstrip("0") or "0") == (other.lstrip("0") or "0")
    assert (blind_account("BRI", one) == blind_account("BRI", other)) == same
    assert blind_account("BRI", one) != blind_account("BNI", one)
    assert blind("nik", one) != blind("kk", one)


@given(st.text("0123456789", min_size=16, max_size=16))
def test_sealed_bytes_open_in_their_own_row_alone(nik):
    place = Place("registry_member", "nik", str(uuid4()))
    sealed = seal(nik, place)
    assert unseal(sealed, place) == nik
    moved = (Place("registry_member", "nik", str(uuid4())), Place("registry_member", "kk", place.row),
             Place("payments_payment", "nik", place.row))  # fmt: skip
    for elsewhere in moved:
        with pytest.raises(NotOurs):
            unseal(sealed, elsewhere)
    where = random.Random(nik).randrange(len(sealed))
    with pytest.raises(NotOurs):
        unseal(sealed[:where] + bytes([sealed[where] ^ 1]) + sealed[where + 1 :], place)


def test_no_identifier_stands_in_the_tables(district):
    load_registry(EVERYWHERE, district, on=ON, report=QUIET)
    niks = {row["nik"] for row in tables(district)[1]}
    with in_territory(EVERYWHERE), connection.cursor() as cursor:
        for table in ("registry_family", "registry_member", "registry_account", "audit_auditentry"):
            cursor.execute(f"select t::text from {table} t")
            told = "\n".join(row for (row,) in cursor.fetchall())
            assert not any(nik in told for nik in niks)
