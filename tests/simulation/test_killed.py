"""kill -9 while a list is approved and ordered, results are signed, voided and closed (docs/threats.md, 37 and 39).

Whatever the moment: the old state or the new one, and doing it again gives what an undisturbed run gives.
"""

import hashlib
import signal
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from gandeng.accounts.acting import in_territory
from gandeng.office.verify import verify
from gandeng.payments.actions.packing import path_of
from gandeng.payments.models import Instruction
from gandeng.reconciliation.models import Statement
from gandeng.registry.tests.factories import EVERYWHERE
from tests.simulation import bank, books
from tests.simulation.effort import UNHURRIED, sample
from tests.simulation.killing import killed

MOMENTS = 7
"""Of each act in `make test`; all of them in the long run."""


@dataclass(frozen=True)
class Act:
    """What is killed: `do(office)`, after `before(office)`, in a cycle that stands at `stage`."""

    name: str
    stage: str
    do: Any
    before: Any = lambda _: None

    def __str__(self):
        return self.name


LAST = ("6372", "POS")


def all_but_the_last_yes(office):
    people = office.model.people
    for place in office.model.lists:
        office.say_yes(people["second officer"], place, "PREPARE")
        office.say_yes(people[f"head {place[0]}"], place, "DISTRICT")
        if place != LAST:
            office.say_yes(people["province head"], place, "PROVINCE")


def all_but_the_banks_signature(office):
    people = office.model.people
    made = office.make_statement(people["coordinator 6371"], "6371")
    for name, seat in (
        ("head 6371", ("HEAD", "")),
        ("coordinator 6371", ("COORDINATOR", "")),
        ("bri", ("CHANNEL", "BRI")),
    ):
        office.sign(people[name], made, *seat)


def minutes_wait(office):
    office.sign_all("6371")


def province_made(office):
    office.make_statement(office.model.people["province head"], "63")


def a_late_file_waits(office):
    paid = [fact for fact in office.model.facts.values() if fact.channel == "BRI"][-1]
    office.receive(office.model.people["bri"], "BRI", "63", [bank.tell(paid, "REVERSAL", reason="terlambat")])


def a_withdrawal_waits(office):
    office.withdraw(office.model.people["officer"], office.model.files[0])


def who(office, name):
    return office.model.people[name]


ACTS = (
    Act("the last approval", "listed", lambda o: o.say_yes(who(o, "province head"), LAST, "PROVINCE"),
        all_but_the_last_yes),
    Act("returning an approved list", "approved", lambda o: o.refuse(who(o, "province head"), LAST)),
    Act("the orders", "approved", lambda o: o.instruct(who(o, "officer"))),
    Act("the last signature of a district", "reported",
        lambda o: o.sign(who(o, "pos"), o.model.statements[-1], "CHANNEL", "POS"), all_but_the_banks_signature),
    Act("the minutes", "reported", lambda o: o.work(), minutes_wait),
    Act("the signature that signs the cycle", "districts signed",
        lambda o: o.sign(who(o, "province head"), o.model.statements[-1], "HEAD"), province_made),
    Act("a late file that voids signatures", "signed", lambda o: o.work(), a_late_file_waits),
    Act("a withdrawal that voids signatures", "signed", lambda o: o.work(), a_withdrawal_waits),
    Act("the closing", "signed", lambda o: o.close(who(o, "officer"))),
)  # fmt: skip


@UNHURRIED
@pytest.mark.parametrize("act", ACTS, ids=str)
def test_killed_at_any_moment_it_is_not_done_or_done(world, act):
    with world.at(act.stage) as office:
        act.before(office)
        moments = killed(lambda: act.do(office))
        undisturbed = books.likeness()
    assert moments > 5
    left = sample(range(moments), MOMENTS)
    while left:
        with world.at(act.stage) as office:
            act.before(office)
            before, was_done = books.exact(), False
            while left and not was_done:
                moment = left.pop(0)
                ended = killed(lambda: act.do(office), moment)
                assert ended == -signal.SIGKILL or ended <= moment, "it was to die there"
                if books.exact() != before:
                    was_done = True
                    assert books.likeness() == undisturbed, f"between old and new at {moment} of {moments}"
            if not was_done:
                act.do(office)
                office.look()
                assert books.likeness() == undisturbed
            _files_are_whole()
            assert not [found for found in verify(world.address) if found.wrong]


def _files_are_whole():
    """Whatever the database names is there, and is what it was."""
    with in_territory(EVERYWHERE):
        named = [(path_of(each), each.sha256) for each in Instruction.objects.all()]
        signed = Statement.objects.exclude(minutes_sha256="")
        named += [(Path(each.minutes_path), each.minutes_sha256) for each in signed]
    for path, digest in named:
        assert hashlib.sha256(path.read_bytes()).hexdigest() == digest, path
