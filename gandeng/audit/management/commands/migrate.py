"""`migrate`, killed anywhere, leaves each migration undone, or done and written down; asked for again it goes on.

Django writes the note that a migration is done after its transaction, where it made foreign keys or indexes. Killed in
between, the next run would make everything once more and stop at the first table that is there.

It also makes the classes of all related models anew for each table, constraint and index that comes, which is three
quarters of the time an empty database takes.
"""

from typing import Any

from django.core.management.commands import migrate
from django.db import transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ModelState, ProjectState


class LeanState(ProjectState):
    """Models of which no more is made anew than has changed.

    A table that comes changes no class but its own: what points at it comes later. A column changes what it relates to
    directly. A constraint or an index changes none: it is written down in the one there is.
    """

    @classmethod
    def of(cls, state: ProjectState) -> "LeanState":
        """The same models, with their classes where those are made already."""
        if isinstance(state, cls):
            return state
        lean = cls(state.models, state.real_apps)
        if "apps" in vars(state):
            vars(lean)["apps"] = state.apps
        return lean

    def add_model(self, model_state: ModelState) -> None:
        """A table comes."""
        apps = vars(self).pop("apps", None)
        super().add_model(model_state)
        if apps is not None:
            vars(self)["apps"] = apps
            apps.render_multiple([model_state])

    def reload_model(self, app_label: str, model_name: str, delay: bool = False) -> None:  # noqa: ARG002 (Django's)
        """A column comes, changes or goes; Django would follow relations of relations, to most of the tables."""
        super().reload_model(app_label, model_name, delay=True)

    def add_constraint(self, app_label: str, model_name: str, constraint: Any) -> None:
        """A constraint comes."""
        self._written_down(app_label, model_name, "constraints", constraint)

    def add_index(self, app_label: str, model_name: str, index: Any) -> None:
        """An index comes."""
        self._written_down(app_label, model_name, "indexes", index)

    def _written_down(self, app_label: str, model_name: str, kind: str, one: Any) -> None:
        options = self.models[app_label, model_name].options
        options[kind] = [*options[kind], one]
        if "apps" in vars(self):
            setattr(self.apps.get_model(app_label, model_name)._meta, kind, list(options[kind]))


class WholeMigrations(MigrationExecutor):
    """A migration and its note in one transaction; classes made sparingly."""

    def apply_migration(self, state: Any, migration: Any, fake: bool = False, fake_initial: bool = False) -> Any:
        """Run a migration forwards."""
        with self.connection.cursor() as cursor:  # a province is taken in longer than a page may ask
            cursor.execute("set statement_timeout = 0")
        state = LeanState.of(state)
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
