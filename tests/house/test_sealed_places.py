"""The list of sealed places (gandeng.office.sealed) against the database and the code that seals."""

import re
from pathlib import Path

import pytest
from django.db import connection

from gandeng.office.indexes import KEPT, LOOKED_FOR
from gandeng.office.sealed import TABLES
from tests.house.test_database import asked

FOR_HALF_AN_HOUR = {("django_session", "typed")}
"""Sealed and gone before keys change; under a key that is gone it is lost, and that is told (`accounts.typed`)."""
ROOT = Path(__file__).parents[2] / "gandeng"


@pytest.mark.django_db
def test_every_sealed_column_is_on_the_list():
    found = asked(
        """select table_name, column_name from information_schema.columns
            where table_schema = 'public' and column_name like '%%\\_sealed'"""
    )
    listed = {(table.name, value.column) for table in TABLES for value in table.values if value.form == "bytes"}
    assert set(found) == listed


@pytest.mark.django_db
def test_every_index_is_made_anew_or_kept():
    """Whoever adds a blind index says whether new keys of indexes reach it."""
    found = asked(
        r"""select table_name, column_name from information_schema.columns
            where table_schema = 'public' and column_name like '%%\_index' and data_type = 'bytea'"""
    )
    assert set(found) == {(each.table, f"{each.column}_index") for each in (*LOOKED_FOR, *KEPT)}


@pytest.mark.django_db
def test_every_column_of_the_list_is_there():
    for table in TABLES:
        with connection.cursor() as cursor:
            cursor.execute(f"select {', '.join([table.key, *table.columns, *table.needs])} from {table.name} limit 0")
            cursor.execute("select format_type(atttypid, null) from pg_attribute where attrelid = %s::regclass "
                           "and attname = %s", [table.name, table.key])  # fmt: skip
            assert cursor.fetchone() == (table.key_type,)


def test_every_place_the_code_seals_for_is_on_the_list():
    """A seal is bound to its place: who seals for a new one has to say where its values lie."""
    text = "".join(
        path.read_text() for path in ROOT.glob("**/*.py") if "tests" not in path.parts and "office" not in path.parts
    )
    told = set(re.findall(r'\bPlace\(\s*"([a-z_]+)", "([a-z_]+)"', text))
    assert len(told) > 5
    row = {
        "table_name": "registry_member",
        "row_id": "x",
        "id": "x",
        "change_id": "x",
        "payment_id": "x",
        "certificate_id": "x",
    }
    listed = {(place.table, place.column) for table in TABLES for value in table.values for place in [value.place(row)]}
    assert told - FOR_HALF_AN_HOUR <= listed
