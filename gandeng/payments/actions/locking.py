"""One at a time per cycle: every act on a cycle or its lists first takes the row of the cycle."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import OperationalError, transaction

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


def locked_list(list_id: UUID) -> PaymentList:
    """A list as it is now, ours; called within `locked`."""
    return PaymentList.objects.select_for_update(no_key=True).get(pk=list_id)
