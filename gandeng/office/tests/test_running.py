"""Whoever stops `gandeng serve` or `gandeng worker` stops the site or the worker itself."""

import signal
import subprocess
import sys

from gandeng.office import running


def test_it_works():
    begun = "import os, signal; signal.signal(signal.SIGTERM, lambda *_: os._exit(7)); print(os.getpid(), flush=True)"
    command = [sys.executable, "-c", f"{begun}; signal.pause()"]
    code = f"from gandeng.office import running; running.become({command!r})"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as started:
        assert started.stdout and int(started.stdout.readline()) == started.pid, "the same process"
        started.send_signal(signal.SIGTERM)
        assert started.wait(30) == 7, "it ended what it had begun"


def test_serve_and_worker_become_what_they_start(monkeypatch):
    from typer.testing import CliRunner

    from gandeng.cli import office

    become = []
    monkeypatch.setattr(office, "_ready", lambda: None)
    monkeypatch.setattr(running, "become", become.append)
    for command in ("serve", "worker"):
        assert CliRunner().invoke(office.app, [command]).exit_code == 0
    assert become == [running.web_command("127.0.0.1", 8000, 2), running.worker_command()]
