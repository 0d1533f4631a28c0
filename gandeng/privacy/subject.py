"""Everything held about one family, as rows of the tables the register tells of: one question to the database.

Read whole, whatever the territory: a family that moved, an order of the province and an export of the nation belong to
its story. Whoever calls has asked before whether the family is the asker's (queries.access_family).
"""

import json
from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import connection
from django_scopes import scopes_disabled

from gandeng.accounts.acting import in_territory
from gandeng.accounts.machine import MACHINE
from gandeng.privacy.register import NEVER_PRINTED

type Row = dict[str, Any]

OWN = """
with family as materialized (select * from registry_family where id = %(family)s),
members as materialized (select * from registry_member where family_id = %(family)s),
accounts as materialized (select * from registry_account where family_id = %(family)s),
readings as materialized (select * from registry_decilereading where family_id = %(family)s),
changes as materialized (select * from registry_changerequest where family_id = %(family)s),
payments as materialized (select p.*, l.round, l.state as list_state, c.stage, c.year from payments_payment p
    join payments_paymentlist l on l.id = p.list_id join payments_cycle c on c.id = p.cycle_id
    where p.family_id = %(family)s),
bank_rows as materialized (select r.*, f.name as file_name, f.state as file_state from reconciliation_resultrow r
    join reconciliation_resultfile f on f.id = r.file_id where r.payment_id in (select payment_id from payments)),
cases as materialized (select * from reconciliation_exceptioncase where payment_id in (select payment_id from payments)
    or (file_id, row) in (select file_id, row from bank_rows)),
reissues as materialized (select * from reconciliation_reissuerequest
    where payment_id in (select payment_id from payments)),
reports as materialized (select * from privacy_familyreport where family_id = %(family)s),
achieved as materialized (select * from achievements_achievement where family_id = %(family)s),
past as materialized (select * from registry_familyevent where pgh_obj_id = %(family)s),
handed_over as materialized (select began_by_id::text as id from facilitators_accompaniment
    where family_id = %(family)s union select ended_by_id::text from facilitators_accompaniment
    where family_id = %(family)s),
villages as materialized (select village_code from family union select village_code from past),
things as materialized (
    select id::text as id from family union all select id::text from members union all select id::text from accounts
    union all select id::text from changes union all select payment_id from payments
    union all select id::text from cases union all select id::text from reissues union all select id::text from reports
    union all select id::text from achieved union all select id::text from field_entry where family_id = %(family)s
    union all select id::text from graduation_case where family_id = %(family)s)
"""
"""What is the family's own, by table; each reader below starts from these."""

LISTS_OF_FAMILIES = (
    "families.exported", "export.taken", "export.downloaded", "commitment.sheets_printed",
    "commitment.education_exported",
)  # fmt: skip
LISTS_OF_PAYMENTS = ("payments.exported", "exceptions.exported", "differences.read")
"""Acts by which names of families, or of those who were paid, leave the office: of a region, not of one family.

A test holds them against the acts of the log.
"""

_STAGE = "{0}.year || '-' || {0}.stage"


def sql_list(codes: Iterable[str]) -> str:
    """Codes of ours as SQL writes a list: `('a', 'b')`."""
    return "(" + ", ".join(f"'{code}'" for code in codes) + ")"


