"""A release and its tables belong together: nothing serves while they are changed, nor what they were not made for.

The release before could not serve meanwhile (tests/upgrade says on what it would break), so there is a window:
`gandeng migrate` refuses while the site or worker is connected, and neither starts until it has ended
(docs/operations.md, *Upgrade*).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from gandeng.office import indexes

_LOCK = 71_065


class NotNow(Exception):
    """Why neither the tables are changed nor anything starts; `code` is a sentence of `words` (office.not_now_...)."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code, self.facts = code, facts


def bring_up(verbosity: int) -> None:
    """Migrate, as the owner of the tables, alone. Raises NotNow."""
    with _alone():
        if _waiting(MigrationExecutor(connection)) and (sessions := _serving()):
            raise NotNow("serving", sessions=sessions)
        call_command("migrate", verbosity=verbosity)


@contextmanager
def stopped() -> Iterator[None]:
    """Nothing serves, nor starts until the block has ended. Raises NotNow."""
    with _alone():
        if sessions := _serving():
            raise NotNow("serving", sessions=sessions)
        yield


def ready() -> None:
    """The database is there, is written to, of this release, and indexed by the keys there are. Raises NotNow."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("select pg_try_advisory_lock_shared(%s)", [_LOCK])
            if cursor.fetchone() != (True,):
                raise NotNow("migrating")
            cursor.execute("select pg_advisory_unlock_shared(%s)", [_LOCK])
        _require_writable()
        executor = MigrationExecutor(connection)
        if _waiting(executor):
            raise NotNow("older")
        if later := _unknown(executor.loader):
            raise NotNow("newer", name=later)
        if indexes.otherwise():
            raise NotNow("indexed_otherwise")
    except OperationalError as error:
        raise NotNow("away") from error
    finally:
        connection.close()


@contextmanager
def _alone() -> Iterator[None]:
    """A killed one lets go with its connection."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(%s)", [_LOCK])
        if cursor.fetchone() != (True,):
            raise NotNow("migrating")
    try:
        _require_writable()
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_unlock(%s)", [_LOCK])


def _require_writable() -> None:
    """A replica answers questions and takes nothing: nobody could even sign in."""
    with connection.cursor() as cursor:
        cursor.execute("show transaction_read_only")
        if cursor.fetchone() == ("on",):
            raise NotNow("reads_only")


def _waiting(executor: MigrationExecutor) -> bool:
    """Migrations of this release that the database has not seen."""
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _unknown(loader: MigrationLoader) -> str:
    """A migration of ours that the database has seen and this release has not; "" where there is none."""
    ours = {app.label for app in apps.get_app_configs() if app.name.startswith("gandeng.")}
    later = [key for key in loader.applied_migrations if key[0] in ours and key not in loader.disk_migrations]
    return ".".join(min(later)) if later else ""


def _serving() -> int:
    """Sessions of the role of pages and jobs; none where an office has one role for everything and nobody can tell."""
    role = urlsplit(settings.DATABASE_URL).username
    with connection.cursor() as cursor:
        cursor.execute(
            """select count(*) from pg_stat_activity
                where datname = current_database() and usename = %s and usename <> current_user""",
            [role],
        )
        (sessions,) = cursor.fetchone() or (0,)
        return int(sessions)
