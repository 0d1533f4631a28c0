"""A small site: 72 invented families of Banjarmasin and Banjarbaru, a server and a worker in threads."""

import pickle
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

import duckdb
import pytest
from django.core.wsgi import get_wsgi_application
from django.db import connections, transaction
from django.db.models.signals import post_save
from django.test import override_settings

from conftest import SHARED, copied_database, filled_once
from gandeng.core.cycle import Cycle as Stage
from gandeng.home import filling
from gandeng.home.filling_people import Cast
from gandeng.jobs.models import Job
from gandeng.jobs.tasks import run_job
from gandeng.runs.entitle import PAYMENTS_CSV, entitle
from gandeng.runs.tests.samples import read_in_this_process
from gandeng.simulation.registry import simulate_registry
from gandeng.simulation.results import simulate_results

DISTRICTS = ("63.71", "63.72")
VILLAGES = 2016
"""Of the province: one family in each."""
FACILITATORS = 200
"""Of the province: five in Banjarmasin, two in Banjarbaru."""
SEED = 63
_LOOK_SECONDS = 2
"""For jobs nobody told of: those of a worker that was killed."""
_THREADS = 6


@dataclass(frozen=True)
class Site:
    """Where it answers, and who is there."""

    address: str
    cast: Cast | None


def quiet(step, done=0, total=0):
    """Nobody watches."""


def make_registry(folder: Path) -> Path:
    """Two districts of a synthetic province."""
    simulate_registry(folder / "province", region="63", families=VILLAGES, facilitators=FACILITATORS, seed=SEED)
    own = folder / "registry"
    own.mkdir()
    province = folder / "province"
    ours = f"select family_id from '{province}/families.parquet' where village_code[:5] in {DISTRICTS}"
    with duckdb.connect() as con:
        for name in ("families", "members"):
            rows = f"from '{province}/{name}.parquet' where family_id in ({ours})"
            con.execute(f"copy ({rows}) to '{own}/{name}.parquet'")
        for name, place in (("facilitators", "home_sub_district"), ("assignments", "village_code")):
            rows = f"from '{province}/{name}.parquet' where {place}[:5] in {DISTRICTS}"
            con.execute(f"copy ({rows}) to '{own}/{name}.parquet'")
    return own


def make_reports(registry: Path, folder: Path) -> list[Path]:
    """What banks and post answered to stage 2."""
    families, members = registry / "families.parquet", registry / "members.parquet"
    entitle(families, members, folder / "due", cycle=Stage(*filling.PAID))
    simulate_results(folder / "due" / PAYMENTS_CSV, folder / "reports", seed=SEED)
    return sorted((folder / "reports").glob("results-*"))


@contextmanager
def opened(server, blocker, office: str, cast: Cast | None = None) -> Iterator[Site]:
    """A site on a copy of the database of an office."""
    with copied_database(server, blocker, office), _tried_out(), _worker(), _server() as address:
        yield Site(address, cast)


def begun_office(server, blocker, folder: Path) -> tuple[str, Path]:
    """A database with people and families alone, and the file in which its people are kept."""
    kept = SHARED / "begun.pickle"

    def begin() -> None:
        with _tried_out():
            kept.write_bytes(pickle.dumps(filling.begin(make_registry(folder), quiet, "63")))

    return filled_once(server, blocker, "begun", begin), kept


def filled_office(server, blocker, folder: Path) -> str:
    """A database as the try-out leaves it, small; sites are copies of it, for filling takes longer than a test."""

    def fill() -> None:
        with _tried_out(), _worker():
            registry = make_registry(folder)
            filling.fill(registry, make_reports(registry, folder), quiet, filling.Extent(signed=1, approved=11))

    return filled_once(server, blocker, "filled", fill)


@contextmanager
def _tried_out() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch, override_settings(DEMO=True):
        # Playwright holds an event loop in this thread, in which Django refuses to ask the database.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        read_in_this_process(patch)
        yield


class _Server(WSGIServer):
    """Answers in a few threads that live on, and so keep their connections to the database."""

    request_queue_size = 64

    def __init__(self, pool: ThreadPoolExecutor) -> None:
        super().__init__(("127.0.0.1", 0), _Quiet)
        self.pool = pool
        self.set_app(get_wsgi_application())

    def process_request(self, request, client_address):
        self.pool.submit(self._answer, request, client_address)

    def _answer(self, request, client_address):
        try:
            self.finish_request(request, client_address)
        except OSError:
            pass  # the browser went away
        finally:
            self.shutdown_request(request)


class _Quiet(WSGIRequestHandler):
    timeout = 5
    """A browser opens connections it may never use."""

    def log_message(self, *_):
        pass


@contextmanager
def _server() -> Iterator[str]:
    with ThreadPoolExecutor(_THREADS) as pool:
        server = _Server(pool)
        with _thread(server.serve_forever):
            yield f"http://127.0.0.1:{server.server_port}"
            server.shutdown()
            server.server_close()


@contextmanager
def _worker() -> Iterator[None]:
    """Does what is in the queue, as `gandeng worker` would: told of a job as it is asked for, it looks seldom."""
    over, told = threading.Event(), threading.Event()

    def work():
        while not over.is_set():
            told.clear()
            for job in Job.objects.filter(state=Job.State.WAITING).order_by("created_at"):
                run_job(job_id=str(job.pk))
            told.wait(_LOOK_SECONDS)
        connections.close_all()

    def tell(**_):
        transaction.on_commit(told.set)

    post_save.connect(tell, sender=Job)
    try:
        with _thread(work):
            yield
            over.set()
            told.set()
    finally:
        post_save.disconnect(tell, sender=Job)


@contextmanager
def _thread(target) -> Iterator[None]:
    thread = threading.Thread(target=target, daemon=True)
    thread.start()
    yield
    thread.join(timeout=30)
