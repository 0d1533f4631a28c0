"""What the database itself promises, asked of the database: whose rows, which triggers, which types, which rights."""

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from conftest import kept_copy
from gandeng.office import database
from tests.house.source import ROOT, calls, modules

pytestmark = pytest.mark.django_db

PACKAGES = (
    "accounts", "achievements", "api", "audit", "certificates", "civil_registry", "cleansing", "commitments", "conduct",
    "duplicates", "entitlements", "exports", "facilitators", "family_sessions", "field", "follow_up", "graduation",
    "helpdesk", "jobs", "monitoring", "payments", "performance", "privacy", "reconciliation", "registry", "signs",
    "training",
)  # fmt: skip
WITHOUT_TERRITORY = {
    "accounts_apikey": "digests of keys, read before there is a territory; people, no families",
    "api_sending": "names of requests and digests of what was sent; the file itself is protected",
    "audit_audithead": "numbers and digests of the log, no act",
    "audit_heldrow": "digests of rows; the role of the pages may not even read it",
    "accounts_grant": "read before there is a territory: it says which",
    "accounts_invitation": "an invited person has no territory yet; people, no families",
    "accounts_person": "staff, named on every paper; no families",
    "accounts_publictry": "a keyed digest of a network and a count",
    "accounts_recovery": "who asks to be let in again has no territory yet; people, no families",
    "accounts_recoveryapproval": "who said yes to it; people, no families",
    "accounts_user": "read at sign-in, before there is a territory",
    "entitlements_run": "totals and digests of a calculation, no family",
    "exports_takenaway": "how many rows a person took away on a day, no family",
    "field_device": "phones by person, day and name, the share of their key sealed; people, no families",
    "jobs_job": "its owner's alone, whatever the territory (jobs.queries)",
    "payments_cycle": "year, stage, state and region of a stage",
    "payments_journalentry": "kind and cause of a booking; its lines, with places and rupiah, are protected",
    "privacy_disposal": "which files were deleted because their time was over, by id",
    "reconciliation_reconciliation": "number and digest of a run",
}
"""Tables every role reads whole, each with its reason. None holds a family, an identifier or an amount of a place."""

APPEND_ONLY = (
    "accounts_recoveryapproval",
    "achievements_edition", "achievements_editionfile", "achievements_entry",
    "api_sending", "audit_auditentry", "audit_audithead", "audit_heldrow",
    "certificates_certificate", "certificates_evidence", "certificates_revocation", "civil_registry_answer",
    "civil_registry_matching", "civil_registry_withdrawal", "cleansing_checked",
    "commitments_confirmation", "commitments_decision", "commitments_difference", "commitments_enrolment",
    "commitments_facility", "commitments_owncode", "commitments_owncodeend", "commitments_ownlink",
    "commitments_ownlinkend", "commitments_recommendation", "commitments_record", "commitments_sheet",
    "commitments_step", "commitments_verdict", "commitments_wrongcode",
    "conduct_acknowledgement", "conduct_casefile", "conduct_matter", "conduct_party", "conduct_reporter",
    "conduct_signature", "conduct_step", "duplicates_judgement", "entitlements_componentrow",
    "entitlements_entitlement", "entitlements_run", "exports_takenaway",
    "facilitators_caseloadchange", "facilitators_importrow", "facilitators_loadlimit",
    "family_sessions_absencenote", "family_sessions_attendance", "family_sessions_group", "family_sessions_meeting",
    "family_sessions_picture", "family_sessions_plan", "follow_up_followup", "payments_approval",
    "payments_confirmation", "payments_heldpayment", "helpdesk_caseevent", "helpdesk_codeuse", "helpdesk_familycode",
    "helpdesk_letter", "helpdesk_origin", "field_entry", "field_entrydecision", "field_visit",
    "graduation_case", "graduation_paper", "graduation_step",
    "monitoring_answer", "monitoring_draw", "monitoring_drawn", "monitoring_handing", "monitoring_opened",
    "monitoring_stratum",
    "payments_journalentry", "payments_journalline", "payments_refusal", "performance_reportday",
    "performance_reportversion", "performance_review", "performance_target", "privacy_disposal", "privacy_familyreport",
    "reconciliation_depositedpayment", "reconciliation_exceptionact", "reconciliation_lateoutcome",
    "reconciliation_outcomerow", "reconciliation_reconciliation", "reconciliation_resultrow",
    "reconciliation_signature", "reconciliation_summaryrow", "registry_changeevidence", "registry_familyevent",
    "registry_intakerow", "registry_memberevent", "registry_recodedfamily", "training_evaluation",
    "training_evaluationgiven",
    "signs_sign", "signs_step", "training_paperquestion", "training_problemstep", "training_report", "training_result",
)  # fmt: skip
IDENTIFIERS = ("nik", "kk", "account", "identifier", "password", "file")
"""Beginnings of the columns that hold one: sealed as bytes, found by a blind index, shown by its last digits."""


