"""Invented names: lists of common given names by province, as one table the SQL steps join by number."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import pyarrow as pa
import yaml

from gandeng.simulation.chance import SPAN, Chance

LISTS = ("female_old", "female_young", "female_second", "male_old", "male_young", "male_second")
LIST_SPAN = 100
"""Room each list has in the numbering: name number = (pool x lists + list) x LIST_SPAN + place in the list."""

BORN_OLD_BEFORE = "1970-01-01"


@dataclass(frozen=True)
class NameList:
    """Where a list begins in the numbering, and how many names it has."""

    start: int
    length: int


@cache
def _pools() -> dict[str, dict[str, list[str]]]:
    text = files(__package__).joinpath("names.yaml").read_text(encoding="utf-8")
    pools: dict[str, dict[str, list[str]]] = yaml.safe_load(text)["pools"]
    return pools


def pool_of(province: str) -> int:
    """Number of the pool that serves a province (two digits); 0 is the general one."""
    for number, pool in enumerate(_pools().values()):
        if province in pool["provinces"]:
            return number
    return 0


def name_lists() -> list[tuple[int, str, NameList]]:
    """Every (pool, list) with its place in the numbering."""
    return [
        (number, which, NameList((number * len(LISTS) + position) * LIST_SPAN, len(pool[which])))
        for number, pool in enumerate(_pools().values())
        for position, which in enumerate(LISTS)
    ]


def name_table() -> pa.Table:
    """`name_no`, `name`: every name once per list."""
    numbers: list[int] = []
    names: list[str] = []
    for number, which, place in name_lists():
        listed = list(_pools().values())[number][which]
        numbers += range(place.start, place.start + place.length)
        names += listed
    return pa.table({"name_no": pa.array(numbers, pa.int64()), "name": pa.array(names, pa.string())})


def list_table() -> pa.Table:
    """`list_no` (pool x lists + list), `length`."""
    numbers = [place.start // LIST_SPAN for _, _, place in name_lists()]
    return pa.table({
        "list_no": pa.array(numbers, pa.int64()),
        "length": pa.array([place.length for _, _, place in name_lists()], pa.int64()),
    })  # fmt: skip


def invented_name(row: int, province: str, chance: Chance) -> str:
    """One name, for the few people who are not made by set: facilitators, half of them women."""
    pool = list(_pools().values())[pool_of(province)]
    sex = "female" if chance.number("facilitator's sex", row) * 2 < SPAN else "male"
    first, second = pool[f"{sex}_young"], pool[f"{sex}_second"]
    one = first[chance.number("facilitator's first name", row) * len(first) // SPAN]
    return f"{one} {second[chance.number("facilitator's second name", row) * len(second) // SPAN]}"
