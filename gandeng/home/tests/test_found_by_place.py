"""What the first page asks for by place is found by place: 34,000 people ask for theirs in one morning.

Row security is no help in finding: the planner reads each row and asks it. So a table that is read by village, region
or district has an index that begins with it, or is found another way, which is said here.
"""

import re

import pytest
from django.db import connection
from django.urls import reverse

from gandeng.accounts.roles import Role
from gandeng.home.tests.test_home import somebody

pytestmark = pytest.mark.django_db

FOUND_OTHERWISE = {
    "commitments_enrolment": "by member",
    "commitments_owncode": "by link",
    "commitments_step": "by decision",
    "commitments_verdict": "by family and quarter",
    "commitments_wrongcode": "by link",
    "conduct_acknowledgement": "by clarification",
    "conduct_dismissal": "few: staff who were dismissed",
    "exports_exportrequest": "few: long exports",
    "facilitators_loadlimit": "few: one for an office and date",
    "family_sessions_absencenote": "by meeting and family",
    "family_sessions_attendance": "by meeting",
    "field_entry": "by state and region",
    "graduation_step": "by case",
    "monitoring_draw": "few: one for a district and stage",
    "payments_cycle": "few: stages",
    "payments_heldpayment": "by calculation and village",
    "payments_payment": "by cycle and village",
    "payments_instruction": "few: one for a stage, channel and round",
    "payments_paymentlist": "few: one for a stage, channel and district",
    "reconciliation_depositedpayment": "by payment",
    "reconciliation_statement": "few: minutes of a stage",
    "reconciliation_treasurydeposit": "few: receipts of a bank",
    "registry_changerequest": "by state and village",
    "registry_intake": "few: lists of the ministry",
    "training_participant": "by event and by person",
}
PLACE = re.compile(r"\b(village|region|district)_code\)? (?:=|>=)")
ROW_SECURITY = re.compile(r"COALESCE\(|CASE WHEN")


def by_place(plan):
    """Tables of a plan that are narrowed by a place the question itself names."""
    conditions = [
        ROW_SECURITY.split(plan.get("Filter", ""))[0],
        plan.get("Index Cond", ""),
        plan.get("Recheck Cond", ""),
    ]
    found = {plan["Relation Name"]} if "Relation Name" in plan and PLACE.search(" ".join(conditions)) else set()
    return found.union(*(by_place(part) for part in plan.get("Plans", [])))


def tables_asked(browser):
    """Of every question of the first page."""
    found = set()

    def plan(execute, sql, params, many, context):
        if "; execute " in sql:  # planned once for all
            execute(sql.replace("; execute ", "; explain (format json) execute "), params, many, context)
            context["cursor"].nextset()
            ((told,),) = context["cursor"].fetchone()
            found.update(by_place(told["Plan"]))
        elif sql.lower().lstrip().startswith("select") and "set_config" not in sql:
            execute(f"explain (format json) {sql}", params, many, context)
            ((told,),) = context["cursor"].fetchone()
            found.update(by_place(told["Plan"]))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(plan):
        assert browser.get(reverse("home")).status_code == 200
    return found


def led_by_place():
    with connection.cursor() as cursor:
        cursor.execute(
            """select indrelid::regclass::text from pg_index i join pg_attribute a on a.attrelid = i.indrelid
                and a.attnum = i.indkey[0] where a.attname in ('village_code', 'region_code', 'district_code')"""
        )
        return {table for (table,) in cursor.fetchall()}


def test_what_waits_is_found_by_its_place(cast, client_of):
    asked = set()
    for role in Role:
        asked |= tables_asked(client_of(somebody(cast, role)))
    assert {"registry_member", "reconciliation_exceptioncase", "commitments_decision", "monitoring_drawn"} <= asked
    assert asked - led_by_place() - set(FOUND_OTHERWISE) == set(), "no index begins with the place"
    assert set(FOUND_OTHERWISE) & led_by_place() == set(), "there is one now"
