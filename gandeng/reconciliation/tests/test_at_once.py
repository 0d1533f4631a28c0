"""Two people at once, and a worker killed at every step."""

import os
import signal
import threading

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections, transaction

from gandeng.accounts.acting import in_territory
from gandeng.jobs.work import KINDS
from gandeng.payments.actions import balances
from gandeng.payments.models import Cycle, JournalEntry
from gandeng.payments.tests.factories import make_cycle
from gandeng.reconciliation.actions.files import Typed, receive_file
from gandeng.reconciliation.actions.run import STEPS
from gandeng.reconciliation.actions.statements import make_statement, sign
from gandeng.reconciliation.models import ExceptionCase, OutcomeRow, Reconciliation, ResultFile, ResultRow
from gandeng.reconciliation.tests.world import (
    BANJARMASIN,
    again,
    csv_of,
    outcomes,
    payments_of,
    person,
    rupiah,
    send,
    silent,
    told,
)
from gandeng.registry.tests.factories import EVERYWHERE

pytestmark = pytest.mark.usefixtures("own_database", "quick")


@pytest.fixture
def cycle(own_database):
    return make_cycle(((BANJARMASIN, "BRI", 225_000), (BANJARMASIN, "BRI", 750_000)))


@pytest.fixture
def bank(own_database):
    return person("CHANNEL_OFFICER", "6371", "BRI")


def received(who, cycle, rows, name="bri.csv"):
    with in_territory(who), transaction.atomic():
        cycle = Cycle.objects.get(pk=cycle.pk)
        sent = SimpleUploadedFile(name, csv_of(rows))
        return receive_file(who, cycle, sent, channel="BRI", region="6371", typed=Typed(len(rows), rupiah(rows)))[0]


def worked(who, kind, arguments, report=silent):
    """As the worker does it: one transaction in the owner's territory."""
    with in_territory(who), transaction.atomic():
        return KINDS[kind](who, report, arguments)


def state(cycle):
    with in_territory(EVERYWHERE):
        tables = (Reconciliation, OutcomeRow, ResultRow, ExceptionCase, JournalEntry)
        return (
            [table.objects.count() for table in tables], outcomes(cycle), balances(cycle),
            sorted(ResultFile.objects.values_list("name", "state")), Cycle.objects.get(pk=cycle.pk).state,
        )  # fmt: skip


def killed_at(step, who, kind, arguments):
    """Run the job in a process of its own that dies at that step."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        calls = iter(range(100))

        def report(*_):
            if next(calls) == step:
                os.kill(os.getpid(), signal.SIGKILL)

        try:
            worked(who, kind, arguments, report)
        finally:
            os._exit(0)
    return os.WTERMSIG(os.waitpid(child, 0)[1])


def test_a_worker_killed_at_any_step_leaves_the_old_run_and_the_next_one_completes(cycle, bank):
    one, two = payments_of(cycle)
    first = received(bank, cycle, [told(one)])
    arguments = {"file_id": str(first.pk)}
    before = state(cycle)
    for step in range(STEPS + 1):
        assert killed_at(step, bank, "reconciliation.take_file", arguments) == signal.SIGKILL, step
        assert state(cycle) == before, step
    worked(bank, "reconciliation.take_file", arguments)
    assert again(first).state == "TAKEN"
    assert outcomes(cycle) == {one.pk: "PAID", two.pk: "UNREPORTED"}

    officer = person("PROVINCE_OFFICER", "63")
    arguments = {"file_id": str(first.pk), "reason": "salah berkas"}
    before = state(cycle)
    for step in (0, 3, STEPS - 1):
        assert killed_at(step, officer, "reconciliation.withdraw_file", arguments) == signal.SIGKILL
        assert state(cycle) == before, step
    worked(officer, "reconciliation.withdraw_file", arguments)
    assert set(outcomes(cycle).values()) == {"UNREPORTED"}


def at_once(*works):
    """Run them at the same moment; gives what each gave or raised."""
    gate, found = threading.Barrier(len(works)), [None] * len(works)

    def run(place, work):
        try:
            gate.wait()
            found[place] = work()
        except Exception as error:  # noqa: BLE001
            found[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_two_files_at_once_are_both_counted(cycle, bank):
    one, two = payments_of(cycle)
    other = person("CHANNEL_OFFICER", "63", "BRI")
    files = [received(bank, cycle, [told(one)]), received(other, cycle, [told(two)], "dua.csv")]
    found = at_once(
        *(
            lambda who=who, file=file: worked(who, "reconciliation.take_file", {"file_id": str(file.pk)})
            for who, file in zip((bank, other), files, strict=True)
        )
    )
    assert not [each for each in found if isinstance(each, Exception)], found
    assert set(outcomes(cycle).values()) == {"PAID"}
    with in_territory(EVERYWHERE):
        assert sorted(Reconciliation.objects.values_list("number", flat=True)) == [1, 2]
        assert balances(cycle)["6371", "BRI"]["CREDITED"] == 975_000


def test_the_same_file_at_once_comes_in_once(cycle, bank):
    rows = [told(payments_of(cycle)[0])]
    found = at_once(*[lambda: received(bank, cycle, rows)] * 2)
    assert sorted(type(each).__name__ for each in found) == ["CameBefore", "ResultFile"], found


def test_two_signatures_at_once_are_one(cycle, bank):
    send(bank, cycle, [told(p) for p in payments_of(cycle)])
    heads = [person("DISTRICT_HEAD", "6371", name=f"Kepala {n}") for n in (1, 2)]
    with in_territory(heads[0]):
        statement = make_statement(heads[0], Cycle.objects.get(pk=cycle.pk), "6371")

    def put(who):
        with in_territory(who), transaction.atomic():
            return sign(who, statement, capacity="HEAD", channel="", digest=statement.digest, address="x")

    found = at_once(*(lambda who=who: put(who) for who in heads))
    assert sorted(type(each).__name__ for each in found) == ["NotReady", "Signature"], found
