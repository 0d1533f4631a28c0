"""Requests in parallel against a running server: `serve` starts it, `python -m benchmarks.web_requests` asks.

Whoever asks sits on the same cores as the server and the database, and takes its share of them.
"""

import http.client
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

THREADS, SEED = 8, 63
HOST = "127.0.0.1"
_WAIT_SECONDS = 60


@contextmanager
def serve(log: Path) -> Iterator[int]:
    """Granian as an office runs it, one worker per core, until the end; gives the port."""
    from gandeng.office import running

    with socket.socket() as free:
        free.bind((HOST, 0))
        port = int(free.getsockname()[1])
    number = running.in_background(running.web_command(HOST, port, os.cpu_count() or 1), log)
    try:
        _wait(port, log)
        yield port
    finally:
        os.killpg(number, signal.SIGTERM)
        with suppress(ChildProcessError):
            os.waitpid(number, 0)


def site_cpu() -> float:
    """Seconds of the server's processes that this process has started and that run now."""
    import psutil

    seconds = 0.0
    for child in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            if "granian" in " ".join(child.cmdline()):
                times = child.cpu_times()
                seconds += times.user + times.system
    return seconds


def _wait(port: int, log: Path) -> None:
    end = time.monotonic() + _WAIT_SECONDS
    while time.monotonic() < end:
        with suppress(OSError, http.client.HTTPException):
            connection = http.client.HTTPConnection(HOST, port, timeout=5)
            connection.request("GET", "/health")
            if connection.getresponse().status == 200:
                return
        time.sleep(0.2)
    raise RuntimeError(log.read_text(encoding="utf-8")[-400:])


def ask_from_another_process(plan: dict[str, Any], folder: Path) -> dict[str, float]:
    """What `ask` measures, in a process of its own."""
    path = folder / "plan.json"
    path.write_text(json.dumps(plan), encoding="utf-8")
    told = subprocess.run(
        [sys.executable, "-m", "benchmarks.web_requests", str(path)], check=True, capture_output=True, text=True
    )
    path.unlink()
    found: dict[str, float] = json.loads(told.stdout)
    return found


def ask(plan: dict[str, Any]) -> dict[str, float]:
    """Ask for the pages of `plan` in any order, for so many seconds; a third of that before counting begins."""
    seconds = float(plan["seconds"])
    begin = time.perf_counter() + seconds / 3
    taken: list[list[float]] = [[] for _ in range(THREADS)]
    wrong: list[int] = []
    threads = [
        threading.Thread(target=_ask, args=(plan, place, begin, begin + seconds, taken[place], wrong))
        for place in range(THREADS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    every = sorted(one for own in taken for one in own)
    if not every:
        raise RuntimeError(f"no answer: {wrong[:5]}")
    return {
        "requests": len(every), "seconds": seconds, "wrong": len(wrong),
        "p50": every[len(every) // 2], "p95": every[len(every) * 95 // 100], "p99": every[len(every) * 99 // 100],
    }  # fmt: skip


def _ask(plan: dict[str, Any], place: int, begin: float, end: float, taken: list[float], wrong: list[int]) -> None:
    chance = random.Random(SEED + place)  # noqa: S311 (a mix, no secret)
    connection = http.client.HTTPConnection(HOST, plan["port"], timeout=30)
    while (now := time.perf_counter()) < end:
        page = chance.choice(plan["pages"])
        connection.request("GET", page["address"], headers={"Cookie": page["cookie"]})
        answer = connection.getresponse()
        answer.read()
        if answer.status != 200:
            wrong.append(answer.status)
        elif now >= begin:
            taken.append(time.perf_counter() - now)


if __name__ == "__main__":
    print(json.dumps(ask(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))))
