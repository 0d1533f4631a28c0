"""A cycle driven at random by people and banks who do right, wrong, twice and too late."""

import pytest
from hypothesis.stateful import run_state_machine_as_test

from tests.simulation.effort import MIXED, SETTINGS, UNHURRIED
from tests.simulation.machine import CycleMachine
from tests.simulation.machine_treasury import TreasuryMachine
from tests.simulation.seeded_bugs import BUGS
from tests.simulation.seeded_bugs_after import BUGS_AFTER
from tests.simulation.seeded_bugs_treasury import BUGS_TREASURY


@UNHURRIED
def test_whatever_people_and_banks_do_the_books_are_those_of_the_oracle(world):
    machine = type("Cycle", (CycleMachine,), {"world": world})
    run_state_machine_as_test(machine, settings=SETTINGS)


@UNHURRIED
def test_money_sent_again_and_late_reports_stand_once_in_the_books_of_the_right_cycle(world):
    machine = type("Cycles", (TreasuryMachine,), {"world": world})
    run_state_machine_as_test(machine, settings=MIXED)


@pytest.mark.parametrize("bug", (*BUGS, *BUGS_AFTER, *BUGS_TREASURY), ids=lambda bug: bug.name)
def test_the_model_notices_that(world, bug, monkeypatch):
    with world.at(bug.stage) as office:
        bug.story(office)
    bug.put(monkeypatch)
    with world.at(bug.stage) as office, pytest.raises(AssertionError):
        bug.story(office)
