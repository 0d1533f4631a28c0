"""Whoever reads the log of an office is told that somebody came to the end of what one takes or looks for in a day."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from gandeng.accounts.acting import in_territory
from gandeng.audit import queries
from gandeng.audit.models import AuditEntry
from gandeng.exports.actions.budget import ROWS_A_DAY, take_alone
from gandeng.exports.refused import Refused
from gandeng.home.waiting import waiting_for
from gandeng.registry.actions import RevealRefused, identifiers, reveal_identifier
from gandeng.registry.models import Family
from gandeng.registry.tests.factories import make_family
from gandeng.words import sentences

pytestmark = pytest.mark.django_db


def told(acting):
    with in_territory(acting):
        return next((one.count for one in waiting_for(acting) if one.label == "Batas sehari tercapai"), None)


def reveal_once_more(operator):
    with in_territory(operator):
        family = Family.objects.get()
        with pytest.raises(RevealRefused, match="sudah habis"):
            reveal_identifier(operator, family, f"nik:{family.collector_id}", "mencocokkan KTP")


@pytest.fixture
def head(cast):
    return cast("DISTRICT_HEAD", "6371")


def test_it_works(operator, head, cast, client_of, monkeypatch):
    make_family()
    assert told(head) == 0
    monkeypatch.setattr(identifiers, "DAILY_BUDGET", 0)
    for _again in range(2):
        reveal_once_more(operator)
    assert told(head) == 1, "once a day of each person"
    with in_territory(operator), transaction.atomic():
        take_alone(operator, "keluarga", ROWS_A_DAY, region="6371")
        with pytest.raises(Refused):
            take_alone(operator, "keluarga", 1, region="6371")
    monkeypatch.setattr("gandeng.registry.actions.identifiers.SEARCH_BUDGET", 0)
    search = client_of(operator).post(reverse("registry:search"), {"kind": "nik", "number": "6371014505900001"})
    assert search.status_code == 422
    assert told(head) == 3
    page = client_of(head).get(reverse("audit:entries"), {"only": "bounds"}).content.decode()
    for action in queries.BOUNDS:
        assert page.count(f"<span>{sentences('id', 'acts')[action]}<") == 1
    assert operator.person_name in page
    assert told(cast("DISTRICT_HEAD", "6372")) == 0
    assert told(operator) is None


def test_after_a_week_it_is_told_no_more(operator, head, monkeypatch):
    make_family()
    monkeypatch.setattr(identifiers, "DAILY_BUDGET", 0)
    reveal_once_more(operator)
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now + timedelta(queries.DAYS_BACK + 1))
    with in_territory(head):
        assert queries.bounds_reached().count() == 0
        assert AuditEntry.objects.filter(action="identifier.bound_reached").count() == 1


@pytest.mark.parametrize(("rows", "index"), [
    (lambda who: AuditEntry.objects.filter(action="identifier.revealed", person_id=who, at__gte=timezone.now()),
     "audit_entry_counted"),
    (lambda _who: queries.bounds_reached(), "audit_entry_bounds"),
])  # fmt: skip
def test_the_log_is_not_read_for_it(operator, rows, index):
    with in_territory(operator), connection.cursor() as cursor:
        sql, values = rows(operator.person_id).order_by().values("pk").query.sql_with_params()
        cursor.execute("set local enable_seqscan = off")
        cursor.execute(f"explain {sql}", values)
        assert index in "\n".join(line for (line,) in cursor.fetchall())
