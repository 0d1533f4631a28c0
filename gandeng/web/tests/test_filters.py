import re
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import gandeng
from gandeng.core.money import parse_rupiah
from gandeng.web.templatetags.gandeng import (
    angka,
    hours,
    persen,
    rest,
    rupiah,
    share_of,
    tahap,
    tanggal,
    waktu,
)

NOON = datetime(2024, 9, 19, 7, 5, tzinfo=UTC)


def test_it_works() -> None:
    assert rupiah(1_250_000) == "Rp1.250.000"
    assert angka(98_636) == "98.636"
    assert tanggal(date(2024, 9, 19)) == "19 September 2024"
    assert persen(0.4321) == "43,2%"


@given(st.integers(0, 10**12 - 1))
def test_an_amount_shown_is_the_amount_read_back(amount: int) -> None:
    assert parse_rupiah(rupiah(amount)) == amount


@pytest.mark.parametrize("nothing", [None, "", "abc", True])
def test_what_is_no_number_is_not_shown_as_zero(nothing: str | None) -> None:
    assert (rupiah(nothing), angka(nothing)) == ("", "")


def test_a_fraction_of_a_rupiah_is_never_rounded_away() -> None:
    assert rupiah(Decimal("1.5")) == ""
    assert rupiah(Decimal(1500)) == "Rp1.500"


@pytest.mark.parametrize(
    ("zone", "shown"),
    [
        ("WIB", "19 September 2024 14.05 WIB"),
        ("WITA", "19 September 2024 15.05 WITA"),
        ("WIT", "19 September 2024 16.05 WIT"),
    ],
)
def test_an_instant_is_shown_in_the_hours_of_its_region(zone: str, shown: str) -> None:
    assert waktu(NOON, zone) == shown


def test_an_instant_is_told_in_the_hours_of_whoever_reads() -> None:
    with hours("WITA"):
        assert waktu(NOON) == "19 September 2024 15.05 WITA"
        with hours("WIT"):
            assert (waktu(NOON), waktu(NOON, "WIB")) == ("19 September 2024 16.05 WIT", "19 September 2024 14.05 WIB")
        assert tanggal(NOON.replace(hour=16, minute=30)) == "19 September 2024", "days are those of the nation"
    assert waktu(NOON) == "19 September 2024 14.05 WIB"


def test_no_page_names_a_zone_of_its_own() -> None:
    pages = list(Path(gandeng.__file__).parent.glob("*/templates/**/*.html"))
    named = re.compile(r"\|waktu:|\b(WIB|WITA|WIT)\b")
    assert len(pages) > 300
    assert [path.name for path in pages if named.search(path.read_text(encoding="utf-8"))] == []


def test_the_day_of_an_instant_is_the_national_one() -> None:
    assert tanggal(datetime(2024, 12, 31, 20, tzinfo=UTC)) == "1 Januari 2025"


def test_it_refuses_an_instant_without_zone() -> None:
    with pytest.raises(ValueError, match="time zone"):
        waktu(NOON.replace(tzinfo=None))


@given(st.integers(0, 10**9), st.integers(1, 10**9))
def test_what_is_not_the_whole_never_reads_as_the_whole(part: int, whole: int) -> None:
    part = min(part, whole)
    shown = persen(Decimal(part) / whole)
    assert (shown == "100,0%") == (part == whole)
    assert (shown == "0,0%") == (part == 0)


@given(st.integers(0, 10**12), st.integers(0, 10**12))
def test_a_share_stays_between_nothing_and_all(part: int, whole: int) -> None:
    assert 0 <= Decimal(share_of(part, whole)) <= 1


def test_further_attributes_are_escaped_and_cannot_carry_scripts() -> None:
    given = {"hx-get": '/a?b="c"', "hidden": True, "open": False, "onclick": "x", "style": "x", "hx-on:click": "x"}
    assert rest(given) == ' hidden hx-get="/a?b=&quot;c&quot;"'


@pytest.mark.parametrize(("stage", "words"), [
    ("2024-2", "tahap 2 tahun 2024"), ("2026-12", "tahap 12 tahun 2026"), ("", ""), ("2024-2-K63", "2024-2-K63"),
])  # fmt: skip
def test_a_stage_is_told_in_words(stage, words):
    assert tahap(stage) == words
