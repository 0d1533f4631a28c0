"""How each channel wants its payment list, as data (`instruction_layouts.yaml`), and what an order to a channel is."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Annotated, Literal, NamedTuple, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from gandeng.core.channels import CHANNELS
from gandeng.files.layouts import PAYMENTS

_STRICT = ConfigDict(strict=True, extra="forbid", frozen=True)
_NEEDED = frozenset({"payment_id", "name", "amount"})


class ListLayout(BaseModel):
    """One channel's list: `columns` maps their header onto our column, in order; `trailer` opens the totals' row."""

    model_config = _STRICT
    delimiter: Literal[",", ";"]
    trailer: Annotated[str, Field(min_length=1)]
    columns: dict[str, str]

    @model_validator(mode="after")
    def _can_be_paid(self) -> Self:
        ours = set(self.columns.values())
        if not _NEEDED <= ours <= set(PAYMENTS.names) or len(ours) != len(self.columns):
            raise ValueError("columns name PAYMENTS columns once each, payment_id, name and amount among them")
        return self


class _File(BaseModel):
    model_config = _STRICT
    basis: str
    initiating_party: Annotated[str, Field(min_length=1, max_length=140)]
    channels: dict[str, ListLayout]


class Payment(NamedTuple):
    """A payment of the list, its columns in the order of the contract."""

    payment_id: str
    stage: str
    family_id: str
    nik: str
    name: str
    channel: str
    account_no: str
    district_code: str
    amount: int


@dataclass(frozen=True)
class Block:
    """The part of an order that goes to one district for one stage: how many rows, how many rupiah."""

    stage: str
    district_code: str
    rows: int
    total: int


@dataclass(frozen=True)
class Order:
    """What one channel is to pay. `digest` is the SHA-256 of the list's content (docs/bank-files.md), in every file.

    `created` is what the files bear as their time of making, `debtor_account` the disbursing account, '' if unknown.
    """

    channel: str
    blocks: tuple[Block, ...]
    digest: str
    created: datetime
    execute_on: date
    debtor_account: str = ""

    @property
    def rows(self) -> int:
        """Payments in the order."""
        return sum(block.rows for block in self.blocks)

    @property
    def total(self) -> int:
        """Rupiah in the order."""
        return sum(block.total for block in self.blocks)

    @property
    def stages(self) -> tuple[str, ...]:
        """The stages paid, in order."""
        return tuple(dict.fromkeys(block.stage for block in self.blocks))


class TotalsDiffer(Exception):
    """What was written is not what was ordered; nothing may be published."""

    def __init__(self, channel: str, ordered: tuple[int, int], written: tuple[int, int]) -> None:
        self.channel = channel
        self.ordered = ordered
        self.written = written
        super().__init__(f"{channel}: ordered {ordered}, written {written}")


def layout_of(channel: str) -> ListLayout:
    """The layout of a channel; KeyError for one that has none."""
    return _file().channels[channel]


def initiating_party() -> str:
    """Who orders the payments, as the messages name it."""
    return _file().initiating_party


@cache
def _file() -> _File:
    text = files(__package__).joinpath("instruction_layouts.yaml").read_text(encoding="utf-8")
    loaded = _File.model_validate(yaml.safe_load(text))
    if set(loaded.channels) != set(CHANNELS):
        raise ValueError("instruction_layouts.yaml must have every channel")
    return loaded
