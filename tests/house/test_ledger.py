"""The register of `gandeng verify` against the database: every table has its entry, and what writes the ledger."""

import re

import psycopg
import pytest

from conftest import OURS
from gandeng.office import database
from gandeng.office.verify_held import HOLDINGS, Batches, Rows, digest_of_row, tables
from gandeng.office.verify_sealed import SEALED

HELD = {table: holding for table, holding in HOLDINGS.items() if isinstance(holding, Rows | Batches)}


@pytest.fixture
def con(server, django_db_setup):
    """As superuser, reading alone."""
    with psycopg.connect(server.get_uri(OURS)) as opened:
        opened.execute("set transaction read only")
        yield opened


def asked(con, query, *values):
    return con.execute(query, values).fetchall()


def bare(text):
    """Without names of rows and quotes."""
    return re.sub(r'\b[nt]\."?(\w+)"?', r"\1", text)


def test_every_table_is_held_or_says_why_not(con):
    assert set(tables(con)) == set(HOLDINGS)


@pytest.mark.parametrize("table", HELD)
def test_triggers_write_the_digest_that_verify_makes_again(con, table):
    """Also after a release that changed its columns: a migration then says `held` again."""
    ((text,),) = asked(con, "select prosrc from pg_proc where proname = %s", f"held_{table}")
    digest = bare(digest_of_row(con, table, HELD[table])).replace(" - '{", " - array['")
    digest = digest.replace(",nik_sealed,", "', 'nik_sealed', '").replace("_sealed}'::text[]", "_sealed']")
    assert digest in bare(text).replace("new.", "")


@pytest.mark.parametrize("table", HELD)
def test_each_held_table_has_its_triggers(con, table):
    found = asked(
        con,
        """select tgname from pg_trigger where tgrelid = %s::regclass and tgname like '%%\\_held\\_%%'
            and tgenabled = 'O'""",
        table,
    )
    every = {f"{table}_held_{what}" for what in ("added", "changed", "taken_out")}
    ((by_row,),) = asked(con, "select bool_or(tgtype & 1 = 1) from pg_trigger where tgname = %s", f"{table}_held_added")
    alone = by_row or isinstance(HELD[table], Batches)
    assert {name for (name,) in found} == ({f"{table}_held_added"} if alone else every)


def test_rows_that_come_together_are_never_changed(con):
    """One entry of the ledger for many rows: none of them may have another state later."""
    never = asked(con, "select tgrelid::regclass::text from pg_trigger where tgname like '%%\\_append\\_only'")
    assert {table for table, holding in HELD.items() if isinstance(holding, Batches)} <= {name for (name,) in never}


def test_the_role_of_the_pages_has_nothing_to_do_with_the_ledger(con):
    for right in ("select", "insert", "update", "delete", "truncate"):
        assert asked(con, "select has_table_privilege(%s, 'audit_heldrow', %s)", database.APP, right) == [(False,)]
    assert asked(
        con, "select has_function_privilege(%s, 'audit_hold(regclass, text, text, text[], jsonb)', 'execute')",
        database.APP,
    ) == [(False,)]  # fmt: skip


def test_every_sealed_column_is_opened(con):
    there = asked(
        con,
        """select table_name || '.' || left(column_name, -7) from information_schema.columns
            where table_schema = 'public' and column_name like '%%\\_sealed'""",
    )
    in_json = {"mfa_authenticator.secret", *(name for name in SEALED if ".before." in name)}
    assert {name for (name,) in there} == set(SEALED) - in_json
