"""Entries of phones through the door, beside the same rows put in bare; and what 700 a second would need."""

import os
from math import inf
from typing import TYPE_CHECKING

from benchmarks.measure import run_task

if TYPE_CHECKING:
    from benchmarks.suite import Session

ENTRIES, QUICK_ENTRIES, QUICK_BELOW = 2_000, 100, 100_000
_FROM_THE_APP = {"twenty": "twenty at a time", "single": "one at a time, as those with photos"}
WANTED = 700
"""Entries a second on a busy evening (issue of the field)."""


def field_sync(session: "Session") -> None:
    """One process and one connection: entries a second, ratio to bare inserts, cores for 700 a second."""
    entries = QUICK_ENTRIES if session.rows < QUICK_BELOW else ENTRIES
    _, facts = run_task("field_sync", {"entries": entries, "out": session.out("field-sync")})
    door, bare = ({name: float(value) for name, value in facts[part].items()} for part in ("door", "bare"))
    each, floor = door["wall"] / entries, bare["wall"] / entries
    note = f"{door['cpu'] / entries * 1000:.1f} ms of CPU each, {1 / floor:,.0f} a second bare"
    session.hold("field-sync", "entries a second, one process", 1 / each, WANTED, at_least=True, note=note)
    session.hold("field-sync", "through the door / bare inserts", each / floor, inf)
    alone = {name: float(value) for name, value in facts["alone"].items()}
    session.hold("field-sync", "each in a transaction of its own / together", alone["wall"] / door["wall"], inf,
                 note=f"{alone['cpu'] / entries * 1000:.1f} ms of CPU each alone")  # fmt: skip
    for part, says in _FROM_THE_APP.items():
        told = {name: float(value) for name, value in facts[part].items()}
        note = f"{entries / told['wall']:,.0f} a second, {told['cpu'] / entries * 1000:.1f} ms of CPU each"
        session.hold("field-sync", f"{says} / fifty", told["wall"] / door["wall"], inf, note=note)
    cores = WANTED * door["cpu"] / entries
    session.hold("field-sync", f"cores for {WANTED} a second", cores, inf, note=f"{os.cpu_count()} here")
    again = {name: float(value) for name, value in facts["again"].items()}
    session.hold("field-sync", "sent again: entries a second", entries / again["wall"], inf)
