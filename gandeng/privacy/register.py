"""The register of processing: every column of every table, its class, why it is held and how long."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, Self

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, model_validator

CLASSES = {
    "P0": "public", "P1": "internal", "P2": "personal", "P3": "specific", "P4": "identifiers, accounts and secrets",
}  # fmt: skip
"""How near a column comes to a person (docs/threats.md, 7.2).

The law calls P3 and P4 of a family specific data: health, children, money.
"""

NEVER_PRINTED = ("_sealed", "_index")
"""Endings of columns that hold what only the keys open, and what only a search compares."""


def _column(text: str) -> str:
    if text.partition(" ")[0] not in CLASSES:
        raise ValueError(f"no class: {text}")
    return text


@dataclass(frozen=True)
class Column:
    """One column; `label` is what the report to a family calls it, empty where it is not printed."""

    name: str
    klass: str
    label: str


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Table(_Strict):
    """One table, as register.yaml explains."""

    holds: Literal["family", "staff", "office"]
    why: str
    keep: str
    told: str = ""
    not_told: str = ""
    columns: dict[str, Annotated[str, AfterValidator(_column)]]

    @model_validator(mode="after")
    def _says_one(self) -> Self:
        if bool(self.told) == bool(self.not_told):
            raise ValueError("a table is told, or says why not")
        return self

    def each(self) -> list[Column]:
        """Its columns in order."""
        parted = ((name, *text.partition(" ")) for name, text in self.columns.items())
        return [Column(name, klass, label) for name, klass, _, label in parted]

    @property
    def labels(self) -> dict[str, str]:
        """Columns the report prints, by name."""
        return {column.name: column.label for column in self.each() if column.label}

    @property
    def highest(self) -> str:
        """The strictest class in it."""
        return max(column.klass for column in self.each())


class Register(_Strict):
    """All of it."""

    purposes: dict[str, str]
    tables: dict[str, Table]

    @model_validator(mode="after")
    def _purposes_are_there(self) -> Self:
        if unknown := {table.why for table in self.tables.values()} - set(self.purposes):
            raise ValueError(f"no such purpose: {unknown}")
        return self

    @property
    def told(self) -> dict[str, Table]:
        """Tables the report to a family prints."""
        return {name: table for name, table in self.tables.items() if table.told}


@cache
def register() -> Register:
    """As shipped; a test holds it against the models."""
    text = Path(__file__).with_name("register.yaml").read_text(encoding="utf-8")
    return Register.model_validate(yaml.safe_load(text))
