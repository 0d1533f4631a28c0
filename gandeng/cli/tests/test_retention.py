"""`gandeng retention` on what gandeng/privacy/tests/test_retention.py sets up."""

import pytest
import typer
from django.contrib.sessions.models import Session
from typer.testing import CliRunner

from gandeng.cli import retention as command
from gandeng.privacy.checks import periods_can_be_read
from gandeng.privacy.tests.test_retention import SOURCE, old, periods  # noqa: F401 (fixtures)

pytestmark = pytest.mark.django_db

retention = typer.Typer()
retention.command()(command.retention)


@pytest.fixture(autouse=True)
def set_up_already(monkeypatch):
    monkeypatch.setattr("gandeng.office.running.set_up", lambda: None)


def test_it_works(old, periods):  # noqa: F811
    """Looking ends nothing; --apply ends and says what."""
    periods(sessions=90)
    shown = CliRunner().invoke(retention, [])
    assert shown.exit_code == 0
    assert SOURCE in " ".join(shown.output.split())
    assert Session.objects.count() == 2
    ended = CliRunner().invoke(retention, ["--apply"])
    assert "Sesi yang sudah berakhir, dengan alamat dan perambannya: 1 diakhiri." in ended.output
    assert Session.objects.count() == 1


def test_it_and_the_start_name_a_file_that_cannot_be_used(periods):  # noqa: F811
    periods("journal:\n  2020-01-01: {days: 30, source: x}")
    told = CliRunner().invoke(retention, ["--apply"])
    assert told.exit_code == 1
    assert "journal" in told.output
    assert [one.id for one in periods_can_be_read()] == ["gandeng.E023"]
