"""kill -9 while an office migrates, backs up or restores (docs/threats.md, 37, 39 and 43)."""

import hashlib
import json
import os
import random
import shutil
import signal
import time

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.commands import migrate
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from conftest import OURS, use_database
from gandeng.files.digests import sha256_of
from gandeng.office import backup, database
from gandeng.office.backup import MANIFEST, BackupBroken, back_up, restore
from tests.simulation.effort import LONG, UNHURRIED, sample
from tests.simulation.killing import killed

SCHEMA = """
select 'column', table_name || '.' || column_name,
        concat_ws(' ', data_type, is_nullable, column_default, collation_name)
    from information_schema.columns where table_schema = 'public'
union all select 'constraint', conrelid::regclass || '.' || conname, pg_get_constraintdef(oid) from pg_constraint
    where connamespace = 'public'::regnamespace
union all select 'index', indexname, indexdef from pg_indexes where schemaname = 'public'
union all select 'trigger', tgrelid::regclass || '.' || tgname, pg_get_triggerdef(oid) from pg_trigger
    where not tgisinternal
union all select 'function', oid::regprocedure::text, prosrc || prosecdef from pg_proc
    where pronamespace = 'public'::regnamespace and prokind = 'f' and probin is null
union all select 'policy', tablename || '.' || policyname, concat_ws(' ', cmd, qual, with_check) from pg_policies
union all select 'rights', oid::regclass::text, concat(relacl::text, relrowsecurity) from pg_class
    where relnamespace = 'public'::regnamespace and relkind = 'r'
union all select 'migration', app || '.' || name, '' from django_migrations order by 1, 2, 3"""


def schema(address):
    """Everything migrations make, and which of them are said to be done."""
    with psycopg.connect(address) as con:
        if con.execute("select to_regclass('django_migrations')").fetchone() == (None,):
            return []
        return con.execute(SCHEMA).fetchall()


def digest(rows):
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()


@pytest.fixture
def fresh(server, django_db_setup, django_db_blocker):
    """An empty database."""
    with django_db_blocker.unblock():
        database.create(server, "killed")
        yield "killed"
        use_database(server, OURS, database.APP)
        with psycopg.connect(server.get_uri(), autocommit=True) as con:
            con.execute("drop database killed with (force)")


@UNHURRIED
def test_migrations_killed_anywhere_are_whole_or_not_there_and_go_on(fresh, server, tmp_path, monkeypatch):
    """From nothing to now, killed again and again on the way, now and then just as a migration is written down."""
    address, under_way = server.get_uri(fresh), tmp_path / "under-way"

    def note(self, action, migration=None, fake=False):
        """What stands when a migration begins, written down from outside its transaction."""
        if action == "apply_start":
            before = digest([row for row in schema(address) if row[0] != "migration"])
            under_way.write_text(json.dumps([f"{migration.app_label}.{migration.name}", before]))

    def migrated():
        monkeypatch.setattr(migrate.Command, "migration_progress_callback", note)
        use_database(server, fresh, database.OWNER)
        call_command("migrate", verbosity=0)

    chance, kills, done = random.Random(7), 0, False
    while not done:
        under_way.unlink(missing_ok=True)
        if kills % 3:  # as one of the next is about to be written down as done
            at, only = 2 * chance.randrange(1, 3 if LONG else 40), 'INSERT INTO "django_migrations"'
        else:
            at, only = chance.randrange(10, 60 if LONG else 1_600), ""
        done = killed(migrated, at, only=only) != -signal.SIGKILL
        kills += not done
        if not done and under_way.exists():
            name, before = json.loads(under_way.read_text())
            stands = schema(address)
            written = name in [row[1] for row in stands if row[0] == "migration"]
            assert written or digest([row for row in stands if row[0] != "migration"]) == before, (
                f"{name} is half there"
            )
    assert kills >= 4
    assert schema(address) == schema(server.get_uri(OURS))
    assert _known(address) == _known(server.get_uri(OURS))


@UNHURRIED
def test_classes_made_sparingly_make_the_tables_django_makes(fresh, server, monkeypatch):
    """Of the registry and all it stands on; of everything in the long run."""
    only = [] if LONG else ["registry"]
    use_database(server, fresh, database.OWNER)
    call_command("migrate", *only, verbosity=0)
    sparing = schema(server.get_uri(fresh))
    connections.close_all()
    with psycopg.connect(server.get_uri(), autocommit=True) as con:
        con.execute(f"drop database {fresh} with (force)")
    database.create(server, fresh)
    monkeypatch.setattr(migrate, "MigrationExecutor", MigrationExecutor)
    call_command(migrate.Command(), *only, verbosity=0)
    made = schema(server.get_uri(fresh))
    assert len(made) > 1_000 and made == sparing


def _known(address):
    """What is written when all are done."""
    with psycopg.connect(address) as con:
        types = con.execute("select app_label, model from django_content_type order by 1, 2").fetchall()
        return types, con.execute("select codename from auth_permission order by 1").fetchall()


