"""Both engines give the same rows: small data with every defect, on a standalone cluster with two workers."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from gandeng.core.benefit import benefit
from gandeng.core.cycle import Cycle
from gandeng.core.duplicates import duplicates
from gandeng.engine import Engine, calculate
from gandeng.engine.duckdb_engine import DuckDBEngine
from gandeng.engine.spark_engine import SparkEngine
from gandeng.engine.standalone import standalone_cluster
from gandeng.files.intake import take
from gandeng.files.layouts import FAMILIES, MEMBERS, VERDICTS
from gandeng.policy import benefit_policy
from gandeng.runs import reconcile as run_module
from gandeng.runs.reconcile import reconcile
from gandeng.simulation.defects import RATES
from gandeng.simulation.registry import simulate_registry
from gandeng.simulation.results import simulate_results

pytestmark = [pytest.mark.spark, pytest.mark.xdist_group("spark")]

Opened = Callable[[Path], Engine]

_LIGHT_JAVA = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
SMALL = {
    "spark.sql.shuffle.partitions": "2",
    "spark.default.parallelism": "2",
    "spark.sql.codegen.wholeStage": "false",  # compiling each step takes longer than its few rows
    "spark.sql.adaptive.enabled": "false",
    "spark.driver.extraJavaOptions": _LIGHT_JAVA,
    "spark.executor.extraJavaOptions": _LIGHT_JAVA,
}
CYCLES = (Cycle(2018, 1), Cycle(2019, 1), Cycle(2024, 3))
"""One of each shape: flat, fixed part beside the components, components alone."""


@pytest.fixture(scope="module")
def master(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with standalone_cluster(tmp_path_factory.mktemp("cluster"), workers=2) as address:
        yield address


_SHARED = """
    select * replace (case when family_id like '%50' then min(account_no) over (partition by channel)
        else account_no end as account_no) from '{}/payments.parquet' order by payment_id"""
"""Some families stand on one account of their bank, so that a row that names it alone is ambiguous."""


class KeptSparkEngine(SparkEngine):
    """Leaves its session to the next: starting one takes longer than a calculation."""

    def close(self) -> None:
        self.stage.close()


@pytest.fixture(scope="module")
def spark(master: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    """Opens an engine on the cluster; all share one session."""
    with closing(SparkEngine(tmp_path_factory.mktemp("session"), master=master, settings=SMALL)):
        yield lambda workdir: KeptSparkEngine(workdir, master=master, settings=SMALL)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """2.300 families of Banjarbaru, a payment list, and answers with every defect."""
    home = tmp_path_factory.mktemp("world")
    simulate_registry(home / "registry", region="63.72", families=2_300)
    _calculated("duckdb", DuckDBEngine, Cycle(2024, 2), home)
    loud = dict.fromkeys(RATES, 0.03) | {"unknown": 0.02, "replayed_tail": 0.02}
    with duckdb.connect() as con:
        con.execute(f"copy ({_SHARED.format(home / 'duckdb-2024-2')}) to '{home}/payments.parquet'")
    simulate_results(home / "payments.parquet", home / "answers", rates=loud, layouts="canonical")
    return home


def test_reconciling_gives_the_same_rows(world: Path, spark: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    payments, answers = world / "payments.parquet", sorted((world / "answers").glob("results-*"))
    ours = reconcile(payments, answers, world / "reconciled-duckdb")
    monkeypatch.setattr(run_module, "open_engine", lambda _name, workdir, **_given: spark(workdir))
    theirs = reconcile(payments, answers, world / "reconciled-spark", engine="spark")
    assert ours.rows == theirs.rows
    assert ours.rows["outcomes.parquet"] > 2_000
    assert len({row["disposition"] for row in ours.dispositions}) == 7
    for table in ("outcomes.parquet", "dispositions.parquet"):
        same_rows(world / "reconciled-duckdb" / table, world / "reconciled-spark" / table)
    summaries = [(world / f"reconciled-{engine}" / "summary.csv").read_bytes() for engine in ("duckdb", "spark")]
    assert summaries[0] == summaries[1]


@pytest.mark.parametrize("cycle", CYCLES, ids=str)
def test_entitling_gives_the_same_rows(world: Path, spark: Opened, cycle: Cycle) -> None:
    ours, theirs = _calculated("duckdb", DuckDBEngine, cycle, world), _calculated("spark", spark, cycle, world)
    assert pq.read_metadata(ours / "payments.parquet").num_rows > 1_000
    for table in ("components", "entitlements", "payments", "recommendations"):
        same_rows(ours / f"{table}.parquet", theirs / f"{table}.parquet")


def test_searching_duplicates_gives_the_same_rows(world: Path, spark: Opened) -> None:
    """Members as they are, and some again with other letters, days and places."""
    people = world / "people.parquet"
    with duckdb.connect() as con:
        con.execute(f"copy ({_PEOPLE_AND_DOUBLES.format(world / 'registry')}) to '{people}'")
    sources, found = {"people": f"select * from '{people}'"}, {}
    for name, opened in (("duckdb", DuckDBEngine), ("spark", spark)):
        found[name] = world / f"{name}-alike"
        found[name].mkdir()
        with closing(opened(world / "work" / found[name].name)) as engine:
            calculate(engine, duplicates(one_in_at_least=1), sources, found[name])
    ours, theirs = (folder / "alike.parquet" for folder in found.values())
    kinds = pq.read_table(ours).group_by(["name_alike", "born_alike"]).aggregate([])
    assert kinds.num_rows == 9
    same_rows(ours, theirs)


_PEOPLE_AND_DOUBLES = """
    with people as (select m.family_id, m.member_id, m.name, m.birth_date, m.sex, f.village_code
        from '{0}/members.parquet' m join '{0}/families.parquet' f on f.family_id = m.family_id),
    again as (select 'X' || family_id as family_id, 'X' || member_id as member_id, name, birth_date, sex, village_code,
        row_number() over (order by member_id) as no from people)
    from people union all by name
    select family_id, member_id, birth_date, sex, village_code, case no % 5 when 0 then upper(replace(name, 'u', 'oe'))
        when 1 then 'Hj. É ' || name when 2 then replace(name, 'i', '') when 3 then name || ' عمر' else name end as name
        from again where no % 12 = 0
    union all by name
    select 'Y' || family_id as family_id, 'Y' || member_id as member_id, name, sex, village_code,
        case no % 3 when 0 then make_date(year(birth_date), 1, 1) when 1 then birth_date + 1
            else birth_date + 10 end as birth_date
        from again where no % 12 in (1, 2, 3)"""


def _calculated(name: str, open_engine: Opened, cycle: Cycle, home: Path) -> Path:
    """The tables of an entitlement in a folder of their own."""
    out = home / f"{name}-{cycle.key}"
    out.mkdir()
    sources = {}
    for layout in (FAMILIES, MEMBERS, VERDICTS):
        taken = take(home / "registry" / f"{layout.name}.parquet", layout, home / "taken")
        sources[layout.name] = f"select {', '.join(layout.names)} from ({taken.select}) file"
    with closing(open_engine(home / "work" / out.name)) as opened:
        calculate(opened, benefit(benefit_policy(cycle)), sources, out)
    return out


def same_rows(ours: Path, theirs: Path) -> None:
    """Same columns and types, and the same rows as often, whichever side one starts from."""
    with duckdb.connect() as con:
        types = [con.sql(f"describe select * from '{path}'").fetchall() for path in (ours, theirs)]
        assert [row[:2] for row in types[0]] == [row[:2] for row in types[1]]
        for one, other in ((ours, theirs), (theirs, ours)):
            assert con.sql(f"from '{one}' except all from '{other}'").fetchall() == []
