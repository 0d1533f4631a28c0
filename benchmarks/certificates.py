"""Papers of certificates: in one file, and one file each, beside a new typesetter for every single one."""

from math import inf
from typing import TYPE_CHECKING

from benchmarks.measure import run_task

if TYPE_CHECKING:
    from benchmarks.suite import Session

PAPERS, QUICK_PAPERS, QUICK_BELOW = 1_000, 40, 100_000
ALONE = 40
"""So many one at a time: the rest would only take longer."""
RATIO_MOST = 0.7


def certificates(session: "Session") -> None:
    """Seconds for a thousand, and the ratio of one paper to one typeset by itself."""
    papers = QUICK_PAPERS if session.rows < QUICK_BELOW else PAPERS
    each: dict[str, float] = {}
    for way, how_many in (("alone", ALONE), ("each", papers), ("together", papers)):
        session.tell(way)
        measured, _facts = run_task("certificates", {"way": way, "papers": how_many})
        session.measured[f"certificates: {way}"] = measured
        each[way] = measured.wall / how_many
        note = f"{measured.wall:.1f} s for {how_many}"
        session.hold("certificates", f"{way}: ms for one", 1000 * each[way], inf, note=note)
    for way in ("each", "together"):
        session.hold("certificates", f"{way} / one at a time", each[way] / each["alone"], RATIO_MOST)
