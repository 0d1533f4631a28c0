import signal
import subprocess
from pathlib import Path
from threading import Barrier, Event

import pytest

from gandeng.core.faults import Fault, FileRefused
from gandeng.engine import no_progress
from gandeng.files.intake import Children, Taken, explain_refusal
from gandeng.files.layouts import FAMILIES, PAYMENTS, RESULTS
from gandeng.runs import taking
from gandeng.runs.taking import Given, take_all

Files = tuple[Path, Path]


def test_it_works(files: Files, tmp_path: Path, no_child: None) -> None:
    told: list[str] = []
    given = [Given(files[0], PAYMENTS, "list"), Given(files[1], RESULTS, "bri"), Given(files[1], RESULTS, "bri again")]
    taken = take_all(given, tmp_path / "work", lambda name, _place, _total: told.append(name))
    assert [file.source for file in taken] == told == ["list", "bri", "bri again"]


def test_two_are_read_at_the_same_time(files: Files, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    both = Barrier(2, timeout=30)
    places: list[int] = []
    monkeypatch.setattr(taking, "take", lambda *_given, **_named: places.append(both.wait()))
    take_all([Given(files[0], PAYMENTS, "list"), Given(files[1], RESULTS, "bri")], tmp_path, no_progress)
    assert sorted(places) == [0, 1]


def test_it_tells_of_every_file_that_is_refused(files: Files, tmp_path: Path, no_child: None) -> None:
    given = [Given(files[0], PAYMENTS, "list"), Given(files[1], PAYMENTS, "first"), Given(files[0], FAMILIES, "second")]
    with pytest.raises(FileRefused) as refused:
        take_all(given, tmp_path / "work", no_progress)
    assert [refused.value.source, *(other.source for other in refused.value.others)] == ["first", "second"]
    first, second = "\n".join(explain_refusal(refused.value)).split("\n\n")
    assert first.startswith("Berkas first ditolak seluruhnya") and second.startswith("Berkas second ditolak seluruhnya")


def test_who_stops_does_not_wait_for_the_others(files: Files, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A child that would read for an hour is killed."""
    started = Event()

    def slow(path: Path, *_: object, children: Children, **__: object) -> Taken:
        if path == files[0]:
            started.wait(timeout=30)
            raise KeyboardInterrupt
        children.append(subprocess.Popen(["sleep", "3600"], text=True))
        started.set()
        ended.append(children[0].wait())
        raise FileRefused("second", [Fault("reader_crashed")])

    ended: list[int] = []
    monkeypatch.setattr(taking, "take", slow)
    with pytest.raises(KeyboardInterrupt):
        take_all([Given(files[0], PAYMENTS, "first"), Given(files[1], RESULTS, "second")], tmp_path, no_progress)
    assert ended == [-signal.SIGKILL]
