"""The benchmarks that were promised are there, and the harness counts right. Nothing is measured here."""

import json
import subprocess
import sys
from math import isclose

import pytest

from benchmarks import report, suite, web_elsewhere, web_plans, work
from benchmarks.figures import Measured, Target, best, exponent, ratio
from benchmarks.measure import ROOT

PROMISED = {
    "reconcile", "reconcile-600mb", "reconcile-csv", "entitle", "pandas-equal", "pandas-reconcile", "pandas-entitle",
    "growth", "simulate", "spark", "balance", "web-stage", "web-growth", "web-pages", "web-requests",
    "web-logins", "web-plans", "certificates", "duplicates", "field-sync", "field-start",
}  # fmt: skip


def test_it_works():
    assert set(suite.BENCHMARKS) == PROMISED


def test_a_target_is_met_on_the_right_side_of_its_limit():
    assert Target("b", "time / floor", 6.0, 6.0).verdict == "meets"
    assert Target("b", "time / floor", 6.01, 6.0).verdict == "misses"
    assert Target("b", "pandas / ours", 3.0, 3.0, at_least=True).verdict == "meets"
    assert Target("b", "pandas / ours", 2.99, 3.0, at_least=True).verdict == "misses"
    assert Target("b", "time / floor", None, 6.0).verdict == "not measured"


def test_ratio_refuses_a_yardstick_of_nothing():
    assert ratio(9.0, 3.0) == 3.0
    with pytest.raises(ValueError, match="0"):
        ratio(1.0, 0.0)


@pytest.mark.parametrize("power", [0.5, 1.0, 1.1, 2.0])
def test_the_exponent_of_a_pure_power_is_that_power(power):
    points = [(rows, 3e-6 * rows**power) for rows in (1_000_000, 2_000_000, 5_000_000, 10_000_000)]
    assert isclose(exponent(points), power)


def test_the_least_time_counts_and_the_highest_peak():
    rounds = [Measured("t", 10, 4.0, 5.0, 100.0), Measured("t", 10, 3.0, 6.0, 120.0)]
    assert best(rounds) == Measured("t", 10, 3.0, 5.0, 120.0)


def test_floor_and_ours_take_turns(monkeypatch, tmp_path):
    ran = []

    def run_task(task, inputs):
        ran.append(task)
        return Measured(task, 10, float(len(ran)), 1.0, 50.0), {}

    monkeypatch.setattr(suite, "run_task", run_task)
    (tmp_path / "10").mkdir()
    (tmp_path / "10" / "made.json").touch()
    session = suite.Session(tmp_path, 10, rounds=2, tell=lambda _line: None)
    suite.reconcile(session)
    assert ran == ["floor_reconcile", "reconcile", "write_again"] * 2
    written = ("time / (floor + its files, only written)", 0.5)
    reached = [(one.says, one.value) for one in session.targets]
    assert reached == [("time / floor", 2.0), written, ("peak memory, MB", 50.0)]


def test_rows_that_differ_are_an_error(monkeypatch, tmp_path):
    monkeypatch.setattr(suite, "run_task", lambda task, _: (Measured(task, 10, 1.0, 1.0, 1.0), {"a.parquet": 2}))
    (tmp_path / "10").mkdir()
    (tmp_path / "10" / "made.json").touch()
    session = suite.Session(tmp_path, 10, tell=lambda _line: None)
    with pytest.raises(suite.NotEqual):
        suite.pandas_equal(session)
    assert [one.verdict for one in session.targets] == ["misses"]


def test_every_task_of_the_suite_exists():
    asked = {"floor_reconcile", "floor_entitle", "scan_csv", "reconcile", "entitle", "reconcile_spark", "compare"}
    asked |= {"write_again"}
    made = {"simulate_registry", "simulate_results", "make_data"}
    web = {"web_data", "web_stage", "web_one_by_one", "web_site", "web_pages", "web_requests", "web_logins"}
    web |= {"web_plans"}
    asked |= {"duplicates_floor", "duplicates_ours", "duplicates_usual"}
    asked |= {"balance_districts", "balance_district", "certificates", "field_sync", "field_start"}
    assert asked | made | web | {"pandas_reconcile", "pandas_entitle"} == set(work.TASKS)


