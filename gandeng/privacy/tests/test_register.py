import pytest
from django.apps import apps
from django.db import connection

from gandeng.privacy.register import register
from gandeng.privacy.subject import TABLES

pytestmark = pytest.mark.django_db


def every_column():
    """Of every table a model speaks of, and of the views among them."""
    models = apps.get_models(include_auto_created=True)
    names = sorted({model._meta.db_table for model in models})
    with connection.cursor() as cursor:
        cursor.execute(
            """select attrelid::regclass::text, array_agg(attname::text) from pg_attribute
                join pg_class c on c.oid = attrelid where relnamespace = 'public'::regnamespace
                and relname = any(%s) and attnum > 0 and not attisdropped group by 1""",
            [names],
        )
        there = dict(cursor.fetchall())
    return {name: set(columns) for name, columns in there.items() if not name.startswith("procrastinate_")}


def test_every_column_of_every_table_has_a_class():
    told = {name: set(table.columns) for name, table in register().tables.items()}
    assert told == every_column()


def test_every_table_that_tells_of_a_family_is_in_the_report_or_says_why_not():
    assert set(register().told) == set(TABLES)
    tables = register().tables
    assert {name for name, table in tables.items() if table.told and table.holds != "family"} == set()


def test_what_leads_to_a_family_is_registered_as_its_own():
    """Whoever adds a table with a family in it cannot call it the office's."""
    families = {apps.get_model("registry", name) for name in ("Family", "Member", "ChangeRequest")}
    families.add(apps.get_model("payments", "Payment"))
    wrong = [
        model._meta.db_table
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.related_model in families and register().tables[model._meta.db_table].holds != "family"
    ]
    assert wrong == []


def test_the_report_prints_every_personal_column_of_its_tables():
    """But those that only the keys open, and places and names that stand beside it."""
    beside = {"village_code", "other_village_code", "name_key", "collector_id", "row_id", "before"}
    missing = [
        f"{name}.{column.name}"
        for name, table in register().told.items()
        for column in table.each()
        if column.klass in ("P2", "P3", "P4") and not column.label
        and not column.name.endswith(("_sealed", "_index")) and column.name not in beside
    ]  # fmt: skip
    assert missing == []


def test_identifiers_in_the_clear_would_be_noticed():
    """Columns with a sealed value, an index or the last digits are P4 everywhere."""
    ends = ("_sealed", "_index", "_last3", "_last4", "_tail")
    wrong = [
        f"{name}.{column.name}"
        for name, table in register().tables.items()
        for column in table.each()
        if column.name.endswith(ends) and column.klass != "P4"
    ]
    assert wrong == []