# -- backup and restore --


@pytest.fixture
def reported(world):
    """A cycle with results and files of a bank, in use."""
    with world.at("signed") as office:
        yield office


def test_a_backup_killed_anywhere_is_none(reported, world, tmp_path):
    out = tmp_path / "backups"
    moments = killed(lambda: back_up(world.address, settings.DATA_DIR, out), home=out)
    for moment in range(moments):
        time.sleep(1.1)  # backups are named by the second
        ended = killed(lambda: back_up(world.address, settings.DATA_DIR, out), moment, home=out)
        assert ended == -signal.SIGKILL or ended <= moment
        for folder in _seen(out):
            told = json.loads((folder / MANIFEST).read_text())
            assert told["sha256"] == {part: sha256_of(folder / part) for part in told["sha256"]}
    assert 1 < len(_seen(out)) < moments
    time.sleep(1.1)
    made = back_up(world.address, settings.DATA_DIR, out)
    assert made.folder in _seen(out)
    assert made.rows["payments_payment"] == 12


def _seen(out):
    return [path for path in out.glob("*") if not path.name.startswith(".")] if out.is_dir() else []


@pytest.fixture
def target(server):
    database.create(server, "brought_back")
    yield server.get_uri("brought_back")
    with psycopg.connect(server.get_uri(), autocommit=True) as con:
        con.execute("drop database brought_back with (force)")


def test_a_restore_killed_anywhere_is_asked_for_again_and_completes(reported, world, server, target, tmp_path):
    kept = back_up(world.address, settings.DATA_DIR, tmp_path / "backups").folder
    data, plain = tmp_path / "office", sorted(_files(settings.DATA_DIR))
    moments = killed(lambda: restore(kept, target, data), home=data)
    assert sorted(_files(data)) == plain
    for moment in sample(range(moments), 8):
        _emptied(server, data)
        assert killed(lambda: restore(kept, target, data), moment, home=data) == -signal.SIGKILL
        assert not _whole(data, plain) or moment == moments - 1
        _settled(target)
        assert restore(kept, target, data)
        assert sorted(_files(data)) == plain


def test_a_restore_killed_while_the_database_comes_back_leaves_none_or_all_of_it(
    reported, world, server, target, tmp_path
):
    kept = back_up(world.address, settings.DATA_DIR, tmp_path / "backups").folder
    data = tmp_path / "office"
    for wait in sample((0.01, 0.03, 0.06, 0.1, 0.2, 0.3, 0.5), 3):
        _emptied(server, data)
        child = os.fork()
        if child == 0:
            try:
                restore(kept, target, data)
            finally:
                os._exit(0)
        while not _restoring(target) and not _has_ended(child):  # it may be over between two looks
            time.sleep(0.005)
        time.sleep(wait)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        _settled(target)
        with psycopg.connect(target) as con:
            tables = con.execute("select count(*) from pg_tables where schemaname = 'public'").fetchone()[0]
        with psycopg.connect(world.address) as con:
            whole = con.execute("select count(*) from pg_tables where schemaname = 'public'").fetchone()[0]
        assert tables in (0, whole)
        assert restore(kept, target, data)


def test_a_killed_restore_of_another_backup_is_not_called_restored(reported, world, server, target, tmp_path):
    kept = back_up(world.address, settings.DATA_DIR, tmp_path / "backups").folder
    data = tmp_path / "office"
    assert restore(kept, target, data)
    (data / backup._APART).mkdir()  # as if killed at the very end, and the site was used since
    with psycopg.connect(target) as con:
        con.execute("insert into accounts_person (id, name) select gen_random_uuid(), 'Baru'")
    before = sorted(_files(data))
    with pytest.raises(BackupBroken, match="accounts_person"):
        restore(kept, target, data)
    assert [told for told in sorted(_files(data)) if backup._APART not in told[0]] == before


def _files(folder):
    """Name and digest of every file of an office that a backup holds."""
    for path in folder.rglob("*"):
        name = path.relative_to(folder)
        if path.is_file() and len(name.parts) > 1:
            yield str(name), hashlib.sha256(path.read_bytes()).hexdigest()


def _whole(data, plain):
    return data.is_dir() and sorted(_files(data)) == plain and not (data / backup._APART).exists()


def _emptied(server, data):
    connections.close_all()
    shutil.rmtree(data, ignore_errors=True)
    with psycopg.connect(server.get_uri(), autocommit=True) as con:
        con.execute("drop database brought_back with (force)")
    database.create(server, "brought_back")


def _restoring(target):
    with psycopg.connect(target) as con:
        row = con.execute(
            """select count(*) from pg_stat_activity where datname = current_database()
                and application_name = 'pg_restore'"""
        ).fetchone()
    return row[0] > 0


def _has_ended(child):
    return os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def _settled(target):
    """The program that was left behind has ended."""
    while _restoring(target):
        time.sleep(0.02)
