from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from gandeng.core.nik import explain_nik, read_nik
from gandeng.core.region_code import RegionCode
from gandeng.files.intake import take
from gandeng.files.layouts import FAMILIES, MEMBERS, VERDICTS
from gandeng.regions import places
from gandeng.runs.publish import FolderNotOurs
from gandeng.simulation.chance import Chance
from gandeng.simulation.output import Format
from gandeng.simulation.plan import FamiliesDoNotFit, UnknownRegion, plan_facilitators, plan_villages
from gandeng.simulation.registry import Registry, chunks_of, simulate_registry

Ask = Callable[[str], list[tuple[Any, ...]]]


@pytest.fixture(scope="module")
def ask(province: Registry) -> Ask:
    con = duckdb.connect()
    for table in ("families", "members", "verdicts", "facilitators", "assignments", "schools", "clinics", "enrolments"):
        con.execute(f"create view {table} as from read_parquet('{province.folder}/{table}.parquet')")
    return lambda sql: con.execute(sql).fetchall()


def one(rows: list[tuple[Any, ...]]) -> Any:
    return rows[0][0] if len(rows[0]) == 1 else rows[0]


def test_it_works(province: Registry, ask: Ask) -> None:
    assert (province.villages, province.sub_districts, province.districts) == (2016, 156, 13)
    assert province.rows("families") == one(ask("select count(*) from families")) == 5_000
    assert one(ask("select count(distinct village_code) from families")) == 2016
    assert 3.45 < province.rows("members") / province.rows("families") < 3.65


