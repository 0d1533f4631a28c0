"""An office to measure in: its own PostgreSQL with the settings of an office (nothing is switched off), and a meter.

CPU is that of this process and its ended children (files are read in one), and of every process of the database
server, those that have ended included.
"""

import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

NAME, SECRET = "gandeng", "only-for-benchmarks-" * 3
_PROCESS_CLOCK = 2
"""Of clock_getcpuclockid(3): the CPU clock of another process, in nanoseconds."""

Facts = dict[str, dict[str, float]]
"""Part of the work -> rows, wall, cpu (of which `server`), peak."""


@dataclass
class Office:
    """A running database, the settings of this process pointing at it, and what was measured so far."""

    server: Any
    facts: Facts = field(default_factory=dict)

    @contextmanager
    def measured(self, part: str) -> Iterator[dict[str, float]]:
        """What happens inside is a part; the caller says its `rows`."""
        told: dict[str, float] = {}
        own, server, began = own_cpu(), self.server_cpu(), time.perf_counter()
        yield told
        wall = time.perf_counter() - began
        server = self.server_cpu() - server
        cpu = own_cpu() - own + server
        self.facts[part] = told | {"wall": wall, "cpu": cpu, "server": server, "peak": _peak()}

    def server_cpu(self) -> float:
        """Seconds of the postmaster, of its children, and of the children it has seen end."""
        import psutil

        postmaster = psutil.Process(self.server.get_pid())
        ended = postmaster.cpu_times()
        seconds = float(ended.user + ended.system + ended.children_user + ended.children_system)
        for child in postmaster.children():
            try:
                times = child.cpu_times()
            except psutil.NoSuchProcess:
                continue
            seconds += times.user + times.system
        return seconds


def own_cpu() -> float:
    """Seconds of this process and its ended children."""
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in both)


def _peak() -> float:
    both = [resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return float(max(both) * (1 if sys.platform == "darwin" else 1024))


def backend_cpu(pid: int) -> float:
    """Seconds of one backend, finer than the hundredths that /proc counts."""
    if sys.platform == "linux":
        return time.clock_gettime((~pid << 3) | _PROCESS_CLOCK)
    import psutil

    times = psutil.Process(pid).cpu_times()
    return float(times.user + times.system)


@contextmanager
def new_office(folder: Path, *, kept: bool = False) -> Iterator[Office]:
    """A fresh migrated office in `folder`, gone afterwards unless `kept`. Raises RuntimeError where fsync is off."""
    _stop(folder)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with joined_office(folder, new=True) as office:
        yield office
    if not kept:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def joined_office(folder: Path, *, new: bool = False) -> Iterator[Office]:
    """The office that lies in `folder`; the server runs until the end."""
    import psycopg

    from gandeng.office import database, running

    server = database.start(folder / "database")
    try:
        with psycopg.connect(server.get_uri(), autocommit=True) as con:
            durable = con.execute("select current_setting('fsync'), current_setting('synchronous_commit')").fetchone()
        if durable != ("on", "on"):
            raise RuntimeError(f"fsync, synchronous_commit: {durable}")
        database.create(server, NAME)
        database.into_environment(server, NAME)
        os.environ |= {
            "GANDENG_DEMO": "1", "GANDENG_HTTPS": "0", "GANDENG_SECRET_KEY": SECRET,
            "GANDENG_DATA": str((folder / "office").resolve()), "GANDENG_HOSTS": "testserver,127.0.0.1",
            "PYTHONWARNINGS": "ignore", "DJANGO_SETTINGS_MODULE": "gandeng.settings",
            "GANDENG_FIELD_SENDS_MAX": "1000000",
        }  # fmt: skip
        if new:
            migrate = [sys.executable, "-m", "gandeng.cli", "migrate"]
            subprocess.run(migrate, check=True, stdout=subprocess.DEVNULL)
        running.set_up()
        yield Office(server)
    finally:
        _stop(folder)


def _stop(folder: Path) -> None:
    """Stop the server of the folder, also one that a run cut short has left."""
    from gandeng.office import database

    if (folder / "database" / "postmaster.pid").exists():
        with suppress(ProcessLookupError):
            database.stop(folder / "database")


def signed_in(user_id: int) -> Any:
    """A browser of Django's test client, signed in as the login."""
    from django.test import Client

    from gandeng.accounts.models import User
    from gandeng.accounts.views import SIGNED_IN_BY

    client = Client()
    client.force_login(User.objects.get(pk=user_id), backend=SIGNED_IN_BY)
    return client
