"""Two people at once, and programs killed in between, on a real database that commits."""

import itertools
import os
import signal
import threading

import psycopg
import pytest
from django.db import connection, connections

from conftest import Cast, use_database
from gandeng.accounts.acting import in_territory
from gandeng.payments import actions
from gandeng.payments.actions import cycles, instructing, lists, packing
from gandeng.payments.models import Approval, Cycle, Instruction, JournalEntry, Payment
from gandeng.payments.refused import Refused
from gandeng.payments.tests.steps import People, approved, families, listed, lists_of, opened, quiet

APP = "gandeng_app"
VILLAGES = (("6371011001", "BRI"), ("6371011001", "BRI"), ("6372011001", "POS"))


@pytest.fixture
def world(own_database, django_db_blocker):
    """A cycle with lists, in a database of its own."""
    with django_db_blocker.unblock():
        people = People(Cast())
        families(*VILLAGES)
        cycle = opened(people)
        people.head("6371"), people.head("6372")
        yield people, cycle
        connections.close_all()


def seen(people, rows):
    with in_territory(people.officer):
        return list(rows())


# -- all interleavings of the guarded statements, without the lock our code takes first --

STEPS = ("insert", "update", "commit")


SEE = """select set_config('gandeng.territory', '{"63"}', false), set_config('gandeng.channels', '{"*"}', false)"""


class Side:
    """One of two transactions; a step that has to wait for the other goes on when the other ends."""

    def __init__(self, address, statements):
        self.con, self.statements = psycopg.connect(**address), statements
        self.con.execute(SEE)
        self.con.commit()
        self.broken, self.waiting, self.thread = False, [], threading.Thread()

    def ask(self, step):
        self.waiting.append(step)
        self.go_on()

    def go_on(self):
        if self.waiting and not self.thread.is_alive():
            self.thread = threading.Thread(target=self.run)
            self.thread.start()
        self.thread.join(0.02)

    def is_over(self):
        return not self.waiting and not self.thread.is_alive()

    def run(self):
        while self.waiting:
            self.do(self.waiting.pop(0))

    def do(self, step):
        try:
            if step == "commit":
                self.con.commit()
            elif not self.broken:
                self.con.execute(*self.statements[step])
        except psycopg.Error:
            self.broken = True
            self.con.rollback()


def _server():
    """Where the server of the tests listens."""
    now = connection.settings_dict
    return {"host": now["HOST"], "port": now["PORT"]}


def _play(name, order, statements):
    """Run two transactions statement by statement in `order`."""
    sides = [Side(dict(dbname=name, user=APP, **_server()), each) for each in statements]
    for place, step in order:
        sides[place].ask(step)
    while not all(side.is_over() for side in sides):
        for side in sides:
            side.go_on()
    for side in sides:
        side.con.close()


def _orders():
    """Every way to mix three steps of two people."""
    for first in itertools.combinations(range(6), 3):
        steps = [iter(STEPS), iter(STEPS)]
        yield [(place := 0 if at in first else 1, next(steps[place])) for at in range(6)]


def _approval(one, person, level):
    return {
        "insert": (
            """insert into payments_approval (id, list_id, root, level, person_id, authority, at)
                values (gen_random_uuid(), %s, %s, %s, %s, '', now())""",
            [one.pk, one.root, level, person],
        ),
        "update": (
            "update payments_paymentlist set state = %s where id = %s",
            ["SUBMITTED" if level == "PREPARE" else level, one.pk],
        ),
    }


def test_no_order_of_two_hand_ins_and_approvals_gives_a_double_approval(world, server, own_database):
    """20 orders of two transactions, for: two hand-ins, a person twice, two persons of one level."""
    people, cycle = world
    listed(people, cycle)
    one = lists_of(cycle)[0]
    head, province, officer = (who.person_id for who in (people.head("6371"), people.province, people.officer))
    pairs = [
        ((officer, "PREPARE"), (province, "PREPARE")),
        ((officer, "PREPARE"), (officer, "PREPARE")),
        ((officer, "PREPARE"), (head, "DISTRICT")),
    ]
    for pair in pairs:
        for order in _orders():
            _play(own_database, order, [_approval(one, *told) for told in pair])
            given_now = seen(people, lambda: Approval.objects.filter(list_id=one.pk).values_list("level", "person_id"))
            levels, persons = [each[0] for each in given_now], [each[1] for each in given_now]
            assert len(set(levels)) == len(levels)
            assert len(set(persons)) == len(persons)
            assert "DISTRICT" not in levels or "PREPARE" in levels
            _reset(server, own_database)


