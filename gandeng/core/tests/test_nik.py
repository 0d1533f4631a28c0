from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gandeng.core.nik import Nik, UnreadableNik, explain_nik, masked, read_nik
from gandeng.core.region_code import RegionCode

PROVINCES = [
    str(code)
    for block in (
        range(11, 20),
        [21],
        range(31, 37),
        range(51, 54),
        range(61, 66),
        range(71, 77),
        [81, 82],
        range(91, 97),
    )
    for code in block
]

days = st.dates(min_value=date(1920, 1, 1), max_value=date(2025, 12, 31))


def make(region: str, born: date, sex: str, serial: int = 1) -> Nik:
    day = born.day + (40 if sex == "F" else 0)
    return read_nik(f"{region}{day:02d}{born.month:02d}{born.year % 100:02d}{serial:04d}")


def codes(nik: Nik, **known: object) -> list[str]:
    return [warning.code for warning in explain_nik(nik, **known).warnings]  # type: ignore[arg-type]


def test_it_works() -> None:
    nik = make("637101", date(1988, 3, 12), "F", 7)
    assert nik == "6371015203880007"
    reading = explain_nik(
        nik, birth_date=date(1988, 3, 12), sex="F", region=RegionCode("6371011001"), region_name=lambda _: "Somewhere"
    )
    assert reading.region == RegionCode("637101")
    assert reading.region_name == "Somewhere"
    assert reading.birth_dates == (date(1988, 3, 12),)
    assert (reading.sex, reading.serial, reading.warnings) == ("F", "0007", ())


@pytest.mark.parametrize(
    "text",
    ["", "6.37101E+15", "637101520388000", "63710152038800071", "637101520388000X", " 6371015203880007", "６" * 16],
)
def test_it_refuses_what_is_not_sixteen_digits(text: str) -> None:
    with pytest.raises(UnreadableNik) as refusal:
        read_nik(text)
    assert not text or text not in str(refusal.value)


@given(st.sampled_from(PROVINCES), days, st.sampled_from("FM"), st.integers(1, 9999))
@settings(deadline=None, max_examples=100)
def test_what_was_written_is_read_back(province: str, born: date, sex: str, serial: int) -> None:
    nik = make(f"{province}0101", born, sex, serial)
    reading = explain_nik(nik, birth_date=born, sex=sex, region=RegionCode(province))  # type: ignore[arg-type]
    assert reading.warnings == ()
    assert reading.birth_dates == (born,)
    assert (reading.sex, reading.serial) == (sex, f"{serial:04d}")
    assert born in explain_nik(nik).birth_dates


@given(st.text(alphabet="0123456789", min_size=16, max_size=16))
@settings(deadline=None, max_examples=100)
def test_sixteen_digits_are_never_refused(text: str) -> None:
    reading = explain_nik(read_nik(text), birth_date=date(1960, 1, 1), sex="M", region=RegionCode("63"))
    assert reading.nik == text


def test_each_difference_is_one_warning() -> None:
    nik = make("637101", date(1988, 3, 12), "F")
    assert codes(nik, birth_date=date(1988, 3, 13)) == ["date_differs"]
    assert codes(nik, sex="M") == ["sex_differs"]
    assert codes(nik, region=RegionCode("3271")) == ["region_differs"]
    assert codes(nik, region_name=lambda _: None) == ["region_unknown"]
    assert codes(make("637101", date(1988, 3, 12), "F", 0)) == ["serial_zero"]
    assert codes(Nik("6371013102880001")) == ["date_impossible"]
    assert codes(Nik("0" * 16)) == ["region_unknown", "date_impossible", "serial_zero"]


def test_the_stored_date_decides_the_century() -> None:
    nik = make("637101", date(1924, 5, 1), "M")
    assert explain_nik(nik).birth_dates == (date(1924, 5, 1), date(2024, 5, 1))
    assert explain_nik(nik, birth_date=date(1924, 5, 1)).birth_dates == (date(1924, 5, 1),)
    assert codes(nik, birth_date=date(1924, 5, 1)) == codes(nik, birth_date=date(2024, 5, 1)) == []


def test_nobody_is_born_tomorrow() -> None:
    nik = make("637101", date(1982, 2, 4), "M")
    assert explain_nik(nik, today=date(2024, 4, 1)).birth_dates == (date(1982, 2, 4),)


def test_a_leap_day_only_in_its_century() -> None:
    assert explain_nik(Nik("6371012902000001")).birth_dates == (date(2000, 2, 29),)


def test_a_mask_shows_four_digits() -> None:
    assert masked("6371015203880007") == "************0007"
    assert masked("12") == "**"
