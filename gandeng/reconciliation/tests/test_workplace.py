import os
import signal
import subprocess
import sys
import time

from gandeng.reconciliation.workplace import working_in, workplace

_WORKS = """
import sys, time
from pathlib import Path
from gandeng.reconciliation.workplace import working_in
with working_in(Path(sys.argv[1])) as work:
    (work.folder / "rows.parquet").write_text("as they came")
    print("there", flush=True)
    time.sleep(60)
"""


def aged(folder):
    old = time.time() - 7200
    os.utime(folder, (old, old))


def test_what_a_killed_run_left_goes_with_the_next_and_what_another_works_on_stays(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    home = tmp_path / "work"
    home.mkdir()
    killed, young, held = (home / f"reconcile-{name}" for name in ("killed", "young", "held"))
    young.mkdir()
    with subprocess.Popen([sys.executable, "-c", _WORKS, str(killed)], stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout.readline() == "there\n"
        aged(killed)
        with workplace():
            assert (killed / "rows.parquet").exists()
        run.send_signal(signal.SIGKILL)
    aged(killed)
    with working_in(held):
        aged(held)
        with workplace() as work:
            assert work.folder.stat().st_mode & 0o077 == 0
            assert {each.name for each in home.iterdir()} == {"reconcile-young", "reconcile-held", work.folder.name}
    assert [each.name for each in home.iterdir()] == ["reconcile-young"]
