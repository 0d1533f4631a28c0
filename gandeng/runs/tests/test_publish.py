import hashlib
import json
import os
import signal
import subprocess
import sys
import time
import warnings
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from gandeng.runs import publish
from gandeng.runs.publish import MANIFEST, FolderNotOurs, published, scratch
from gandeng.runs.tests.samples import content_of

OLD = {"figures.csv": b"old", "papers.pdf": b"old too"}
NEW = {"figures.csv": b"new", "extra.parquet": b"new too"}
KIND = "reconcile"
NOBODY = 2**22 + 1
"""No process has this number: beyond the most that Linux gives."""


def put(folder: Path, files: dict[str, bytes]) -> None:
    for name, content in files.items():
        (folder / name).write_bytes(content)
    outputs = [
        {"name": name, "sha256": hashlib.sha256(content).hexdigest(), "rows": None} for name, content in files.items()
    ]
    (folder / MANIFEST).write_text(json.dumps({"kind": KIND, "outputs": outputs}), encoding="utf-8")


def run(out: Path, files: dict[str, bytes]) -> None:
    with published(out, KIND) as work:
        put(work, files)


def holds(out: Path, files: dict[str, bytes]) -> bool:
    return {name: content for name, content in content_of(out).items() if name != MANIFEST} == files


def test_it_works(tmp_path: Path) -> None:
    run(tmp_path / "new" / "out", NEW)
    assert holds(tmp_path / "new" / "out", NEW)
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["out"]
    assert (tmp_path / "new" / "out").stat().st_mode & 0o777 == 0o755


def test_a_new_result_replaces_the_old_one_whole(tmp_path: Path) -> None:
    run(tmp_path / "out", OLD)
    run(tmp_path / "out", NEW)
    assert holds(tmp_path / "out", NEW)
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_where_folders_cannot_be_exchanged_two_renames_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gandeng.runs.publish.sys.platform", "elsewhere")
    run(tmp_path / "out", OLD)
    run(tmp_path / "out", NEW)
    assert holds(tmp_path / "out", NEW)
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize("failure", [RuntimeError, KeyboardInterrupt])
def test_a_run_that_fails_leaves_the_old_result(tmp_path: Path, failure: type[BaseException]) -> None:
    run(tmp_path / "out", OLD)
    with pytest.raises(failure), published(tmp_path / "out", KIND) as work:
        put(work, NEW)
        raise failure
    assert holds(tmp_path / "out", OLD)
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_failed_first_run_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), published(tmp_path / "out", KIND):
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []


def test_a_folder_by_way_of_a_link_is_replaced_where_it_stands(tmp_path: Path) -> None:
    run(tmp_path / "real", OLD)
    (tmp_path / "link").symlink_to(tmp_path / "real")
    run(tmp_path / "link", NEW)
    assert (tmp_path / "link").is_symlink()
    assert holds(tmp_path / "real", NEW)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link", "real"]


@pytest.mark.parametrize("manifest", [None, "", "[]", "{}", '{"outputs": 3}', '{"outputs": [{"nom": "a"}]}'])
def test_it_refuses_a_folder_with_files_of_others(tmp_path: Path, manifest: str | None) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "family photo.jpg").write_bytes(b"dear")
    if manifest is not None:
        (out / MANIFEST).write_text(manifest, encoding="utf-8")
    before = content_of(out)
    with pytest.raises(FolderNotOurs) as refused:
        run(out, NEW)
    assert "family photo.jpg" in refused.value.names
    assert content_of(out) == before


def test_it_refuses_an_earlier_result_somebody_added_to(tmp_path: Path) -> None:
    run(tmp_path / "out", OLD)
    (tmp_path / "out" / "notes.docx").write_bytes(b"dear")
    with pytest.raises(FolderNotOurs) as refused:
        run(tmp_path / "out", NEW)
    assert refused.value.names == ["notes.docx"]
    assert (tmp_path / "out" / "notes.docx").read_bytes() == b"dear"


def test_it_refuses_the_result_of_another_command(tmp_path: Path) -> None:
    run(tmp_path / "out", OLD)
    with pytest.raises(FolderNotOurs), published(tmp_path / "out", "entitle") as work:
        put(work, NEW)
    assert holds(tmp_path / "out", OLD)


def test_it_refuses_a_result_somebody_has_written_into(tmp_path: Path) -> None:
    run(tmp_path / "out", OLD)
    written = tmp_path / "out" / "papers.pdf"
    written.write_bytes(b"old, with notes of a morning")
    after_the_manifest(written)
    with pytest.raises(FolderNotOurs) as refused:
        run(tmp_path / "out", NEW)
    assert refused.value.names == ["papers.pdf"]
    assert written.read_bytes() == b"old, with notes of a morning"


