import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gandeng.core.money import (
    AMOUNT_DIGITS_MAX,
    Rupiah,
    UnreadableAmount,
    cycle_part,
    format_number,
    format_rupiah,
    parse_rupiah,
)  # fmt: skip

amounts = st.integers(0, 10**AMOUNT_DIGITS_MAX - 1)
RENDERINGS = (
    str,
    format_number,
    format_rupiah,
    lambda n: f"{n},00",
    lambda n: f"{n}.00",
    lambda n: f"Rp {format_number(n)},00",
)


@pytest.mark.parametrize(
    "text",
    ["Rp1.250.000", "1.250.000", "1.250.000,00", "1250000,00", "1250000.00", "1250000", "Rp 1250000", "01250000"],
)
def test_it_works(text: str) -> None:
    assert parse_rupiah(text) == 1_250_000


@settings(deadline=None, max_examples=100)
@given(amount=amounts, render=st.sampled_from(RENDERINGS))
def test_every_rendering_is_read_back(amount: int, render: object) -> None:
    assert callable(render)
    assert parse_rupiah(render(amount)) == amount


@settings(deadline=None, max_examples=100)
@given(text=st.text("0123456789., RpE+-٣１", max_size=16))
def test_what_is_read_is_what_its_digits_say(text: str) -> None:
    """Either the number its digits make, decimals of .00 or ,00 aside, or no number at all."""
    try:
        amount = parse_rupiah(text)
    except UnreadableAmount:
        return
    digits = "".join(sign for sign in text.removesuffix(",00").removesuffix(".00") if sign in "0123456789")
    assert amount == int(digits)
    assert text.isascii()


def test_dots_in_groups_of_three_are_thousands() -> None:
    assert (parse_rupiah("1.250"), parse_rupiah("225.000")) == (1_250, 225_000)


@pytest.mark.parametrize(
    "text",
    ["", "1.25", "1,250", "1.2500", "1.250,5", "1.250,50", "1250000,0", "1.250.00", "-1", "+1", "1e6", "2.25E+5",
     "1 250 000", "Rp", "IDR1", "0.250", "١٢٥", "１２５", "1_000", "1.250.000.00", "9" * 13, "1" + "0" * 18, " 1",
     "1\n"],
)  # fmt: skip
def test_it_refuses_to_guess(text: str) -> None:
    with pytest.raises(UnreadableAmount):
        parse_rupiah(text)


def test_rupiah_are_written_as_people_write_them() -> None:
    assert format_rupiah(1_250_000) == "Rp1.250.000"
    assert format_rupiah(-500) == "-Rp500"
    assert format_number(0) == "0"


@settings(deadline=None, max_examples=100)
@given(yearly=st.integers(0, 10**9), months=st.sampled_from([1, 2, 3, 4, 6, 12]))
def test_the_cycles_of_a_year_pay_the_year_less_a_remainder(yearly: int, months: int) -> None:
    cycles = 12 // months
    paid = cycles * cycle_part(Rupiah(yearly), months=months)
    assert 0 <= yearly - paid < cycles


def test_a_part_is_rounded_down() -> None:
    assert cycle_part(Rupiah(2_000_000), months=2) == 333_333
    assert cycle_part(Rupiah(900_000), months=3) == 225_000
