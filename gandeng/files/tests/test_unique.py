"""Repeated ids are counted alike whether neighbours prove them unique or digests find them."""

from collections import Counter
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gandeng.files import unique
from gandeng.files.canonical import Canonical

ids = st.integers(0, 30).map(lambda number: f"F{number:02d}")


def repeats(keys: list[str]) -> int:
    with duckdb.connect() as con:
        con.register("given", pa.table({"id": pa.array(keys, pa.string())}))
        con.execute("create table listed as select * from given")
        rows = "select id from listed"
        return unique.repeats(con, Canonical(rows, rows, Path("unused")), "id")


def counted(keys: list[str]) -> int:
    return sum(times - 1 for key, times in Counter(keys).items() if key)


@settings(deadline=None)
@given(st.lists(st.lists(ids, max_size=6).map(sorted), max_size=5))
def test_stretches_in_any_order_give_the_count_of_a_naive_look(stretches: list[list[str]]) -> None:
    keys = [key for stretch in stretches for key in stretch]
    assert repeats(keys) == counted(keys)


@settings(deadline=None)
@given(st.lists(st.one_of(st.just(""), ids, st.text(max_size=2).filter(lambda text: "\0" not in text)), max_size=12))
def test_any_texts_give_the_count_of_a_naive_look(keys: list[str]) -> None:
    assert repeats(keys) == counted(keys)


def test_a_list_in_order_is_not_looked_at_by_digests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unique, "_suspects", None)
    assert repeats([f"F{number:05d}" for number in range(20_000)]) == 0
    assert repeats([f"F{number:05d}" for start in (9_000, 15_000, 0) for number in range(start, start + 3_000)]) == 0


@pytest.mark.parametrize("runs_most", [1, 3])
def test_a_list_in_no_order_is_still_counted(monkeypatch: pytest.MonkeyPatch, runs_most: int) -> None:
    monkeypatch.setattr(unique, "RUNS_MOST", runs_most)
    assert repeats(["F5", "F4", "F3", "F2", "F1"]) == 0
    assert repeats(["F5", "F4", "F3", "F5", "F1", "F5"]) == 2
