"""`gandeng serve` and `gandeng worker` become the site and the worker."""

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
