from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gandeng.core.cycle import Cycle, UnreadableCycle


def test_it_works() -> None:
    cycle = Cycle.parse("2024-2")
    assert (cycle.year, cycle.stage, cycle.key, str(cycle)) == (2024, 2, "2024-2", "2024-T2")


@pytest.mark.parametrize(
    ("key", "months", "day"),
    [
        ("2024-2", 3, date(2024, 4, 1)),
        ("2024-2", 2, date(2024, 3, 1)),
        ("2020-12", 1, date(2020, 12, 1)),
        ("2024-1", 12, date(2024, 1, 1)),
    ],
)
def test_it_starts_in_the_month_after_the_stages_before(key: str, months: int, day: date) -> None:
    assert Cycle.parse(key).starts_on(months=months) == day


@settings(deadline=None, max_examples=100)
@given(year=st.integers(1, 9999), stage=st.integers(1, 99))
def test_what_is_written_is_read_back(year: int, stage: int) -> None:
    assert Cycle.parse(Cycle(year, stage).key) == Cycle(year, stage)


@pytest.mark.parametrize(
    "text", ["", "2024", "2024-0", "2024-02", "2024-T2", "24-2", "2024-100", "2024-2 ", "２０２４-2", "2024-2\n"]
)
def test_it_refuses_another_form(text: str) -> None:
    with pytest.raises(UnreadableCycle):
        Cycle.parse(text)


@pytest.mark.parametrize(("key", "months"), [("2024-5", 3), ("2024-7", 2), ("2024-2", 12)])
def test_it_refuses_a_stage_beyond_the_year(key: str, months: int) -> None:
    with pytest.raises(UnreadableCycle):
        Cycle.parse(key).starts_on(months=months)


def test_cycles_come_in_the_order_of_time() -> None:
    assert sorted(map(Cycle.parse, ("2024-10", "2024-2", "2023-4"))) == list(
        map(Cycle.parse, ("2023-4", "2024-2", "2024-10"))
    )
