"""Every benchmark by name: what it runs, in which order, and what it is held to.

A yardstick and ours take turns (floor, ours, floor, ours), so that a busy minute of the machine meets both; of the
rounds the quickest counts (`figures.best`). Each benchmark measures both sides itself.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from math import inf
from pathlib import Path

from benchmarks.balance import balance
from benchmarks.certificates import certificates
from benchmarks.duplicates import duplicates
from benchmarks.field_start import field_start
from benchmarks.field_sync import field_sync
from benchmarks.figures import Measured, Target, best, exponent, ratio
from benchmarks.measure import OutOfMemory, TaskFailed, run_task
from benchmarks.web_suite import BENCHMARKS as WEB_BENCHMARKS

SMALL_MEMORY = "600MB"
EQUAL_ROWS = 200_000
SPARK_ROWS = 1_000_000
PANDAS_TIMES = 3.0
GROWTH_MOST = 1.1
SIMULATED_PART, SIMULATED_TIMES, SIMULATED_LEAST = 50, 5, 2_100
"""A fiftieth of the rows and five times that, in the same memory; a province has a family in every village."""
SIMULATE_MEMORY = 1.25
RECONCILE_FLOORS = 6.0
CSV_SCANS = 2.0
RECONCILE_FILES = "outcomes.parquet dispositions.parquet summary.csv"
ENTITLE_FILES = "components.parquet entitlements.parquet payments.csv"
ALL = 100

Inputs = dict[str, object]
Task = tuple[str, Inputs]
"""Name of a function of `benchmarks.work`, and what it is given."""


class NotEqual(Exception):
    """Two ways to the same figures gave different rows."""


@dataclass
class Session:
    """One run of the suite: where the data lies, how often each task is run, and what was measured so far."""

    cache: Path
    rows: int
    rounds: int = 2
    tell: Callable[[str], None] = print
    measured: dict[str, Measured] = field(default_factory=dict)
    targets: list[Target] = field(default_factory=list)
    made: set[Path] = field(default_factory=set)
    """Folders this run has filled itself."""

    def data(self, rows: int) -> Path:
        """The folder of the files of that many rows, made now where the cache has none."""
        folder = self.cache / str(rows)
        if not (folder / "made.json").is_file():
            self.tell(f"making {rows:,} families, payments and results in {folder} (once)")
            run_task("make_data", {"folder": folder, "rows": rows})
        return folder

    def shares(self) -> list[int]:
        """The sizes there are files of, in hundredths of the rows, smallest first."""
        return sorted(int(path.stem.split("-")[1]) for path in self.data(self.rows).glob("payments-*.parquet"))

    def inputs(
        self, task: str, out: str = "", *, share: int = ALL, rows: int | None = None, suffix: str = "parquet"
    ) -> Inputs:
        """The files `task` (reconcile or entitle) reads, and where it writes."""
        folder = self.data(rows or self.rows)
        tables = {"reconcile": ("payments", "results"), "entitle": ("families", "members")}[task]
        files: Inputs = {table: folder / f"{table}-{share}.{suffix}" for table in tables}
        return files | ({"out": self.out(out)} if out else {})

    def out(self, name: str) -> Path:
        """Where a task writes."""
        return self.cache / "out" / name

    def take_turns(self, benchmark: str, tasks: Mapping[str, Task]) -> list[Measured]:
        """Measure labelled tasks in turns, in their order."""
        rounds: dict[str, list[Measured]] = {label: [] for label in tasks}
        for _ in range(self.rounds):
            for label, (task, inputs) in tasks.items():
                self.tell(label)
                rounds[label].append(run_task(task, inputs)[0])
        found = {label: best(taken) for label, taken in rounds.items()}
        self.measured |= {f"{benchmark}: {label}": one for label, one in found.items()}
        return list(found.values())

    def hold(
        self, benchmark: str, says: str, value: float | None, limit: float, *, at_least: bool = False, note: str = ""
    ) -> None:
        """Note a target and what was reached."""
        target = Target(benchmark, says, value, limit, at_least, note)
        self.targets.append(target)
        self.tell(f"{benchmark}: {says}: {value} ({'at least' if at_least else 'at most'} {limit}): {target.verdict}")


def reconcile(session: Session) -> None:
    """From Parquet, the whole contract without PDF and XLSX."""
    _against_floor(session, "reconcile", RECONCILE_FILES, floors_most=RECONCILE_FLOORS, peak_most=2_500)


def reconcile_small_memory(session: Session) -> None:
    """The same with the engine held to 600 MB."""
    given = session.inputs("reconcile", "reconcile")
    free, held = session.take_turns("reconcile-600mb", {
        "as usual": ("reconcile", given),
        "held to 600 MB": ("reconcile", given | {"memory_limit": SMALL_MEMORY}),
    })  # fmt: skip
    session.hold("reconcile-600mb", "time / time without the limit", ratio(held.wall, free.wall), 1.6)
    session.hold("reconcile-600mb", "peak memory, MB", held.peak_mb, 1_000)


def reconcile_csv(session: Session) -> None:
    """From CSV: what Parquet may take and at most two scans of the same CSV more."""
    tasks = _beside_floor(session, "reconcile") | {
        "scan of the CSV": ("scan_csv", session.inputs("reconcile", suffix="csv")),
        "reconcile from CSV": ("reconcile", session.inputs("reconcile", "reconcile-csv", suffix="csv")),
    }
    floor, parquet, scan, ours = session.take_turns("reconcile-csv", tasks)
    allowed = RECONCILE_FLOORS * floor.wall + CSV_SCANS * scan.wall
    session.hold("reconcile-csv", "time / (6 floors + 2 CSV scans)", ratio(ours.wall, allowed), 1.0)
    more = ratio(ours.wall - parquet.wall, scan.wall)
    session.hold("reconcile-csv", "(time - time from Parquet) / CSV scan", more, CSV_SCANS)


def entitle(session: Session) -> None:
    """Families and members from Parquet to components, entitlements and the payment list."""
    _against_floor(session, "entitle", ENTITLE_FILES, floors_most=2.5, peak_most=3_000)


def _against_floor(session: Session, task: str, files: str, *, floors_most: float, peak_most: float) -> None:
    """Ours beside the floor; and, to know what is left to gain, beside the floor and the writing of the same files."""
    again: Inputs = {"folder": session.out(task), "files": files}
    tasks = _beside_floor(session, task) | {"its files, only written": ("write_again", again)}
    floor, ours, written = session.take_turns(task, tasks)
    session.hold(task, "time / floor", ratio(ours.wall, floor.wall), floors_most)
    session.hold(task, "time / (floor + its files, only written)", ratio(ours.wall, floor.wall + written.wall), inf)
    session.hold(task, "peak memory, MB", ours.peak_mb, peak_most)


def _beside_floor(session: Session, task: str) -> dict[str, Task]:
    return {"floor": (f"floor_{task}", session.inputs(task)), task: (task, session.inputs(task, task))}


def pandas_equal(session: Session) -> None:
    """Ours and pandas give the same rows; raises NotEqual."""
    rows = min(EQUAL_ROWS, session.rows)
    for task, names in (("reconcile", RECONCILE_FILES), ("entitle", ENTITLE_FILES)):
        folders = {kind: f"equal-{kind}" for kind in (task, f"pandas_{task}")}
        for kind, folder in folders.items():
            session.tell(f"{kind}, {rows:,} rows")
            run_task(kind, session.inputs(task, folder, rows=rows))
        _require_equal(session, "pandas-equal", f"{task}: rows that differ from pandas", list(folders.values()), names)


def pandas_reconcile(session: Session) -> None:
    """CPU and memory against the same rules in pandas."""
    _against_pandas(session, "reconcile")


def pandas_entitle(session: Session) -> None:
    """CPU and memory against the same rules in pandas."""
    _against_pandas(session, "entitle")


def _against_pandas(session: Session, task: str) -> None:
    """At all rows, or the largest share that pandas manages in this machine's memory."""
    name, note = f"pandas-{task}", ""
    for share in reversed(session.shares()):
        tasks = {
            f"{task}, {share} %": (task, session.inputs(task, task, share=share)),
            f"pandas, {share} %": (f"pandas_{task}", session.inputs(task, f"pandas-{task}", share=share)),
        }
        try:
            ours, theirs = session.take_turns(name, tasks)
        except OutOfMemory as failed:
            session.tell(f"{name}: {share} % of the rows: {failed}")
            note = f"pandas needs more memory than there is at {share} % of the rows"
            continue
        cpu, memory = ratio(theirs.cpu, ours.cpu), ratio(theirs.peak_mb, ours.peak_mb)
        note = f"at {share} % of the rows; {note}" if note else ""
        session.hold(name, "CPU of pandas / ours", cpu, PANDAS_TIMES, at_least=True, note=note)
        session.hold(name, "memory of pandas / ours", memory, PANDAS_TIMES, at_least=True, note=note)
        return
    session.hold(name, "CPU and memory of pandas / ours", None, PANDAS_TIMES, at_least=True, note=note)


