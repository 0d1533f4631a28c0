"""Every table of the database and how `gandeng verify` knows its rows; the rows against the ledger.

The ledger (audit.holding) has the digest of each row as triggers saw it written. Here the digest is made again, by
other code, of the row as it is: one that was changed, taken out or put in past the triggers differs. The ledger itself
is chained row by row and covered by the daily heads (`verify_heads`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import psycopg

from gandeng.office.found import SHOWN, Found, found


@dataclass(frozen=True)
class Rows:
    """Each row has its entries in the ledger, by `key`; columns of `apart` change with every use and are not held."""

    key: str = "id"
    apart: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Batches:
    """Rows that are never changed, one entry for those added together; `instead` is the SQL for a column."""

    instead: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Otherwise:
    """Known by other checks."""

    how: str


@dataclass(frozen=True)
class NotHeld:
    """Nothing is lost, paid or allowed by a change of it, or it changes too often; why."""

    why: str


type Holding = Rows | Batches | Otherwise | NotHeld

_QUEUE = NotHeld("work that waits; what it does is written where it does it")
_DJANGO = NotHeld("names of tables and of rights Django knows; no right of ours depends on it")

HOLDINGS: dict[str, Holding] = {
    "account_emailaddress": Rows(),
    "account_emailconfirmation": NotHeld("links that end in days; a confirmed address is held"),
    "accounts_apikey": Rows(apart=frozenset({"last_used_on", "minute", "uses"})),
    "accounts_grant": Rows(),
    "accounts_invitation": Rows(),
    "accounts_person": Rows(),
    "accounts_publictry": NotHeld("counts wrong codes of an hour"),
    "accounts_recovery": Rows(apart=frozenset({"wrong_codes"})),
    "accounts_recoveryapproval": Rows(),
    "accounts_user": Rows(apart=frozenset({"last_login"})),
    "achievements_achievement": Rows(),
    "achievements_consent": Rows(),
    "achievements_edition": Rows(),
    "achievements_editionfile": Rows(),
    "achievements_entry": Rows(),
    "achievements_paper": Rows(),
    "api_sending": Rows(),
    "audit_auditentry": Rows(),
    "audit_audithead": Rows(key="number"),
    "audit_heldrow": Otherwise("each entry follows the one of the same row; the heads"),
    "auth_group": _DJANGO,
    "auth_group_permissions": _DJANGO,
    "auth_permission": _DJANGO,
    "certificates_certificate": Rows(),
    "certificates_evidence": Rows(key="certificate_id"),
    "certificates_revocation": Rows(key="certificate_id"),
    "certificates_skill": Rows(),
    "commitments_confirmation": Rows(),
    "commitments_decision": Rows(),
    "commitments_difference": Rows(),
    "commitments_enrolment": Rows(),
    "commitments_facility": Rows(),
    "commitments_owncode": Rows(),
    "commitments_owncodeend": Rows(key="code_id"),
    "commitments_ownlink": Rows(),
    "commitments_ownlinkend": Rows(key="link_id"),
    "commitments_recommendation": Rows(),
    "commitments_record": Rows(),
    "commitments_sheet": Rows(),
    "commitments_step": Rows(),
    "commitments_verdict": Rows(),
    "commitments_wrongcode": Rows(),
    "conduct_acknowledgement": Rows(),
    "conduct_case": Rows(),
    "conduct_casefile": Rows(),
    "conduct_clarification": Rows(),
    "conduct_code": Rows(),
    "conduct_dismissal": Rows(),
    "conduct_matter": Rows(),
    "conduct_party": Rows(),
    "conduct_reporter": Rows(),
    "conduct_signature": Rows(),
    "conduct_step": Rows(),
    "django_content_type": _DJANGO,
    "django_migrations": NotHeld("which release the tables are of"),
    "django_session": NotHeld("ends in hours; what a session does is held"),
    "entitlements_componentrow": Batches(),
    "entitlements_entitlement": Batches(),
    "entitlements_run": Rows(),
    "exports_exportrequest": Rows(),
    "exports_takenaway": Rows(),
    "facilitators_accompaniment": Rows(),
    "facilitators_caseloadchange": Rows(),
    "facilitators_employment": Rows(),
    "facilitators_equipment": Rows(),
    "facilitators_identity": Rows(),
    "facilitators_import": Rows(),
    "facilitators_importrow": Rows(),
    "facilitators_leave": Rows(),
    "facilitators_loadlimit": Rows(),
    "facilitators_plan": Rows(),
    "facilitators_planlock": Rows(),
    "facilitators_planoption": Rows(),
    "facilitators_planrow": Rows(),
    "facilitators_post": Rows(),
    "facilitators_staff": Rows(),
    "family_sessions_absencenote": Rows(),
    "family_sessions_attendance": Rows(),
    "family_sessions_group": Rows(),
    "family_sessions_meeting": Rows(),
    "family_sessions_membership": Rows(),
    "family_sessions_picture": Rows(),
    "family_sessions_plan": Rows(),
    "field_device": Rows(apart=frozenset({"share_until"})),
    "field_entry": Rows(),
    "field_entrydecision": Rows(key="entry_id"),
    "field_photo": Rows(),
    "field_visit": Rows(),
    "follow_up_followup": Rows(),
    "graduation_case": Rows(),
    "graduation_paper": Rows(),
    "graduation_step": Rows(),
    "helpdesk_case": Rows(),
    "helpdesk_caseevent": Rows(),
    "helpdesk_codeuse": Rows(key="code_id"),
    "helpdesk_familycode": Rows(),
    "helpdesk_letter": Rows(),
    "helpdesk_origin": Rows(),
    "jobs_job": NotHeld("progress of work; what it does is written where it does it"),
    "mfa_authenticator": Rows(apart=frozenset({"last_used_at"})),
    "monitoring_answer": Rows(),
    "monitoring_draw": Rows(),
    "monitoring_drawn": Rows(),
    "monitoring_handing": Rows(),
    "monitoring_opened": Rows(),
    "monitoring_stratum": Rows(),
    "payments_approval": Rows(),
    "payments_confirmation": Rows(),
    "payments_cycle": Rows(),
    "payments_heldpayment": Batches(),
    "payments_instruction": Rows(),
    "payments_journalentry": Rows(),
    "payments_journalline": Rows(),
    "payments_payment": Rows(key="payment_id"),
    "payments_paymentlist": Rows(),
    "payments_refusal": Rows(),
    "performance_photo": Rows(),
    "performance_report": Rows(),
    "performance_reportday": Rows(),
    "performance_reportversion": Rows(),
    "performance_review": Rows(),
    "performance_target": Rows(),
    "pghistory_context": Rows(apart=frozenset({"updated_at"})),
    "privacy_disposal": Rows(),
    "privacy_familyreport": Rows(),
    "procrastinate_events": _QUEUE,
    "procrastinate_jobs": _QUEUE,
    "procrastinate_periodic_defers": _QUEUE,
    "procrastinate_workers": _QUEUE,
    "civil_registry_answer": Batches(),
    "civil_registry_matching": Rows(),
    "civil_registry_withdrawal": Rows(key="matching_id"),
    "cleansing_checked": Rows(),
    "facilitators_nationalcount": NotHeld("made again each night from who accompanies whom, which is held"),
    "cleansing_found": NotHeld("made again each night from the registry; what people said of it is held"),
    "duplicates_found": NotHeld("made again each night from the registry; what people judged is held"),
    "duplicates_judgement": Rows(),
    "signs_found": NotHeld("made again each night from records that are held; what people looked at is held"),
    "signs_sign": Rows(),
    "signs_step": Rows(),
    "reconciliation_currentoutcome": Otherwise("made again from the outcomes of the runs"),
    "reconciliation_depositedpayment": Batches(),
    "reconciliation_exceptionact": Rows(),
    "reconciliation_exceptioncase": Rows(),
    "reconciliation_lateoutcome": Batches(),
    "reconciliation_outcomerow": Batches(),
    "reconciliation_reconciliation": Rows(),
    "reconciliation_reissuerequest": Rows(),
    "reconciliation_resultfile": Rows(),
    "reconciliation_resultrow": Batches(),
    "reconciliation_signature": Rows(),
    "reconciliation_statement": Rows(),
    "reconciliation_summaryrow": Rows(),
    "reconciliation_treasurydeposit": Rows(),
    "registry_account": Rows(),
    "registry_changeevidence": Rows(key="change_id"),
    "registry_changerequest": Rows(),
    "registry_codechange": Rows(),
    "registry_decilereading": Rows(),
    "registry_family": Rows(),
    "registry_familyevent": Rows(key="pgh_id"),
    "registry_intake": Rows(),
    "registry_intakerow": Batches({"before": "t.before - '{kk_sealed,nik_sealed,account_sealed}'::text[]"}),
    "registry_member": Rows(),
    "registry_memberevent": Rows(key="pgh_id"),
    "registry_move": Rows(),
    "registry_recodedfamily": Batches(),
    "registry_recoding": Rows(),
    "registry_stoppedbylist": Rows(),
    "training_agendaitem": Rows(),
    "training_attendance": Rows(),
    "training_batchplan": Rows(),
    "training_cost": Rows(),
    "training_course": Rows(),
    "training_evaluation": Rows(),
    "training_evaluationgiven": Rows(),
    "training_event": Rows(),
    "training_eventday": Rows(),
    "training_material": Rows(),
    "training_paper": Rows(),
    "training_paperquestion": Rows(),
    "training_participant": Rows(),
    "training_problem": Rows(),
    "training_problemstep": Rows(),
    "training_question": Rows(),
    "training_report": Rows(),
    "training_result": Rows(),
    "training_sitting": Rows(),
    "usersessions_usersession": NotHeld("devices somebody signed in from, shown to that person"),
}

ROWS = "rows: each is what was last written of it, in an unbroken order"
BATCHES = "rows: those that came together are whole, and no other is among them"
KNOWN = "rows: every table is known, and there"


CHECKS = (KNOWN, ROWS, BATCHES)


def held(con: psycopg.Connection) -> Iterator[Found]:
    """What breaks it in all tables."""
    yield _unknown(con)
    for check, kind in ((ROWS, Rows), (BATCHES, Batches)):
        examples: list[str] = []
        wrong = 0
        for table, holding in _there(con, kind):
            query = _rows(con, table, holding) if isinstance(holding, Rows) else _batches(con, table, holding)
            told = f"select told, count(*) over () from ({query}) told (told) limit {SHOWN}"
            rows = con.execute(told.encode()).fetchall()
            examples += [f"{table} {row[0]}" for row in rows]
            wrong += int(rows[0][1]) if rows else 0
        yield found(check, examples, wrong)


def tables(con: psycopg.Connection) -> list[str]:
    """Every table there is."""
    found = con.execute("""select relname::text from pg_class where relkind in ('r', 'p')
        and relnamespace = 'public'::regnamespace order by relname""").fetchall()
    return [str(name) for (name,) in found]


def _unknown(con: psycopg.Connection) -> Found:
    there = set(tables(con))
    needed = {name for name, holding in HOLDINGS.items() if not isinstance(holding, NotHeld)}
    return found(KNOWN, sorted(there - set(HOLDINGS)) + sorted(needed - there))


def _there(con: psycopg.Connection, kind: type) -> list[tuple[str, Rows | Batches]]:
    there = set(tables(con))
    return [
        (name, holding)
        for name, holding in HOLDINGS.items()
        if isinstance(holding, kind) and isinstance(holding, Rows | Batches) and name in there
    ]


def digest_of_row(con: psycopg.Connection, table: str, holding: Rows | Batches) -> str:
    """SQL: SHA-256 of a row `t`, its columns in their order; of sealed ones the length."""
    apart: frozenset[str] = holding.apart if isinstance(holding, Rows) else frozenset()
    instead = holding.instead if isinstance(holding, Batches) else {}
    columns = con.execute(
        """select attname::text, format_type(atttypid, null) from pg_attribute where attrelid = %s::regclass
            and attnum > 0 and not attisdropped and attgenerated = '' order by attnum""",
        [table],
    ).fetchall()
    told = [instead.get(name) or _told(name, kind) for name, kind in columns if name not in apart]
    return f"sha256(convert_to(jsonb_build_array({', '.join(told)})::text, 'UTF8'))"


def _told(name: str, kind: str) -> str:
    column = f't."{name}"'
    match kind:
        case "bytea" if name.endswith("_sealed"):
            return f"octet_length({column})"
        case "bytea":
            return f"encode({column}, 'hex')"
        case "timestamp with time zone":
            return f"{column} at time zone 'UTC'"
    return column


def _rows(con: psycopg.Connection, table: str, holding: Rows) -> str:
    """Rows that are not what the ledger says, and entries that do not follow the one before."""
    return f"""
        with entry as (
            select key, was, digest, lag(digest) over w as before, lead(id) over w is null as newest,
                rows is not null or was is null and digest is null as nonsense
            from audit_heldrow where table_name = '{table}' window w as (partition by key order by id)),
        now as (select t."{holding.key}"::text as key, {digest_of_row(con, table, holding)} as digest from {table} t)
        select coalesce(n.key, e.key) from now n
        full join (select key, digest from entry where newest and digest is not null) e on e.key = n.key
        where n.digest is distinct from e.digest
        union select key from entry where was is distinct from before or nonsense"""


def _batches(con: psycopg.Connection, table: str, holding: Batches) -> str:
    """Batches that are not what the ledger says, and how many rows are in none or in two.

    An entry without digest says that the columns changed: what was before it has been taken in again after it.
    """
    return f"""
        with entry as materialized (
            select id, key, rows, was, digest from audit_heldrow h where table_name = '{table}' and id > coalesce(
                (select max(id) from audit_heldrow a where a.table_name = h.table_name and a.digest is null), 0)),
        range as (select id, unnest(key::int8multirange) as ids from entry),
        now as (
            select r.id, count(*) as rows, sha256(string_agg({digest_of_row(con, table, holding)}, ''::bytea
                order by t.id)) as digest
            from range r join {table} t on t.id >= lower(r.ids) and t.id < upper(r.ids) group by r.id)
        select e.key from entry e left join now n on n.id = e.id
        where (e.rows, e.was, e.digest) is distinct from (n.rows::integer, null::bytea, n.digest)
        union all
        select rows || ' <> ' || held from (
            select (select count(*) from {table}) as rows, (select coalesce(sum(rows), 0) from now) as held) c
        where rows <> held"""
