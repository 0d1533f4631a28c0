import pytest
from django.urls import reverse

from gandeng.accounts.acting import in_territory
from gandeng.payments.tests.steps import families, opened
from gandeng.reconciliation.actions.exceptions import Act, act_on
from gandeng.reconciliation.actions.reissues import carry_over
from gandeng.reconciliation.reissue_queries import closed_before
from gandeng.reconciliation.tests.after import agreed, case_of, closed, left_open, made, money, sent_again
from gandeng.reconciliation.tests.world import BANJARMASIN, payments_of, send, told

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick")]


def test_what_no_file_told_of_before_the_closing_is_taken_up_too(people, bank, operator, coordinator):
    """No exception of the closed stage names it: the channel had sent nothing for its place."""
    families((BANJARMASIN, "BRI"), (BANJARMASIN, "POS"))
    past = made(people)
    silent_one = next(each for each in payments_of(past) if each.channel == "POS")
    send(bank, past, [told(each) for each in payments_of(past) if each.channel == "BRI"])
    closed(people, past)
    present = made(people, stage=3)
    with in_territory(people.officer):
        assert left_open(closed_before(present)) == (1, 500_000)
        assert [carry_over(people.officer, present) for _ in range(2)] == [1, 0]
    case = case_of(silent_one, present)
    assert (case.kind, case.state, case.at_stake_rupiah, case.channel) == ("UNREPORTED", "OPEN", 500_000, "POS")
    failed = [told(silent_one, "FAILURE", "", reason="F02")]
    send(people.cast("CHANNEL_OFFICER", "6371", channel="POS"), past, failed, channel="POS", name="pos.csv")
    agreed(operator, coordinator, silent_one, present)
    assert [each.reissue_of_id for each in sent_again(people, present)] == [silent_one.pk]


def test_what_somebody_settled_without_its_money_is_taken_up_as_settled(people, bank, operator, coordinator, client_of):
    """Nobody can open it again in the closed stage; the next one says how much of it there is."""
    families((BANJARMASIN, "BRI"))
    past = made(people)
    (failed,) = payments_of(past)
    send(bank, past, [told(failed, "FAILURE", "", reason="F14 pasif")])
    with in_territory(operator):
        act_on(operator, case_of(failed), Act.SETTLE, reason="Sudah beres", evidence="BA 1")
    closed(people, past)
    present = opened(people, stage=3)
    page = client_of(people.officer).get(reverse("reconciliation:reissues", args=[present.pk])).content.decode()
    assert "1 pembayaran tahap terdahulu, Rp500.000, pernah dinyatakan selesai" in page
    assert "belum selesai" not in page
    with in_territory(people.officer):
        assert [left_open(closed_before(present), state) for state in ("OPEN", "SETTLED")] == [(0, 0), (1, 500_000)]
        assert [carry_over(people.officer, present) for _ in range(2)] == [1, 0]
    assert case_of(failed, present).state == "SETTLED"
    with in_territory(operator):
        act_on(operator, case_of(failed, present), Act.REOPEN, reason="Keluarga belum menerima")
    agreed(operator, coordinator, failed, present)


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
