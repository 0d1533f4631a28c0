"""What really commits: a worker killed in the middle of a list, two people who apply it at the same moment, and two who
record a number of the same person."""

import os
import signal
import threading
import traceback
from functools import partial
from time import sleep

from django.db import connection, connections, transaction
from django.utils import timezone

from gandeng.accounts.acting import in_territory
from gandeng.accounts.models import Grant, Person
from gandeng.facilitators.actions.identities import Numbers, record_identity
from gandeng.facilitators.actions.staff import StaffRefused
from gandeng.facilitators.models import Accompaniment, Employment, Identity, Import, ImportRow, Post, Staff
from gandeng.facilitators.tests.factories import make_staff
from gandeng.facilitators.tests.lists import CASELOAD, REASON, STAFF, csv_of, family, person, sent
from gandeng.jobs.work import KINDS, WorkRefused
from gandeng.registry.tests.factories import EVERYWHERE, make_family

NUMBERS = {"NIK": "6371014505900001", "Nomor KK": "6371010101010007"}
OTHER = "6371014505900033"


def test_a_worker_killed_in_the_middle_leaves_nothing(own_database, monkeypatch):
    from conftest import Cast
    from gandeng.runs.tests.samples import read_in_this_process

    read_in_this_process(monkeypatch)
    coordinator = Cast()("DISTRICT_COORDINATOR", "6371")
    families, today = [make_family() for _ in range(3)], timezone.localdate()
    staff = [person("P000001") | NUMBERS, person("P000002")]
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


def test_of_two_numbers_recorded_at_once_the_second_ends_the_first(own_database):
    from conftest import Cast

    people = [Cast()("DISTRICT_COORDINATOR", "6371"), Cast()("DISTRICT_OPERATOR", "6371")]
    siti, ready, ended = make_staff(), threading.Barrier(2), []

    def record(acting, number):
        try:
            with in_territory(acting):
                ready.wait()
                record_identity(acting, siti, Numbers({"nik": number}))
            ended.append("done")
        finally:
            connections.close_all()

    told = zip(people, (NUMBERS["NIK"], OTHER), strict=True)
    threads = [threading.Thread(target=record, args=each) for each in told]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert ended == ["done", "done"]
    with in_territory(EVERYWHERE):
        assert (Identity.objects.count(), Identity.objects.filter(ended_at=None).count()) == (2, 1)


def test_a_list_that_is_being_applied_was_there_before_who_types(own_database, monkeypatch):
    """Whoever types waits until it is through, and is told."""
    from conftest import Cast
    from gandeng.runs.tests.samples import read_in_this_process

    read_in_this_process(monkeypatch)
    coordinator, operator = Cast()("DISTRICT_COORDINATOR", "6371"), Cast()("DISTRICT_OPERATOR", "6371")
    ended, typing = [], []
    _in_one(coordinator, "facilitators.take_list", vars(sent(csv_of([person("P000001")]))), lambda *_: None)
    _in_one(coordinator, "facilitators.apply_list", {"list": _newest()}, lambda *_: None)
    listed = person("P000001") | NUMBERS
    _in_one(coordinator, "facilitators.take_list", vars(sent(csv_of([listed]))), lambda *_: None)
    with in_territory(EVERYWHERE):
        siti = Staff.objects.get()

    def type_another():
        try:
            with in_territory(operator):
                record_identity(operator, siti, Numbers({"nik": OTHER}))
        except StaffRefused as refused:
            ended.append(str(refused))
        finally:
            connections.close_all()

    def report(words, *_):
        if words == "Mencatat":
            typing.append(threading.Thread(target=type_another))
            typing[0].start()
            _until_somebody_waits()

    _in_one(coordinator, "facilitators.apply_list", {"list": _newest()}, report)
    typing[0].join()
    assert ended == ["Nomornya baru saja diubah orang lain. Muat ulang halamannya."]
    with in_territory(EVERYWHERE):
        assert sorted(map(str, Identity.objects.filter(ended_at=None))) == ["0001", "0007"]


def _until_somebody_waits():
    """Or the test's limit is reached."""
    with connection.cursor() as cursor:
        while True:
            cursor.execute("select pg_stat_clear_snapshot()")  # or a transaction is told the same for ever
            cursor.execute(
                """select exists (select from pg_stat_activity
                    where datname = current_database() and wait_event_type = 'Lock')"""
            )
            if cursor.fetchone()[0]:
                return
            sleep(0.05)


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
                Post.objects.all(), Identity.objects.all(), Accompaniment.objects.all(), Import.objects.all(),
                ImportRow.objects.all(),
            )
        ]  # fmt: skip
