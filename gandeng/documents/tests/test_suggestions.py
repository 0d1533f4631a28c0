import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gandeng.documents.name_keys import in_order, spelled
from gandeng.documents.suggestions import suggest

PAYMENTS = pa.table(
    {
        "payment_id": ["P1", "P2", "P3", "P4"],
        "name": ["SITI NURHAYATI", "SITI NURHAYATI", "MUHAMMAD YUSUF", "RUSDIANA"],
        "district_code": ["63.71", "63.01", "63.71", "63.71"],
        "amount": [750_000, 500_000, 750_000, 225_000],
    }
)


def ask(name: str, nik: str = "", amount: int | None = 750_000) -> list[str]:
    row = {"source": ["a"], "row": [1], "name": [name], "nik": [nik], "amount": [amount]}
    return [str(near) for near in suggest(pa.table(row), PAYMENTS).column("payment_id").to_pylist()]


def test_it_works() -> None:
    assert ask("HJ. SITTI NOERHAJATI") == ["P1", "P2"]
    assert ask("Moh. Jusuf") == ["P3"]


def test_the_same_amount_comes_first() -> None:
    assert ask("SITI NURHAYATI", amount=500_000) == ["P2", "P1"]


def test_a_nik_asks_its_district_first_and_others_only_where_it_has_none_alike() -> None:
    assert ask("SITI NURHAYATI", nik="6301014101800001") == ["P2"]
    assert ask("RUSDIANAH", nik="6301014101800001") == ["P4"]


@pytest.mark.parametrize("name", ["", "  ", "123", "ZULKIFLI"])
def test_nobody_alike_gives_no_suggestion(name: str) -> None:
    assert ask(name) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [("Djoemiati", "JUMIATI"), ("Achmad", "AHMAD"), ("St. Khadidjah", "SITI HADIJAH"), ("Noor Aini binti", "NUR AINI")],
)
def test_spellings_of_one_name_agree(one: str, other: str) -> None:
    assert spelled(one) == spelled(other)


@given(st.lists(st.sampled_from(["SITI", "AMINAH", "RAHMAH", "NUR"]), min_size=1, max_size=4))
@settings(deadline=None, max_examples=50)
def test_the_order_of_words_makes_no_difference(words: list[str]) -> None:
    assert in_order(" ".join(words)) == in_order(" ".join(reversed(words)))


def test_the_order_of_payments_makes_no_difference() -> None:
    backwards = PAYMENTS.take([3, 2, 1, 0])
    row = pa.table({"source": ["a"], "row": [1], "name": ["SITI NURHAYATI"], "nik": [""], "amount": [1]})
    assert suggest(row, PAYMENTS).equals(suggest(row, backwards))
