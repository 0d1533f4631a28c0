"""What a family reads about its money, in its own words (family_words.yaml)."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from gandeng.policy.figures import read_yaml
from gandeng.policy.wording import Wording
from gandeng.reconciliation.words import channel_name

_FILE = Path(__file__).with_name("family_words.yaml")


class Told(BaseModel):
    """One state of money: its name, whether it was sent, what to do."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    tone: str
    name: Wording
    sent: Wording
    do: Wording


@dataclass(frozen=True)
class Stage:
    """One payment of a stage, or that it is held back."""

    year: int
    stage: int
    again: bool
    state: str
    channel: str
    rupiah: int | None
    """What was sent; none where nothing was."""
    reason: str

    @property
    def told(self) -> Told:
        """The words of its state."""
        return states()[self.state]

    @property
    def do(self) -> str:
        """What to do next: by the reason the office found, where there is one."""
        step = reasons().get(self.reason) if self.state in ("NOT_ARRIVED", "PARTLY") else None
        return (step or self.told.do).said()

    @property
    def channel_words(self) -> str:
        """The bank or the post."""
        return channel_name(self.channel) if self.channel else ""


_OF_OUTCOME = {
    "": "SENT", "UNREPORTED": "SENT", "PAID": "ARRIVED", "UNDERPAID": "PARTLY", "OVERPAID": "CHECKED",
    "INCONSISTENT": "CHECKED", "RETURNED": "NOT_ARRIVED", "FAILED": "NOT_ARRIVED",
}  # fmt: skip


def stage_of(row: Mapping[str, Any]) -> Stage:
    """A row of `helpdesk_family_asks`."""
    return Stage(
        row["year"], row["stage"], row["again"], _state(row), row["channel"], row["rupiah"] if row["sent"] else None,
        row["reason"],
    )  # fmt: skip


def _state(row: Mapping[str, Any]) -> str:
    if row["held"]:
        return "HELD"
    if not row["sent"]:
        return "PREPARED"
    if row["deposited"]:
        return "DEPOSITED" if row["deposited"] >= row["rupiah"] else "PARTLY_DEPOSITED"
    state = _OF_OUTCOME[row["outcome"]]
    return "DRAWN" if state == "ARRIVED" and row["drawn"] else state


@cache
def _told() -> tuple[dict[str, Told], dict[str, Wording]]:
    told: Any = read_yaml(_FILE)
    steps = {key: Wording.model_validate(row) for key, row in told["steps"].items()}
    reasons = {code: steps[name] for code, name in told["reasons"].items()}
    return {key: Told.model_validate(row) for key, row in told["states"].items()}, reasons


def states() -> Mapping[str, Told]:
    """By code."""
    return _told()[0]


def reasons() -> Mapping[str, Wording]:
    """What to do, by reason code; a code that is not here is the office's to explain."""
    return _told()[1]
