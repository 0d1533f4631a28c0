"""The benchmarks of the site: a stage in the database, its pages, and many requests at once."""

import json
import shutil
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.figures import MEGABYTE, Measured, best, exponent, ratio
from benchmarks.measure import run_task

if TYPE_CHECKING:
    from benchmarks.suite import Session

STAGE_FAMILIES, MOST_FAMILIES, LEAST_FAMILIES = 100_000, 1_000_000, 2_100
"""A province; ten of them; and a family in every village."""
SITE_FAMILIES = 98_636
"""The published number of the try-out's province."""
OBJECTS = 1_000
TIMES = 100.0
GROWTH_MOST = 1.1
QUERIES_MOST, PAGE_SECONDS, DEEPER_MOST = 12, 0.150, 1.5
PAGES_PER_KIND, QUICK_PAGES_PER_KIND, WORST = 12, 2, 5
MORNING, LOGINS_A_SECOND, LOGIN_SECONDS = 34_000, 20, 2.0
"""Everybody of the programme, and the rate and time of a morning when they sign in (docs/threats.md, S5)."""
PLAN_FAMILIES, PLAN_COPIES = 20_000, 50
"""A province, and how many others of the same size come at most: a million families elsewhere."""
SECONDS, QUICK_SECONDS = 20, 5
"""Quick where fewer rows are asked for than a province has families."""
HTTP_OK = 200
PARTS = {"intake": "families and members", "lists": "payments", "reconcile": "result rows"}


def web_stage(session: "Session") -> None:
    """CPU per row of intake, lists and reconciliation beside the ORM, one object at a time."""
    families = _families(session, STAGE_FAMILIES)
    small, large = _data(session, LEAST_FAMILIES), _data(session, families)
    tasks = {
        "one object at a time": ("web_one_by_one", {"data": small, "out": session.out("web"), "objects": OBJECTS}),
        "ours": ("web_stage", {"data": large, "out": session.out("web")}),
    }
    found = _in_turns(session, "web-stage", tasks, session.rounds)
    for part, rows in PARTS.items():
        theirs, ours = found[f"{part}, one object at a time"], found[f"{part}, ours"]
        says = f"{part}: CPU per row, one object at a time / ours"
        note = f"{_micro(theirs)} and {_micro(ours)} µs a row; rows are {rows}"
        session.hold("web-stage", says, _per_row(theirs, ours), TIMES, at_least=True, note=note)
    checked, ours = found["intake, checked, one object at a time"], found["intake, ours"]
    says = "intake: the same, each object looked up and checked (full_clean)"
    session.hold("web-stage", says, _per_row(checked, ours), inf, note=f"{_micro(checked)} µs a row")


