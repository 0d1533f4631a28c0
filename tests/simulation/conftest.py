import pickle

import pytest

from conftest import SHARED, one_at_a_time
from gandeng.reconciliation.actions import minutes
from gandeng.runs.tests.samples import read_in_this_process
from tests.simulation.world import World


def plain_paper(data, path, **_):
    """Minutes without typesetting, whose threads do not outlive the fork of a process that is to be killed."""
    path.write_text(f"{data.proof.code} {data.proof.digest}", encoding="utf-8")


def read_and_write_simply(patch):
    """Files of banks are read without a child process, minutes are written without a typesetter."""
    read_in_this_process(patch)
    patch.setattr(minutes, "write_minutes", plain_paper)


@pytest.fixture(scope="session")
def every_stage(server, django_db_setup, django_db_blocker):
    """The world at every stage of a cycle, made by the first worker for all."""
    made, kept = World(server), SHARED / "stages.pickle"
    with one_at_a_time("stages"), django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        if kept.exists():
            made.stages = pickle.loads(kept.read_bytes())  # noqa: S301 (written by another worker)
        else:
            read_and_write_simply(patch)
            made.build()
            kept.write_bytes(pickle.dumps(made.stages))
    return made


@pytest.fixture
def world(every_stage, django_db_blocker, monkeypatch):
    """Copies of that world for one test."""
    read_and_write_simply(monkeypatch)
    with django_db_blocker.unblock():
        yield every_stage
