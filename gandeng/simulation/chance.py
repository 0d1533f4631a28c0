"""Chance that is the same every time: an integer hash of (seed, purpose, row), in SQL and in Python alike.

Each purpose ("sex of a child", "bank of a family") has its own key, so that a new draw never shifts the others, and
a row's draws do not depend on how many rows there are or in what order they are made. No library's random numbers
are used: those may change with its version.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from itertools import accumulate

import duckdb

SPAN = 1 << 32
"""A draw is a whole number from 0 to SPAN - 1; rows are numbered below SPAN too."""

_MASK = SPAN - 1
_STEPS = ((16, 0x7FEB352D), (15, 0x846CA68B))
"""The constants of Wellons' `lowbias32` hash: shift, multiply; a last shift by 16 ends it."""

_MACROS = """
create or replace temp macro chance_a(x) as (xor(x, x >> 16) * 2146121005) & 4294967295;
create or replace temp macro chance_b(x) as (xor(x, x >> 15) * 2221713035) & 4294967295;
create or replace temp macro chance_c(x) as xor(x, x >> 16);
create or replace temp macro chance_mix(x) as chance_c(chance_b(chance_a(x)))
"""


@dataclass(frozen=True)
class Chance:
    """All draws of one seed."""

    seed: int

    def key(self, purpose: str) -> int:
        """The purpose's own 32 bits."""
        return int.from_bytes(sha256(f"{self.seed}:{purpose}".encode()).digest()[:4], "big")

    def number(self, purpose: str, row: int) -> int:
        """One draw in Python, for the few things that are decided once per place."""
        return _mix(_mix(row & _MASK) ^ self.key(purpose))

    def draws(self, row: str) -> "Draws":
        """The draws one SQL step makes for each row; `row` is the SQL of the row's number."""
        return Draws(self, row)


class Draws:
    """Collects what a step draws. Its methods give SQL over columns that `over` puts under the step as `drawn`."""

    def __init__(self, chance: Chance, row: str) -> None:
        self._chance = chance
        self._row = row
        self._columns: dict[str, str] = {}

    def draw(self, purpose: str) -> str:
        """A number from 0 to SPAN - 1."""
        return self._columns.setdefault(purpose, f"luck_{len(self._columns)}")

    def pick(self, purpose: str, first: int, last: int) -> str:
        """A whole number from `first` to `last`, each as likely."""
        return f"({first:d} + (({self.draw(purpose)} * {last - first + 1:d}) >> 32)::bigint)"

    def happens(self, purpose: str, share: float) -> str:
        """True for that share of the rows."""
        return f"({self.draw(purpose)} < {round(share * SPAN):d})"

    def choose(self, purpose: str, shares: Iterable[tuple[str, float]], other: str) -> str:
        """The SQL value of each share, `other` for what the shares leave."""
        pairs = list(shares)
        column = self.draw(purpose)
        whens = [
            f"when {column} < {round(bound * SPAN):d} then {value}"
            for (value, _), bound in zip(pairs, accumulate(share for _, share in pairs), strict=True)
        ]
        return f"(case {' '.join(whens)} else {other} end)" if whens else other

    def over(self, source: str, body: str) -> str:
        """The step: `body`, which reads from `drawn`: the rows of `source` with everything drawn for them.

        A body may begin with tables of its own: `, days as (select ... from drawn) select ... from days`.
        """
        made = ", ".join(
            f"chance_mix(xor(luck, {self._chance.key(purpose):d}::ubigint)) as {column}"
            for purpose, column in self._columns.items()
        )
        return f"""with mixed as (select *, chance_mix(({self._row})::ubigint) as luck from {source}),
            drawn as (select *, {made} from mixed) {body}"""


def define_macros(con: duckdb.DuckDBPyConnection) -> None:
    """Make the hash known to the connection."""
    con.execute(_MACROS)


def _mix(x: int) -> int:
    for shift, factor in _STEPS:
        x = ((x ^ (x >> shift)) * factor) & _MASK
    return x ^ (x >> 16)
