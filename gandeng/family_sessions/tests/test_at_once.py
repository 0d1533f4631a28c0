"""The same meeting from two phones at once."""

from dataclasses import replace
from threading import Barrier, Thread
from uuid import uuid4

from django.db import connections

from conftest import Cast
from gandeng.accounts.acting import in_territory
from gandeng.family_sessions import actions
from gandeng.family_sessions.actions import SessionRefused
from gandeng.family_sessions.models import Attendance, Meeting
from gandeng.family_sessions.tests.factories import a_meeting, make_facilitator, make_group
from gandeng.registry.tests.factories import EVERYWHERE


def test_a_session_told_from_three_phones_is_one_meeting(own_database):
    acting, staff = make_facilitator(Cast())
    group = make_group(acting, staff)
    told, barrier, ends = a_meeting(acting, group), Barrier(3), []

    def send(entry):
        try:
            with in_territory(acting):
                barrier.wait(20)
                actions.tell(acting, group, entry)
            ends.append("kept")
        except SessionRefused as why:
            ends.append(str(why))
        finally:
            connections.close_all()

    threads = [Thread(target=send, args=(replace(told, meeting_id=uuid4()),)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert ends.count("kept") == 1 and len(ends) == 3
    assert all("Ralat yang sudah ada" in end for end in ends if end != "kept")
    with in_territory(EVERYWHERE):
        assert (Meeting.objects.count(), Attendance.objects.count()) == (1, 3)
