"""Balancing the districts of a province: gap and time of each, beside today's assignment and a greedy one."""

from math import inf
from typing import TYPE_CHECKING

from benchmarks.measure import run_task

if TYPE_CHECKING:
    from benchmarks.suite import Session

REGION, FAMILIES, FACILITATORS = "63", 111_671, 442
"""South Kalimantan 2023 as published: 13 districts, 2.016 villages."""
QUICK_REGION, QUICK_FAMILIES, QUICK_FACILITATORS = "63.72", 2_000, 8
QUICK_BELOW = 100_000
SECONDS, QUICK_SECONDS = 240, 5
GAP_PERCENT_MOST = 1.0


def balance(session: "Session") -> None:
    """Each district by itself, one thread; the gap is proven, the time is wall time."""
    quick = session.rows < QUICK_BELOW
    made: dict[str, object] = {
        "region": QUICK_REGION if quick else REGION,
        "families": QUICK_FAMILIES if quick else FAMILIES,
        "facilitators": QUICK_FACILITATORS if quick else FACILITATORS,
        "seconds": QUICK_SECONDS if quick else SECONDS,
    }
    _, listed = run_task("balance_districts", made)
    total = 0.0
    for code in sorted(listed):
        label = f"district {code}"
        session.tell(label)
        measured, facts = run_task("balance_district", made | {"district": code})
        session.measured[f"balance: {label}"] = measured
        gap, today, greedy = (float(facts[name]) for name in ("gap", "today", "greedy"))
        saved = f"costs {today:.1f} % less than today, {greedy:.1f} % less than greedy"
        note = f"{measured.wall:.1f} s ({measured.cpu:.1f} s of CPU); {saved}"
        session.hold("balance", f"{label}: gap, %", gap, GAP_PERCENT_MOST, note=note)
        total += measured.wall
    session.hold("balance", "all districts one after the other, s", total, inf)
