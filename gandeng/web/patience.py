"""How long the database is asked to wait and to work; pages have the short limits of the settings."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

_LONG_WORK = "30min"


def allow_long_work(*, until_commit: bool = False) -> None:
    """Statements of this connection, or of its transaction alone, may take as long as work on a province does."""
    with connection.cursor() as cursor:
        cursor.execute("select set_config('statement_timeout', %s, %s)", [_LONG_WORK, until_commit])


@contextmanager
def locks_awaited(limit: str) -> Iterator[None]:
    """Inside a transaction: wait so long for a lock, `3s`, then OperationalError. Afterwards without a limit again."""
    _lock_timeout(limit)
    yield
    _lock_timeout("0")


def _lock_timeout(limit: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select set_config('lock_timeout', %s, true)", [limit])