@pytest.mark.parametrize("form", ["parquet", "csv"])
def test_what_it_writes_is_taken_without_a_fault(form: Format, tmp_path: Path) -> None:
    made = simulate_registry(tmp_path / "made", region="63.72", families=300, form=form)
    for layout in (FAMILIES, MEMBERS, VERDICTS):
        taken = take(made.folder / f"{layout.name}.{form}", layout, tmp_path / "work")
        assert taken.rows == made.rows(layout.name)


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    for name, seed in (("one", 5), ("two", 5), ("other", 6)):
        simulate_registry(tmp_path / name, region="63.71", families=500, seed=seed)
    names = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert len(names) == 9
    assert all((tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes() for name in names)
    assert (tmp_path / "one/members.parquet").read_bytes() != (tmp_path / "other/members.parquet").read_bytes()


def test_chunks_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pieces end between sub-districts; how many there are shows in no row."""
    rows = []
    for name, size in (("whole", 100_000), ("pieces", 100)):
        monkeypatch.setattr("gandeng.simulation.registry.CHUNK_FAMILIES", size)
        made = simulate_registry(tmp_path / name, region="63.71", families=900)
        with duckdb.connect() as con:
            rows.append(con.execute(f"from read_parquet('{made.folder}/members.parquet')").fetchall())
    assert rows[0] == rows[1]
    villages = plan_villages("63.71", 900, Chance(1))
    assert len(list(chunks_of(villages, 100))) > 3


def test_ids_niks_and_accounts_are_nobody_elses(ask: Ask) -> None:
    assert one(ask("select count(*) - count(distinct family_id) from families")) == 0
    assert one(ask("select count(*) - count(distinct member_id) from members")) == 0
    assert one(ask("select count(*) - count(distinct nik) from members")) == 0
    shared = "select count(*) - count(distinct (channel, account_no)) from families where channel <> 'POS'"
    assert one(ask(shared)) <= 5


def test_every_nik_says_what_the_record_says(ask: Ask) -> None:
    rows = ask(
        """select nik, birth_date, sex, village_code from members join families using (family_id)
        order by member_id limit 3000"""
    )
    moved = 0
    for nik, born, sex, village in rows:
        reading = explain_nik(
            read_nik(nik), birth_date=born, sex=sex, region=RegionCode.parse(village), region_name=places.name_of
        )
        assert {warning.code for warning in reading.warnings} <= {"region_differs"}
        moved += bool(reading.warnings)
    assert 0.03 < moved / len(rows) < 0.10


def test_ages_fit_together(ask: Ask) -> None:
    gaps = """select min(date_diff('day', mother.birth_date, child.birth_date)) // 365,
            max(date_diff('day', mother.birth_date, child.birth_date)) // 365
        from families f join members mother on mother.member_id = f.collector_member_id and mother.sex = 'F'
        join members child on child.family_id = f.family_id and child.birth_date > date '2003-01-01'
            and child.birth_date > mother.birth_date + interval 15 year"""
    youngest, oldest = one(ask(gaps))
    assert youngest >= 16 and oldest <= 45
    schools = """select school_level, min(date_diff('year', birth_date, date '2024-01-01')),
        max(date_diff('year', birth_date, date '2024-01-01')) from members where school_level <> '' group by 1"""
    ages = {level: (low, high) for level, low, high in ask(schools)}
    assert ages["SD"][0] >= 6 and ages["SMP"][0] >= 12 and ages["SMA"][0] >= 15 and ages["SMA"][1] <= 22
    pregnant = "select count(*) from members where pregnancy_no is not null"
    fit = f"{pregnant} and sex = 'F' and date_diff('month', birth_date, date '2024-04-01') // 12 between 15 and 49"
    assert one(ask(pregnant)) == one(ask(fit)) > 0
    assert one(ask("select count(*) from members where deceased_on < birth_date")) == 0


def test_the_mother_collects(ask: Ask) -> None:
    share = """select avg((m.sex = 'F')::int) from families f join members m on m.member_id = f.collector_member_id
        and m.family_id = f.family_id"""
    assert 0.93 < one(ask(share)) < 0.955
    minors = """select count(*) from families f join members m on m.member_id = f.collector_member_id
        where m.birth_date > date '2024-04-01' - interval 17 year"""
    assert one(ask(minors)) == 0


def test_accounts_are_as_long_as_the_banks_have_them(ask: Ask) -> None:
    lengths: dict[str, int] = dict(ask("select channel, max(length(account_no)) from families group by 1"))
    assert lengths == {"BRI": 15, "BNI": 10, "MANDIRI": 13, "BTN": 16, "BSI": 10, "POS": 0}
    assert one(ask("select avg((account_no like '0%')::int) from families where channel <> 'POS'")) > 0.05


def test_amounts_come_near_the_published_ones(ask: Ask) -> None:
    """A family and year by the rates of 2024, against South Kalimantan's Rp2.110.243 (2023) and Rp2.850.733 (2022)."""
    total = """
        select sum(best) // (select count(*) from families) from (
            select family_id, member_id, max(rate) as best from (
                select *, 3000000 as rate from members where pregnancy_no <= 2
                union all select *, 3000000 from members where school_level = '' and birth_date > date '2017-04-01'
                union all select *, case school_level when 'SD' then 900000 when 'SMP' then 1500000 else 2000000 end
                    from members where school_level <> ''
                union all select *, 2400000 from members where severe_disability or birth_date <= date '1954-04-01')
            group by all)"""
    assert 2_110_243 < one(ask(total)) < 2_950_000


def test_commitments_belong_to_members_and_places(ask: Ask) -> None:
    assert one(ask("select count(*) from verdicts anti join members using (member_id)")) == 0
    homeless = """select count(*) from enrolments e where not exists (from schools s where s.school_id = e.place_id)
        and not exists (from clinics c where c.clinic_id = e.place_id)"""
    assert one(ask(homeless)) == 0
    assert one(ask("select avg((verdict = 'MET')::int) from verdicts")) > 0.85


def test_every_family_has_one_facilitator(province: Registry, ask: Ask) -> None:
    pairs = """select count(*), count(distinct f.family_id) from families f
        join assignments a on f.family_id between a.first_family_id and a.last_family_id
            and f.village_code = a.village_code"""
    assert one(ask(pairs)) == (5_000, 5_000)
    assert one(ask("select sum(families) from facilitators")) == province.rows("families")


def test_south_kalimantan_as_published() -> None:
    villages = plan_villages("63", None, Chance(1))
    helpers = plan_facilitators(villages, None, "63")
    assert (len(villages), sum(one.families for one in villages)) == (2016, 98_636)
    assert min(one.families for one in villages) >= 1
    assert (len(helpers), sum(one.families for one in helpers)) == (414, 98_636)
    assert min(one.families for one in helpers) > 100 and max(one.families for one in helpers) < 450


@pytest.mark.parametrize("region", ["", "99", "63.99", "63.71.01", "Kalsel", "6"])
def test_it_refuses_a_region_it_does_not_know(region: str, tmp_path: Path) -> None:
    with pytest.raises(UnknownRegion):
        simulate_registry(tmp_path / "out", region=region)
    assert not (tmp_path / "out").exists()


def test_it_refuses_fewer_families_than_villages_and_more_than_fit(tmp_path: Path) -> None:
    for families in (2015, 10_000_000):
        with pytest.raises(FamiliesDoNotFit) as refusal:
            simulate_registry(tmp_path / "out", region="63", families=families)
        assert refusal.value.low == 2016


def test_it_leaves_a_strange_folder_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(FolderNotOurs):
        simulate_registry(tmp_path, region="63.72", families=100)
    assert (tmp_path / "thesis.txt").read_text() == "mine"


def test_papua_keeps_old_codes_in_old_niks(tmp_path: Path) -> None:
    made = simulate_registry(tmp_path / "papua", region="93", families=2_000)
    with duckdb.connect() as con:
        rows = con.execute(
            f"""select birth_date < date '2022-07-01', nik[1:2], count(*)
            from read_parquet('{made.folder}/members.parquet') group by all"""
        ).fetchall()
    counts = {(old, prefix): count for old, prefix, count in rows}
    assert counts[True, "91"] > 0.8 * sum(count for (old, _), count in counts.items() if old)
    assert counts[False, "93"] > 0
    assert (False, "91") not in counts or counts[False, "91"] < counts[False, "93"] / 5
