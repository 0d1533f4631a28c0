"""What really commits: a worker killed in the middle of a list, and two people who apply it at the same moment."""

import os
import signal
import threading
import traceback
from functools import partial

from django.db import connections, transaction
from django.utils import timezone

from gandeng.accounts.acting import in_territory
from gandeng.accounts.models import Grant, Person
from gandeng.facilitators.models import Accompaniment, Employment, Import, ImportRow, Post, Staff
from gandeng.facilitators.tests.lists import CASELOAD, REASON, STAFF, csv_of, family, person, sent
from gandeng.jobs.work import KINDS, WorkRefused
from gandeng.registry.tests.factories import EVERYWHERE, make_family


def test_a_worker_killed_in_the_middle_leaves_nothing(own_database, monkeypatch):
    from conftest import Cast
    from gandeng.runs.tests.samples import read_in_this_process

    read_in_this_process(monkeypatch)
    coordinator = Cast()("DISTRICT_COORDINATOR", "6371")
    families, today = [make_family() for _ in range(3)], timezone.localdate()
    staff = [person("P000001"), person("P000002")]
    for rows, kind in ((staff, STAFF), ([family(one.family_no, "P000001", today) for one in families], CASELOAD)):
        _until_through(coordinator, "facilitators.take_list", lambda: vars(sent(csv_of(rows), kind)))  # noqa: B023
        _until_through(coordinator, "facilitators.apply_list", lambda: {"list": _newest()})
    with in_territory(EVERYWHERE):
        assert Accompaniment.objects.filter(valid_until=None).count() == 3
    _until_through(coordinator, "facilitators.undo_list", lambda: {"list": _newest(), "reason": REASON})
    with in_territory(EVERYWHERE):
        assert not Accompaniment.objects.filter(valid_until=None).exists()


def test_two_who_apply_at_once_apply_once(own_database, monkeypatch):
    from conftest import Cast
    from gandeng.runs.tests.samples import read_in_this_process

    read_in_this_process(monkeypatch)
    people = [Cast()("DISTRICT_COORDINATOR", "6371"), Cast()("DISTRICT_OPERATOR", "6371")]
    _in_one(people[0], "facilitators.take_list", vars(sent(csv_of([person("P000001")]))), lambda *_: None)
    key, ready, ended = _newest(), threading.Barrier(2), []

    def apply(acting):
        try:
            ready.wait()
            _in_one(acting, "facilitators.apply_list", {"list": key}, lambda *_: None)
            ended.append("done")
        except WorkRefused as refused:
            ended.append(str(refused))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=apply, args=[acting]) for acting in people]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert sorted(ended) == ["Daftar ini tidak lagi menunggu penerapan.", "done"]
    with in_territory(EVERYWHERE):
        assert Staff.objects.count() == Post.objects.count() == 1


def _newest():
    with in_territory(EVERYWHERE):
        return str(Import.objects.order_by("-id")[0].pk)


def _until_through(acting, kind, arguments):
    """Kill the worker at its first, second, third... report; each time all is as before, until one run gets through."""
    for step in range(1, 20):
        before, told = _everything(), arguments()
        connections.close_all()
        child = os.fork()
        if child == 0:
            _die_at(step, partial(_in_one, acting, kind, told))
        _, status = os.waitpid(child, 0)
        if not os.WIFSIGNALED(status):
            assert os.WEXITSTATUS(status) == 0
            assert step > 1
            return
        assert os.WTERMSIG(status) == signal.SIGKILL
        assert _everything() == before
    raise AssertionError("never through")


def _in_one(acting, kind, told, report):
    with in_territory(acting), transaction.atomic():
        KINDS[kind](acting, report, told)


def _die_at(step, work):
    seen = 0

    def report(*_):
        nonlocal seen
        seen += 1
        if seen == step:
            os.kill(os.getpid(), signal.SIGKILL)

    try:
        work(report)
    except BaseException:  # noqa: BLE001
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def _everything():
    with in_territory(EVERYWHERE):
        return [
            sorted(str(row) for row in rows.values_list())
            for rows in (
                Person.objects.all(), Grant.objects.all(), Staff.objects.all(), Employment.objects.all(),
                Post.objects.all(), Accompaniment.objects.all(), Import.objects.all(), ImportRow.objects.all(),
            )
        ]  # fmt: skip
