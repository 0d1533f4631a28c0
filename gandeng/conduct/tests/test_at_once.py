"""Two at once, where it must happen once."""

from threading import Barrier, Thread

from django.db import connections

from conftest import Cast
from gandeng.accounts.acting import in_territory
from gandeng.accounts.models import Person
from gandeng.conduct import case_queries as queries
from gandeng.conduct.actions import cases, steps
from gandeng.conduct.actions.common import ConductRefused
from gandeng.conduct.tests import factories as f


def test_two_deciders_at_once(own_database):
    """Whoever comes second finds it decided."""
    cast = Cast()
    people = f.make_people(cast)
    case = f.heard(people)
    second = cast("DISTRICT_HEAD", "6371", name="Plh Uji")
    f.act(people.head, case, cases.appoint, "DECIDER", Person.objects.get(pk=second.person_id))
    barrier, told = Barrier(2), []

    def decide(acting, outcome):
        try:
            with in_territory(acting):
                standing = queries.access_case(acting, case.pk)
                barrier.wait(20)
                steps.decide(acting, standing, f.said(), steps.Decision(outcome))
            told.append("decided")
        except ConductRefused:
            told.append("refused")
        finally:
            connections.close_all()

    threads = [Thread(target=decide, args=pair) for pair in ((people.head, "UNFOUNDED"), (second, "DISMISSAL"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(told) == ["decided", "refused"]
    with in_territory(people.head):
        assert [one.kind for one in queries.access_case(people.head, case.pk).steps].count("DECIDED") == 1
