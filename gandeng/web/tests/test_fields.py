"""Free text that others read holds no number of a person."""

import pytest
from django.core.exceptions import ValidationError

from gandeng.web.fields import no_long_number


@pytest.mark.parametrize(
    "text",
    [
        "NIK 6371014101800001", "6371 0141 0180 0001 tertukar", "kartu 5221-8400.1234-5678", "rekening 0123456789",
        "telepon 0812-3456-7890", "KK 6371014101800001, 19-09-2024",
    ],
)  # fmt: skip
def test_it_refuses_numbers_of_people_however_grouped(text):
    with pytest.raises(ValidationError, match="Jangan menulis NIK"):
        no_long_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "", "Dari 19-09-2024 sampai 20-09-2024", "2024-09-19 2024-09-20", "Rp1.250.000.000 untuk 98.636 keluarga",
        "Surat 400.9.4/1234/2024", "2024-2-K630000300", "kartu yang berakhir 5678",
    ],
)  # fmt: skip
def test_days_money_and_letters_may_stand_there(text):
    no_long_number(text)
