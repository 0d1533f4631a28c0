"""Mistakes that only what goes beyond one cycle shows: money sent again, reports after the closing."""

from dataclasses import replace
from itertools import count

from gandeng.payments.actions import closing
from gandeng.reconciliation.actions import exceptions, reissues, run
from tests.simulation import bank
from tests.simulation.seeded_bugs import Bug, bri, people


def reported(office, *rows, about=None):
    office.report(people(office)["bri"], "BRI", rows, about=about)


def came_back(office):
    """A payment of the bank's that was credited and taken back."""
    return bri(office)[1]


def drawn_before_it_is_sent_again(office):
    office.agree_all()
    office.make_round(people(office)["officer"])
    office.approve_round()
    reported(office, bank.tell(came_back(office), "WITHDRAWAL", 100_000))
    office.send_again(people(office)["officer"], 1)
    office.look()


def agreed_on_and_undone(office):
    office.agree_all()
    office.make_round(people(office)["officer"])
    for act in ("ASK_BANK", "REOPEN"):
        office.act(people(office)["officer"], came_back(office).payment_id, act)
    office.look()


def sent_again(office):
    office.agree_all()
    office.send_round()
    office.look()


def arrived_after_it_was_sent_again(office):
    office.agree_all()
    office.send_round()
    reported(office, bank.tell(bri(office)[0], day="2024-07-20"))
    office.look()


def two_late_reports(office):
    first = office.model.before[0]
    facts = [fact for fact in first.facts.values() if fact.channel == "BRI"]
    for fact in facts[2:4]:
        reported(office, bank.tell(fact, "REVERSAL", reason="terlambat"), about=first)
    office.look()


def taken_up_and_left_open(office):
    office.end()
    office.open_next(people(office)["officer"])
    office.carry_over(people(office)["officer"])
    office.look()


def closed_over_a_list(office):
    office.agree_all()
    office.make_round(people(office)["officer"])
    office.close(people(office)["officer"])


def _whoever_drew_it(outcome):
    return outcome is not None and outcome.outcome in ("FAILED", "RETURNED") and outcome.net_rupiah == 0


def _from_the_other_account(patch):
    stands = reissues._STANDS
    patch.setattr(reissues, "_STANDS", dict(zip(stands, reversed(stands.values()), strict=True)))


def _before_as_it_was_signed(patch):
    kept, times = run.balances, count()
    patch.setattr(run, "balances", lambda cycle, *, late=False: kept(cycle, late=late and next(times) % 2 == 1))


def _never_unfounded(patch):
    due = run.OWN.due_payments.replace("o.outcome not in ('FAILED', 'RETURNED') and", "false and")
    assert due != run.OWN.due_payments
    patch.setattr(run, "OWN", replace(run.OWN, due_payments=due))


def _once_taken_up_for_ever(patch):
    carry = reissues._CARRY.replace("(later.year, later.stage) > (c.year, c.stage)", "later.id <> c.id")
    assert carry != reissues._CARRY
    patch.setattr(reissues, "_CARRY", carry)


BUGS_AFTER = (
    Bug(
        "money that somebody drew is sent again",
        lambda patch: patch.setattr(reissues, "_came_back", _whoever_drew_it),
        "reported", drawn_before_it_is_sent_again,
    ),
    Bug(
        "undo leaves on its way what two people agreed on",
        lambda patch: patch.setattr(exceptions, "_leaves_its_round", lambda *_: False),
        "reported", agreed_on_and_undone,
    ),
    Bug("money sent again is taken from where it does not stand", _from_the_other_account, "reported", sent_again),
    Bug(
        "that the original arrived after all is told to nobody",
        _never_unfounded, "reported", arrived_after_it_was_sent_again,
    ),
    Bug("a late report is booked once more with the next", _before_as_it_was_signed, "next listed", two_late_reports),
    Bug(
        "a late report leaves the signatures over its corrections in force",
        lambda patch: patch.setattr(run, "void_corrected", lambda *_: None),
        "next signed", two_late_reports,
    ),
    Bug(
        "what one cycle took up and left open, no other takes up", _once_taken_up_for_ever,
        "next listed", taken_up_and_left_open,
    ),
    Bug(
        "a cycle closes over a list of money to be sent again",
        lambda patch: patch.setattr(closing, "_BEFORE_CLOSING", []),
        "signed", closed_over_a_list,
    ),
)  # fmt: skip