def test_a_result_that_was_copied_is_still_ours(tmp_path: Path) -> None:
    run(tmp_path / "out", OLD)
    after_the_manifest(tmp_path / "out" / "papers.pdf")
    run(tmp_path / "out", NEW)
    assert holds(tmp_path / "out", NEW)


def after_the_manifest(file: Path) -> None:
    then = (file.parent / MANIFEST).stat().st_mtime_ns + 1_000_000
    os.utime(file, ns=(then, then))


def test_what_came_while_it_ran_is_left_alone(tmp_path: Path) -> None:
    run(tmp_path / "out", OLD)
    with pytest.raises(FolderNotOurs), published(tmp_path / "out", KIND) as work:
        put(work, NEW)
        (tmp_path / "out" / "notes.docx").write_bytes(b"dear")
    assert (tmp_path / "out" / "notes.docx").read_bytes() == b"dear"


def test_it_refuses_a_file_in_the_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "out").write_bytes(b"dear")
    with pytest.raises(FolderNotOurs):
        run(tmp_path / "out", NEW)
    assert (tmp_path / "out").read_bytes() == b"dear"


def test_what_killed_runs_left_goes(tmp_path: Path) -> None:
    for name in ("out", "out[1]", "out-7"):
        left = tmp_path / f".gandeng-{NOBODY}-{name}-abcd_123"
        left.mkdir()
        (left / "half.parquet").write_bytes(b"half")
        run(tmp_path / name, NEW)
        assert not left.exists()


def test_what_runs_beside_it_stays(tmp_path: Path) -> None:
    """A run into `out` is no business of `out-7`'s, and a live run's folder is nobody's."""
    others = [tmp_path / f".gandeng-{NOBODY}-out-7-abcd_123", tmp_path / f".gandeng-{os.getppid()}-out-abcd_123"]
    for other in others:
        other.mkdir()
    with published(tmp_path / "out-7", KIND) as live:
        others[0].mkdir(exist_ok=True)
        run(tmp_path / "out", NEW)
        assert live.is_dir()
    assert others[1].is_dir()


def test_scratch_goes_with_the_run(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), scratch(tmp_path / "out") as work:
        (work / "spill").mkdir()
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []


def test_a_stopped_run_takes_its_folder_away(tmp_path: Path) -> None:
    run(tmp_path / "out", OLD)
    told = tmp_path / "ready"
    code = (
        "import sys, time; from pathlib import Path; from gandeng.runs.publish import published\n"
        "with published(Path(sys.argv[1]), 'reconcile') as work:\n"
        "    Path(sys.argv[2]).touch(); time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", code, tmp_path / "out", told], stderr=subprocess.DEVNULL) as process:
        while not told.exists():
            time.sleep(0.02)
        process.terminate()
        assert process.wait(timeout=30) != 0
    assert holds(tmp_path / "out", OLD)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "ready"]


def killed_at(line: int, out: Path) -> bool:
    """Run in a copy of this process that dies at the n-th line of publish.py; False where it got to the end."""

    def watch(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal line
        if frame.f_code.co_filename == publish.__file__ and event == "line":
            line -= 1
            if line == 0:
                os.kill(os.getpid(), signal.SIGKILL)
        return watch

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # other threads of the test process hold no lock we need
        child = os.fork()
    if child == 0:
        sys.settrace(watch)
        run(out, NEW)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def test_killed_at_any_line_it_leaves_the_old_result_or_the_new(tmp_path: Path) -> None:
    """... and the next run sweeps what the killed one left."""
    out = tmp_path / "out"
    seen = set()
    for line in range(1, 400):
        run(out, OLD)
        assert [path.name for path in tmp_path.iterdir()] == ["out"]
        if not killed_at(line, out):
            break
        assert holds(out, OLD) or holds(out, NEW), line
        seen.add(holds(out, NEW))
    assert holds(out, NEW)
    assert seen == {False, True}
    assert line > 50


def test_it_puts_back_the_old_folder_where_a_kill_came_between_two_renames(tmp_path: Path) -> None:
    old = tmp_path / ".gandeng-999999999-out-abcd1234-old"
    old.mkdir()
    (old / "manifest.json").write_text('{"kind": "reconcile", "outputs": [{"name": "told.txt"}]}', encoding="utf-8")
    (old / "told.txt").write_text("old", encoding="utf-8")
    with pytest.raises(RuntimeError), published(tmp_path / "out", KIND):
        raise RuntimeError
    assert (tmp_path / "out" / "told.txt").read_text(encoding="utf-8") == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