TABLES: dict[str, str] = {
    "registry_family": """select 0 as place, to_jsonb(f) || jsonb_build_object('+collector', m.name) as told
        from family f left join registry_member m on m.id = f.collector_id""",
    "registry_member": "select row_number() over (order by member_no), to_jsonb(m) from members m",
    "registry_account": """select row_number() over (order by valid_from desc, a.id), to_jsonb(a)
            || jsonb_build_object('+asked_by', q.name, '+approved_by', d.name)
        from accounts a left join accounts_person q on q.id = a.requested_by_id
        left join accounts_person d on d.id = a.approved_by_id""",
    "registry_decilereading": """select row_number() over (order by read_on desc, r.id desc), to_jsonb(r)
            || jsonb_build_object('+list', i.families_name)
        from readings r left join registry_intake i on i.id = r.intake_id""",
    "registry_stoppedbylist": """select row_number() over (order by s.id desc), to_jsonb(s)
            || jsonb_build_object('+list', i.families_name, '+by', p.name)
        from registry_stoppedbylist s join registry_intake i on i.id = s.intake_id
        left join accounts_person p on p.id = s.told_by_id where s.family_id = %(family)s""",
    "registry_move": """select row_number() over (order by m.moved_at desc, m.id), to_jsonb(m)
        from registry_move m where m.family_id = %(family)s""",
    "facilitators_accompaniment": """select row_number() over (order by a.valid_from desc, a.id), to_jsonb(a)
            || jsonb_build_object('+facilitator', p.name)
        from facilitators_accompaniment a join facilitators_staff s on s.id = a.staff_id
        join accounts_person p on p.id = s.person_id where a.family_id = %(family)s""",
    "registry_changerequest": """select row_number() over (order by requested_at desc, c.id), to_jsonb(c)
            || jsonb_build_object('+member', m.name, '+asked_by', q.name, '+decided_by', d.name)
        from changes c join accounts_person q on q.id = c.requested_by_id
        left join accounts_person d on d.id = c.decided_by_id left join registry_member m on m.id = c.member_id""",
    "commitments_enrolment": """select row_number() over (order by e.at desc, e.id), to_jsonb(e)
            || jsonb_build_object('+member', m.name, '+facility', c.name, '+by', p.name)
        from commitments_enrolment e join registry_member m on m.id = e.member_id
        join accounts_person p on p.id = e.by_id left join commitments_facility c on c.id = e.facility_id
        where e.family_id = %(family)s""",
    "commitments_record": """select row_number() over (order by s.at desc, r.id), to_jsonb(r)
            || jsonb_build_object('+member', m.name, '+year', s.year, '+quarter', s.quarter, '+by', p.name)
        from commitments_record r join commitments_sheet s on s.id = r.sheet_id
        join registry_member m on m.id = r.member_id join accounts_person p on p.id = s.by_id
        where r.family_id = %(family)s""",
    "commitments_verdict": """select row_number() over (order by v.at desc, v.id), to_jsonb(v)
            || jsonb_build_object('+member', m.name)
        from commitments_verdict v join registry_member m on m.id = v.member_id where v.family_id = %(family)s""",
    "commitments_recommendation": """select row_number() over (order by r.at desc, r.id), to_jsonb(r)
        from commitments_recommendation r where r.family_id = %(family)s""",
    "commitments_decision": """select row_number() over (order by d.at desc, d.id), to_jsonb(d)
            || jsonb_build_object('+by', p.name)
        from commitments_decision d join accounts_person p on p.id = d.by_id where d.family_id = %(family)s""",
    "commitments_step": """select row_number() over (order by s.at desc, s.id), to_jsonb(s)
            || jsonb_build_object('+by', p.name)
        from commitments_step s join accounts_person p on p.id = s.by_id where s.family_id = %(family)s""",
    "commitments_difference": """select row_number() over (order by d.at desc, d.id), to_jsonb(d)
            || jsonb_build_object('+member', m.name, '+year', c.year, '+quarter', c.quarter, '+by', c.name)
        from commitments_difference d join registry_member m on m.id = d.member_id
        join commitments_confirmation c on c.id = d.confirmation_id where d.family_id = %(family)s""",
    "graduation_case": """select row_number() over (order by c.at desc, c.id), to_jsonb(c)
            || jsonb_build_object('+by', p.name)
        from graduation_case c join accounts_person p on p.id = c.by_id where c.family_id = %(family)s""",
    "graduation_step": """select row_number() over (order by s.at desc, s.id), to_jsonb(s)
            || jsonb_build_object('+by', p.name)
        from graduation_step s join accounts_person p on p.id = s.by_id where s.family_id = %(family)s""",
    "graduation_paper": """select row_number() over (order by g.at desc, g.id), to_jsonb(g) - 'content_sealed'
        from graduation_paper g where g.family_id = %(family)s""",
    "follow_up_followup": """select row_number() over (order by f.at desc, f.id), to_jsonb(f)
            || jsonb_build_object('+by', p.name)
        from follow_up_followup f join accounts_person p on p.id = f.by_id where f.family_id = %(family)s""",
    "family_sessions_membership": """select row_number() over (order by s.valid_from desc, s.id), to_jsonb(s)
            || jsonb_build_object('+group', g.name)
        from family_sessions_membership s join family_sessions_group g on g.id = s.group_id
        where s.family_id = %(family)s""",
    "family_sessions_attendance": """select row_number() over (order by m.on_day desc, a.id), to_jsonb(a)
            || jsonb_build_object('+session', m.session_code, '+on_day', m.on_day, '+group', g.name)
        from family_sessions_attendance a join family_sessions_meeting m on m.id = a.meeting_id
        join family_sessions_group g on g.id = m.group_id where a.family_id = %(family)s""",
    "family_sessions_absencenote": """select row_number() over (order by n.at desc, n.id), to_jsonb(n)
            || jsonb_build_object('+by', p.name)
        from family_sessions_absencenote n join accounts_person p on p.id = n.by_id where n.family_id = %(family)s""",
    "field_visit": """select row_number() over (order by v.on_day desc, v.id), to_jsonb(v)
            || jsonb_build_object('+by', p.name)
        from field_visit v join accounts_person p on p.id = v.by_id where v.family_id = %(family)s""",
    "field_entry": """select row_number() over (order by e.received_at desc, e.id),
            to_jsonb(e) - 'body_sealed' || jsonb_build_object('+by', p.name)
        from field_entry e join accounts_person p on p.id = e.person_id where e.family_id = %(family)s""",
    "field_entrydecision": """select row_number() over (order by d.at desc, d.entry_id), to_jsonb(d)
            || jsonb_build_object('+by', p.name)
        from field_entrydecision d join field_entry e on e.id = d.entry_id
        join accounts_person p on p.id = d.by_id where e.family_id = %(family)s""",
    "registry_changeevidence": """select row_number() over (order by c.requested_at desc, c.id),
            to_jsonb(e) - 'file_sealed' || jsonb_build_object('kind', c.kind)
        from registry_changeevidence e join changes c on c.id = e.change_id""",
    "achievements_achievement": """select row_number() over (order by a.achieved_on desc, a.id), to_jsonb(a)
            || jsonb_build_object('+member', m.name, '+recorded_by', p.name)
        from achieved a join accounts_person p on p.id = a.recorded_by_id
        left join registry_member m on m.id = a.member_id""",
    "achievements_paper": """select row_number() over (order by x.added_at desc, x.id),
            to_jsonb(x) - 'content_sealed' || jsonb_build_object('+achievement', a.what)
        from achievements_paper x join achieved a on a.id = x.achievement_id""",
    "achievements_consent": """select row_number() over (order by c.recorded_at desc, c.id),
            to_jsonb(c) - 'content_sealed' || jsonb_build_object('+achievement', a.what, '+recorded_by', p.name)
        from achievements_consent c join achieved a on a.id = c.achievement_id
        join accounts_person p on p.id = c.recorded_by_id""",
    "achievements_entry": """select row_number() over (order by e.id desc), to_jsonb(e)
            || jsonb_build_object('+achievement', a.what, '+yearbook', d.year || ', edisi ' || d.number,
                '+made_at', d.made_at)
        from achievements_entry e join achieved a on a.id = e.achievement_id
        join achievements_edition d on d.id = e.edition_id""",
    "registry_intakerow": """select row_number() over (order by i.taken_at desc, r.id),
            to_jsonb(r) - 'before' || jsonb_build_object('+list', i.families_name || ', ' || i.members_name,
                '+did', case when r.before is null then 'ADDED' else 'CHANGED' end,
                '+taken_by', t.name, '+taken_at', i.taken_at, '+applied_by', a.name,
                '+applied_at', i.applied_at, '+list_state', i.state)
        from registry_intakerow r join registry_intake i on i.id = r.intake_id
        join accounts_person t on t.id = i.taken_by_id left join accounts_person a on a.id = i.applied_by_id
        where r.row_id in (select id from family union all select id from members union all select id from accounts
            union all select id from readings)""",
    "registry_recodedfamily": """select row_number() over (order by r.id desc),
            to_jsonb(r) || jsonb_build_object('+decree', c.basis, '+applied_by', p.name, '+applied_at', c.applied_at,
                '+codes_state', c.state)
        from registry_recodedfamily r join registry_recoding c on c.id = r.recoding_id
        left join accounts_person p on p.id = c.applied_by_id where r.family_id = %(family)s""",
    "civil_registry_answer": """select row_number() over (order by a.checked_on desc, a.id desc), to_jsonb(a)
            || jsonb_build_object('+member', m.name, '+source', c.source, '+withdrawn', w.at is not null)
        from civil_registry_answer a join registry_member m on m.id = a.member_id
        join civil_registry_matching c on c.id = a.matching_id
        left join civil_registry_withdrawal w on w.matching_id = c.id where a.family_id = %(family)s""",
    "cleansing_checked": """select row_number() over (order by c.at desc, c.id), to_jsonb(c)
            || jsonb_build_object('+member', m.name, '+by', p.name)
        from cleansing_checked c join accounts_person p on p.id = c.by_id
        left join registry_member m on m.id = c.member_id where c.family_id = %(family)s""",
    "duplicates_judgement": """select row_number() over (order by j.at desc, j.id), to_jsonb(j)
            || jsonb_build_object('+member', case when j.family_id = %(family)s then m.name else o.name end,
                '+by', p.name)
        from duplicates_judgement j join registry_member m on m.id = j.member_id
        join registry_member o on o.id = j.other_member_id join accounts_person p on p.id = j.by_id
        where %(family)s in (j.family_id, j.other_id)""",
    "registry_familyevent": """select row_number() over (order by p.pgh_id desc), to_jsonb(p)
            || jsonb_build_object('+collector', m.name, '+changed_by', c.metadata ->> 'who')
        from past p left join registry_member m on m.id = p.collector_id
        left join pghistory_context c on c.id = p.pgh_context_id""",
    "registry_memberevent": """select row_number() over (order by e.pgh_id desc), to_jsonb(e)
            || jsonb_build_object('+changed_by', c.metadata ->> 'who')
        from registry_memberevent e left join pghistory_context c on c.id = e.pgh_context_id
        where e.family_id = %(family)s""",
    "entitlements_entitlement": f"""select row_number() over (order by r.year desc, r.stage desc, r.made_at desc),
            to_jsonb(e) || jsonb_build_object('+stage', {_STAGE.format("r")}, '+calculated_at', r.made_at)
        from entitlements_entitlement e join entitlements_run r on r.id = e.run_id where e.family_id = %(family)s""",
    "entitlements_componentrow": f"""select row_number() over
            (order by r.year desc, r.stage desc, r.made_at desc, m.member_no, x.id),
            to_jsonb(x) || jsonb_build_object('+stage', {_STAGE.format("r")}, '+member', m.name)
        from entitlements_componentrow x join entitlements_run r on r.id = x.run_id
        join registry_member m on m.id = x.member_id where x.family_id = %(family)s""",
    "payments_payment": f"""select row_number() over (order by p.year desc, p.stage desc, p.payment_id), to_jsonb(p)
            || jsonb_build_object('+stage', {_STAGE.format("p")}, '+payment_list', p.list_state) from payments p""",
    "payments_heldpayment": f"""select row_number() over (order by h.id desc), to_jsonb(h)
            || jsonb_build_object('+stage', {_STAGE.format("c")})
        from payments_heldpayment h join payments_cycle c on c.id = h.cycle_id where h.family_id = %(family)s""",
    "reconciliation_outcomerow": """select row_number() over (order by o.payment_id desc, o.number desc), to_jsonb(o)
        from reconciliation_outcomerow o join payments p on p.payment_id = o.payment_id""",
    "reconciliation_lateoutcome": """select row_number() over (order by o.id desc), to_jsonb(o)
        from reconciliation_lateoutcome o join payments p on p.payment_id = o.payment_id""",
    "reconciliation_resultrow": """select row_number() over (order by occurred_on desc, id), to_jsonb(b)
            || jsonb_build_object('+file', file_name, '+file_state', file_state) from bank_rows b""",
    "reconciliation_exceptioncase": "select row_number() over (order by id), to_jsonb(c) from cases c",
    "reconciliation_exceptionact": """select row_number() over (order by a.at desc, a.id), to_jsonb(a)
            || jsonb_build_object('+by', p.name)
        from reconciliation_exceptionact a join accounts_person p on p.id = a.person_id
        where a.exception_id in (select id from cases) or a.payment_id in (select payment_id from payments)""",
    "reconciliation_reissuerequest": """select row_number() over (order by r.asked_at desc, r.id), to_jsonb(r)
            || jsonb_build_object('+asked_by', q.name, '+decided_by', d.name)
        from reissues r join accounts_person q on q.id = r.asked_by_id
        left join accounts_person d on d.id = r.decided_by_id""",
    "reconciliation_depositedpayment": """select row_number() over (order by d.told_at desc, x.id), to_jsonb(x)
            || jsonb_build_object('+deposit_state', d.state, '+receipt', d.receipt_no, '+deposited_on', d.deposited_on,
                '+told_by', t.name, '+decided_by', c.name, '+deposit_reason', d.reason)
        from reconciliation_depositedpayment x join reconciliation_treasurydeposit d on d.id = x.deposit_id
        join accounts_person t on t.id = d.told_by_id left join accounts_person c on c.id = d.decided_by_id
        where x.payment_id in (select payment_id from payments)""",
    "privacy_familyreport": """select row_number() over (order by r.made_at desc), to_jsonb(r)
            || jsonb_build_object('+made_by', p.name)
        from reports r join accounts_person p on p.id = r.made_by_id""",
    "audit_auditentry": """select row_number() over (order by a.id desc),
            to_jsonb(a) - 'facts' - 'previous' - 'hash' || jsonb_build_object('column', a.facts ->> 'column')
        from audit_auditentry a where a.object_id in (select id from things) and a.object_type in ('Family',
            'registry_family', 'Member', 'registry_member', 'Account', 'registry_account', 'ChangeRequest', 'Payment',
            'ExceptionCase', 'ReissueRequest', 'FamilyReport', 'Achievement', 'Entry', 'Case')""",
}
"""By table of the register that is told: its rows about the family, in the order of `place`. `+` marks what is joined.

A test holds these tables against the register, so none is forgotten.
"""

