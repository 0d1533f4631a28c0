"""Django set up from the environment; the web server and the worker as processes."""

import os
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

GRANIAN = ("--interface", "wsgi", "--no-ws", "--blocking-threads", "4", "--log-level", "warning", "--no-access-log")


def set_up(*, as_owner: bool = False) -> None:
    """Set Django up. `as_owner` for migrations and backups alone: the owner is not bound by row security."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gandeng.settings")
    if as_owner:
        os.environ["GANDENG_AS_OWNER"] = "1"
    import django

    django.setup()


def call(*command: str, as_owner: bool = False) -> None:
    """A command of Django, in this process."""
    set_up(as_owner=as_owner)
    from django.core.management import call_command

    call_command(*command)


def web_command(host: str, port: int, workers: int = 1) -> list[str]:
    """What runs the web server."""
    address = ("--host", host, "--port", str(port), "--workers", str(workers))
    return [str(Path(sys.executable).with_name("granian")), *GRANIAN, *address, "gandeng.wsgi:application"]


def worker_command() -> list[str]:
    """What runs the worker: one job at a time, so that a laptop stays usable."""
    return [sys.executable, "-m", "django", "work"]


def run(command: list[str]) -> int:
    """Run until it ends; gives its exit code."""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "gandeng.settings"}
    return subprocess.run(command, env=environment, check=False).returncode  # noqa: S603 (our own command)


def become(command: list[str]) -> NoReturn:
    """Run it in place of this process, so that whoever stops this one stops it, and it can end what it has begun.

    The first process of a container gets no signal that it does not handle, and nobody else there gets one at all.
    """
    os.execve(command[0], command, {**os.environ, "DJANGO_SETTINGS_MODULE": "gandeng.settings"})  # noqa: S606 (ours)


def in_background(command: list[str], log: Path) -> int:
    """Start and leave running; gives the process number. What it says goes to `log`."""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "gandeng.settings"}
    with log.open("ab") as out:
        started = subprocess.Popen(  # noqa: S603 (our own command)
            command, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True
        )
    return started.pid
