"""The duplicate search of a province beside the engine's floor, and beside the usual way: pandas blocks, RapidFuzz."""

from math import inf
from typing import TYPE_CHECKING

from benchmarks.figures import ratio

if TYPE_CHECKING:
    from benchmarks.suite import Session

ROWS_MOST = 100_000
"""Families of a province: the usual way holds all its pairs in memory."""


def duplicates(session: "Session") -> None:
    """Ours, the floor and the usual way in turns, on the same people."""
    given = session.inputs("entitle", rows=min(session.rows, ROWS_MOST))
    tasks = {label: (f"duplicates_{task}", given) for label, task in _TASKS.items()}
    floor, usual, ours = session.take_turns("duplicates", tasks)
    session.hold("duplicates", "time / floor", ratio(ours.wall, floor.wall), inf)
    session.hold("duplicates", "CPU of the usual way / ours", ratio(usual.cpu, ours.cpu), inf)
    session.hold("duplicates", "peak memory, MB", ours.peak_mb, 1_000, note=f"the usual way {usual.peak_mb:,.0f}")


_TASKS = {"floor": "floor", "pandas and RapidFuzz": "usual", "ours": "ours"}
