"""`migrate`, killed anywhere, leaves each migration undone, or done and written down; asked for again it goes on.

Django writes the note that a migration is done after its transaction, where it made foreign keys or indexes. Killed in
between, the next run would make everything once more and stop at the first table that is there.
"""

from typing import Any

from django.core.management.commands import migrate
from django.db import transaction
from django.db.migrations.executor import MigrationExecutor


class WholeMigrations(MigrationExecutor):
    """A migration and its note in one transaction."""

    def apply_migration(self, state: Any, migration: Any, fake: bool = False, fake_initial: bool = False) -> Any:
        """Run a migration forwards."""
        with self.connection.cursor() as cursor:  # a province is taken in longer than a page may ask
            cursor.execute("set statement_timeout = 0")
        if not migration.atomic:
            return super().apply_migration(state, migration, fake, fake_initial)
        with transaction.atomic(using=self.connection.alias):
            return super().apply_migration(state, migration, fake, fake_initial)


class Command(migrate.Command):
    """Django's, with whole migrations."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Bring the database up to this release."""
        setattr(migrate, "MigrationExecutor", WholeMigrations)  # noqa: B010 (the name its handle looks up)
        super().handle(*args, **options)