def test_a_page_grew_where_it_reads_much_more_and_not_where_an_index_takes_the_place_of_a_small_table():
    small = web_plans.Read(rows=30_000, blocks=4_000)
    assert web_plans.Read(rows=90_000, blocks=4_000).grew(small)
    assert web_plans.Read(rows=30_000, blocks=40_000).grew(small), "what a function of row security reads is in no plan"
    assert not web_plans.Read(rows=59_900, blocks=8_000).grew(small)
    assert not web_plans.Read(rows=20_000, blocks=40_000).grew(small)
    assert not web_plans.Read(rows=4_500, blocks=900).grew(web_plans.Read()), "a few rows more are no growth"


def test_rows_thrown_away_are_read_too_in_every_loop():
    node = {"Actual Rows": 2.5, "Actual Loops": 4, "Rows Removed by Filter": 10, "Node Type": "Seq Scan"}
    assert web_plans.rows_of(node) == 50


def test_a_copy_elsewhere_has_keys_of_its_own_and_shares_the_stage():
    def copied(name, kind, points_at=None, *, unique=False):
        return web_elsewhere.Column("payments_payment", name, kind, False, points_at, unique).copied

    assert copied("cycle_id", "uuid", "payments_cycle") == 'own."cycle_id"'
    assert "elsewhere.digits" in copied("family_id", "uuid", "registry_family")
    assert "elsewhere.province" in copied("village_code", "text")
    assert "elsewhere.number" in copied("payment_id", "text", unique=True)
    assert "sha256" in copied("nik_index", "bytea")
    assert copied("name", "text") == 'own."name"'
    assert len(set(web_elsewhere.provinces(89)) - {web_elsewhere.PROVINCE}) == 89


def test_a_missed_target_says_so_on_the_page():
    rows = report.target_rows(
        [Target("reconcile", "time / floor", 7.5, 6.0), Target("spark", "time", 7.0, float("inf"))]
    )
    assert rows[0] == ("reconcile", "time / floor", "7.50", "at most 6", "misses", "")
    assert rows[1][3:5] == ("-", "-")


def test_the_page_has_a_place_for_the_figures():
    page = report.PAGE.read_text(encoding="utf-8")
    assert page.count(report.BEGIN) == page.count(report.END) == 1
    assert page.index(report.BEGIN) < page.index(report.END)


def test_two_equal_folders_do_not_differ_and_two_others_do(tmp_path):
    for name, text in (("left", "a,b\n1,2\n1,2\n"), ("same", "b,a\n2,1\n2,1\n"), ("other", "a,b\n1,2\n1,3\n")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "rows.csv").write_text(text)
    assert _differing(tmp_path, "same") == {"rows.csv": 0}
    assert _differing(tmp_path, "other") == {"rows.csv": 2}


def _differing(folder, other):
    inputs = {"left": str(folder / "left"), "right": str(folder / other), "files": "rows.csv"}
    command = [sys.executable, "-m", "benchmarks.work", "compare", json.dumps(inputs)]
    told = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    return json.loads(told.stdout)["facts"]


def test_a_small_district_is_balanced_with_its_gap():
    inputs = {"region": "63.72", "district": "63.72", "families": "400", "facilitators": "3", "seconds": "5"}
    command = [sys.executable, "-m", "benchmarks.work", "balance_district", json.dumps(inputs)]
    told = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    answer = json.loads(told.stdout)
    assert answer["rows"] == 400
    assert 0 <= answer["facts"]["gap"] < 100
    assert answer["facts"]["today"] >= 0 and answer["facts"]["greedy"] >= 0
