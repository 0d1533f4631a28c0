"""The policy asks the common case without the function, and shows the same rows."""

import pytest
from django.db import connection
from django_scopes import scopes_disabled

from gandeng.accounts.acting import in_territory
from gandeng.facilitators.tests.factories import make_staff
from gandeng.helpdesk.actions import cases as deeds
from gandeng.helpdesk.models import Case
from gandeng.helpdesk.tests.factories import do, filed, person

pytestmark = pytest.mark.django_db
_TOLD = "region_code, sensitive, level, assigned_id, opened_by_id, accused_id"


def rows(acting):
    """What somebody finds, with what the rule reads."""
    with in_territory(acting), scopes_disabled(), connection.cursor() as cursor:
        cursor.execute(f"select id, {_TOLD} from helpdesk_case")
        return {row[0]: row[1:] for row in cursor.fetchall()}


def sees(acting, told):
    with in_territory(acting), connection.cursor() as cursor:
        cursor.execute("select coalesce(helpdesk_sees(%s, %s, %s, %s, %s, %s), false)", told)
        return cursor.fetchone()[0]


def test_the_same_rows_as_the_function_gives(cast):
    province, head, desk = cast("PROVINCE_HEAD", "63"), cast("DISTRICT_HEAD", "6371"), cast("HELPDESK", "6371")
    facilitator, accused = cast("FACILITATOR", "6371011001"), cast("HELPDESK", "6371")
    make_staff("6371", person=person(facilitator))
    made = [filed(region=region) for region in ("6371", "6372", "6371011001")]
    made += [filed(kind="LEVY"), filed(facilitator, region="6371011001"), filed()]
    do(desk, made[0], deeds.hand_on, person(facilitator))
    do(head, made[3], deeds.escalate, "Menyangkut kantor kami")
    do(desk, made[5], deeds.accuse, person(accused))
    readers = [
        province, head, desk, facilitator, accused, cast("PROVINCE_OFFICER", "63"), cast("DISTRICT_HEAD", "6372"),
        cast("MINISTRY_HEAD", ""), cast("AUDITOR", "6371"), cast("CHANNEL_OFFICER", "6371", channel="BRI"),
        cast("SUB_DISTRICT_LEAD", "637101"), cast("FACILITATOR", "6371011001"),
    ]  # fmt: skip
    every = {}
    for reader in readers:
        every |= rows(reader)
    assert len(every) == len(made)
    for reader in readers:
        expected = {key for key, told in every.items() if sees(reader, told)}
        assert set(rows(reader)) == expected, reader.grants
    with in_territory(None):
        assert Case.objects.count() == 0
