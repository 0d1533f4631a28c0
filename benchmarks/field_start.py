"""How soon the app of the field is there on a slow phone: a processor four times slower, with network and without."""

from math import inf
from typing import TYPE_CHECKING

from benchmarks.measure import run_task

if TYPE_CHECKING:
    from benchmarks.suite import Session

FAMILIES = 300
"""As the largest caseloads are."""
SLOWER, STARTS = 4, 5
SECONDS_MOST = 3.0
WAYS = {
    "first": "seconds, first start over the network",
    "offline": "seconds, started again without network",
    "opened": f"seconds, PIN to {FAMILIES} families on the screen",
}


def field_start(session: "Session") -> None:
    """Of each way to start the slowest of five, on the same machine as the server."""
    inputs = {"families": FAMILIES, "slower": SLOWER, "starts": STARTS, "out": session.out("field-start")}
    _, facts = run_task("field_start", inputs)
    for way, says in WAYS.items():
        limit = inf if way == "opened" else SECONDS_MOST
        session.hold("field-start", says, max(facts[way]), limit, note=f"processor {SLOWER} times slower")
