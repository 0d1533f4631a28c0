"""The same request twice at the same moment."""

import pytest

from gandeng.accounts.acting import in_territory
from gandeng.api.models import Sending
from gandeng.api.tests.conftest import Machine
from gandeng.jobs.models import Job
from gandeng.payments.tests.factories import make_cycle
from gandeng.reconciliation.models import ResultFile
from gandeng.reconciliation.tests.test_at_once import at_once
from gandeng.reconciliation.tests.world import BANJARMASIN, payments_of, told
from gandeng.registry.tests.factories import EVERYWHERE

pytestmark = pytest.mark.usefixtures("own_database", "quick")


@pytest.fixture
def bri(own_database):
    from conftest import Cast

    return Machine(Cast()("CHANNEL_OFFICER", "6371", channel="BRI"))


def test_two_of_the_same_are_one_file_and_one_answer(bri):
    cycle = make_cycle(((BANJARMASIN, "BRI", 225_000),))
    rows = [told(payments_of(cycle)[0])]
    found = at_once(*[lambda: bri.send(cycle, rows)] * 2)
    assert [answer.status_code for answer in found] == [202, 202], [answer.content for answer in found]
    assert found[0].content == found[1].content
    with in_territory(EVERYWHERE):
        assert ResultFile.objects.count() == Sending.objects.count() == Job.objects.count() == 1


def test_two_others_under_one_name_are_one_file_and_one_refusal(bri):
    cycle = make_cycle(((BANJARMASIN, "BRI", 225_000), (BANJARMASIN, "BRI", 750_000)))
    one, two = payments_of(cycle)
    found = at_once(lambda: bri.send(cycle, [told(one)]), lambda: bri.send(cycle, [told(two)]))
    assert sorted(answer.status_code for answer in found) == [202, 409]
    with in_territory(EVERYWHERE):
        assert ResultFile.objects.count() == Job.objects.count() == 1
