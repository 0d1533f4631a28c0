"""A standalone Spark cluster on this machine: a master and workers from the pyspark package, on loopback only."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from gandeng.engine.java import java_home

START_SECONDS_MAX = 180
_LOOPBACK = "127.0.0.1"


class ClusterDidNotStart(Exception):
    """The master or a worker ended or was not ready in time; the message names its log."""


@contextmanager
def standalone_cluster(folder: Path, *, workers: int = 2, cores: int = 1, memory: str = "1g") -> Iterator[str]:
    """Give the master's address (`spark://...`); everything is stopped, by its own process, at the end."""
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        master_log = stack.enter_context(_daemon(folder, "master", "master.Master", "--port", "0", "--webui-port", "0"))
        master = _wait_for(master_log, r"Starting Spark master at (spark://\S+)")[0]
        for place in range(workers):
            arguments = ("--cores", str(cores), "--memory", memory, "--webui-port", "0", master)
            stack.enter_context(_daemon(folder, f"worker-{place}", "worker.Worker", *arguments))
        _wait_for(master_log, r"Registering worker", times=workers)
        yield master


@contextmanager
def _daemon(folder: Path, name: str, kind: str, *arguments: str) -> Iterator[Path]:
    import pyspark

    home = Path(pyspark.__file__).parent
    log = folder / f"{name}.log"
    environment = os.environ | {
        "JAVA_HOME": str(java_home()),
        "SPARK_HOME": str(home),
        "PYSPARK_PYTHON": sys.executable,
        "SPARK_LOCAL_IP": _LOOPBACK,
        "SPARK_WORKER_DIR": str(folder / name),
    }
    command = [str(home / "bin" / "spark-class"), f"org.apache.spark.deploy.{kind}", "--host", _LOOPBACK, *arguments]
    with log.open("wb") as out:
        process = subprocess.Popen(command, env=environment, stdout=out, stderr=out)  # noqa: S603
    try:
        yield log
    finally:
        process.terminate()
        process.wait(timeout=60)


def _wait_for(log: Path, pattern: str, *, times: int = 1) -> list[str]:
    deadline = time.monotonic() + START_SECONDS_MAX
    while time.monotonic() < deadline:
        found = re.findall(pattern, log.read_text(encoding="utf-8", errors="replace"))
        if len(found) >= times:
            return [str(match) for match in found]
        time.sleep(0.2)
    raise ClusterDidNotStart(str(log))
