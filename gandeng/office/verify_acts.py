"""Decisions against the log: whoever is said to have decided has an act there that says the same.

A row altered past the guards together with a fitting entry of the ledger follows what was there before, as a lawful
change does. What people decide is also an act in the log, with who did it, about what and in what words; an altered
decision, or one nobody made, has none.
"""

from collections.abc import Iterator

import psycopg

from gandeng.office.found import SHOWN, Found, found

ACTS = "log: whoever is said to have decided did so by the log"

_DECIDED = {
    "payments_approval": """
        select d.id, 'PaymentList', d.list_id, d.person_id,
            case d.level when 'PREPARE' then 'list.submitted' else 'list.approved' end,
            jsonb_build_object('level', d.level, 'root', d.root) from payments_approval d""",
    "reconciliation_signature": """
        select d.id, 'Statement', d.statement_id, d.person_id, 'statement.signed', jsonb_build_object('level', d.level,
            'digest', d.digest, 'capacity', d.capacity, 'channel', d.channel) from reconciliation_signature d""",
    "registry_changerequest": """
        select d.id, 'Family', d.family_id, d.decided_by_id,
            case d.state when 'REFUSED' then 'change.refused' else 'change.approved' end,
            jsonb_build_object('kind', d.kind, 'change', d.id) from registry_changerequest d
        where d.decided_by_id is not null""",
    "commitments_decision": """
        select d.id, 'Decision', d.id, d.by_id, 'commitment.decided', jsonb_build_object('outcome', d.outcome)
        from commitments_decision d""",
    "accounts_grant": """
        select d.id, 'Person', d.person_id, d.confirmed_by_id, 'role.confirmed', jsonb_build_object('role', d.role)
        from accounts_grant d where d.confirmed_by_id is not null""",
}
"""Table -> SQL of its decisions: key, what the act is about, who did it, the act, and facts it names."""


def acts(con: psycopg.Connection) -> Iterator[Found]:
    """Decisions without their act."""
    of_all = " union all ".join(
        f"select '{table} ' || id, about, of, by_whom, act, facts from ({query}) d (id, about, of, by_whom, act, facts)"
        for table, query in _DECIDED.items()
    )
    rows = con.execute(
        f"""select d.told, count(*) over () from ({of_all}) d (told, about, of, by_whom, act, facts)
            where not exists (select from audit_auditentry e where e.object_type = d.about
                and e.object_id = d.of::text and e.person_id = d.by_whom and e.action = d.act and e.facts @> d.facts)
            order by 1 limit {SHOWN}""".encode()
    ).fetchall()
    yield found(ACTS, [str(row[0]) for row in rows], int(rows[0][1]) if rows else 0)
