"""docs/algorithms/duplicates.md against the search itself: its people are a registry, the answer its table."""

from datetime import date
from pathlib import Path

from gandeng.core.duplicates import ONE_IN_AT_LEAST, one_in
from gandeng.core.duplicates_names import SPELLINGS
from tests.engines.duplicates_planted import Person
from tests.engines.test_duplicates import search

PAGE = (Path(__file__).parents[2] / "docs" / "algorithms" / "duplicates.md").read_text(encoding="utf-8")
COUNTS = ("name_people", "born_people", "place_people", "times", "people")


def table(heading: str) -> list[list[str]]:
    """Cells of the first table below `### heading`."""
    lines = PAGE.split(f"### {heading}\n")[1].splitlines()
    start = next(place for place, line in enumerate(lines) if line.startswith("|"))
    end = next(place for place, line in enumerate(lines) if place > start and not line.startswith("|"))
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[start + 2 : end]]


def registry() -> list[Person]:
    told = [Person(*row[:3], date.fromisoformat(row[3]), *row[4:]) for row in table("People")]
    letters = "ABCDEGIKLMNPRSTU"
    names = [f"{one}O{two}E{three}" for one in letters for two in letters for three in letters]
    others = [
        Person(f"Z{no}", f"Z{no}", names[no], date(1900, 6, 1), "F", "94.01.01.2001") for no in range(1000 - len(told))
    ]
    return [*told, *others]


def test_the_pairs_are_those_of_the_page() -> None:
    told = []
    for row in search(registry()):
        counts = [int(str(row[count])) for count in COUNTS]
        strength = one_in(*counts)
        ways = [str(row[way]) for way in ("name_alike", "born_alike", "place_alike")]
        same_sex = "same" if row["same_sex"] else "different"
        given = "yes" if strength >= ONE_IN_AT_LEAST else "no"
        pair = f"{row['member_id']} {row['other_member_id']}"
        told.append([pair, *ways, same_sex, *map(str, counts[:4]), f"{strength:,}".replace(",", "."), given])
    assert told == table("Pairs")


def test_the_page_lists_the_spellings() -> None:
    line = next(line for line in PAGE.splitlines() if "oe→u" in line)
    listed = [tuple(each.upper().split("→")) for each in line.replace("ph,f,v→p", "ph→p f→p v→p").split()]
    assert tuple(listed) == SPELLINGS
