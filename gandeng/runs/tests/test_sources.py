from itertools import permutations
from pathlib import Path

from gandeng.runs.sources import named_sources


def names(*paths: str) -> list[tuple[str, str]]:
    return [(name, str(path)) for name, path in named_sources([Path(path) for path in paths])]


def test_it_works() -> None:
    assert names("in/b.csv", "in/a.csv") == [("a.csv", "in/a.csv"), ("b.csv", "in/b.csv")]


def test_the_order_given_does_not_matter() -> None:
    given = ("x/a.csv", "y/a.csv", "b.csv", "b.csv")
    assert {tuple(names(*order)) for order in permutations(given)} == {tuple(names(*given))}


def test_names_that_occur_twice_tell_their_folder() -> None:
    assert [name for name, _ in names("x/a.csv", "y/a.csv", "y/b.csv")] == ["b.csv", "x/a.csv", "y/a.csv"]


def test_the_same_file_given_twice_is_told_apart() -> None:
    assert [name for name, _ in names("x/a.csv", "x/a.csv")] == ["a.csv", "a.csv (2)"]


def test_every_name_is_one_files_alone() -> None:
    given = ("x/a.csv", "x/a.csv", "z/x/a.csv", "a.csv", "x/a.csv (2)")
    told = [name for name, _ in names(*given)]
    assert len(told) == len(set(told)) == len(given)
