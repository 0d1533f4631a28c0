"""A connection ends in the middle of work (docs/threats.md, 37): nothing half; done again it is once."""

import psycopg
import pytest
from django.db import connection, connections
from django.db.utils import InterfaceError, OperationalError

from gandeng.accounts.acting import in_territory
from gandeng.jobs.models import Job
from gandeng.jobs.tasks import run_job
from gandeng.payments import actions
from gandeng.payments.models import Approval, PaymentList
from gandeng.payments.refused import Refused
from gandeng.registry.tests.factories import EVERYWHERE
from tests.simulation import bank, books
from tests.simulation.effort import sample

GONE = (OperationalError, InterfaceError, Refused)
"""What a person meets: a fault with a number, or "busy" where it was the lock that did not come."""


class Terminated:
    """Ends the connection of the work, from another one, before statement number `at`."""

    def __init__(self, address, at):
        self.address, self.at, self.now = address, at, 0

    def __call__(self, execute, sql, params, many, context):
        if self.now == self.at:
            with psycopg.connect(self.address, autocommit=True) as con:
                own = connection.connection.info.backend_pid
                assert con.execute("select pg_terminate_backend(%s)", [own]).fetchone() == (True,)
        self.now += 1
        return execute(sql, params, many, context)


@pytest.fixture
def reading(world):
    """A file that waits to be read."""
    with world.at("instructed") as office:
        fact = next(fact for fact in office.model.facts.values() if fact.channel == "BRI")
        file = office.receive(office.model.people["bri"], "BRI", "63", [bank.tell(fact)])
        yield office, file


def test_a_reading_whose_connection_ends_leaves_nothing_and_is_done_again_once(reading, world):
    office, file = reading
    people = office.model.people
    before = books.everything()
    for at in sample(range(8, 40), 4):
        who, job, _ = office.jobs.pop()
        gone = Terminated(world.address, at)
        with connection.execute_wrapper(gone):
            run_job(job_id=str(job.pk))
        connections.close_all()
        assert gone.now > at
        ended = Job.objects.get(pk=job.pk)
        assert ended.state == "FAILED"
        assert "Tidak ada yang berubah" in ended.message
        assert books.everything() == before
        file.waits = False
        office.receive(who, "BRI", "63", file.rows)  # the same file once more: it is read once more
        before = books.everything()
    office.work()
    assert file.state == "TAKEN"
    office.receive(people["bri"], "BRI", "63", file.rows)
    office.look()


def approve(office, name, place):
    who = office.acting(office.model.people[name])
    with in_territory(EVERYWHERE):
        found = PaymentList.objects.select_related("cycle").get(district_code=place[0], channel=place[1])
    with in_territory(who):
        actions.approve_list(who, found, "DISTRICT", found.root)


def test_an_approval_whose_connection_ends_is_given_once_when_asked_again(world):
    with world.at("listed") as office:
        place, people = ("6371", "BRI"), office.model.people
        office.say_yes(people["second officer"], place, "PREPARE")
        before = books.everything()
        for at in range(3, 12, 3):
            with connection.execute_wrapper(Terminated(world.address, at)), pytest.raises(GONE):
                approve(office, "head 6371", place)
            connections.close_all()
            assert books.everything() == before
        office.say_yes(people["head 6371"], place, "DISTRICT")
        office.say_yes(people["head 6371"], place, "DISTRICT")
        office.look()
        with in_territory(EVERYWHERE):
            assert Approval.objects.filter(level="DISTRICT").count() == 1