def _reset(server, name):
    """As the owner: take away what the last order left."""
    with psycopg.connect(server.get_uri(name)) as con:
        con.execute("set session_replication_role = replica")
        con.execute("delete from payments_approval")
        con.execute("update payments_paymentlist set state = 'DRAFT'")


# -- our own code, one of two persons stopped before each of her statements --


class Pause:
    """Stops its thread before statement number `at`, until told to go on."""

    def __init__(self, at):
        self.at, self.count, self.reached, self.go = at, 0, threading.Event(), threading.Event()

    def __call__(self, execute, sql, params, many, context):
        if self.count == self.at:
            self.reached.set()
            self.go.wait(60)
        self.count += 1
        return execute(sql, params, many, context)


def _in_thread(who, function, arguments, results, place, pause=None):
    def run():
        try:
            with in_territory(who):
                if pause:
                    with connection.execute_wrapper(pause):
                        function(who, *arguments)
                else:
                    function(who, *arguments)
            results[place] = "ok"
        except Refused as refused:
            results[place] = refused.code
        finally:
            if pause:
                pause.reached.set()
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


@pytest.mark.parametrize("case", ["two_hand_ins", "same_person_twice", "two_heads"])
def test_whoever_is_interrupted_anywhere_no_list_is_approved_twice(world, server, own_database, case):
    people, cycle = world
    listed(people, cycle)
    one = lists_of(cycle)[0]
    other = Cast()("PROVINCE_OFFICER", "63") if case == "two_hand_ins" else people.officer
    if case == "two_heads":
        other = Cast()("DISTRICT_HEAD", "6371")
    at, ended = 0, False
    while not ended:
        if case == "two_heads":
            with in_territory(people.officer):
                actions.submit_list(people.officer, one)
            first, act, arguments = people.head("6371"), actions.approve_list, (one, "DISTRICT")
        else:
            first, act, arguments = people.officer, actions.submit_list, (one,)
        results, pause = ["", ""], Pause(at)
        slow = _in_thread(first, act, arguments, results, 0, pause)
        pause.reached.wait(60)
        quick = _in_thread(other, act, arguments, results, 1)
        quick.join(0.15)
        pause.go.set()
        slow.join(60), quick.join(60)
        assert results.count("ok") == 1, (at, results)
        wanted = 2 if case == "two_heads" else 1
        assert len(seen(people, lambda: Approval.objects.filter(list_id=one.pk))) == wanted
        ended = pause.count <= at
        at += 1
        _reset(server, own_database)
    assert at > 8


def test_two_last_approvals_at_once_make_the_cycle_approved(world):
    people, cycle = world
    listed(people, cycle)
    both = lists_of(cycle)
    for each in both:
        with in_territory(people.officer):
            actions.submit_list(people.officer, each)
        head = people.head(each.district_code)
        with in_territory(head):
            actions.approve_list(head, each, "DISTRICT")
    results = ["", ""]
    threads = [
        _in_thread(people.province, actions.approve_list, (each, "PROVINCE"), results, place)
        for place, each in enumerate(both)
    ]
    for thread in threads:
        thread.join(60)
    assert results == ["ok", "ok"]
    assert Cycle.objects.get().state == "APPROVED"


# -- changes behind our back --


def _as_owner(server, name, *statements):
    with psycopg.connect(server.get_uri(name)) as con:
        con.execute("set session_replication_role = replica")
        for statement in statements:
            con.execute(statement)


BEHIND = (
    "update payments_payment set amount_rupiah = amount_rupiah + 1",
    "update payments_payment set name = name || 'x'",
    "update payments_payment set village_code = '6371011002'",
    "update payments_payment set account_index = '\\x00000000000000000000000000000000'",
    "update payments_payment set nik_index = '\\x00000000000000000000000000000000'",
    "delete from payments_payment where payment_id = (select min(payment_id) from payments_payment)",
    "update payments_paymentlist set total_rupiah = total_rupiah + 1",
    "update entitlements_run set policy_digest = 'x'",
    "update payments_cycle set frozen_digest = 'x'",
)


@pytest.mark.parametrize("statement", BEHIND)
def test_a_row_changed_by_the_owner_is_found_at_approval_and_at_instruction(world, server, own_database, statement):
    people, cycle = world
    listed(people, cycle)
    one = next(each for each in lists_of(cycle) if each.district_code == "6371")
    with in_territory(people.officer):
        actions.submit_list(people.officer, one)
    _as_owner(server, own_database, statement)
    head = people.head("6371")
    with in_territory(head), pytest.raises(Refused, match="TIDAK sama"):
        actions.approve_list(head, one, "DISTRICT")


