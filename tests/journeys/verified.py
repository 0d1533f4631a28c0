"""What `gandeng verify` asks of lists, payments, held money, journal, registry and caseload, asked within a test."""

from django.db import connection

from gandeng.accounts.acting import in_territory
from gandeng.office.verify import CHECKS
from gandeng.registry.tests.factories import EVERYWHERE

_ASKED = ("held:", "payments:", "lists:", "journal:", "registry:", "caseload:")


def verified():
    """By question, the rows it names; nothing where all is as it should be."""
    with in_territory(EVERYWHERE), connection.cursor() as cursor:
        found = {}
        for name, sql in CHECKS.items():
            if name.startswith(_ASKED):
                cursor.execute(sql)
                found[name] = cursor.fetchall()
    assert len(found) > len(_ASKED)
    return {name: rows for name, rows in found.items() if rows}
