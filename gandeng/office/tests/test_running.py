"""Whoever stops `gandeng serve` or `gandeng worker` stops the site or the worker itself."""

import signal
import subprocess
import sys


def test_it_works():
    begun = "import os, signal; signal.signal(signal.SIGTERM, lambda *_: os._exit(7)); print(os.getpid(), flush=True)"
    command = [sys.executable, "-c", f"{begun}; signal.pause()"]
    code = f"from gandeng.office import running; running.become({command!r})"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as started:
        assert started.stdout and int(started.stdout.readline()) == started.pid, "the same process"
        started.send_signal(signal.SIGTERM)
        assert started.wait(30) == 7, "it ended what it had begun"
