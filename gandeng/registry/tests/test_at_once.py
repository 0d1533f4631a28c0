"""What really commits: two people at the same moment, and a worker killed in between."""

import os
import signal
import threading
import traceback
from functools import partial

import pytest
from django.db import connections, transaction

from gandeng.accounts.acting import in_territory
from gandeng.jobs.work import KINDS
from gandeng.registry import undoing
from gandeng.registry.actions import ChangeRefused, Proof, Wanted, approve_change, request_change
from gandeng.registry.loading import load_registry
from gandeng.registry.models import Account, Family, Intake, Member
from gandeng.registry.tests.factories import EVERYWHERE, make_family
from gandeng.registry.tests.helpers import ON, QUIET, small_district, tables, taken, uploaded


def _decide(acting, change, ended, when=lambda: None):
    """Say yes to a change in a thread of its own, `when` that returns; `ended` gets "done" or the refusal."""
    try:
        with in_territory(acting):
            when()
            approve_change(acting, change, "Sesuai bukti")
        ended.append("done")
    except ChangeRefused as refused:
        ended.append(str(refused))
    finally:
        connections.close_all()


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
    threads = [threading.Thread(target=_decide, args=[acting, change, ended, ready.wait]) for acting in deciders]
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


@pytest.mark.parametrize("act", ["apply", "undo"])
def test_what_is_approved_while_a_list_is_applied_or_undone_is_not_lost(own_database, tmp_path, monkeypatch, act):
    """Somebody approves once the registry was found to be as previewed, or untouched, and before it is written."""
    from conftest import Cast

    cast = Cast()
    operator, coordinator, head = (
        cast(role, region) for role, region in
        (("DISTRICT_OPERATOR", "6371"), ("DISTRICT_COORDINATOR", "6371"), ("PROVINCE_HEAD", "63"))
    )  # fmt: skip
    folder = small_district(tmp_path / "district", families=4)
    load_registry(EVERYWHERE, folder, on=ON, report=QUIET)
    families, members = tables(folder)
    pupil = next(row for row in members if row["school_level"] == "SD")
    pupil["school_level"] = "SMP"
    with transaction.atomic():
        intake = taken(operator, families, members)
    if act == "undo":
        _committed(coordinator, "registry.apply", intake, QUIET)
    family = _family_of(pupil["member_id"])
    with in_territory(operator):
        member = Member.objects.get(member_no=pupil["member_id"])
        wanted = Wanted({"school_level": "SMA"})
        change = request_change(operator, family, "SCHOOL_LEVEL", member, wanted, "Dilaporkan", Proof("Rapor"))
    ended = []
    other = threading.Thread(target=_decide, args=[head, change, ended])

    def in_between(*_):
        if not other.is_alive() and not ended:
            other.start()
            other.join(timeout=3)

    if act == "apply":
        _committed(coordinator, "registry.apply", intake, _at("Menyimpan ke registri", in_between))
    else:
        untouched = undoing._index_anew
        monkeypatch.setattr(undoing, "_index_anew", lambda cursor: (in_between(), untouched(cursor)))
        _committed(coordinator, "registry.undo", intake, QUIET, reason="Daftar yang salah")
    other.join()
    assert ended == ["Data keluarga sudah berubah sejak permintaan dibuat. Tolak, lalu minta yang baru."]
    with in_territory(EVERYWHERE):
        told = {"apply": "SMP", "undo": "SD"}[act]
        assert Member.objects.get(member_no=pupil["member_id"]).school_level == told


def _family_of(number):
    with in_territory(EVERYWHERE):
        return Family.objects.get(members__member_no=number)


def _committed(acting, kind, intake, report, **more):
    with in_territory(acting), transaction.atomic():
        KINDS[kind](acting, report, {"intake": str(intake.pk)} | more)


def _at(step, work):
    return lambda told, *_: work() if told == step else None


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
