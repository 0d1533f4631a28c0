"""`gandeng serve` and `gandeng worker` become the site and the worker; a database that is away is told in words."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gandeng.cli import office
from gandeng.office import running


def test_it_works(monkeypatch: pytest.MonkeyPatch) -> None:
    become: list[list[str]] = []
    monkeypatch.setattr(office, "_ready", lambda: None)
    monkeypatch.setattr(running, "become", become.append)
    for command in ("serve", "worker"):
        assert CliRunner().invoke(office.app, [command]).exit_code == 0
    assert become == [running.web_command("127.0.0.1", 8000, 2), running.worker_command()]


@pytest.mark.parametrize("command", ["check --deploy", "migrate", "retention"])
def test_a_database_that_is_away_is_told_in_words(command: str, tmp_path: Path) -> None:
    away = "postgresql://127.0.0.1:1/gandeng"
    told = subprocess.run(
        [sys.executable, "-m", "gandeng", *command.split()],
        env=os.environ | {"DATABASE_URL": away, "DATABASE_OWNER_URL": away, "GANDENG_DATA": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 1
    assert "Basis data tidak menjawab. Periksa DATABASE_URL" in told.stderr
    assert "Traceback" not in told.stdout + told.stderr
