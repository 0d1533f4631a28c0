"""A tiny calculation: families and what they are due, with one identity."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from gandeng.core.calculation import Calculation, Check, CheckFailed, Step
from gandeng.core.tables import Column, Table, Type
from gandeng.engine import InMemory, SchemaBroken, calculate, connect, open_engine, prove
from gandeng.engine.duckdb_engine import DuckDBEngine

FAMILIES = Table("families", "one row per family", (Column("family_id"), Column("members", Type.BIGINT)))
RATES = Table("rates", "one row: rupiah for each member", (Column("rate", Type.BIGINT),))
DUE = Table("due", "one row per family", (Column("family_id"), Column("amount", Type.BIGINT)))
SUM = Step("due", "select family_id, members * rate as amount from families cross join rates", stored=True)
NOBODY_OWES = Check("nobody owes", "select family_id from due where amount < 0")
TWO = "select 'F' || n as family_id, cast(n as bigint) as members from range(1, 3) numbers(n)"


def calculation(
    *steps: Step, checks: tuple[Check, ...] = (NOBODY_OWES,), rate: int = 225_000, gives: Table = DUE
) -> Calculation:
    return Calculation("sums", (FAMILIES, RATES), steps or (SUM,), checks, (gives,), {"rates": ((rate,),)})


@pytest.fixture(params=[DuckDBEngine, InMemory])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[DuckDBEngine]:
    with closing(request.param(tmp_path / "work", threads=1)) as opened:
        yield opened


def test_it_works(engine: DuckDBEngine, tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    calculate(engine, calculation(), {"families": TWO}, tmp_path, progress=lambda *step: told.append(step))
    rows = pq.read_table(tmp_path / "due.parquet").sort_by("family_id").to_pylist()
    assert rows == [{"family_id": "F1", "amount": 225_000}, {"family_id": "F2", "amount": 450_000}]
    assert told == [("due", 1, 2), ("nobody owes", 2, 2)]


def test_a_broken_identity_names_itself_with_an_example(engine: DuckDBEngine, tmp_path: Path) -> None:
    with pytest.raises(CheckFailed) as failed:
        calculate(engine, calculation(rate=-1), {"families": TWO}, tmp_path)
    assert (failed.value.calculation, failed.value.check) == ("sums", "nobody owes")
    assert "family_id" in failed.value.example
    assert not (tmp_path / "due.parquet").exists()


def test_in_memory_one_calculation_follows_another_under_the_same_names(tmp_path: Path) -> None:
    with closing(InMemory(tmp_path / "work", threads=1)) as engine:
        found = []
        for rate in (225_000, 100):
            prove(engine, calculation(rate=rate), {"families": TWO})
            found += engine.fetch("select cast(sum(amount) as bigint) as rupiah from due").to_pylist()
        with pytest.raises(CheckFailed):
            prove(engine, calculation(rate=-1), {"families": TWO})
    assert found == [{"rupiah": 675_000}, {"rupiah": 300}]
    assert not list((tmp_path / "work").glob("*.parquet"))


@pytest.mark.parametrize(
    "select",
    [
        "select 'F1' as family_id, 1 as members",  # an integer of 32 bits
        "select 'F1' as family_id, cast(1.5 as double) as members",
        "select cast(1 as bigint) as members, 'F1' as family_id",  # another order
        "select 'F1' as family_id",
        "select 'F1' as family_id, cast(1 as bigint) as members, 1 as more",
    ],
)
def test_it_refuses_an_input_that_is_not_as_declared(engine: DuckDBEngine, tmp_path: Path, select: str) -> None:
    with pytest.raises(SchemaBroken, match="families"):
        calculate(engine, calculation(), {"families": select}, tmp_path)


@pytest.mark.parametrize("value", ["cast(members * 1.5 as double)", "cast(members as integer)", "cast(null as bigint)"])
def test_it_refuses_to_give_what_is_not_as_declared(engine: DuckDBEngine, tmp_path: Path, value: str) -> None:
    wrong = Step("due", f"select family_id, {value} as amount from families", stored=True)
    with pytest.raises(SchemaBroken, match="due"):
        calculate(engine, calculation(wrong, checks=()), {"families": TWO}, tmp_path)
    assert not (tmp_path / "due.parquet").exists()


def test_an_empty_value_passes_where_the_schema_allows_it(engine: DuckDBEngine, tmp_path: Path) -> None:
    may_be_empty = Table(
        "due", "one row per family", (Column("family_id"), Column("amount", Type.BIGINT, nullable=True))
    )
    step = Step("due", "select family_id, cast(null as bigint) as amount from families", stored=True)
    calculate(engine, calculation(step, checks=(), gives=may_be_empty), {"families": TWO}, tmp_path)
    assert pq.read_table(tmp_path / "due.parquet")["amount"].null_count == 2


def test_an_empty_parameter_table_is_a_table(engine: DuckDBEngine) -> None:
    engine.register_rows(RATES, ())
    assert engine.fetch("select count(*) as n from rates").to_pylist() == [{"n": 0}]


def test_paths_with_quotes_are_paths(tmp_path: Path) -> None:
    with closing(DuckDBEngine(tmp_path / "it's here", threads=1)) as engine:
        calculate(engine, calculation(), {"families": TWO}, tmp_path)
    assert (tmp_path / "due.parquet").exists()


def test_a_connection_fetches_no_extension(tmp_path: Path) -> None:
    with closing(connect(tmp_path)) as con, pytest.raises(duckdb.Error):
        con.execute("select * from st_read('x.shp')")
    with closing(connect(tmp_path)) as con:
        settings = dict(con.execute("select name, value from duckdb_settings()").fetchall())
    assert settings["autoinstall_known_extensions"] == settings["autoload_known_extensions"] == "false"
    assert settings["TimeZone"] == "UTC"


def test_it_refuses_an_engine_nobody_wrote(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="pandas"):
        open_engine("pandas", tmp_path)


def test_the_texts_of_a_small_table_are_text(engine: DuckDBEngine, tmp_path: Path) -> None:
    """Whatever they hold, in joins, comparisons, orderings and in what is given."""
    table = Table("words", "one row per word", (Column("word"), Column("says", nullable=True)))
    rows = (("b", "it's"), ("a", None), ("", "é"))
    engine.register_rows(table, rows)
    assert engine.types("words") == {"word": Type.TEXT, "says": Type.TEXT}
    assert engine.con.sql("select max(word), min(word) from words where word <> 'zz'").fetchall() == [("b", "")]
    engine.run(Step("said", "select w.word, n.says from words w join words n on n.word = w.word", stored=True))
    engine.export("said", tmp_path / "said.parquet")
    said = pq.read_table(tmp_path / "said.parquet")
    assert [str(field.type) for field in said.schema] == ["string", "string"]
    assert sorted(said.to_pylist(), key=str) == sorted(({"word": w, "says": s} for w, s in rows), key=str)


@pytest.mark.parametrize(
    ("numbers", "kept"), [([], []), ([7], []), ([1, 2, 1, 3, 2, 1], [1, 2]), ([-5, -5, 2**62], [-5])]
)
def test_a_repeated_step_keeps_what_comes_more_than_once(
    engine: DuckDBEngine, numbers: list[int], kept: list[int]
) -> None:
    engine.run(Step("twice", f"select unnest(cast({numbers} as bigint[])) as number", repeated=True))
    assert sorted(row["number"] for row in engine.fetch("select number from twice").to_pylist()) == kept
