"""Run one task in a process of its own and say what it took."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.figures import MEGABYTE, Measured
from benchmarks.work import OUT_OF_MEMORY

ROOT = Path(__file__).parent.parent
SAMPLE_SECONDS = 0.05


class TaskFailed(Exception):
    """A task ended badly; the message has its last words."""


class OutOfMemory(TaskFailed):
    """A task asked for more than the machine has."""


def run_task(task: str, inputs: Mapping[str, object]) -> tuple[Measured, dict[str, Any]]:
    """Measure a function of `benchmarks.work`; also gives what the function itself told.

    The clock starts when imports are done. CPU is the process's and its children's. Peak is the highest of: resident
    memory of the process alone, of one child alone (both by the kernel), and of all together, sampled (pages that
    processes share are counted in each: too high rather than too low). Raises TaskFailed, OutOfMemory.
    """
    command = [sys.executable, "-m", "benchmarks.work", task, json.dumps(dict(inputs), default=str)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT, text=True) as process:
        sampled = _watch(process)
        said = process.stdout.read() if process.stdout else ""
    if process.returncode in (OUT_OF_MEMORY, -signal.SIGKILL):
        raise OutOfMemory(f"{task} needs more memory than there is")
    if process.returncode != 0:
        raise TaskFailed(f"{task} ended with {process.returncode}: {said.strip()[-400:]}")
    told = json.loads(said.splitlines()[-1])
    peak = max(sampled, told["peak"]) / MEGABYTE
    return Measured(task, told["rows"], told["wall"], told["cpu"], peak), told["facts"]


def _watch(process: "subprocess.Popen[str]") -> int:
    """Bytes resident in the process and its descendants together, the highest seen until it ends."""
    import psutil  # here, not above: only the bench group has it

    highest = 0
    root = psutil.Process(process.pid)
    while process.poll() is None:
        try:
            family = [root, *root.children(recursive=True)]
        except psutil.Error:
            break
        highest = max(highest, sum(_resident(one) for one in family))
        time.sleep(SAMPLE_SECONDS)
    process.wait()
    return highest


def _resident(process: Any) -> int:
    import psutil

    try:
        return int(process.memory_info().rss)
    except psutil.Error:
        return 0
