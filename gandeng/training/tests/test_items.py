"""Figures of questions against the plainest way of counting them; the codes of a wall; drawing."""

from statistics import StatisticsError, correlation

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gandeng.training import wall_codes
from gandeng.training.drawing import draw, shuffled
from gandeng.training.items import SHEETS_MIN, Flag, Key, Sheet, items

KEYS = {name: Key(place % 3, 3) for place, name in enumerate("pqrs")}
ANSWERS = st.dictionaries(st.sampled_from("pqrs"), st.integers(0, 2))
SHEETS = st.lists(
    st.builds(Sheet, st.sampled_from([("p", "q"), ("q", "r", "s"), ("p", "q", "r", "s"), ("s",)]), ANSWERS), max_size=30
)


def plainly(sheets, name):
    """How many, how many right, and the correlation as the textbook has it."""
    had = [sheet for sheet in sheets if name in sheet.questions]
    mine, others = [], []
    for sheet in had:
        marks = {one: 1 if sheet.answers.get(one) == KEYS[one].right else 0 for one in sheet.questions}
        rest = [mark for one, mark in marks.items() if one != name]
        if rest:
            mine.append(marks[name])
            others.append(sum(rest) / len(rest))
    try:
        told = correlation(mine, others) if len(had) >= SHEETS_MIN else None
    except StatisticsError:
        told = None
    return len(had), sum(sheet.answers.get(name) == KEYS[name].right for sheet in had), told


@settings(max_examples=60, deadline=None)
@given(SHEETS)
def test_it_works(sheets):
    found = {one.question: one for one in items(sheets, KEYS)}
    for name in KEYS:
        count, right, told = plainly(sheets, name)
        if not count:
            assert name not in found
            continue
        item = found[name]
        assert (item.sheets, item.right) == (count, right)
        assert sum(item.chosen) + item.left_open == count
        assert item.chosen[KEYS[name].right] == right
        assert item.discrimination == (None if told is None else pytest.approx(told, abs=1e-9))
        assert (Flag.TOO_FEW in item.flags) == (count < SHEETS_MIN)
    assert items(sheets[::-1], KEYS) == items(sheets, KEYS) or any(one.discrimination for one in found.values())


def test_flags_say_what_is_wrong():
    knows, guesses = {"p": 0, "q": 1, "r": 2, "s": 0}, {"p": 1, "q": 0, "r": 0, "s": 0}
    upside_down = [Sheet(("p", "q", "r", "s"), {**knows, "p": 1})] * 6 + [
        Sheet(("p", "q", "r", "s"), {**guesses, "p": 0})
    ] * 5
    flags = {one.question: one.flags for one in items(upside_down, KEYS)}
    assert set(flags["p"]) == {Flag.NEGATIVE, Flag.MISLEADING}
    assert flags["s"] == (Flag.TOO_EASY,)
    hard = [Sheet(("p", "q"), {"p": 0, "q": 0})] * 9 + [Sheet(("p", "q"), {"p": 0, "q": 1})]
    assert Flag.TOO_HARD in {one.question: one.flags for one in items(hard, KEYS)}["q"]


def test_a_wall_code_is_good_for_minutes_and_another_each_minute():
    secret, now = b"rahasia", 1_789_999_980.0
    code = wall_codes.code_at(secret, now)
    assert len(code) == wall_codes.LENGTH
    for later, good, late in ((0, True, False), (170, True, False), (240, False, True), (3_600, False, False)):
        assert (wall_codes.is_good(secret, code, now + later), wall_codes.is_late(secret, code, now + later)) == (
            good,
            late,
        )
    assert wall_codes.is_good(secret, f" {code[:4].lower()}-{code[4:]} ", now)
    assert not wall_codes.is_good(b"lain", code, now)
    assert not wall_codes.is_good(secret, wall_codes.code_at(secret, now + 60), now), "not one of the future"
    assert len({wall_codes.code_at(secret, now + 60 * step) for step in range(500)}) == 500


def test_a_seed_draws_the_same_again():
    bank = {"A": [f"a{each}" for each in range(9)], "B": ["b1"]}
    drawn = draw(bank, 3, "benih")
    assert drawn == draw({"A": bank["A"][::-1], "B": ["b1"]}, 3, "benih")
    assert len(drawn) == 4 and drawn[-1] == "b1"
    assert {tuple(draw(bank, 3, str(seed))) for seed in range(9)} != {tuple(drawn)}
    assert sorted(shuffled(5, "x")) == [0, 1, 2, 3, 4]
