from pathlib import Path
from typing import Any

import duckdb
import pytest

from gandeng.files.intake import take
from gandeng.files.layouts import PAYMENTS, RESULTS, Layout
from gandeng.simulation.defects import RATES, UnknownDefect
from gandeng.simulation.results import Results, simulate_results
from gandeng.simulation.tests.reconcile_oracle import outcomes

LOUD = dict.fromkeys(RATES, 0.02) | {"unknown": 0.01, "replayed_tail": 0.02}


@pytest.fixture(scope="module")
def answers(payments: Path, tmp_path_factory: pytest.TempPathFactory) -> Results:
    return simulate_results(payments, tmp_path_factory.mktemp("answers") / "bank", seed=3, rates=LOUD)


def rows_of(path: Path, layout: Layout, work: Path) -> list[dict[str, Any]]:
    taken = take(path, layout, work)
    with duckdb.connect() as con:
        rows: list[dict[str, Any]] = con.sql(f"from ({taken.select}) order by row").to_arrow_table().to_pylist()
    return rows


def truth_of(made: Results) -> list[tuple[Any, ...]]:
    with duckdb.connect() as con:
        return con.execute(f"from read_parquet('{made.folder}/truth.parquet')").fetchall()


def test_it_works(answers: Results) -> None:
    kinds = {name.split(".", 1)[1] for name in answers.files}
    assert kinds == {"csv", "xlsx", "pain002.xml", "camt054.xml"}
    channels = {name.split(".")[0].removeprefix("results-") for name in answers.files}
    assert channels == {"bri", "bni", "mandiri", "btn", "bsi", "pos"}
    assert len(truth_of(answers)) == answers.payments == sum(answers.defects.values())


def unlike_the_truth(made: Results, payments: Path, told: list[dict[str, Any]], work: Path) -> list[tuple[Any, ...]]:
    found = outcomes(rows_of(payments, PAYMENTS, work), told)
    return [
        (payment_id, defect, outcome, found[payment_id])
        for payment_id, _, defect, outcome, _ in truth_of(made)
        if found[payment_id] != outcome
    ]


def test_every_planted_defect_has_the_outcome_of_the_contract(answers: Results, payments: Path, tmp_path: Path) -> None:
    told = [row for name in answers.files for row in rows_of(answers.folder / name, RESULTS, tmp_path)]
    assert len(told) == sum(answers.files.values())
    assert unlike_the_truth(answers, payments, told, tmp_path) == []


def test_so_it_has_in_the_canonical_form(payments: Path, tmp_path: Path) -> None:
    made = simulate_results(payments, tmp_path / "answers", seed=3, rates=LOUD, layouts="canonical")
    assert sorted(made.files) == [f"results-{one}.parquet" for one in ("bni", "bri", "bsi", "btn", "mandiri", "pos")]
    all_in_one = tmp_path / "all.parquet"
    with duckdb.connect() as con:
        con.execute(f"copy (from read_parquet('{made.folder}/results-*.parquet')) to '{all_in_one}'")
    told = rows_of(all_in_one, RESULTS, tmp_path)
    assert len(told) == sum(made.files.values())
    assert unlike_the_truth(made, payments, told, tmp_path) == []


def test_rates_are_hit(answers: Results) -> None:
    for defect in ("failure", "reversal", "told_again", "unreported", "missing_reference", "misdirected"):
        assert 0.014 < answers.defects[defect] / answers.payments < 0.026
    assert {*RATES, "none", "ambiguous"} == set(answers.defects)


def test_a_quiet_world_pays_everybody(payments: Path, tmp_path: Path) -> None:
    quiet = dict.fromkeys(RATES, 0.0) | {"unknown": 0.0, "replayed_tail": 0.0}
    made = simulate_results(payments, tmp_path / "answers", rates=quiet)
    assert set(made.defects) <= {"none", "ambiguous"}
    assert {outcome for _, _, defect, outcome, _ in truth_of(made) if defect == "none"} == {"PAID"}


def test_the_same_seed_gives_the_same_bytes(answers: Results, payments: Path, tmp_path: Path) -> None:
    again = simulate_results(payments, tmp_path / "again", seed=3, rates=LOUD)
    assert again.files == answers.files
    for name in (*answers.files, "truth.parquet", "manifest.json"):
        assert (again.folder / name).read_bytes() == (answers.folder / name).read_bytes(), name


def test_the_order_of_the_list_changes_no_story(answers: Results, payments: Path, tmp_path: Path) -> None:
    turned = tmp_path / "turned.csv"
    with duckdb.connect() as con:
        con.execute(f"copy (from read_parquet('{payments}') order by payment_id desc) to '{turned}'")
    made = simulate_results(turned, tmp_path / "answers", seed=3, rates=LOUD)
    assert sorted(truth_of(made)) == sorted(truth_of(answers))


def test_nobody_takes_out_more_than_came_in(payments: Path, tmp_path: Path) -> None:
    made = simulate_results(
        payments, tmp_path / "answers", rates={"withdrawn": 0.5, "withdrawn_in_part": 0.2}, layouts="canonical"
    )
    with duckdb.connect() as con:
        taken, credited = con.execute(
            f"""select count(*) filter (event = 'WITHDRAWAL'), count(*) filter (event = 'CREDIT' and channel <> 'POS')
            from read_parquet('{made.folder}/results-*.parquet')"""
        ).fetchall()[0]
    assert 0.6 < taken / credited < 0.75


@pytest.mark.parametrize(
    "rates", [{"nothing": 0.1}, {"failure": -0.1}, {"failure": 1.1}, {"failure": 0.6, "reversal": 0.6}]
)
def test_it_refuses_rates_that_are_none(rates: dict[str, float], payments: Path, tmp_path: Path) -> None:
    with pytest.raises(UnknownDefect):
        simulate_results(payments, tmp_path / "answers", rates=rates)
    assert not (tmp_path / "answers").exists()
