from hypothesis import given, settings
from hypothesis import strategies as st

from gandeng.simulation.allotment import largest_remainder, runs_of
from gandeng.simulation.chance import SPAN, Chance
from gandeng.simulation.engine import connect


def drawn(rows: int, *purposes: str) -> list[tuple[int, ...]]:
    d = Chance(1).draws("i")
    body = f"select {', '.join(d.draw(purpose) for purpose in purposes)} from drawn order by i"
    with connect() as con:
        con.execute(f"create temp table rows_here as select range as i from range({rows})")
        return con.execute(d.over("rows_here", body)).fetchall()


def test_it_works() -> None:
    values = [value for (value,) in drawn(40_000, "a purpose")]
    assert all(0 <= value < SPAN for value in values)
    tenths = [sum(value * 10 // SPAN == tenth for value in values) for tenth in range(10)]
    assert all(3_750 < count < 4_250 for count in tenths)


def test_sql_and_python_draw_alike() -> None:
    assert [value for (value,) in drawn(200, "sex")] == [Chance(1).number("sex", row) for row in range(200)]


def test_purposes_know_nothing_of_each_other() -> None:
    pairs = drawn(40_000, "one", "two")
    both_low = sum(one < SPAN // 2 and two < SPAN // 2 for one, two in pairs)
    assert 9_600 < both_low < 10_400
    assert [one for one, _ in pairs[:500]] == [one for (one,) in drawn(500, "one")]


def test_another_seed_is_another_world() -> None:
    assert Chance(1).key("sex") != Chance(2).key("sex")


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=40), st.integers(0, 5), st.integers(0, 100_000))
@settings(deadline=None, max_examples=100)
def test_whole_shares_keep_the_sum(weights: list[int], least: int, more: int) -> None:
    total = least * len(weights) + more
    parts = largest_remainder(total, weights, least=least)
    assert sum(parts) == total or sum(weights) == 0
    assert all(part >= least for part in parts)


@given(st.lists(st.integers(1, 500), min_size=1, max_size=40), st.data())
@settings(deadline=None, max_examples=100)
def test_runs_take_every_place_once_and_none_is_empty(weights: list[int], data: st.DataObject) -> None:
    count = data.draw(st.integers(1, len(weights)))
    runs = runs_of(weights, count)
    assert [place for run in runs for place in run] == list(range(len(weights)))
    assert len(runs) == count
    assert all(len(run) for run in runs)
