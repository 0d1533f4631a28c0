"""One at a time per cycle: every act on a cycle or its lists first takes the row of the cycle.

What comes in beside (files, requests) does not wait for that row, which a run holds for minutes: it shares a lock of
its own that closing alone takes whole, after the row. So nothing comes in between what closing counts and its end.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import OperationalError, connection, transaction

from gandeng.payments.models import Cycle, PaymentList
from gandeng.payments.refused import Refused
from gandeng.web.patience import locks_awaited


@contextmanager
def locked(cycle: Cycle, *states: Cycle.State) -> Iterator[Cycle]:
    """The cycle as it is now, ours until the transaction ends. Raises Refused for another state or a long wait.

    Readers, and rows that name the cycle, go on: it is locked against changes of itself alone.
    """
    with transaction.atomic():
        try:
            with locks_awaited("10s"):
                found = Cycle.objects.select_for_update(no_key=True).select_related(None).get(pk=cycle.pk)
        except OperationalError as error:
            raise Refused("busy") from error
        if states and found.state not in states:
            raise Refused("cycle_state", state=Cycle.State(found.state).label)
        yield found


_COMING_IN = 71_064
"""Number of the locks of what comes in; 71_063 are those of opening."""


def stays_open(cycle_id: UUID) -> None:
    """Nobody closes the cycle until the transaction ends; its state is read afterwards. Runs go on.

    Raises Refused where it is being closed and three seconds do not see the end of that.
    """
    _coming_in("pg_advisory_xact_lock_shared", cycle_id, "3s")


def nothing_comes_in(cycle_id: UUID) -> None:
    """What is coming in is waited for, the rest waits for the end of the transaction; called within `locked`."""
    _coming_in("pg_advisory_xact_lock", cycle_id, "10s")


def _coming_in(lock: str, cycle_id: UUID, limit: str) -> None:
    try:
        with transaction.atomic(), locks_awaited(limit), connection.cursor() as cursor:
            cursor.execute(f"select {lock}(%s, %s)", [_COMING_IN, cycle_id.int & 0x7FFF_FFFF])
    except OperationalError as error:
        raise Refused("busy") from error


def locked_list(list_id: UUID) -> PaymentList:
    """A list as it is now, ours; called within `locked`."""
    return PaymentList.objects.select_for_update(no_key=True).get(pk=list_id)
