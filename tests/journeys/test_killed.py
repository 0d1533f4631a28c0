"""A reconciliation that is killed, stopped, or has no room: the folder holds the old result or the new, whole."""

import json
import multiprocessing
import os
import resource
import shutil
import subprocess
import time
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from gandeng.cli.main import app
from gandeng.files.digests import sha256_of
from gandeng.files.layouts import PAYMENTS, RESULTS
from gandeng.runs.publish import MANIFEST
from gandeng.runs.reconcile import reconcile
from gandeng.runs.tests.samples import CREDIT, PAID, SILENT, STRANGER, content_of, write
from tests.journeys.conftest import COMMAND

KILLS, STOPS = 14, 4
ROOM = (4_000, 120_000)
"""Bytes that one file may have: enough for ever more of a run's files, never for all."""


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """A folder with a list, last week's and today's result files, and last week's reconciliation in `out`."""
    write(tmp_path / "payments.csv", PAYMENTS, [PAID, SILENT])
    write(tmp_path / "today.csv", RESULTS, [CREDIT])
    last_week = write(tmp_path / "last-week.csv", RESULTS, [STRANGER])
    reconcile(tmp_path / "payments.csv", [last_week], tmp_path / "out")
    return tmp_path


WORDS = ("reconcile", "payments.csv", "today.csv", "--out", "out", "--as-of", "2024-09-19")
_FORKED = multiprocessing.get_context("forkserver")
_FORKED.set_forkserver_preload(["gandeng.cli.main"])


def reconcile_today(office: Path) -> None:
    """In a process of its own that has everything imported."""
    os.chdir(office)
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 1)
    os.dup2(silent, 2)
    app(list(WORDS))


def started(office: Path) -> BaseProcess:
    process = _FORKED.Process(target=reconcile_today, args=(office,))
    process.start()
    return process


def is_whole_new(out: Path) -> bool:
    """Every file its manifest names is there with its digest, and no other."""
    told = json.loads((out / MANIFEST).read_text(encoding="utf-8"))
    digests = {entry["name"]: entry["sha256"] for entry in told["outputs"]}
    found = {path.name: sha256_of(path) for path in out.iterdir() if path.name != MANIFEST}
    papers = {"exceptions.xlsx", "minutes.pdf", "outcomes.parquet", "dispositions.parquet", "summary.csv"}
    return told["inputs"][1]["source"] == "today.csv" and found == digests and found.keys() == papers


def beside(office: Path) -> set[str]:
    return {path.name for path in office.iterdir()} - {"payments.csv", "today.csv", "last-week.csv", "out"}


def seconds_of_a_run(office: Path) -> float:
    began = time.monotonic()
    process = started(office)
    process.join(timeout=120)
    assert process.exitcode == 0
    return time.monotonic() - began


def test_killed_at_any_moment(office: Path) -> None:
    out, saved = office / "out", office / "saved"
    shutil.copytree(out, saved)
    seconds = min(seconds_of_a_run(office) for _ in range(2))  # the first waits for the imports as well
    untouched = 0
    for turn in range(KILLS + STOPS):
        if content_of(out) != content_of(saved):
            shutil.rmtree(out)
            shutil.copytree(saved, out)
        process = started(office)
        time.sleep(seconds * (turn % KILLS + 0.5) / KILLS)
        process.kill() if turn < KILLS else process.terminate()
        process.join(timeout=120)
        kept = content_of(out) == content_of(saved)
        assert kept or is_whole_new(out), turn
        untouched += kept
    assert untouched > KILLS // 2
    seconds_of_a_run(office)
    assert is_whole_new(out)
    assert beside(office) == {"saved"}


@pytest.mark.parametrize("room", ROOM)
def test_without_room_it_says_so_and_keeps_the_old_result(office: Path, room: int) -> None:
    """A limit on the size of a file: writing fails as on a full disk."""
    before = content_of(office / "out")
    said = subprocess.run(
        [*COMMAND, *WORDS], cwd=office, capture_output=True, text=True, check=False, timeout=120,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (room, room)),
    )  # fmt: skip
    assert said.returncode in {1, 5}
    assert said.stdout == ""
    assert said.stderr.strip()
    assert "Traceback" not in said.stderr
    assert content_of(office / "out") == before
    assert beside(office) == set()