def web_growth(session: "Session") -> None:
    """CPU over families, for the three parts; measured once, it is long."""
    most = _families(session, MOST_FAMILIES)
    sizes = sorted({max(most // 10, LEAST_FAMILIES), most})
    if len(sizes) < 2:
        session.hold("web-growth", "exponent over 2 sizes", None, GROWTH_MOST, note="too few rows to tell")
        return
    tasks = {
        f"{size:,} families": ("web_stage", {"data": _data(session, size), "out": session.out("web")}) for size in sizes
    }
    found = _in_turns(session, "web-growth", tasks, 1)
    for part in PARTS:
        points = [(one.rows, one.cpu) for label, one in found.items() if label.startswith(f"{part},")]
        session.hold("web-growth", f"{part}: exponent over 2 sizes", exponent(points), GROWTH_MOST)


def web_pages(session: "Session") -> None:
    """Queries and CPU of every page for everybody; long lists far down."""
    site = _site(session)
    session.tell("every page as everybody")
    most = PAGES_PER_KIND if session.rows >= SITE_FAMILIES else QUICK_PAGES_PER_KIND
    told = site / "pages.json"
    measured, _ = run_task("web_pages", {"site": site, "most": most, "told": told})
    found = json.loads(told.read_text(encoding="utf-8"))
    pages: list[dict[str, Any]] = found["pages"]
    cpu = sorted(page["cpu"] for page in pages)
    whole = Measured("web_pages", len(pages), sum(page["wall"] for page in pages), sum(cpu), measured.peak_mb)
    session.measured["web-pages: every page as everybody"] = whole
    kinds = len({page["kind"] for page in pages})
    queries = max(page["queries"] for page in pages)
    worst = _worst(pages, lambda page: page["queries"], lambda page: f"{page['queries']}")
    session.hold("web-pages", "most queries of a page", queries, QUERIES_MOST, note=worst)
    worst = _worst(pages, lambda page: page["cpu"], lambda page: f"{page['cpu'] * 1000:.0f} ms")
    says = f"CPU of a page, 95th percentile of {len(pages):,} pages of {kinds} kinds, ms"
    session.hold("web-pages", says, _share(cpu, 95) * 1000, PAGE_SECONDS * 1000, note=worst)
    for name, deeper in found["lists"].items():
        says = f"{name}: CPU of the last 10 of {deeper['pages']:.0f} pages / of the first 10"
        session.hold("web-pages", says, float(deeper["ratio"]), DEEPER_MOST)


def web_requests(session: "Session") -> None:
    """Mixed requests at once: told, not held to."""
    site = _site(session)
    seconds = SECONDS if session.rows >= SITE_FAMILIES else QUICK_SECONDS
    session.tell(f"mixed requests for {seconds} s")
    measured, found = run_task("web_requests", {"site": site, "seconds": seconds})
    label = f"web-requests: {found['pages']} pages in any order"
    session.measured[label] = Measured("web_requests", int(found["requests"]), seconds, measured.cpu, measured.peak_mb)
    note = f"the direction is 400; {found['wrong']:.0f} answers were not 200"
    session.hold("web-requests", "requests a second", found["requests"] / found["seconds"], inf, note=note)
    for share in ("p50", "p95", "p99"):
        session.hold("web-requests", f"milliseconds, {share[1:]}th percentile", found[share] * 1000, inf)


def web_logins(session: "Session") -> None:
    """A morning's logins: how long one takes at the rate of docs/threats.md, S5, and how many there can be."""
    site = _site(session)
    seconds = SECONDS if session.rows >= SITE_FAMILIES else QUICK_SECONDS
    session.tell(f"logins for {seconds} s at {LOGINS_A_SECOND} a second, then as many as get in")
    measured, found = run_task("web_logins", {"site": site, "rate": LOGINS_A_SECOND, "seconds": seconds})
    done = int(found["steady done"])
    session.measured["web-logins: sign in, first page"] = Measured(
        "web_logins", done, found["steady seconds"], measured.cpu, measured.peak_mb
    )
    missing = found["steady wrong"] + found["crowd wrong"]
    note = f"{done} people; {missing:.0f} did not get in; median {found['steady p50'] * 1000:.0f} ms"
    says = f"milliseconds to the first page at {LOGINS_A_SECOND} a second, 95th percentile"
    session.hold("web-logins", says, found["steady p95"] * 1000, LOGIN_SECONDS * 1000, note=note)
    a_second = found["crowd done"] / found["crowd seconds"]
    note = f"{MORNING:,} people in {MORNING / a_second / 60:.0f} minutes"
    session.hold(
        "web-logins", "logins a second, as many as get in", a_second, LOGINS_A_SECOND, at_least=True, note=note
    )
    login, page = found["crowd cpu"] / found["crowd done"], found["page cpu"] / found["page done"]
    note = f"{login * 1000:.0f} and {page * 1000:.0f} ms, server and database; a login is three requests"
    session.hold("web-logins", "CPU of a login / of the first page alone", login / page, inf, note=note)


def web_plans(session: "Session") -> None:
    """Rows that pages read before and after the rest of the nation is there: of those who see none of it, no more."""
    families = _families(session, PLAN_FAMILIES)
    copies = max(1, min(session.rows // families - 1, PLAN_COPIES))
    site = session.out("web-plans-site")
    session.tell(f"filling a site with {families:,} families; then plans, {copies * families:,} more elsewhere, plans")
    run_task("web_site", {"families": families, "out": site})
    told = session.out("web-plans.json")
    measured, _ = run_task("web_plans", {"site": site, "copies": copies, "told": told})
    shutil.rmtree(site)
    pages: list[dict[str, Any]] = json.loads(told.read_text(encoding="utf-8"))["pages"]
    label = f"web-plans: each page before and after {copies * families:,} families elsewhere"
    session.measured[label] = Measured("web_plans", len(pages), measured.wall, measured.cpu, measured.peak_mb)
    kinds = len({page["kind"] for page in pages})
    for nation, whose in ((False, "a part of the nation"), (True, "the whole nation")):
        theirs = [page for page in pages if page["nation"] == nation]
        grew = sorted((page for page in theirs if page["grew"]), key=_rows_more, reverse=True)
        for page in grew:
            session.tell(_plan_line(page))
        says = f"pages whose work grew by more than 2 times, of {len(theirs):,} of whoever sees {whose}"
        note = f"{kinds} kinds; {_worst(grew, _rows_more, lambda page: f'{_rows_more(page):,.0f} rows more')}"
        session.hold("web-plans", says, len(grew), inf if nation else 0, note=note)
    wrong = sum(page["status"] != HTTP_OK for page in pages)
    session.hold("web-plans", "pages that answer otherwise than before", wrong, 0)


def _rows_more(page: dict[str, Any]) -> float:
    return float(page["statement_after"]["rows"] - page["statement_before"]["rows"])


def _plan_line(page: dict[str, Any]) -> str:
    """Kind, role, what grew most by the table it read most rows of, or by its words where a function does."""
    was, now = page["statement_before"], page["statement_after"]
    what = page["table"] or page["statement"][:60]
    times = now["rows"] / max(was["rows"], 1)
    return (
        f"{page['kind']} | {page['role']} | {what} | rows {was['rows']:,.0f} -> {now['rows']:,.0f}"
        f" ({times:.1f}) | blocks {was['blocks']:,} -> {now['blocks']:,}"
    )


def _families(session: "Session", most: int) -> int:
    return max(min(session.rows, most), LEAST_FAMILIES)


def _data(session: "Session", families: int) -> Path:
    """The files of that many families, made now where the cache has none."""
    folder = session.cache / "web" / str(families)
    if not (folder / "made.json").is_file():
        session.tell(f"making {families:,} families and a result file in {folder} (once)")
        run_task("web_data", {"folder": folder, "families": families})
    return folder


def _site(session: "Session") -> Path:
    """The filled site, made once per run of the suite: it must be of this code."""
    folder = session.out("web-site")
    if folder not in session.made:
        families = _families(session, SITE_FAMILIES)
        session.tell(f"filling a site with {families:,} families")
        run_task("web_site", {"families": families, "out": folder})
        session.made.add(folder)
    return folder


def _in_turns(
    session: "Session", benchmark: str, tasks: Mapping[str, tuple[str, Mapping[str, object]]], rounds: int
) -> dict[str, Measured]:
    """`part, label` -> the best of all rounds."""
    taken: dict[str, list[Measured]] = defaultdict(list)
    for _ in range(rounds):
        for label, (task, inputs) in tasks.items():
            session.tell(label)
            for part, told in run_task(task, inputs)[1].items():
                one = Measured(task, int(told["rows"]), told["wall"], told["cpu"], told["peak"] / MEGABYTE)
                taken[f"{part}, {label}"].append(one)
    found = {label: best(measured) for label, measured in taken.items()}
    session.measured |= {f"{benchmark}: {label}": one for label, one in found.items()}
    return found


def _per_row(theirs: Measured, ours: Measured) -> float:
    return ratio(theirs.cpu / theirs.rows, ours.cpu / ours.rows)


def _micro(one: Measured) -> str:
    return f"{one.cpu / one.rows * 1_000_000:,.0f}"


def _share(values: Sequence[float], percent: int) -> float:
    """Of sorted values, the one that so many in a hundred do not exceed."""
    return values[max(0, -(-len(values) * percent // 100) - 1)]


def _worst(pages: list[dict[str, Any]], by: Callable[[dict[str, Any]], float], told: Callable[..., str]) -> str:
    """The worst page of each of the five worst kinds."""
    kinds: dict[str, dict[str, Any]] = {}
    for page in sorted(pages, key=by, reverse=True):
        kinds.setdefault(page["kind"], page)
    worst = list(kinds.values())[:WORST]
    return "worst: " + ", ".join(f"{page['kind']} as {page['role']} {told(page)}" for page in worst)


BENCHMARKS: dict[str, Callable[["Session"], None]] = {
    "web-stage": web_stage,
    "web-growth": web_growth,
    "web-pages": web_pages,
    "web-requests": web_requests,
    "web-logins": web_logins,
    "web-plans": web_plans,
}
