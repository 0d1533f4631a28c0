"""Duplicate search on DuckDB against everybody beside everybody, and whom it must leave alone."""

import random
import tempfile
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict, fields, replace
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gandeng.core.calculation import CheckFailed
from gandeng.core.duplicates import ONE_IN_AT_LEAST, PEOPLE_AT_LEAST, duplicates, one_in
from gandeng.engine import calculate, open_engine, quoted
from tests.engines import duplicates_oracle as oracle
from tests.engines.duplicates_planted import Person

SITI = Person("F1", "F1-1", "Siti Aminah", date(1980, 3, 14), "F", "63.71.01.1001")
COLUMNS = [field.name for field in fields(Person)]
Row = dict[str, object]


def people_table(people: Sequence[Person]) -> pa.Table:
    types = [(name, pa.date32() if name == "birth_date" else pa.string()) for name in COLUMNS]
    return pa.Table.from_pylist([asdict(person) for person in people], pa.schema(types))


def search(
    people: Sequence[Person], *, one_in_at_least: int = 1, crowd: int = 100, people_at_least: int = 1
) -> list[Row]:
    """Rows of `alike` in the order of members; small worlds have small numbers, so every pair counts."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        pq.write_table(people_table(people), work / "given.parquet")
        sources = {"people": f"select * from '{quoted(work / 'given.parquet')}'"}
        with closing(open_engine("duckdb", work / "engine")) as opened:
            calculation = duplicates(one_in_at_least=one_in_at_least, crowd=crowd, people_at_least=people_at_least)
            calculate(opened, calculation, sources, work)
        rows: list[Row] = pq.read_table(work / "alike.parquet").to_pylist()
    return sorted(rows, key=lambda row: (str(row["member_id"]), str(row["other_member_id"])))


def strangers(count: int) -> list[Person]:
    """People far away whom nobody resembles; without names, so that they are not like one another."""
    return [Person(f"Z{no}", f"Z{no}-1", "", date(1900, 6, 1), "F", "95.01.01.2001") for no in range(count)]


def beside(person: Person, **other: object) -> Person:
    """Another record, in a family of its own unless told otherwise."""
    return replace(person, **{"family_id": "F2", "member_id": "F2-1"} | other)  # type: ignore[arg-type]


def how(one: Person, other: Person) -> tuple[object, ...] | None:
    found = search([one, other, *strangers(200)])
    return (found[0]["name_alike"], found[0]["born_alike"], found[0]["place_alike"]) if found else None


def test_it_works() -> None:
    (row,) = search([SITI, beside(SITI, name="ST. AMINAH"), *strangers(200)])
    assert row == {
        "family_id": "F1", "member_id": "F1-1", "other_family_id": "F2", "other_member_id": "F2-1",
        "name_alike": "SAME", "born_alike": "SAME", "place_alike": "VILLAGE", "same_sex": True,
        "name_people": 2, "born_people": 2, "place_people": 2, "times": 1, "people": 202,
    }  # fmt: skip
    assert one_in(2, 2, 2, 1, 202) == 5_100


WORDS = st.sampled_from(
    ["Siti", "ST.", "Aminah", "Aminahh", "Amina", "Moh.", "Muhammad", "Soekarno", "Sukarno", "Sukarni", "Sukarna",
     "Nur", "Noor", "Hj.", "Rahmawati", "Rachmawaty", "Rahmawata", "Nurrahmawati", "Fauziah", "Paujiah", "H.",
     "Thoriq", "É", "عمر", "D'jaja"]
)  # fmt: skip
NAMES = st.lists(WORDS, max_size=4).map(" ".join)
DAYS = st.sampled_from(
    [date(1980, 3, 4), date(1980, 4, 3), date(1980, 1, 1), date(1981, 3, 4), date(1908, 3, 4), date(1980, 3, 14),
     date(1990, 3, 4), date(1980, 3, 5), date(2001, 1, 1), date(2010, 1, 1), date(1992, 3, 4)]
)  # fmt: skip
VILLAGES = st.sampled_from(
    ["63.71.01.1001", "6371011001", "63.71.01.1002", "63.71.02.1001", "63.72.01.1001", "94.01.01.2001", "63.71", ""]
)


@st.composite
def worlds(draw: st.DrawFn) -> list[Person]:
    people: list[Person] = []
    for family in range(draw(st.integers(0, 20))):
        village = draw(VILLAGES)
        for member in range(draw(st.integers(1, 3))):
            drawn = (draw(NAMES), draw(DAYS), draw(st.sampled_from("FM")), village)
            people.append(Person(f"F{family}", f"F{family}-{member}", *drawn))
    return people


@settings(deadline=None, max_examples=25)
@given(
    people=worlds(),
    others=st.sampled_from([0, 700]),
    at_least=st.sampled_from([1, 1, 20]),
    crowd=st.sampled_from([100, 3]),
)
def test_it_finds_what_everybody_beside_everybody_shows(
    people: list[Person], others: int, at_least: int, crowd: int
) -> None:
    found = search([*people, *strangers(others)], one_in_at_least=at_least, crowd=crowd)
    assert found == oracle.alike(people, strangers=others, one_in_at_least=at_least, crowd=crowd)


@settings(deadline=None, max_examples=3)
@given(people=worlds(), seed=st.integers())
def test_the_order_of_rows_changes_nothing(people: list[Person], seed: int) -> None:
    shuffled = random.Random(seed).sample(people, len(people))
    assert search(people) == search(shuffled)


@pytest.mark.parametrize(
    "other",
    [
        "SITI AMINAH",
        "Sitti Aminah",
        "Aminah, Siti",
        "St. Amina",
        "Hj. Siti Aminah",
        "Siti Amienah",
        "SITI  A'MINAH",
        "Sittti Aminah",
    ],
)
def test_a_name_is_the_same_in_every_spelling(other: str) -> None:
    assert how(SITI, beside(SITI, name=other)) == ("SAME", "SAME", "VILLAGE")


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Moh. Djafar Soekarno", "MUHAMMAD JAPAR SUKARNO", "SAME"),
        ("Noor Hayati", "Nurhayati", "CLOSE"),
        ("Achmad Rizqy", "Ahmad Rizki", "SAME"),
        ("Siti Aminah", "Aminah", "PART"),
        ("Siti Aminah", "Siti Anisah", None),
        ("Siti Aminah", "Siti Maminah", "CLOSE"),
        ("Ani", "Ari", None),
        ("Budin", "Badin", "CLOSE"),
        ("Margondolino", "Mirgandolino", "CLOSE"),
        ("Margondolin", "Mirgandolin", None),
        ("عمر", "عمر", None),
        ("Hj.", "H.", None),
        ("", "", None),
    ],
)
def test_names_are_alike_or_not(one: str, other: str, alike: str | None) -> None:
    found = how(replace(SITI, name=one), beside(SITI, name=other))
    assert (found[0] if found else None) == alike


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("1980-03-14", "1980-03-15", "SLIP"),
        ("1980-03-14", "1990-03-14", "SLIP"),
        ("1980-03-04", "1980-04-03", "SLIP"),
        ("1980-03-14", "1908-03-14", "SLIP"),
        ("1980-03-14", "1890-03-14", "SLIP"),
        ("1980-01-14", "1980-10-14", "SLIP"),
        ("1980-11-02", "1980-10-12", "SLIP"),
        ("1980-03-12", "1980-03-21", "SLIP"),
        ("1980-03-14", "1980-01-01", "YEAR"),
        ("1980-03-14", "1980-03-20", None),
        ("1980-03-14", "1981-01-01", None),
        ("2001-01-01", "2010-01-01", "SLIP"),
        ("2001-02-05", "2000-12-05", None),
    ],
)
def test_birth_dates_are_alike_or_not(one: str, other: str, alike: str | None) -> None:
    days = [date.fromisoformat(day) for day in (one, other)]
    found = how(replace(SITI, birth_date=days[0]), beside(SITI, birth_date=days[1]))
    assert (found[1] if found else None) == alike


TWIN = replace(SITI, name="Nur Hasanah", birth_date=date(2015, 5, 5))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (TWIN, {"name": "Nur Husanah"}),
        (TWIN, {"name": "Nur Hasanah Putri"}),
        (TWIN, {"name": "Nur"}),
        (TWIN, {"sex": "M"}),
        (SITI, {"name": "Siti Aminah Putri"}),
        (replace(SITI, name="Abdullah", sex="M"), {"birth_date": date(2000, 3, 14)}),
        (replace(SITI, birth_date=date(1970, 3, 14)), {"birth_date": date(1990, 3, 14)}),
        (SITI, {"name": "Abdul Aziz", "sex": "M"}),
        (SITI, {"name": "Siti Anisah", "birth_date": date(1980, 1, 1)}),
    ],
    ids=["twins", "name in name", "name of a word", "a boy and a girl", "a word in common", "father and son",
         "a slip apart", "spouses", "siblings of one year"],
)  # fmt: skip
def test_people_of_one_family_are_not_doubles(one: Person, other: dict[str, object]) -> None:
    assert how(one, beside(one, **{"family_id": "F1", "member_id": "F1-2"} | other)) is None


def test_a_child_told_twice_in_its_family_is_found() -> None:
    again = beside(TWIN, family_id="F1", name="NOOR HASANAH")
    assert how(TWIN, again) == ("SAME", "SAME", "FAMILY")


def test_a_place_that_is_not_known_is_nobodys_neighbourhood() -> None:
    nowhere = replace(SITI, village_code="")
    assert how(nowhere, beside(nowhere)) == ("SAME", "SAME", "NATION")


def test_a_day_half_the_people_have_lays_nobody_beside_anybody() -> None:
    unknown = [
        Person(f"F{no}", f"F{no}-1", f"Siti {word}", date(1900, 1, 1), "F", f"63.71.0{no}.1001")
        for no, word in enumerate(["Aminah", "Aminoh", "Aminuh", "Amineh"])
    ]
    assert search([*unknown, *strangers(200)], crowd=3) == []
    assert search([*unknown, *strangers(200)], crowd=4) != []


def test_few_people_are_weighed_as_if_there_were_more() -> None:
    """Of three hundred people every name is rare: two who share one are found all the same."""
    pair = [SITI, beside(SITI), *strangers(200)]
    assert search(pair, one_in_at_least=ONE_IN_AT_LEAST * 10) == []
    (row,) = search(pair, one_in_at_least=ONE_IN_AT_LEAST * 10, people_at_least=PEOPLE_AT_LEAST)
    assert (row["people"], row["place_people"]) == (PEOPLE_AT_LEAST, 2)


def test_it_refuses_a_member_listed_twice() -> None:
    with pytest.raises(CheckFailed, match="every member is listed once"):
        search([SITI, SITI])


def test_it_refuses_a_family_in_two_villages() -> None:
    with pytest.raises(CheckFailed, match="one village"):
        search([SITI, replace(SITI, member_id="F1-2", village_code="63.71.01.1002")])


NATION = 40_000_000
COUNTS = st.tuples(
    st.integers(1, NATION),
    st.integers(1, NATION),
    st.one_of(st.just(NATION), st.integers(1, 5_000_000), st.integers(1, 3_000)),
    st.sampled_from([1, 5, 25, 40, 200, 5_000]),
)
FEW = st.tuples(st.integers(1, 90_000), st.integers(1, 9_000), st.integers(1, 20_000), st.sampled_from([1, 5, 40]))


@settings(deadline=None, max_examples=50)
@given(rows=st.lists(st.one_of(COUNTS, FEW), min_size=1, max_size=30))
def test_pairs_of_a_whole_nation_are_weighed_as_in_the_formula(rows: list[tuple[int, int, int, int]]) -> None:
    (alike,) = (step.sql for step in duplicates().steps if step.name == "alike")
    condition = alike.split(" where ", maxsplit=1)[1]
    names = ("name_people", "born_people", "place_people", "times")
    table = pa.table([pa.array(column, pa.int64()) for column in zip(*rows, strict=True)], names=list(names))
    with duckdb.connect() as con:
        con.register("weighed", table.append_column("people", pa.array([NATION] * len(rows), pa.int64())))
        told = con.sql(f"select ({condition}) as strong from weighed").fetchall()
    assert [strong for (strong,) in told] == [one_in(*row, NATION) >= ONE_IN_AT_LEAST for row in rows]
