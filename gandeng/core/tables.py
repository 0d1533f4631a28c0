"""Typed tables: what a calculation reads and gives."""

from dataclasses import dataclass
from enum import StrEnum


class Type(StrEnum):
    """Column types both engines store alike; there is no float, so no rupiah can be lost in one."""

    TEXT = "text"
    BIGINT = "bigint"
    DATE = "date"
    BOOLEAN = "boolean"


@dataclass(frozen=True)
class Column:
    """A column; nullable only where the contract says a value may be missing."""

    name: str
    type: Type = Type.TEXT
    nullable: bool = False


@dataclass(frozen=True)
class Table:
    """A named table and what one row of it is (`one row per ...`)."""

    name: str
    row: str
    columns: tuple[Column, ...]

    def column_names(self) -> tuple[str, ...]:
        """Names in order."""
        return tuple(column.name for column in self.columns)


def columns(type_: Type, *names: str, nullable: bool = False) -> tuple[Column, ...]:
    """Several columns of one type."""
    return tuple(Column(name, type_, nullable) for name in names)
