"""Two people at once, and a worker killed at every step."""

import os
import signal
import threading

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections, transaction

from gandeng.accounts.acting import in_territory
from gandeng.jobs.work import KINDS
from gandeng.payments.actions import balances, close_cycle, closing
from gandeng.payments.models import Cycle, JournalEntry
from gandeng.payments.tests.factories import make_cycle
from gandeng.reconciliation.actions.exceptions import Act, NotPossible, act_on
from gandeng.reconciliation.actions.files import NotReceived, Typed, receive_file
from gandeng.reconciliation.actions.locking import lock_cycle
from gandeng.reconciliation.actions.run import STEPS
from gandeng.reconciliation.actions.statements import make_statement, sign
from gandeng.reconciliation.models import (
    ExceptionCase,
    OutcomeRow,
    Reconciliation,
    ReissueRequest,
    ResultFile,
    ResultRow,
)
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


# -- while a stage is being closed --


@pytest.fixture
def signed(cycle, bank):
    """Signed, with a payment that failed; gives it and who closes."""
    paid, failed = payments_of(cycle)
    send(bank, cycle, [told(paid), told(failed, "FAILURE", "", reason="F14")])
    with in_territory(EVERYWHERE):
        Cycle.objects.filter(pk=cycle.pk).update(state="SIGNED")
    return failed, person("PROVINCE_OFFICER", "63")


def late(cycle, bank, failed):
    return lambda: received(bank, cycle, [told(failed, day="2024-05-25", reference="LATE")], "telat.csv")


def asks(operator, failed):
    def ask():
        with in_territory(operator), transaction.atomic():
            case = ExceptionCase.objects.get(payment=failed)
            return act_on(operator, case, Act.REISSUE, reason="Rekening diganti", evidence="Retur 7")

    return ask


def closes(cycle, officer):
    with in_territory(officer), transaction.atomic():
        return close_cycle(officer, Cycle.objects.get(pk=cycle.pk))


def beside(found, work):
    """Begun while something else is under way; what it gives or raises goes to `found`."""

    def run():
        try:
            found.append(work())
        except Exception as error:  # noqa: BLE001
            found.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(0.5)
    return thread


def test_what_comes_in_while_it_closes_is_told_and_leaves_nothing(cycle, bank, signed, monkeypatch):
    failed, officer = signed
    operator = person("DISTRICT_OPERATOR", "6371")
    found, threads, digest = [], [], closing.closing_digest

    def slowly(ended):
        threads.extend(beside(found, work) for work in (late(cycle, bank, failed), asks(operator, failed)))
        return digest(ended)

    monkeypatch.setattr(closing, "closing_digest", slowly)
    assert closes(cycle, officer).state == "CLOSED"
    for thread in threads:
        thread.join()
    assert {type(each) for each in found} == {NotReceived, NotPossible}, found
    with in_territory(EVERYWHERE):
        assert not ResultFile.objects.filter(state="RECEIVED").exists()
        assert not ReissueRequest.objects.exists()


@pytest.mark.parametrize("what", ["file", "request"])
def test_what_was_coming_in_first_is_counted_by_the_closing(cycle, bank, signed, what):
    failed, officer = signed
    work = late(cycle, bank, failed) if what == "file" else asks(person("DISTRICT_OPERATOR", "6371"), failed)
    found = []
    with in_territory(bank if what == "file" else EVERYWHERE), transaction.atomic():
        work()
        thread = beside(found, lambda: closes(cycle, officer))
        assert found == []
    thread.join()
    assert [each.code for each in found] == ["files_waiting" if what == "file" else "reissue_undecided"]


def test_a_run_keeps_nothing_from_coming_in(cycle, bank, signed):
    failed, _ = signed
    operator, found = person("DISTRICT_OPERATOR", "6371"), []
    with in_territory(EVERYWHERE), transaction.atomic():
        lock_cycle(cycle.pk)
        for work in (late(cycle, bank, failed), asks(operator, failed)):
            beside(found, work).join(10)
    assert [type(each).__name__ for each in found] == ["ResultFile", "ExceptionAct"]
