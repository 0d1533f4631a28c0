"""What a measured process does: one function per task, each giving the rows it worked on and facts about them.

`python -m benchmarks.work TASK INPUTS` is how `benchmarks.measure` starts it; the answer is one line of JSON.
"""

import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from benchmarks.balance_work import TASKS as BALANCE_TASKS
from benchmarks.certificates_work import TASKS as CERTIFICATE_TASKS
from benchmarks.duplicates_work import TASKS as DUPLICATES_TASKS
from benchmarks.field_start_work import TASKS as FIELD_START_TASKS
from benchmarks.field_sync_work import TASKS as FIELD_TASKS
from benchmarks.web_work import TASKS as WEB_TASKS

Answer = tuple[int, dict[str, object]]
Work = Callable[[], Answer]
"""Imports are done when a task gives its work, so that they are not measured."""

OUT_OF_MEMORY = 77
"""Exit code of a task that asked for more than there is."""

ROOM = 0.85
"""Share of the machine's memory a pandas task may take before it gets a MemoryError."""


def floor_reconcile(inputs: Mapping[str, str]) -> Work:
    """DuckDB reads the columns of payments and results, and joins them on payment_id."""
    from benchmarks import floors

    return lambda: (floors.reconcile(inputs["payments"], inputs["results"]), {})


def floor_entitle(inputs: Mapping[str, str]) -> Work:
    """DuckDB reads the columns of families and members, and joins them on family_id."""
    from benchmarks import floors

    return lambda: (floors.entitle(inputs["families"], inputs["members"]), {})


def scan_csv(inputs: Mapping[str, str]) -> Work:
    """DuckDB scans both CSV files as text."""
    from benchmarks import floors

    return lambda: (floors.scan_csv([inputs["payments"], inputs["results"]]), {})


def write_again(inputs: Mapping[str, str]) -> Work:
    """DuckDB merely writes the files that one of our runs has given."""
    from benchmarks import floors

    def work() -> Answer:
        with tempfile.TemporaryDirectory(dir=Path(inputs["folder"]).parent) as out:
            return floors.write_again(inputs["folder"], inputs["files"].split(), out), {}

    return work


def reconcile(inputs: Mapping[str, str]) -> Work:
    """Our reconciliation, from files to the published folder, without PDF and XLSX."""
    from gandeng.engine import MEMORY_LIMIT
    from gandeng.runs.reconcile import reconcile as run

    memory = inputs.get("memory_limit") or MEMORY_LIMIT

    def work() -> Answer:
        files = Path(inputs["payments"]), [Path(inputs["results"])]
        made = run(*files, Path(inputs["out"]), memory_limit=memory)
        return made.rows["outcomes.parquet"], dict(made.rows)

    return work


def reconcile_spark(inputs: Mapping[str, str]) -> Work:
    """The same on a standalone Spark master with two workers; the facts say how long the cluster took to start."""
    from gandeng.engine.standalone import standalone_cluster
    from gandeng.runs.reconcile import reconcile as run

    def work() -> Answer:
        began = time.perf_counter()
        with (
            tempfile.TemporaryDirectory(prefix="gandeng-bench-") as folder,
            standalone_cluster(Path(folder), workers=2, cores=1, memory="2g") as master,
        ):
            started = time.perf_counter()
            files = Path(inputs["payments"]), [Path(inputs["results"])]
            made = run(*files, Path(inputs["out"]), engine="spark", master=master)
            done = time.perf_counter()
        return made.rows["outcomes.parquet"], {"start": started - began, "run": done - started}

    return work


def entitle(inputs: Mapping[str, str]) -> Work:
    """Our entitlement, from files to the published folder."""
    from benchmarks.data import CYCLE
    from gandeng.runs.entitle import entitle as run

    def work() -> Answer:
        made = run(Path(inputs["families"]), Path(inputs["members"]), Path(inputs["out"]), cycle=CYCLE)
        return made.rows["entitlements.parquet"], dict(made.rows)

    return work


def simulate_registry(inputs: Mapping[str, str]) -> Work:
    """So many invented families of the nation or, where they are few, of one province, with members and verdicts."""
    from benchmarks.data import region_of
    from gandeng.simulation.registry import simulate_registry as run

    families = int(inputs["families"])
    return lambda: (run(Path(inputs["out"]), region=region_of(families), families=families).rows("families"), {})


def simulate_results(inputs: Mapping[str, str]) -> Work:
    """What five banks and the post would answer to a payment list."""
    import pyarrow.parquet as pq

    from gandeng.simulation.results import simulate_results as run

    payments = Path(inputs["payments"])

    def work() -> Answer:
        run(payments, Path(inputs["out"]), layouts="canonical")
        return pq.read_metadata(payments).num_rows, {}

    return work


def pandas_reconcile(inputs: Mapping[str, str]) -> Work:
    """The same rules in pandas."""
    from benchmarks.pandas_reconcile import reconcile as run

    _leave_room()
    return lambda: (run(Path(inputs["payments"]), Path(inputs["results"]), Path(inputs["out"])), {})


def pandas_entitle(inputs: Mapping[str, str]) -> Work:
    """The same rules in pandas."""
    from benchmarks.data import CYCLE
    from benchmarks.pandas_entitle import entitle as run

    _leave_room()
    return lambda: (run(Path(inputs["families"]), Path(inputs["members"]), Path(inputs["out"]), CYCLE), {})


def compare(inputs: Mapping[str, str]) -> Work:
    """Two folders a run has written, row by row."""
    from benchmarks.equality import differing_rows

    def work() -> Answer:
        found = differing_rows(Path(inputs["left"]), Path(inputs["right"]), inputs["files"].split())
        return sum(rows for rows, _ in found.values()), {name: differ for name, (_, differ) in found.items()}

    return work


def make_data(inputs: Mapping[str, str]) -> Work:
    """The files of `benchmarks.data`, unless the cache has them."""
    from benchmarks.data import make

    return lambda: (make(Path(inputs["folder"]), int(inputs["rows"])), {})


TASKS = {
    task.__name__: task
    for task in (
        floor_reconcile, floor_entitle, scan_csv, write_again, reconcile, reconcile_spark, entitle, simulate_registry,
        simulate_results, pandas_reconcile, pandas_entitle, compare, make_data,
    )
} | BALANCE_TASKS | CERTIFICATE_TASKS | DUPLICATES_TASKS | FIELD_TASKS | FIELD_START_TASKS | WEB_TASKS  # fmt: skip


def _leave_room() -> None:
    """A process that asks for more than the machine has gets a MemoryError instead of stopping its neighbours."""
    room = int(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") * ROOM)
    resource.setrlimit(resource.RLIMIT_AS, (room, room))


def _used() -> tuple[float, int]:
    """Seconds of CPU and highest resident bytes, of this process and its ended children."""
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    unit = 1 if sys.platform == "darwin" else 1024
    return sum(one.ru_utime + one.ru_stime for one in both), max(one.ru_maxrss for one in both) * unit


def main() -> None:
    """Do the task and tell."""
    task, inputs = sys.argv[1], json.loads(sys.argv[2])
    work = TASKS[task](inputs)
    cpu_before, _ = _used()
    began = time.perf_counter()
    try:
        rows, facts = work()
    except MemoryError:
        sys.exit(OUT_OF_MEMORY)
    wall = time.perf_counter() - began
    cpu, peak = _used()
    print(json.dumps({"rows": rows, "wall": wall, "cpu": cpu - cpu_before, "peak": peak, "facts": facts}), flush=True)


if __name__ == "__main__":
    main()