def asked(query, *values):
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return cursor.fetchall()


def tables():
    models = [model for label in PACKAGES for model in apps.get_app_config(label).get_models()]
    return sorted(model._meta.db_table for model in models if model._meta.managed)


def test_every_table_has_row_security_or_a_reason():
    found = asked("select relname from pg_class where relname = any(%s) and not relrowsecurity", tables())
    assert {name for (name,) in found} == set(WITHOUT_TERRITORY)
    policies = {name for (name,) in asked("select distinct tablename from pg_policies")}
    assert policies == set(tables()) - set(WITHOUT_TERRITORY), "row security without a rule shows nothing to anybody"


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_rows_that_are_never_changed_have_their_triggers_and_no_right_to_change_them(table):
    triggers = asked("select tgname from pg_trigger where tgrelid = %s::regclass and tgenabled = 'O'", table)
    assert {(f"{table}_append_only",), (f"{table}_no_truncate",)} <= set(triggers)
    for right in ("update", "delete", "truncate"):
        assert asked("select has_table_privilege(%s, %s, %s)", database.APP, table, right) == [(False,)]


NAMED_BY_A_GUARD = {
    "payments_payment": {"cycle_id", "list_id"},
    "reconciliation_currentoutcome": {"cycle_id", "payment_id"},
    "reconciliation_outcomerow": {"payment_id"},
    "reconciliation_resultrow": {"file_id", "payment_id"},
    "registry_account": {"approved_by_id", "requested_by_id"},
    "registry_intakerow": {"intake_id"},
}
"""Keys a trigger asks once per statement, not once per row (guards.held_by_a_guard, test_what_rows_name)."""
NEVER_TAKEN_OUT = ("accounts_person", "payments_paymentlist", "reconciliation_resultfile")


def test_every_foreign_key_is_enforced_or_held_by_a_guard():
    found = asked(
        """select c.conrelid::regclass::text, a.attname from pg_constraint c join pg_attribute a
            on a.attrelid = c.conrelid and a.attnum = any(c.conkey)
            where c.contype = 'f' and c.connamespace = 'public'::regnamespace and not c.conenforced"""
    )
    assert sorted(found) == sorted((table, name) for table, names in NAMED_BY_A_GUARD.items() for name in names)
    for table in NEVER_TAKEN_OUT:
        triggers = {name for (name,) in asked(
            "select tgname from pg_trigger where tgrelid = %s::regclass and tgenabled = 'O'", table)}  # fmt: skip
        assert {f"{table}_never_out", f"{table}_same_id"} <= triggers


def test_the_list_of_tables_never_changed_is_whole():
    found = asked("select distinct tgrelid::regclass::text from pg_trigger where tgname like '%%\\_append\\_only'")
    assert {name for (name,) in found} == set(APPEND_ONLY)


def test_a_view_shows_what_its_reader_may_see():
    """Row security asks about whoever made a view, unless it says otherwise."""
    views = dict(asked("select relname, coalesce(reloptions, '{}') from pg_class where relkind = 'v'"))
    ours = {name: options for name, options in views.items() if name.startswith(PACKAGES)}
    assert "reconciliation_outcomeinforce" in ours
    assert all("security_invoker=true" in options for options in ours.values())


def test_every_amount_is_a_whole_number_of_64_bits():
    found = asked(
        """select table_name, column_name, data_type from information_schema.columns
            where table_schema = 'public' and column_name ~ '(_rupiah|^amount)$'"""
    )
    assert len(found) > 20
    assert [row for row in found if row[2] != "bigint"] == []


def test_no_column_of_ours_is_a_fraction():
    found = asked(
        """select table_name, column_name from information_schema.columns
            where table_name = any(%s) and data_type in ('real', 'double precision', 'numeric', 'money')""",
        tables(),
    )
    assert found == []


def test_identifiers_are_stored_sealed_indexed_or_cut():
    """No column of text begins with the name of an identifier but those of its last digits and of names of files."""
    found = asked(
        """select table_name || '.' || column_name from information_schema.columns where table_name = any(%s)
            and data_type in ('text', 'character varying') and column_name ~ %s""",
        tables(), f"^({'|'.join(IDENTIFIERS)})_",
    )  # fmt: skip
    told = {name for (name,) in found if not name.endswith(("_last3", "_last4", "_tail", "_sha256", "_name"))}
    assert told == set()


def test_pages_run_as_a_role_that_row_security_binds():
    assert asked("select current_user") == [(database.APP,)]
    assert asked("select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb from pg_roles where rolname = %s",
                 database.APP) == [(False,) * 4]  # fmt: skip
    assert asked("select relname from pg_class where relowner = %s::regrole", database.APP) == []
    assert asked("select 1 from pg_auth_members where member = %s::regrole", database.APP) == []
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        asked("create table public.mine (a int)")


