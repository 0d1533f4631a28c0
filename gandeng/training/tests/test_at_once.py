"""Two at once: the last seat, the last who may be away, attendance of one day, a paper handed in, closing."""

from threading import Barrier, Thread

import pytest
from django.db import connections

from conftest import Cast
from gandeng.accounts.acting import in_territory
from gandeng.facilitators.tests.factories import make_staff
from gandeng.training.actions import closing
from gandeng.training.actions.common import TrainingRefused
from gandeng.training.actions.participants import nominate
from gandeng.training.event_queries import access_run
from gandeng.training.models import Participant, Result
from gandeng.training.tests.factories import inviting, make_course, make_event, make_participant


def at_once(*deeds):
    """Each deed in a thread of its own; gives what each came to, in no order."""
    barrier, told = Barrier(len(deeds)), []

    def run(deed):
        try:
            barrier.wait(20)
            deed()
            told.append("done")
        except TrainingRefused:
            told.append("refused")
        except Exception as error:  # noqa: BLE001 (told below)
            told.append(repr(error))
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return sorted(told)


@pytest.mark.parametrize(
    ("of_first", "of_second"),
    [({"capacity": 1}, None), ({"absent_max": 1}, {"absent_max": 1})],
    ids=["the last seat of one event", "the last of a sub-district, in two events"],
)
def test_two_at_once_are_not_both_named(own_database, of_first, of_second):
    operator = Cast()("DISTRICT_OPERATOR", "6371")
    course = make_course(operator)
    first = make_event(operator, course, **of_first)
    second = make_event(operator, course, **of_second) if of_second else first
    people = [make_staff("6371", home="637101") for _ in range(2)]

    def name(event, staff):
        with in_territory(operator):
            nominate(operator, access_run(operator, event.pk), [staff.pk])

    told = at_once(lambda: name(first, people[0]), lambda: name(second, people[1]))
    assert told == ["done", "refused"]
    with in_territory(operator):
        assert Participant.objects.filter(state="NOMINATED").count() == 1


def test_an_event_is_closed_once(own_database):
    operator = Cast()("DISTRICT_OPERATOR", "6371")
    event = make_event(operator, make_course(operator, days=1), starts_on=Cast().today)
    make_participant(operator, event)
    inviting(event, confirmed=True)

    def close():
        with in_territory(operator):
            closing.close(operator, access_run(operator, event.pk))

    assert at_once(close, close) == ["done", "refused"]
    with in_territory(operator):
        assert Result.objects.count() == 1
