"""A calculation: named SQL steps over typed tables, and the checks that must hold before anything is published."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from gandeng.core.tables import Table


@dataclass(frozen=True)
class Step:
    """A named query. `stored` steps are computed once and kept; the others are views.

    Of a `repeated` step, whose one column holds 64-bit integers and no NULL, only the values that occur more than once
    are kept, each once. Written in the subset DuckDB and Spark run alike (docs/algorithms/two-engines.md).
    """

    name: str
    sql: str
    stored: bool = False
    repeated: bool = False


@dataclass(frozen=True)
class Check:
    """An identity: `sql` gives the rows that break it, so it must give none. Runs in production, before publishing."""

    name: str
    sql: str


@dataclass(frozen=True)
class Calculation:
    """`reads` -> `steps` -> `gives`. Every table in `reads` and `gives` is held against its schema."""

    name: str
    reads: tuple[Table, ...]
    steps: tuple[Step, ...]
    checks: tuple[Check, ...]
    gives: tuple[Table, ...]
    parameters: Mapping[str, tuple[tuple[object, ...], ...]] = field(default_factory=dict)
    """Small tables of dated figures the steps join, by table name; their schemas stand in `reads`."""


class CheckFailed(Exception):
    """An identity does not hold; nothing may be published."""

    def __init__(self, calculation: str, check: str, example: str) -> None:
        self.calculation = calculation
        self.check = check
        self.example = example
        super().__init__(f"{calculation}: {check}: {example}")

    def __reduce__(self) -> tuple[type["CheckFailed"], tuple[str, str, str]]:
        return CheckFailed, (self.calculation, self.check, self.example)
