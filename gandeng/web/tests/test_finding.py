from datetime import date

import pytest
from django.core.exceptions import BadRequest

from gandeng.web.finding import day_asked, year_asked


@pytest.mark.parametrize("text", ["0000", "1999", "2025", "202", "02024", "٢٠٢٤", "２０２４", "-024", "20 4", ""])
def test_a_year_is_four_digits_within_its_bounds(text):
    assert year_asked("2024", first=2000, last=2024) == 2024 and year_asked("0001") == 1
    with pytest.raises(BadRequest):
        year_asked(text, first=2000, last=2024)
    with pytest.raises(BadRequest):
        year_asked("0000")


@pytest.mark.parametrize("text", ["1999-12-31", "2200-01-01", "9999-12-31", "2026-02-30", "30-11-2026", ""])
def test_a_day_is_one_of_the_calendar_within_its_bounds(text):
    assert (day_asked("2000-01-01"), day_asked("2199-12-31")) == (date(2000, 1, 1), date(2199, 12, 31))
    with pytest.raises(BadRequest):
        day_asked(text)
