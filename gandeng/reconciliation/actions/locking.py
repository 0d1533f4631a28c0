"""One thing at a time in a cycle: a run, a withdrawal, a statement, a signature."""

from uuid import UUID

from django.db import OperationalError, transaction

from gandeng.payments.models import Cycle
from gandeng.web.patience import locks_awaited


class Busy(Exception):
    """Another run or signature of the cycle is under way."""


def lock_cycle(cycle_id: UUID) -> Cycle:
    """The cycle, held until the transaction ends; waits as long as it takes. New files may come in meanwhile."""
    return Cycle.objects.select_for_update(no_key=True).get(pk=cycle_id)


def lock_cycle_soon(cycle_id: UUID) -> Cycle:
    """The same for a page, which waits three seconds. Raises Busy."""
    try:
        with transaction.atomic(), locks_awaited("3s"):
            return lock_cycle(cycle_id)
    except OperationalError as error:
        raise Busy from error