def growth(session: Session) -> None:
    """Time over rows, for both calculations."""
    for task in ("reconcile", "entitle"):
        tasks = {f"{task}, {share} %": (task, session.inputs(task, task, share=share)) for share in session.shares()}
        points = [(one.rows, one.wall) for one in session.take_turns("growth", tasks)]
        session.hold("growth", f"{task}: exponent over {len(points)} sizes", exponent(points), GROWTH_MOST)


def simulate(session: Session) -> None:
    """The simulator: time over families, and memory that does not follow them."""
    few = max(session.rows // SIMULATED_PART, SIMULATED_LEAST)
    out, shares = session.out("simulated"), session.shares()
    tasks: dict[str, dict[str, Task]] = {"registry": {}, "results": {}}
    for families in (few, few * SIMULATED_TIMES):
        inputs: Inputs = {"families": families, "out": out}
        tasks["registry"][f"registry, {families:,} families"] = ("simulate_registry", inputs)
    for share in (shares[0], shares[len(shares) // 2]):
        inputs = {"payments": session.inputs("reconcile", share=share)["payments"], "out": out}
        tasks["results"][f"results, {share} %"] = ("simulate_results", inputs)
    for what, pair in tasks.items():
        small, large = session.take_turns("simulate", pair)
        growth = exponent([(small.rows, small.wall), (large.rows, large.wall)])
        session.hold("simulate", f"{what}: exponent over 2 sizes", growth, GROWTH_MOST)
        memory = ratio(large.peak_mb, small.peak_mb)
        session.hold("simulate", f"{what}: memory at the larger / at the smaller", memory, SIMULATE_MEMORY)


def spark(session: Session) -> None:
    """A standalone master and two workers give the rows DuckDB gives; raises NotEqual."""
    rows = min(SPARK_ROWS, session.rows)
    session.tell(f"reconcile, {rows:,} rows")
    ours, _ = run_task("reconcile", session.inputs("reconcile", "equal-reconcile", rows=rows))
    session.tell("the same on Spark, a master and two workers")
    try:
        theirs, facts = run_task("reconcile_spark", session.inputs("reconcile", "equal-spark", rows=rows))
    except TaskFailed as failed:
        session.hold("spark", "rows that differ from DuckDB", None, 0, note=f"Spark did not run: {failed}"[:200])
        return
    running = replace(theirs, wall=float(facts["run"]))
    session.measured |= {"spark: DuckDB": ours, "spark: Spark, once the cluster is up": running}
    folders = ["equal-reconcile", "equal-spark"]
    _require_equal(session, "spark", "rows that differ from DuckDB", folders, RECONCILE_FILES)
    note = f"the cluster took {facts['start']:.0f} s to start"
    session.hold("spark", "time / time of DuckDB", ratio(running.wall, ours.wall), inf, note=note)


def _require_equal(session: Session, benchmark: str, says: str, folders: list[str], names: str) -> None:
    left, right = (session.out(folder) for folder in folders)
    _, differing = run_task("compare", {"left": left, "right": right, "files": names})
    session.hold(benchmark, says, sum(int(count) for count in differing.values()), 0)
    if any(differing.values()):
        raise NotEqual(f"{benchmark}: {differing}")


BENCHMARKS: dict[str, Callable[[Session], None]] = {
    "reconcile": reconcile,
    "reconcile-600mb": reconcile_small_memory,
    "reconcile-csv": reconcile_csv,
    "entitle": entitle,
    "pandas-equal": pandas_equal,
    "pandas-reconcile": pandas_reconcile,
    "pandas-entitle": pandas_entitle,
    "growth": growth,
    "simulate": simulate,
    "spark": spark,
    "balance": balance,
    "certificates": certificates,
    "duplicates": duplicates,
    "field-sync": field_sync,
    "field-start": field_start,
    **WEB_BENCHMARKS,
}
"""In the order they are run."""
