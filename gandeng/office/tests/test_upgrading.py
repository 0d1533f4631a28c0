"""Nothing serves while tables are changed, nor on tables of another release."""

import os
import subprocess
import sys

import psycopg
import pytest
from django.db.migrations.loader import MigrationLoader

from conftest import copied_database
from gandeng.office import database
from gandeng.office.upgrading import _LOCK

((_, NEWEST),) = MigrationLoader(None).graph.leaf_nodes("accounts")
LAST = f"delete from django_migrations where app = 'accounts' and name = '{NEWEST}'"
LATER = "insert into django_migrations (app, name, applied) values ('payments', '9999_later', now())"


@pytest.fixture(scope="module")
def office(server, django_db_setup, django_db_blocker, tmp_path_factory):
    """Addresses of a migrated database, and the environment of the command."""
    with copied_database(server, django_db_blocker) as name:
        told = {
            "DATABASE_URL": database.url(server, name, database.APP), "GANDENG_LANG": "en",
            "DATABASE_OWNER_URL": database.url(server, name, database.OWNER),
            "GANDENG_DATA": str(tmp_path_factory.mktemp("office")),
        }  # fmt: skip
        yield os.environ | told


def gandeng(office, *command):
    told = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "gandeng.cli", *command], env=office, capture_output=True, text=True
    )
    return told.returncode, told.stdout + told.stderr


def as_(office, role):
    return psycopg.connect(office[role].replace("postgres://", "postgresql://"), autocommit=True)


def test_it_works(office):
    assert gandeng(office, "ready") == (0, "")


def test_nothing_starts_while_tables_are_changed(office):
    with as_(office, "DATABASE_OWNER_URL") as migrating:
        migrating.execute("select pg_advisory_lock(%s)", [_LOCK])
        for command in ("worker", "migrate"):
            code, told = gandeng(office, command)
            assert (code, "being brought up" in told) == (1, True), (command, told)
    assert gandeng(office, "ready")[0] == 0, "let go with the connection"


@pytest.mark.parametrize(("done", "said"), [(LAST, "earlier release"), (LATER, "later release (payments.9999_later)")])
def test_nothing_starts_on_tables_of_another_release(office, done, said):
    with as_(office, "DATABASE_OWNER_URL") as owner:
        kept = owner.execute("select app, name, applied from django_migrations").fetchall()
        owner.execute(done)
        try:
            code, told = gandeng(office, "serve")
        finally:
            owner.execute("delete from django_migrations")
            with owner.cursor() as cursor:
                cursor.executemany("insert into django_migrations (app, name, applied) values (%s, %s, %s)", kept)
    assert code == 1 and said in " ".join(told.split())


def test_nothing_starts_on_a_replica(office, server):
    """It would answer pages, and nobody could sign in."""
    reads_only = f'alter database "{office["DATABASE_URL"].rsplit("/", 1)[1]}" set default_transaction_read_only'
    with psycopg.connect(server.get_uri(), autocommit=True) as con:
        con.execute(f"{reads_only} = on")
        ended = {command: gandeng(office, *command.split()) for command in ("serve", "migrate --quiet")}
        con.execute(f"{reads_only} to default")
    for code, told in ended.values():
        assert (code, "it is a replica" in " ".join(told.split())) == (1, True), ended


def test_tables_are_not_changed_beneath_a_site(office):
    with as_(office, "DATABASE_URL"), as_(office, "DATABASE_OWNER_URL") as owner:
        assert gandeng(office, "migrate", "--quiet")[0] == 0, "there is nothing to change"
        kept = owner.execute("select app, name, applied from django_migrations where name = %s", [NEWEST])
        row = kept.fetchone()
        owner.execute(LAST)
        code, told = gandeng(office, "migrate", "--quiet")
        owner.execute("insert into django_migrations (app, name, applied) values (%s, %s, %s)", row)
    assert code == 1 and "still connected (1 sessions)" in " ".join(told.split())


def test_a_database_that_is_away_is_named(office):
    away = office | {"DATABASE_URL": "postgres://gandeng_app@localhost:1/gandeng"}
    code, told = gandeng(away, "serve")
    assert code == 1 and "does not answer" in told and "Traceback" not in told
