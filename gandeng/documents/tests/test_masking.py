import pytest

from gandeng.documents.masking import MAY_BREAK, breakable, last_four, mask_text, printable


def test_it_works() -> None:
    assert last_four("6371014101800001") == "••••0001"
    assert mask_text("NIK 6371014101800001 tidak padan") == "NIK ••••0001 tidak padan"


@pytest.mark.parametrize(("given", "shown"), [("", ""), ("1234", "••••"), ("12345", "••••2345")])
def test_short_identifiers_are_hidden_whole(given: str, shown: str) -> None:
    assert last_four(given) == shown


def test_short_numbers_in_text_stay() -> None:
    assert mask_text("kode 51, RT 003") == "kode 51, RT 003"


def test_what_the_font_lacks_becomes_a_question_mark() -> None:
    assert printable("Zoë 漢\u0007") == "Zoë ??"


def test_long_words_may_break_and_lose_nothing() -> None:
    name = "bri_laporan-penyaluran-tahap-2-2024.csv" + "x" * 40
    assert MAY_BREAK in breakable(name)
    assert breakable(name).replace(MAY_BREAK, "") == name
    assert breakable("Siti Nurhaliza") == "Siti Nurhaliza"
