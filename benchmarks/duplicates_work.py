"""What a measured process of the `duplicates` benchmark does, on families and members from Parquet."""

import tempfile
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

Answer = tuple[int, dict[str, object]]
Work = Callable[[], Answer]

ALIKE = 85
"""Of 100, from where on RapidFuzz calls two names one: what its users take most."""


def _people(inputs: Mapping[str, str]) -> str:
    return f"""select m.family_id, m.member_id, m.name, m.birth_date, m.sex, f.village_code
        from read_parquet('{inputs["members"]}') m join read_parquet('{inputs["families"]}') f
            on f.family_id = m.family_id where m.deceased_on is null"""


def floor(inputs: Mapping[str, str]) -> Work:
    """DuckDB reads the columns, and joins people with people of their day and village."""
    import duckdb

    def work() -> Answer:
        with duckdb.connect() as con:
            con.execute(f"create table people as {_people(inputs)}")
            found = con.execute(
                """select count(*), sum(length(a.name)) from people a join people b on b.birth_date = a.birth_date
                    and b.village_code = a.village_code and a.member_id < b.member_id"""
            ).fetchall()
        return int(found[0][0]), {}

    return work


def usual(inputs: Mapping[str, str]) -> Work:
    """Pandas lays people of one day and district, and of one name and village, side by side; RapidFuzz compares."""
    import duckdb
    import pandas as pd
    from rapidfuzz import fuzz, process

    def work() -> Answer:
        with duckdb.connect() as con:
            people = con.execute(_people(inputs)).df()
        people["district"] = people["village_code"].str.slice(0, 5)
        people["tidy"] = people["name"].str.upper().str.replace(r"[^A-Z ]", "", regex=True)
        blocks = [_beside(people, "birth_date", "district"), _beside(people, "tidy", "village_code")]
        pairs = pd.concat(blocks).drop_duplicates(["member_id_a", "member_id_b"])
        names = process.cpdist(pairs["tidy_a"].tolist(), pairs["tidy_b"].tolist(), scorer=fuzz.token_sort_ratio)
        days = (pairs["birth_date_a"] - pairs["birth_date_b"]).abs().dt.days
        found = pairs[(names >= ALIKE) & (days <= 366)]
        return len(people), {"pairs": len(found)}

    return work


def _beside(people: "pd.DataFrame", *same: str) -> "pd.DataFrame":
    columns = ["member_id", "tidy", "birth_date", "district", "village_code"]
    told = people[columns]
    pairs = told.merge(told, on=[*same], suffixes=("_a", "_b"))
    pairs = pairs[pairs["member_id_a"] < pairs["member_id_b"]]
    for name in ("tidy", "birth_date"):
        if name in same:
            pairs[f"{name}_a"] = pairs[f"{name}_b"] = pairs[name]
    return pairs[["member_id_a", "member_id_b", "tidy_a", "tidy_b", "birth_date_a", "birth_date_b"]]


def ours(inputs: Mapping[str, str]) -> Work:
    """The calculation, to the file of pairs."""
    from gandeng.core.duplicates import duplicates
    from gandeng.engine import calculate, open_engine

    def work() -> Answer:
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder)
            with closing(open_engine("duckdb", out / "engine", memory_limit="800MB")) as engine:
                calculate(engine, duplicates(), {"people": _people(inputs)}, out)
                rows = engine.fetch("select (select count(*) from people) as people, count(*) as pairs from alike")
        told = rows.to_pylist()[0]
        return int(told["people"]), {"pairs": int(told["pairs"])}

    return work


TASKS = {"duplicates_floor": floor, "duplicates_usual": usual, "duplicates_ours": ours}
