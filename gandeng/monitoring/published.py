"""Figures of the office, each with where it comes from (published.yaml)."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from gandeng.core.sampling import Assumed
from gandeng.policy.figures import read_yaml
from gandeng.policy.wording import Wording

_FILE = Path(__file__).with_name("published.yaml")


@dataclass(frozen=True)
class Figure:
    """A figure and its reason."""

    value: int
    source: Wording


@cache
def figures() -> dict[str, Figure]:
    """By name."""
    told = read_yaml(_FILE)
    sources = {name: Wording.model_validate(words) for name, words in told["sources"].items()}
    return {name: Figure(row["value"], sources[row["source"]]) for name, row in told["figures"].items()}


def value(name: str) -> int:
    """One of them."""
    return figures()[name].value


@cache
def assumed() -> Assumed:
    """What the test rests on."""
    return Assumed(value("background_permille"), value("false_alarm_permille"), value("sure_permille"))
