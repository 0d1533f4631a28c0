"""Free text that others read holds no number of a person; a list that is sent is of a kind and size we read."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from gandeng.web.fields import TABLES, Kinds, ListField, no_long_number


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


def sent(name: str = "daftar.csv", size: int = 1) -> SimpleUploadedFile:
    """A file that says it is as large as that."""
    file = SimpleUploadedFile(name, b"1")
    file.size = size
    return file


def refusal(field: ListField, what: SimpleUploadedFile | None) -> str:
    """What the field says against it."""
    with pytest.raises(ValidationError) as refused:
        field.clean(what)
    return refused.value.messages[0]


@pytest.mark.parametrize(("large", "megabytes"), [(False, 5), (True, 200)])
def test_a_list_is_taken_up_to_its_limit_and_refused_beyond_it(large, megabytes):
    field = ListField("Berkas", large=large, about="Judul kolomnya seperti pada contoh.")
    assert field.help_text == f"CSV atau XLSX; paling besar {megabytes} MB. Judul kolomnya seperti pada contoh."
    assert field.clean(sent(size=megabytes << 20)).name == "daftar.csv"
    beyond = refusal(field, sent(size=(megabytes << 20) + 1))
    assert beyond == f"Berkas lebih besar dari {megabytes} MB. Bagi menjadi beberapa berkas."


def test_it_refuses_no_list_and_an_empty_one():
    assert refusal(ListField("Berkas"), None) == "Pilih berkasnya."
    assert refusal(ListField("Berkas"), sent(size=0)) == "Berkas ini kosong."


def test_a_list_of_another_kind_is_refused_by_its_name():
    assert refusal(ListField("Berkas"), sent("daftar.parquet")) == "Berkas harus CSV atau XLSX."
    assert refusal(ListField("Berkas", kinds=TABLES), sent("daftar.pdf")) == "Berkas harus CSV, XLSX, atau Parquet."
    assert ListField("Berkas", kinds=TABLES).clean(sent("DAFTAR.PARQUET")).name == "DAFTAR.PARQUET"
    assert ListField("Berkas", kinds=Kinds("Apa saja", ())).clean(sent("BRI-0724.dat")).name == "BRI-0724.dat"


def test_a_list_is_asked_for_and_refused_in_the_language_of_its_reader():
    field = ListField("Berkas", kinds=TABLES, large=True)
    with translation.override("en"):
        assert str(field.help_text) == "CSV, XLSX or Parquet; 200 MB at most."
        assert refusal(field, sent("daftar.pdf")) == "The file must be CSV, XLSX or Parquet."
