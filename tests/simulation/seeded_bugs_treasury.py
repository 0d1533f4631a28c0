"""Mistakes that only money which goes to the treasury shows."""

from dataclasses import replace

from gandeng.reconciliation import late_queries, places_of_money
from gandeng.reconciliation.actions import run, treasury
from tests.simulation import bank
from tests.simulation.seeded_bugs import Bug, bri, people
from tests.simulation.seeded_bugs_after import reported

BACK = ("RETURNED", "AT_CHANNEL")


def gone(office):
    """What failed and what came back of the bank's money is in the treasury."""
    deposit = office.deposit("BRI", *BACK)
    office.look()
    return deposit


def gone_and_voided(office):
    office.void_deposit(people(office)["province head"], gone(office))
    office.look()


def arrived_after_it_was_deposited(office):
    gone(office)
    reported(office, bank.tell(bri(office)[0], day="2024-07-20"))
    office.look()


def drawn_after_it_was_deposited(office):
    office.deposit("BRI", "CREDITED")
    office.look()
    reported(office, bank.tell(bri(office)[2], "WITHDRAWAL", reference="W-2", day="2024-07-20"))
    office.look()


def asked_for_and_told(office):
    office.act(people(office)["officer"], bri(office)[0].payment_id, "REISSUE", evidence="surat 13/2024")
    office.deposit("BRI", *BACK)
    office.look()


def of_a_closed_cycle_and_signed(office):
    first = office.model.before[0]
    assert office.deposit("BRI", "CREDITED", about=first)
    office.sign_all("6371")
    office.look()


def of_a_closed_cycle_and_voided(office):
    deposit = gone(office)
    office.close(people(office)["officer"])
    office.open_next(people(office)["officer"])
    office.void_deposit(people(office)["province head"], deposit)
    office.look()


def _from_the_other_account(patch):
    other = {"RETURNED": "AT_CHANNEL", "AT_CHANNEL": "RETURNED"}
    stands = places_of_money.IN_ACCOUNT
    left = lambda account: (  # noqa: E731
        "coalesce(t.total, 0)" if account == "TREASURY"
        else f"{stands[account]} - coalesce(t.{other[account].lower()}, 0)" if account in other
        else stands[account]
    )  # fmt: skip
    patch.setattr(places_of_money, "_left_in", left)


def _never_unfounded(patch):
    due = run.OWN.due_payments.replace("t.payment_id is not null and", "false and")
    assert due != run.OWN.due_payments
    patch.setattr(run, "OWN", replace(run.OWN, due_payments=due))


def _whatever_is_asked_for(patch):
    nothing = "(select null::text as payment_id, '' as state where false) r"
    chosen = treasury._CHOSEN.replace("reconciliation_reissuerequest r", nothing)
    assert chosen != treasury._CHOSEN
    patch.setattr(treasury, "_CHOSEN", chosen)


BUGS_TREASURY = (
    Bug("a deposit is taken from where its money does not stand", _from_the_other_account, "reported", gone),
    Bug(
        "what is in the treasury stays an exception",
        lambda patch: patch.setattr(treasury, "_settle", lambda *_: None), "reported", gone,
    ),
    Bug(
        "the exceptions of a voided deposit stay settled",
        lambda patch: patch.setattr(treasury, "_reopen", lambda *_: None), "reported", gone_and_voided,
    ),
    Bug(
        "that deposited money arrived after all is told to nobody",
        _never_unfounded, "reported", arrived_after_it_was_deposited,
    ),
    Bug(
        "that deposited money was drawn after all is told to nobody",
        _never_unfounded, "reported", drawn_after_it_was_deposited,
    ),
    Bug(
        "what went to the treasury is signed as a correction",
        lambda patch: patch.setattr(late_queries, "OF_DEPOSIT", "-"), "next reported", of_a_closed_cycle_and_signed,
    ),
    Bug(
        "what a voided deposit leaves of a closed cycle is worked nowhere",
        lambda patch: patch.setattr(treasury, "_take_up", lambda *_: None), "signed", of_a_closed_cycle_and_voided,
    ),
    Bug("money that is asked for goes to the treasury", _whatever_is_asked_for, "reported", asked_for_and_told),
)  # fmt: skip
