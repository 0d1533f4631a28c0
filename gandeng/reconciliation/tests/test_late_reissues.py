import pytest

from gandeng.accounts.acting import in_territory
from gandeng.payments.tests.steps import families, opened
from gandeng.reconciliation.actions.reissues import carry_over
from gandeng.reconciliation.queries import closed_before, left_open
from gandeng.reconciliation.tests.after import agreed, case_of, closed, made, money, sent_again
from gandeng.reconciliation.tests.world import BANJARMASIN, payments_of, send, told

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick")]


def test_a_family_that_was_paid_twice_is_taken_up_too(people, bank, operator, coordinator):
    families(*[(BANJARMASIN, "BRI")] * 2)
    past = made(people)
    first, failed = payments_of(past)
    send(bank, past, [told(first), told(failed, "FAILURE", "", reason="F14 pasif")])
    agreed(operator, coordinator, failed)
    (again,) = sent_again(people, past)
    send(bank, past, [told(again, day="2024-07-03"), told(failed, day="2024-05-25")], name="telat.csv")
    closed(people, past)
    present = opened(people, stage=3)
    with in_territory(people.officer):
        assert left_open(closed_before(present)) == (1, 500_000)
        assert carry_over(people.officer, present) == 1
    taken_up = case_of(failed, present)
    assert (taken_up.kind, taken_up.state, taken_up.at_stake_rupiah) == ("REISSUE_UNFOUNDED", "OPEN", 500_000)


def test_agreed_before_the_closing_it_is_sent_by_the_next_cycle(people, bank, operator, coordinator):
    families((BANJARMASIN, "BRI"))
    cycle = made(people)
    (failed,) = payments_of(cycle)
    send(bank, cycle, [told(failed, "FAILURE", "", reason="F14")])
    agreed(operator, coordinator, failed)
    past = closed(people, cycle)
    (again,) = sent_again(people, made(people, stage=3))
    assert again.reissue_of_id == failed.pk
    assert money(past) == {}
