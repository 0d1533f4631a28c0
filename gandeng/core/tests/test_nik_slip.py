"""Slips between two NIKs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gandeng.core.nik_slip import Slip, slip

NIK = "6371014101800012"
NIKS = st.text("0123456789", min_size=16, max_size=16)


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (NIK, Slip.SAME),
        ("6371014101800013", Slip.SERIAL),
        ("6371014101800011", Slip.SERIAL),
        ("6371014101800014", Slip.DIGIT),
        ("6371014101800022", Slip.DIGIT),
        ("6371014101900012", Slip.DIGIT),
        ("6371014101800021", Slip.SWAPPED),
        ("3671014101800012", Slip.SWAPPED),
        ("7361014101800012", Slip.NONE),
        ("6371014101800120", Slip.NONE),
        ("6371014101900013", Slip.NONE),
        ("637101410180001", Slip.NONE),
        ("", Slip.NONE),
        ("637101410180001٢", Slip.NONE),
    ],
)
def test_it_names_the_slip(other: str, expected: Slip) -> None:
    assert slip(NIK, other) is slip(other, NIK) is expected


def test_neighbouring_serials_across_a_ten_are_twins() -> None:
    assert slip("6371014101800009", "6371014101800010") is Slip.SERIAL


def test_what_is_no_nik_is_not_the_same_as_itself() -> None:
    assert slip("0", "0") is Slip.NONE


@given(nik=NIKS, place=st.integers(0, 15), digit=st.sampled_from("0123456789"))
def test_one_wrong_digit_is_always_seen(nik: str, place: int, digit: str) -> None:
    wrong = nik[:place] + digit + nik[place + 1 :]
    assert slip(nik, wrong) in (Slip.SAME, Slip.DIGIT, Slip.SERIAL)
    assert (slip(nik, wrong) is Slip.SAME) == (nik == wrong)


@given(nik=NIKS, place=st.integers(0, 14))
def test_two_swapped_digits_are_always_seen(nik: str, place: int) -> None:
    swapped = nik[:place] + nik[place + 1] + nik[place] + nik[place + 2 :]
    assert slip(nik, swapped) in (Slip.SAME, Slip.SWAPPED)
