"""An office with complaints from before each step had a clock: they keep the one they have until their next step."""

from conftest import Cast
from gandeng.helpdesk.actions import cases as deeds
from gandeng.helpdesk.actions.asking import escalate_due
from gandeng.helpdesk.published import kinds
from gandeng.helpdesk.tests.factories import answered, do, filed, found_by, person

BEFORE = "0012_links_taken_back"


def test_cases_under_way_keep_their_clock_until_their_next_step(own_database, migrating):
    cast = Cast()
    desk, worker = cast("HELPDESK", "6371"), cast("FACILITATOR", "6371011001")
    new, begun, over = filed(), filed(), filed()
    do(desk, begun, deeds.start)
    answered(desk, over)
    migrating("helpdesk", BEFORE)
    migrating("helpdesk")
    kept = [found_by(desk, each) for each in (new, begun, over)]
    assert [case.due_at == case.answer_by for case in kept] == [True] * 3 and kept[2].due_at is None
    assert escalate_due() == 0
    do(desk, new, deeds.start)
    assert found_by(desk, new).due_at == kept[0].due_at, "what was one clock is the answer's"
    do(desk, begun, deeds.escalate, "Perlu provinsi")
    do(desk, begun, deeds.hand_on, person(worker))
    raised, kind = found_by(desk, begun), kinds()["NOT_RECEIVED"]
    assert (raised.answer_by - raised.due_at).total_seconds() >= (kind.hours[2] - kind.start) * 3600 - 60
