"""Items of the checklist and what is hoped, each with who published it (published.yaml)."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from gandeng.graduation.models import Kind
from gandeng.policy.figures import read_yaml
from gandeng.policy.wording import Wording

_FILE = Path(__file__).with_name("published.yaml")


class Item(BaseModel):
    """One thing to ask; `source` says where it comes from, in words."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    text: Wording
    source: Wording
    kinds: tuple[str, ...]


@dataclass(frozen=True)
class Hoped:
    """A figure that decides nothing, and where it comes from."""

    value: int
    source: str


@cache
def items() -> Mapping[str, Item]:
    """By code, in the order of the file."""
    told = read_yaml(_FILE)
    made = {
        code: Item.model_validate({**row, "source": told["sources"][row["source"]]})
        for code, row in told["items"].items()
    }
    if wrong := {kind for item in made.values() for kind in item.kinds} - set(Kind.values):
        raise ValueError(f"{_FILE.name}: {wrong}")
    return made


def items_of(kind: str) -> dict[str, Item]:
    """Those to ask for a graduation of that kind."""
    return {code: item for code, item in items().items() if kind in item.kinds}


def years_hoped() -> Hoped:
    """How long membership is hoped to last at most."""
    told = read_yaml(_FILE)
    return Hoped(told["years_hoped"]["value"], Wording.model_validate(told["sources"]["W55"]).said())
