import pytest
from django.core.exceptions import BadRequest

from gandeng.web.finding import year_asked


@pytest.mark.parametrize("text", ["0000", "1999", "2025", "202", "02024", "٢٠٢٤", "２０２４", "-024", "20 4", ""])
def test_a_year_is_four_digits_within_its_bounds(text):
    assert year_asked("2024", first=2000, last=2024) == 2024 and year_asked("0001") == 1
    with pytest.raises(BadRequest):
        year_asked(text, first=2000, last=2024)
    with pytest.raises(BadRequest):
        year_asked("0000")
