"""Mistakes put into the product on purpose, each with the shortest story in which it shows."""

from dataclasses import dataclass
from typing import Any

from gandeng.core import matching_rows
from gandeng.core.calculation import Step
from gandeng.payments import roots
from gandeng.payments.actions import approvals
from gandeng.reconciliation import places_of_money
from gandeng.reconciliation.actions import file_faults, files, run
from tests.simulation import bank


@dataclass(frozen=True)
class Bug:
    """`put(patch)` spoils the product; `story(office)`, from `stage` on, is where the model must notice."""

    name: str
    put: Any
    stage: str
    story: Any


def bri(office, district=""):
    """The bank's payments, in order."""
    return [f for f in office.model.facts.values() if f.channel == "BRI" and f.village.startswith(district)]


def people(office):
    return office.model.people


def late_reversal_after_signatures(office):
    paid = bri(office, "6372")[-1]
    office.report(people(office)["bri"], "BRI", [bank.tell(paid, "REVERSAL", reason="terlambat")])
    office.look()


def a_file_that_changed_nothing_is_withdrawn(office):
    rows = office.model.files[0].rows[::-1]
    office.report(people(office)["bri"], "BRI", rows)
    office.sign_all("6371")
    office.withdraw(people(office)["officer"], office.model.files[-1])
    office.work(-1)
    office.look()


def told_again_in_another_file(office):
    first, second = bri(office)[:2]
    office.report(people(office)["bri"], "BRI", [bank.tell(first)])
    office.report(people(office)["bri"], "BRI", [bank.tell(second), bank.tell(first)])
    office.look()


def returned_and_handed_in_again(office):
    place = ("6371", "BRI")
    office.say_yes(people(office)["second officer"], place, "PREPARE")
    office.refuse(people(office)["head 6371"], place)
    office.look()


def returned_from_the_last_level(office):
    office.refuse(people(office)["province head"], ("6371", "POS"))
    office.look()


def a_district_tells_of_its_neighbour(office):
    office.report(people(office)["bri 6371"], "BRI", [bank.tell(bri(office, "6372")[0])], region="6371")
    office.look()


def failed_then_late_credit(office):
    one = bri(office)[0]
    office.report(people(office)["bri"], "BRI", [bank.tell(one, "FAILURE", reason="F14")])
    office.report(people(office)["bri"], "BRI", [bank.tell(one, day="2024-06-20")])
    office.look()


def totals_that_differ(office):
    office.report(people(office)["bri"], "BRI", [bank.tell(bri(office)[0])], typed=(1, 1))
    office.look()


def drawn_and_not_drawn(office):
    one = bri(office)[0]
    office.report(people(office)["bri"], "BRI", [bank.tell(one), bank.tell(one, "WITHDRAWAL", 100_000)])
    office.look()


def _no_suspects():
    return Step("suspect_keys", "select 0::ubigint as event_key where false", stored=True)


def _swapped(patch):
    kept = places_of_money.IN_ACCOUNT
    patch.setattr(
        places_of_money, "IN_ACCOUNT", {**kept, "DRAWN": kept["CREDITED"], "CREDITED": kept["DRAWN"]}
    )  # fmt: skip


BUGS = (
    Bug(
        "a changed payment leaves the signatures above it in force",
        lambda patch: patch.setattr(run, "void_changed", lambda *_: None),
        "signed", late_reversal_after_signatures,
    ),
    Bug(
        "a withdrawn file leaves the signatures on it in force",
        lambda patch: patch.setattr(files, "void_of_file", lambda *_: None),
        "reported", a_file_that_changed_nothing_is_withdrawn,
    ),
    Bug(
        "what is told again counts again",
        lambda patch: patch.setattr(matching_rows, "_suspect_keys", _no_suspects),
        "instructed", told_again_in_another_file,
    ),
    Bug(
        "a returned list keeps the digest its approvals were given for",
        lambda patch: patch.setattr(roots, "_ROOTS", roots._ROOTS.replace("l.revision,", "0,")),
        "listed", returned_and_handed_in_again,
    ),
    Bug(
        "a returned list leaves its money booked",
        lambda patch: patch.setattr(approvals, "_take_back", lambda *_: None),
        "approved", returned_from_the_last_level,
    ),
    Bug(
        "a district may tell of its neighbour's payments",
        lambda patch: patch.setattr(file_faults, "_outside", lambda *_: []),
        "instructed", a_district_tells_of_its_neighbour,
    ),
    Bug(
        "an exception outlives its cause",
        lambda patch: patch.setattr(run, "EXCEPTIONS_GONE", "select %(cycle)s, %(number)s"),
        "instructed", failed_then_late_credit,
    ),
    Bug(
        "typed totals are not compared",
        lambda patch: patch.setattr(file_faults, "_other_totals", lambda *_: []),
        "instructed", totals_that_differ,
    ),
    Bug("money drawn is booked as not drawn", _swapped, "instructed", drawn_and_not_drawn),
)  # fmt: skip
