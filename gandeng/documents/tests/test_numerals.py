from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gandeng.documents.numerals import date_in_words, in_words, long_date, rupiah_in_words, told_day

ONES = ("", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh", "sebelas")
SCALES = ((10**15, "kuadriliun"), (10**12, "triliun"), (10**9, "miliar"), (10**6, "juta"), (1000, "ribu"))


def spoken(number: int) -> str:
    """How a teacher would have it read aloud; shares nothing with the library."""
    if number < 12:
        return ONES[number]
    if number < 20:
        return f"{ONES[number - 10]} belas"
    if number < 100:
        return f"{ONES[number // 10]} puluh {spoken(number % 10)}".strip()
    if number < 1000:
        hundreds = "seratus" if number < 200 else f"{ONES[number // 100]} ratus"
        return f"{hundreds} {spoken(number % 100)}".strip()
    if number < 2000:
        return f"seribu {spoken(number - 1000)}".strip()
    size, name = next(scale for scale in SCALES if scale[0] <= number)
    return f"{spoken(number // size)} {name} {spoken(number % size)}".strip()


def test_it_works() -> None:
    assert rupiah_in_words(1_250_000) == "satu juta dua ratus lima puluh ribu rupiah"
    assert in_words(0) == "nol"
    assert long_date(date(2024, 9, 19)) == "19 September 2024"
    assert date_in_words(date(2024, 9, 19)) == (
        "Kamis tanggal sembilan belas bulan September tahun dua ribu dua puluh empat"
    )


@given(st.integers(1, 10**15))
@settings(deadline=None, max_examples=300)
def test_words_are_those_a_teacher_would_use(number: int) -> None:
    assert in_words(number) == spoken(number)


@pytest.mark.parametrize(
    "number", [*range(1, 130), 1000, 1001, 1999, 11_000, 21_000, 100_000, 101_000, 10**6, 10**9 + 1, 10**15]
)
def test_words_at_the_turns_of_the_language(number: int) -> None:
    assert in_words(number) == spoken(number)


@pytest.mark.parametrize("number", [1_001_000, 21_021_001, 10**9 + 1000, 10**12 + 1999])
def test_one_thousand_is_seribu_wherever_it_stands(number: int) -> None:
    assert in_words(number) == spoken(number)


def test_english_by_switch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GANDENG_LANG", "en")
    assert rupiah_in_words(1_250_000) == "one million two hundred and fifty thousand rupiah"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("2024-09-19", "19 September 2024"),
        ("2024-02-30", ""),
        ("20240919", ""),
        ("2024-W38-4", ""),
        ("-", ""),
        ("", ""),
    ],
)
def test_a_day_of_text_is_told_and_nothing_else_is_a_day(text: str, told: str) -> None:
    assert told_day(text) == told