def test_no_question_runs_longer_than_15_seconds():
    assert asked("show statement_timeout") == [("15s",)]


def test_a_row_is_locked_so_that_others_may_still_point_at_it():
    """A lock of the whole key would make whoever adds a row about a family, a phone or a list wait for its change, and
    the two wait for each other where the one waiting has the log already."""
    whole = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path, tree in modules().items()
        for name, call in calls(tree)
        if name == "select_for_update" and not any(each.arg == "no_key" for each in call.keywords)
    ]
    assert whole == []


def test_what_runs_as_the_owner_never_looks_into_a_temporary_schema_first():
    """Else whoever may make temporary tables hides the real one from a guard."""
    found = asked(
        """select proname, array_to_string(proconfig, ' ') from pg_proc where prosecdef
            and pronamespace = 'public'::regnamespace"""
    )
    assert found
    assert [name for name, told in found if not (told or "").replace(" ", "").endswith("public,pg_temp")] == []


@pytest.fixture(scope="module")
def everything_once(server, everything):
    """A database with one of everything in two districts and another province."""
    with kept_copy(server, everything[0]) as name:
        yield name


EVERYTHING = """select set_config('gandeng.territory', '{""}', true), set_config('gandeng.channels', '{*}', true)"""


def counts(con):
    told = {}
    for table in sorted(set(tables()) - set(WITHOUT_TERRITORY)):
        told[table] = con.execute(f"select count(*) from {table}").fetchone()[0]
    return told


def test_without_a_territory_no_row_of_a_protected_table_is_there(everything_once, server):
    """Raw SQL, as the role of the pages; the owner, who is not bound, sees that there were rows to hide."""
    with psycopg.connect(server.get_uri(everything_once)) as con:
        there = counts(con)
        con.execute(f"set role {database.APP}")
        assert set(counts(con).values()) == {0}
        con.execute(EVERYTHING.replace('{""}', "{6371}"))
        seen = counts(con)
    assert sum(1 for rows in there.values() if rows) > 15
    assert all(seen[table] <= there[table] for table in there)
    assert 0 < seen["registry_member"] < there["registry_member"]


CLOSED = {
    "payments_paymentlist": "id = gen_random_uuid(), channel = 'BTN'",
    "payments_journalentry": "id = gen_random_uuid(), source = 'x'",
    "payments_journalline": "amount_rupiah = 7",
    "reconciliation_currentoutcome": "payment_id = 'x'",
    "reconciliation_exceptioncase": 'id = gen_random_uuid(), "row" = 77',
    "reconciliation_outcomerow": "number = 77",
    "reconciliation_reconciliation": "number = 77",
    "reconciliation_reissuerequest": "id = gen_random_uuid(), state = 'TAKEN_BACK'",
    "reconciliation_resultfile": "id = gen_random_uuid(), sha256 = 'x'",
    "reconciliation_resultrow": "number = 77",
    "reconciliation_statement": "id = gen_random_uuid(), code = 'x', region_code = '6399'",
    "reconciliation_summaryrow": "district_code = '6399'",
}
"""By table: what makes a copy of one of its rows another row."""


@pytest.mark.parametrize("table", CLOSED)
def test_no_row_is_added_to_a_closed_cycle(everything_once, server, table):
    """Raw SQL, as the role of the pages, in the territory of the nation."""
    with psycopg.connect(server.get_uri(everything_once)) as con:
        con.execute(f"set role {database.APP}")
        con.execute(EVERYTHING)
        con.execute(f"create temp table copied on commit drop as select * from {table} limit 1")
        assert con.execute(f"update copied set {CLOSED[table]}").rowcount == 1
        con.execute("update payments_cycle set state = 'CLOSED'")
        columns = con.execute(
            """select string_agg(quote_ident(attname), ', ') from pg_attribute
                where attrelid = %s::regclass and attnum > 0 and not attisdropped and attidentity = ''""",
            [table],
        ).fetchone()[0]
        with pytest.raises(psycopg.errors.RestrictViolation, match="closed"):
            con.execute(f"insert into {table} ({columns}) select {columns} from copied")


def test_programs_called_by_tests_find_the_folder_of_the_tests():
    """Workers of pytest-xdist read settings before conftest: what they are told then is what programs are told."""
    assert os.environ["GANDENG_DATA"] == str(settings.DATA_DIR)


def test_workers_count_apart():
    """What clears the counts in one worker leaves the other's alone."""
    cache.set("one", 1)
    other = "import conftest; from django.core.cache import cache; cache.set('two', 2); cache.clear()"
    subprocess.run([sys.executable, "-c", other], check=True, cwd=Path(__file__).parents[2], timeout=120)
    assert cache.get("one") == 1


def test_no_change_of_a_model_lacks_its_migration():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
