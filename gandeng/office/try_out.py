"""The site of the try-out: a database, keys and files in one folder, a server and a worker in the background."""

import json
import os
import secrets
import shutil
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from gandeng.office import database, running

NAME = "gandeng"
PORTS = range(8000, 8100)
_STATE = "running.json"
_WAIT_SECONDS = 60

type Progress = Callable[[str, int, int], None]


class DidNotStart(RuntimeError):
    """The server gave no answer; the message names its log."""


def open_site(site: Path, build: Callable[[], None]) -> str:
    """Make the site anew in `site`, fill it by `build`, leave it running; gives its address."""
    close_site(site)
    shutil.rmtree(site, ignore_errors=True)
    site.mkdir(parents=True)
    server = database.start(site / "database", stays=True)
    database.create(server, NAME)
    database.into_environment(server, NAME)
    os.environ |= {
        "GANDENG_DEMO": "1",
        "GANDENG_HTTPS": "0",
        "GANDENG_DATA": str(site / "office"),
        "GANDENG_SECRET_KEY": secrets.token_urlsafe(48),
    }
    _migrate()
    running.set_up()
    build()
    return _start(site)


def _migrate() -> None:
    """In a process of its own, as the owner: this one is the application's."""
    code = running.run([sys.executable, "-m", "gandeng.cli", "migrate", "--quiet"])
    if code:
        raise DidNotStart(f"migrate: {code}")


def _start(site: Path) -> str:
    port = next(port for port in PORTS if _free(port))
    log = site / "site.log"
    numbers = [
        running.in_background(running.web_command("127.0.0.1", port), log),
        running.in_background(running.worker_command(), log),
    ]
    address = f"http://127.0.0.1:{port}/"
    (site / _STATE).write_text(json.dumps({"processes": numbers, "address": address}), encoding="utf-8")
    _wait(address, log)
    return address


def _free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _wait(address: str, log: Path) -> None:
    end = time.monotonic() + _WAIT_SECONDS
    while time.monotonic() < end:
        with suppress(urllib.error.URLError, ConnectionError, TimeoutError):
            urllib.request.urlopen(f"{address}health", timeout=5).close()  # noqa: S310 (our own address)
            return
        time.sleep(0.2)
    raise DidNotStart(str(log))


def close_site(site: Path) -> bool:
    """Stop server, worker and database of `site`; True where something ran."""
    ran = False
    if (state := site / _STATE).exists():
        for number in json.loads(state.read_text(encoding="utf-8"))["processes"]:
            with suppress(ProcessLookupError):
                os.killpg(number, signal.SIGTERM)
                ran = True
        state.unlink()
    if (site / "database" / "postmaster.pid").exists():
        database.stop(site / "database")
        ran = True
    return ran