def test_an_instruction_proves_approvals_root_and_each_identifier(world, server, own_database):
    people, cycle = world
    approved(people, listed(people, cycle))
    swap = """update payments_payment p set account_sealed = o.account_sealed, account_last3 = o.account_last3
        from payments_payment o where o.payment_id <> p.payment_id and o.channel = p.channel"""
    for statement, words in (
        (swap, "tidak cocok dengan sidiknya"),
        ("update payments_payment set amount_rupiah = 1", "TIDAK sama"),
        ("delete from payments_approval where level = 'DISTRICT'", "belum disetujui lengkap"),
    ):
        _as_owner(server, own_database, statement)
        with in_territory(people.officer), pytest.raises(Refused, match=words):
            actions.instruct(people.officer, cycle, quiet)
    assert not seen(people, lambda: Instruction.objects.all())
    assert Cycle.objects.get().state == "APPROVED"


# -- killed --


def _killed_at(server, name, who, act, arguments, module, function, after):
    """Run `act` in a fork that is killed when `module.function` is called, or has just ended."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        kept = getattr(module, function)

        def deadly(*given, **named):
            if after:
                kept(*given, **named)
            os.kill(os.getpid(), signal.SIGKILL)

        setattr(module, function, deadly)
        use_database(server, name, APP)
        try:
            with in_territory(who):
                act(who, *arguments)
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


KILLS = [
    (actions.freeze, cycles, "freeze_registry", True), (actions.freeze, cycles, "record", True),
    (actions.calculate, cycles, "calculate_entitlements", False),
    (actions.calculate, cycles, "calculate_entitlements", True),
    (actions.make_lists, lists, "load_due", True), (actions.make_lists, lists, "_fill", True),
    (actions.make_lists, lists, "write_roots", True), (actions.make_lists, lists, "record", True),
    (actions.instruct, packing, "_write_payments", True), (actions.instruct, packing, "_zip", True),
    (actions.instruct, instructing, "_book", True), (actions.instruct, instructing, "record", True),
]  # fmt: skip


def test_a_step_killed_anywhere_leaves_the_old_state_and_is_done_again(world, server, own_database, settings):
    people, cycle = world
    ids = None
    for act, kills in itertools.groupby(KILLS, key=lambda told: told[0]):
        before = Cycle.objects.get()
        rows = seen(people, lambda: Payment.objects.order_by("pk").values_list("pk", "amount_rupiah"))
        booked = JournalEntry.objects.count()
        for _, module, function, after in kills:
            code = _killed_at(server, own_database, people.officer, act, (cycle, quiet), module, function, after)
            assert code == -signal.SIGKILL, (function, code)
            now = Cycle.objects.get()
            assert (now.state, now.run_id, now.frozen_digest) == (before.state, before.run_id, before.frozen_digest)
            assert seen(people, lambda: Payment.objects.order_by("pk").values_list("pk", "amount_rupiah")) == rows
            assert JournalEntry.objects.count() == booked
        with in_territory(people.officer):
            act(people.officer, cycle, quiet)
        if act is actions.make_lists:
            ids = seen(people, lambda: Payment.objects.order_by("pk").values_list("pk", flat=True))
            approved(people, cycle)
    assert Cycle.objects.get().state == "INSTRUCTED"
    assert seen(people, lambda: Payment.objects.order_by("pk").values_list("pk", flat=True)) == ids
    assert len(ids) == len(VILLAGES)
    made = seen(people, lambda: Instruction.objects.all())
    folder = settings.DATA_DIR / "instructions" / str(cycle.pk)
    assert sorted(path.name for path in folder.iterdir()) == sorted(packing.path_of(each).name for each in made)
    with in_territory(people.officer):
        assert all(sums["AT_CHANNEL"] > 0 and sums["NOT_SENT"] == 0 for sums in actions.balances(cycle).values())


def test_a_plain_file_left_by_a_killed_job_is_gone_after_the_next(world, server, own_database, settings):
    people, cycle = world
    approved(people, listed(people, cycle))
    _killed_at(server, own_database, people.officer, actions.instruct, (cycle, quiet), packing, "_write_payments", True)
    folder = settings.DATA_DIR / "instructions" / str(cycle.pk)
    assert (folder / "open" / "payments.csv").exists()
    assert (folder / "open").stat().st_mode & 0o777 == 0o700
    with in_territory(people.officer):
        actions.instruct(people.officer, cycle, quiet)
    assert not (folder / "open").exists()
