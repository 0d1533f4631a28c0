"""What really commits: two people at the same moment, and a worker killed in between."""

import os
import signal
import threading
import traceback
from functools import partial

from django.db import connections, transaction

from gandeng.accounts.acting import in_territory
from gandeng.jobs.work import KINDS
from gandeng.registry.actions import ChangeRefused, Proof, Wanted, approve_change, request_change
from gandeng.registry.loading import load_registry
from gandeng.registry.models import Account, Family, Intake, Member
from gandeng.registry.tests.factories import EVERYWHERE, make_family
from gandeng.registry.tests.helpers import ON, QUIET, small_district, tables, uploaded


def test_two_deciders_at_once_decide_once(own_database):
    from conftest import Cast

    cast = Cast()
    operator = cast("DISTRICT_OPERATOR", "6371")
    deciders = [cast("DISTRICT_COORDINATOR", "6371"), cast("PROVINCE_HEAD", "63")]
    family = make_family()
    with in_territory(operator):
        wanted = Wanted({"channel": "BNI"}, "1234567890")
        change = request_change(operator, family, "ACCOUNT", None, wanted, "Dilaporkan", Proof("Buku tabungan"))
    ready, ended = threading.Barrier(2), []

    def decide(acting):
        try:
            with in_territory(acting):
                ready.wait()
                approve_change(acting, change, "Sesuai bukti")
            ended.append("done")
        except ChangeRefused as refused:
            ended.append(str(refused))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=decide, args=[acting]) for acting in deciders]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert sorted(ended) == ["Permintaan ini sudah diputuskan.", "done"]
    with in_territory(EVERYWHERE):
        assert Account.objects.filter(family=family).count() == 2


def test_a_worker_killed_while_a_list_is_applied_leaves_nothing_half(own_database, tmp_path):
    from conftest import Cast

    cast = Cast()
    operator, coordinator = cast("DISTRICT_OPERATOR", "6371"), cast("DISTRICT_COORDINATOR", "6371")
    folder = small_district(tmp_path / "district")
    load_registry(EVERYWHERE, folder, on=ON, report=QUIET)
    families, members = tables(folder)
    kept = {row["family_id"] for row in families[5:]}
    upload = uploaded(families[5:], [row for row in members if row["family_id"] in kept])
    arguments = {
        "upload": upload, "families_name": "k.csv", "members_name": "a.csv", "region": "6371", "cycle": "2024-2",
    }  # fmt: skip
    for acting, kind, told in ((operator, "registry.take", arguments), (coordinator, "registry.apply", None)):
        steps = _steps_until_killed(acting, kind, told)
        assert steps > 3
    with in_territory(EVERYWHERE):
        assert Family.objects.filter(status="ENDED", status_reason__startswith="Tidak ada").count() >= 1
        assert Intake.objects.get().state == "APPLIED"


def _steps_until_killed(acting, kind, arguments):
    """Kill the worker at its first, second, third... report, until one run gets through; each time all is as before."""
    for step in range(1, 60, 2):
        before = _everything()
        told = arguments or {"intake": str(_intake().pk)}
        connections.close_all()
        child = os.fork()
        if child == 0:
            _die_at(step, partial(_in_one, acting, kind, told))
        _, status = os.waitpid(child, 0)
        if not os.WIFSIGNALED(status):
            assert os.WEXITSTATUS(status) == 0
            return step
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
        return (
            list(Family.objects.order_by("pk").values_list("pk", "status", "updated_at")),
            list(Member.objects.order_by("pk").values_list("pk", "left_on", "updated_at")),
            list(Account.objects.order_by("pk").values_list("pk", "valid_until")),
            list(Intake.objects.order_by("pk").values_list("pk", "state")),
        )


def _intake():
    with in_territory(EVERYWHERE):
        return Intake.objects.get()