RECEIVED: dict[str, str] = {
    "orders": f"""select row_number() over (order by i.made_at desc, p.payment_id), jsonb_build_object(
            'at', i.made_at, 'channel', i.channel, 'stage', {_STAGE.format("p")}, 'format', i.format,
            'downloaded_at', i.downloaded_at, 'who', d.name)
        from payments p join payments_instruction i on i.cycle_id = p.cycle_id and i.channel = p.channel
            and i.round = p.round left join accounts_person d on d.id = i.downloaded_by_id""",
    "exports": f"""select row_number() over (order by a.id desc), jsonb_build_object('at', a.at, 'who', a.person_name,
            'authority', a.authority, 'region', a.region_code, 'reason', coalesce(nullif(a.reason, ''), e.purpose),
            'action', a.action, 'rows', coalesce(a.facts ->> 'rows', a.facts ->> 'members'), 'title', e.title)
        from audit_auditentry a left join exports_exportrequest e
            on a.object_type = 'ExportRequest' and e.id::text = a.object_id
        where a.action in {sql_list((*LISTS_OF_FAMILIES, *LISTS_OF_PAYMENTS))}
            and exists (select from villages v where v.village_code ^@ a.region_code)
            and (a.object_type <> 'PaymentList' or a.object_id in (select list_id::text from payments))
            and (e.arguments ->> 'list' is null or e.arguments ->> 'list' in (select list_id::text from payments))
            and (a.action in {sql_list(LISTS_OF_FAMILIES)} or exists (select from payments))
            or a.action = 'hand_over.exported' and a.object_id in (select id from handed_over)""",
}
"""Who was given the family's data: orders to banks for certain, exports by their region, as far as that is known."""

_HIDDEN = (*NEVER_PRINTED, "name_key")


def read(family_id: UUID) -> dict[str, list[Row]]:
    """Rows by table, and `orders` and `exports`; sealed bytes and indexes are left out before they reach Python's eyes.

    One question, in the whole country: see above who may ask it.
    """
    readers = TABLES | RECEIVED
    parts = (f"select '{name}' as source, t.* from ({query}) t (place, told)" for name, query in readers.items())
    with in_territory(MACHINE), scopes_disabled(), connection.cursor() as cursor:
        cursor.execute(f"{OWN} {' union all '.join(parts)} order by 1, 2", {"family": family_id})
        found = cursor.fetchall()
    rows: dict[str, list[Row]] = defaultdict(list)
    for source, _, told in found:
        row = json.loads(told) if isinstance(told, str) else told
        rows[source].append({name: value for name, value in row.items() if not name.endswith(_HIDDEN)})
    return {name: rows[name] for name in readers}
