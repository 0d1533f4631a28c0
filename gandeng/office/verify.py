"""A second look at the books: recomputes from the rows what the programs that write claim (docs/threats.md, 45).

It reads as the owner, who is not bound by row security, and shares no code with the packages that write. Each check is
one query that gives the rows that are wrong, or a walk over rows a query cannot prove: heads, files, sealed values.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import psycopg

from gandeng.audit.kept_files import Store, store_of
from gandeng.office import verify_acts, verify_files, verify_heads, verify_held, verify_money, verify_sealed
from gandeng.office.found import SHOWN, Found, found

_IN_FORCE = (
    "payment_id", "cycle_id", "number", "village_code", "channel", "outcome", "amount_rupiah", "credited_rupiah",
    "reversed_rupiah", "withdrawn_rupiah", "net_rupiah", "at_stake_rupiah", "reason", "first_on", "last_on",
)  # fmt: skip

_INDEX_KEY = "case when octet_length({0}) = 16 then 1 else get_byte({0}, 0) * 256 + get_byte({0}, 1) end"
"""Which key made a blind index: the first wrote it bare, later ones their number before it."""


CHECKS: dict[str, str] = {
    "log: every entry follows the one before it": """
        select shard || '/' || number from (
            select shard, number, previous, hash,
                lag(number, 1, 0::bigint) over w as before, lag(hash, 1, ''::bytea) over w as hash_before,
                sha256(previous || convert_to(jsonb_build_array(shard, number, extract(epoch from at)::text,
                    coalesce(person_id::text, ''), person_name, authority, action, object_type, object_id, region_code,
                    reason, facts)::text, 'UTF8')) as hash_now
            from audit_auditentry window w as (partition by shard order by number)) told
        where number <> before + 1 or previous <> hash_before or hash <> hash_now""",
    **verify_heads.CHECKS,
    "journal: every entry sums to nothing": """
        select entry_id::text from payments_journalline group by entry_id having sum(amount_rupiah) <> 0""",
    "journal: no account but the funds is below nothing": """
        select coalesce(e.about_cycle_id, e.cycle_id) || ' ' || l.district_code || ' ' || l.channel || ' ' || l.account
        from payments_journalline l join payments_journalentry e on e.id = l.entry_id where l.account <> 'FUNDS'
        group by coalesce(e.about_cycle_id, e.cycle_id), l.district_code, l.channel, l.account
        having sum(l.amount_rupiah) < 0""",
    "journal: what was ordered is where money can be, once": """
        with ordered as (
            select p.cycle_id, sum(p.amount_rupiah) as rupiah from payments_payment p
            join payments_paymentlist l on l.id = p.list_id and l.state = 'INSTRUCTED'
            where not exists (select from payments_payment again join payments_paymentlist al on al.id = again.list_id
                and al.state = 'INSTRUCTED' where again.reissue_of_id = p.payment_id) group by p.cycle_id),
        placed as (
            select coalesce(e.about_cycle_id, e.cycle_id) as cycle_id, sum(l.amount_rupiah) as rupiah
            from payments_journalline l join payments_journalentry e on e.id = l.entry_id
            where l.account not in ('FUNDS', 'NOT_SENT') group by 1)
        select coalesce(o.cycle_id, p.cycle_id)::text from ordered o full join placed p on p.cycle_id = o.cycle_id
        where coalesce(o.rupiah, 0) <> coalesce(p.rupiah, 0)""",
    **verify_money.CHECKS,
    "lists: rows and rupiah are those of the payments": """
        select l.id::text from payments_paymentlist l left join payments_payment p on p.list_id = l.id
        group by l.id
        having count(p.payment_id) <> l.payments or coalesce(sum(p.amount_rupiah), 0) <> l.total_rupiah""",
    "lists: the root is that of the payments": """
        with header as (
            select l.id, l.root, convert_to(jsonb_build_array('list/1', l.id, c.year, c.stage, l.district_code,
                l.channel, l.revision, r.policy_digest, c.frozen_digest, l.payments, l.total_rupiah)::text, 'UTF8')
                as told
            from payments_paymentlist l join payments_cycle c on c.id = l.cycle_id
            join entitlements_run r on r.id = c.run_id where c.state not in ('OPEN', 'FROZEN', 'CALCULATED')),
        content as (
            select list_id, string_agg(sha256(convert_to(jsonb_build_array(payment_id, family_id, village_code,
                channel, name, encode(nik_index, 'hex'), encode(account_index, 'hex'), amount_rupiah,
                collector_deceased, reissue_of_id)::text, 'UTF8')), ''::bytea order by payment_id collate "C") as told
            from payments_payment group by list_id)
        select h.id::text from header h left join content c on c.list_id = h.id
        where h.root <> encode(sha256(h.told || coalesce(c.told, ''::bytea)), 'hex')""",
    "lists: each payment is of the cycle, district and channel of its list": """
        select p.payment_id from payments_payment p join payments_paymentlist l on l.id = p.list_id
        where (p.cycle_id, left(p.village_code, 4), p.channel)
            is distinct from (l.cycle_id, l.district_code, l.channel)""",
    "orders: rows and rupiah are those of the lists": """
        select i.name from payments_instruction i left join payments_paymentlist l on l.cycle_id = i.cycle_id
            and l.channel = i.channel and l.round = i.round and l.state = 'INSTRUCTED'
        where i.format = 'zip' group by i.id
        having (coalesce(sum(l.payments), 0), coalesce(sum(l.total_rupiah), 0)) <> (i.rows, i.total_rupiah)""",
    "entitlements: the totals of a run are the sums of its rows": """
        with families as (
            select run_id, count(*) as families, count(*) filter (where amount_rupiah > 0) as paid,
                sum(amount_rupiah) as rupiah from entitlements_entitlement group by run_id),
        members as (select run_id, count(*) filter (where why <> 'NOT_THE_BEST') as members
            from entitlements_componentrow group by run_id)
        select r.id::text from entitlements_run r left join families f on f.run_id = r.id
        left join members m on m.run_id = r.id
        where (r.families, r.families_paid, r.amount_rupiah, r.members) is distinct from
            (coalesce(f.families, 0), coalesce(f.paid, 0), coalesce(f.rupiah, 0), coalesce(m.members, 0))""",
    "entitlements: what a family is due is the sum of its members and its fixed part": """
        with members as (
            select run_id, family_id, sum(amount_rupiah) filter (where counted) as rupiah,
                count(*) filter (where counted) as counted from entitlements_componentrow group by run_id, family_id)
        select e.family_id::text from entitlements_entitlement e
        full join members m on m.run_id = e.run_id and m.family_id = e.family_id
        where (e.amount_rupiah, e.members_counted) is distinct from
            (e.fixed_rupiah + coalesce(m.rupiah, 0), coalesce(m.counted, 0))""",
    "lists: nobody said yes twice to the same content": """
        select list_id::text from payments_approval group by list_id, root, person_id having count(*) > 1""",
    "lists: none is instructed without the yes of its preparer and of another": """
        select l.id::text from payments_paymentlist l
        left join payments_approval a on a.list_id = l.id and a.root = l.root
        where l.state = 'INSTRUCTED' and exists (select from payments_instruction i where i.cycle_id = l.cycle_id)
        group by l.id having count(distinct a.person_id) < 2""",
    "payments: once per family and stage, reissues apart": """
        select family_id::text from payments_payment where reissue_of_id is null
        group by family_id, coalesce(owed_by_id, cycle_id) having count(*) > 1""",
    "payments: who is due money is paid that or held, and nobody else is": """
        select e.family_id::text from payments_cycle c
        join entitlements_entitlement e on e.run_id = c.run_id and e.amount_rupiah > 0
        left join payments_payment p on p.cycle_id = c.id and p.family_id = e.family_id and p.reissue_of_id is null
            and p.owed_by_id is null
        where c.state not in ('OPEN', 'FROZEN', 'CALCULATED') and (p.amount_rupiah <> e.amount_rupiah
            or p.payment_id is null and not exists (select from payments_heldpayment h
                where h.run_id = e.run_id and h.family_id = e.family_id))
        union all
        select p.payment_id from payments_payment p join payments_cycle c on c.id = p.cycle_id
        join payments_paymentlist l on l.id = p.list_id and l.round = 0
        left join entitlements_entitlement e on e.run_id = c.run_id and e.family_id = p.family_id
            and e.amount_rupiah > 0
        where c.run_id is not null and e.family_id is null""",
    "payments: what a supplementary list pays for the first time was held back": """
        select p.payment_id from payments_payment p join payments_paymentlist l on l.id = p.list_id and l.round > 0
        join payments_cycle paying on paying.id = p.cycle_id
        join payments_cycle due on due.id = coalesce(p.owed_by_id, p.cycle_id)
        where p.reissue_of_id is null and (not exists (select from payments_heldpayment h where h.run_id = due.run_id
                and h.family_id = p.family_id and h.amount_rupiah = p.amount_rupiah)
            or p.owed_by_id is not null and (due.state <> 'CLOSED'
                or (due.year, due.stage) >= (paying.year, paying.stage)))""",
    "held: what is held back is what the family is due": """
        select h.id::text from payments_heldpayment h
        left join entitlements_entitlement e on e.run_id = h.run_id and e.family_id = h.family_id
        where e.amount_rupiah is distinct from h.amount_rupiah and not (coalesce(e.amount_rupiah, 0) = 0 and exists (
            select from payments_heldpayment l join entitlements_run due on due.id = l.run_id
            join entitlements_run r on (r.year, r.stage, r.months, r.region_code)
                = (due.year, due.stage, due.months, due.region_code)
            join entitlements_entitlement again on again.run_id = r.id and again.family_id = l.family_id
                and again.amount_rupiah = l.amount_rupiah
            where l.run_id = h.run_id and l.family_id = h.family_id
                and l.reason = case when e.id is null then 'CAME_IN' else 'LIFTED' end
                and l.amount_rupiah = h.amount_rupiah))""",
    "payments: sent again are the same family's money, which came back, and two people agreed": """
        select again.payment_id from payments_payment again
        join payments_payment p on p.payment_id = again.reissue_of_id
        join payments_paymentlist l on l.id = again.list_id
        where (again.family_id, again.amount_rupiah) is distinct from (p.family_id, p.amount_rupiah)
            or l.round = 0 or l.state = 'INSTRUCTED' and not exists (
                select from reconciliation_reissuerequest r where r.payment_id = p.payment_id
                    and r.state = 'APPROVED' and r.decided_by_id <> r.asked_by_id)""",
    "closed cycles: what came later is booked by another": """
        select o.payment_id from reconciliation_lateoutcome o join payments_payment p on p.payment_id = o.payment_id
        join payments_cycle c on c.id = p.cycle_id where c.state <> 'CLOSED' or c.id = o.cycle_id
        union all
        select e.id::text from payments_journalentry e join payments_cycle c on c.id = e.about_cycle_id
        where e.about_cycle_id = e.cycle_id or (c.state <> 'CLOSED')""",
    "reconciliation: outcomes add up to what was instructed": """
        with newest as (select cycle_id, max(number) as number from reconciliation_reconciliation
            where about_cycle_id is null group by cycle_id),
        outcome as (
            select distinct on (o.payment_id) o.payment_id, p.cycle_id, o.amount_rupiah
            from reconciliation_outcomerow o join payments_payment p on p.payment_id = o.payment_id
            order by o.payment_id, o.number desc)
        select n.cycle_id::text from newest n join payments_payment p on p.cycle_id = n.cycle_id
        join payments_paymentlist l on l.id = p.list_id and l.state = 'INSTRUCTED'
        left join outcome o on o.payment_id = p.payment_id
        group by n.cycle_id having sum(p.amount_rupiah) <> coalesce(sum(o.amount_rupiah), 0)""",
    "reconciliation: the summary is the sum of the outcomes": """
        with newest as (select distinct on (cycle_id) id, cycle_id from reconciliation_reconciliation
            where about_cycle_id is null order by cycle_id, number desc),
        outcome as (
            select distinct on (o.payment_id) p.cycle_id, left(o.village_code, 4) as district_code, o.channel,
                o.outcome, o.amount_rupiah, o.net_rupiah, o.withdrawn_rupiah
            from reconciliation_outcomerow o join payments_payment p on p.payment_id = o.payment_id
            order by o.payment_id, o.number desc),
        kind as (
            select cycle_id, district_code, channel, outcome, count(*) as payments, sum(amount_rupiah) as rupiah,
                sum(net_rupiah) as net, sum(withdrawn_rupiah) as withdrawn from outcome group by 1, 2, 3, 4),
        place as (
            select cycle_id, district_code, channel, sum(payments) as payments, sum(rupiah) as rupiah,
                sum(net) as net, sum(withdrawn) as withdrawn, jsonb_object_agg(outcome, payments) as counts,
                jsonb_object_agg(outcome, rupiah) as amounts from kind group by 1, 2, 3),
        told as (
            select n.cycle_id, s.*,
                (select jsonb_object_agg(key, value) from jsonb_each(s.counts) where value <> '0') as there,
                (select jsonb_object_agg(key, value) from jsonb_each(s.amounts) where value <> '0') as worth
            from newest n join reconciliation_summaryrow s on s.reconciliation_id = n.id where s.payments > 0)
        select concat_ws(' ', coalesce(t.cycle_id, p.cycle_id), coalesce(t.district_code, p.district_code),
            coalesce(t.channel, p.channel)) from told t
        full join (select p.* from place p join newest n on n.cycle_id = p.cycle_id) p on p.cycle_id = t.cycle_id
            and p.district_code = t.district_code and p.channel = t.channel
        where (t.payments, t.instructed_rupiah, t.net_rupiah, t.withdrawn_rupiah, t.there, t.worth) is distinct from
            (p.payments, p.rupiah, p.net, p.withdrawn, p.counts, p.amounts)""",
    "reconciliation: the outcomes in force are the newest of the runs": f"""
        with newest as (select distinct on (o.payment_id) o.*, p.cycle_id,
                greatest(abs(o.net_rupiah - o.amount_rupiah), o.withdrawn_rupiah - o.credited_rupiah)
                    as at_stake_rupiah
            from reconciliation_outcomerow o join payments_payment p on p.payment_id = o.payment_id
            order by o.payment_id, o.number desc)
        select coalesce(c.payment_id, n.payment_id) from reconciliation_currentoutcome c
        full join newest n on n.payment_id = c.payment_id
        where ({", ".join(f"c.{name}" for name in _IN_FORCE)}) is distinct from
            ({", ".join(f"n.{name}" for name in _IN_FORCE)})""",
    "statements: those in force name the outcomes there are": """
        with line as (
            select s.code, s.figures->>'names_digest' as said, encode(sha256(convert_to(coalesce(string_agg(
                concat_ws('|', o.payment_id, o.outcome, o.amount_rupiah, o.credited_rupiah, o.reversed_rupiah,
                    o.withdrawn_rupiah), E'\\n' order by o.payment_id), ''), 'UTF8')), 'hex') as now
            from reconciliation_statement s left join reconciliation_currentoutcome o
                on o.cycle_id = s.cycle_id and o.village_code ^@ s.region_code
            where s.level = 'DISTRICT' and s.voided_at is null group by s.id)
        select code from line where said <> now""",
    "statements: those of districts in force are the sums of their outcomes": """
        with said as (
            select s.code, s.cycle_id, s.region_code, r->>'channel' as channel, (r->>'payments')::bigint as payments,
                (r->>'instructed')::bigint as rupiah, (r->>'net')::bigint as net,
                (r->>'withdrawn')::bigint as withdrawn,
                (select jsonb_object_agg(key, value) from jsonb_each(r->'counts') where value <> '0') as counts,
                (select jsonb_object_agg(key, value) from jsonb_each(r->'amounts') where value <> '0') as amounts
            from reconciliation_statement s cross join jsonb_array_elements(s.figures->'rows') r
            where s.level = 'DISTRICT' and s.voided_at is null and r->>'payments' <> '0'),
        kind as (
            select s.code, o.channel, o.outcome, count(*) as payments, sum(o.amount_rupiah) as rupiah,
                sum(o.net_rupiah) as net, sum(o.withdrawn_rupiah) as withdrawn
            from reconciliation_statement s join reconciliation_currentoutcome o on o.cycle_id = s.cycle_id
                and left(o.village_code, 4) = s.region_code
            where s.level = 'DISTRICT' and s.voided_at is null group by 1, 2, 3),
        now as (
            select code, channel, sum(payments) as payments, sum(rupiah) as rupiah, sum(net) as net,
                sum(withdrawn) as withdrawn, jsonb_object_agg(outcome, payments) as counts,
                jsonb_object_agg(outcome, rupiah) filter (where rupiah <> 0) as amounts from kind group by 1, 2)
        select coalesce(s.code, n.code) from said s full join now n on n.code = s.code and n.channel = s.channel
        where (s.payments, s.rupiah, s.net, s.withdrawn, s.counts, s.amounts) is distinct from
            (n.payments, n.rupiah, n.net, n.withdrawn, n.counts, n.amounts)""",
    "statements: those above are made of those beneath": """
        select s.code from reconciliation_statement s cross join jsonb_array_elements(s.figures->'below') b
        left join reconciliation_statement d on d.code = b->>'code' and d.cycle_id = s.cycle_id
            and d.region_code = b->>'region' and d.digest = b->>'digest'
        where d.id is null or s.voided_at is null and d.voided_at is not null""",
    "signatures: each is of the digest, level and cycle of its statement": """
        select g.id::text from reconciliation_signature g join reconciliation_statement s on s.id = g.statement_id
        where (g.digest, g.level, g.cycle_id) is distinct from (s.digest, s.level, s.cycle_id)""",
    "signatures: nobody signs at two levels of a cycle": """
        select person_id::text from reconciliation_signature
        group by cycle_id, person_id having count(distinct level) > 1""",
    "registry: no living person is in two families": """
        select encode(nik_index, 'hex') from registry_member
        where nik_index is not null and deceased_on is null and left_on is null
        group by nik_index having count(*) > 1""",
    "registry: codes of villages changed as two people said": """
        select c.id::text from registry_codechange c left join registry_recoding r on r.id = c.recoding_id
        where r.state is distinct from case when c.valid_until is null then 'APPLIED' else 'UNDONE' end
            or not coalesce(r.pairs @> jsonb_build_array(
                jsonb_build_object('old', c.old_code, 'new', c.new_code, 'whole', c.whole)), false)
        union all
        select r.id::text from registry_recoding r
        where (select count(*) from registry_codechange c where c.recoding_id = r.id)
            <> case when r.state in ('APPLIED', 'UNDONE') then jsonb_array_length(r.pairs) else 0 end""",
    "registry: no family stands under a code that is gone": """
        select f.id::text from registry_family f join registry_codechange c on c.old_code = f.village_code
        where c.whole and c.valid_until is null""",
    "registry: all of it is indexed with one key": f"""
        with told as (
            select {_INDEX_KEY.format("kk_index")} as key from registry_family where kk_index is not null
            union select {_INDEX_KEY.format("nik_index")} from registry_member where nik_index is not null
            union select {_INDEX_KEY.format("account_index")} from registry_account where account_index is not null)
        select key::text from told where (select count(*) from told) > 1""",
    "payments: those of a stage are indexed with one key": f"""
        select c.year || '-' || c.stage from payments_payment p join payments_cycle c on c.id = p.cycle_id
        group by c.id having count(distinct {_INDEX_KEY.format("p.nik_index")}) > 1""",
    "caseload: nobody accompanies a family beside another": """
        select distinct family_id::text from (
            select family_id, valid_from, max(coalesce(valid_until, 'infinity')) over (partition by family_id
                order by valid_from, id rows between unbounded preceding and 1 preceding) as until
            from facilitators_accompaniment where valid_until is null or valid_until > valid_from) days
        where until > valid_from""",
}


def verify(
    address: str,
    *,
    keys: Sequence[str] = (),
    anchors: Sequence[str] = (),
    data: Path | None = None,
    key_file: Path | None = None,
) -> Iterator[Found]:
    """Every check against the database of that address, read in one snapshot.

    `keys` are the public keys the office's heads may be signed with, none: whatever key a head names; `anchors` are
    lines that were kept outside. `data` is the office's folder, for its files; `key_file` holds the keys of
    identifiers. What is not given is not looked at.
    """
    with psycopg.connect(address) as con:
        con.execute("set transaction isolation level repeatable read read only")
        yield from look(con, keys=keys, anchors=anchors, data=data, key_file=key_file)


def look(
    con: psycopg.Connection,
    *,
    keys: Sequence[str] = (),
    anchors: Sequence[str] = (),
    data: Path | None = None,
    key_file: Path | None = None,
) -> Iterator[Found]:
    """The same in a transaction of the caller."""
    con.execute("set local statement_timeout = 0; set local work_mem = '64MB'")
    for check, query in CHECKS.items():
        yield _asked(con, check, query)
    yield from _looked(con, verify_held.CHECKS, lambda: verify_held.held(con))
    yield from _looked(con, [verify_acts.ACTS], lambda: verify_acts.acts(con))
    yield from _looked(con, verify_files.DIGESTS, lambda: verify_files.digests(con))
    if data is not None:
        yield from _looked(con, [verify_files.FILES], lambda: [verify_files.files(con, data)])
    if key_file is not None and (opening := verify_sealed.keys_of(key_file)) is not None:
        fetch = None if data is None else _store(data).get
        yield from _looked(con, [verify_sealed.CHECK], lambda: [verify_sealed.sealed(con, opening, fetch)])
    for check, wrong in verify_heads.signed(con, keys, anchors):
        yield found(check, wrong)


def _store(data: Path) -> Store:
    """Where files lie outside the database."""
    told = (os.environ.get(name, "") for name in ("GANDENG_FILES_ENDPOINT", "GANDENG_FILES_REGION"))
    return store_of(os.environ.get("GANDENG_FILES", ""), data, *told)


def _asked(con: psycopg.Connection, check: str, query: str) -> Found:
    """One query; a row that makes it fail is wrong too."""
    try:
        with con.transaction():
            told = f"select told::text, count(*) over () from ({query}) told (told) limit {SHOWN}"
            rows = con.execute(told.encode()).fetchall()
    except psycopg.DataError as error:
        return _unreadable(check, error)
    return found(check, [str(row[0]) for row in rows], rows[0][1] if rows else 0)


def _looked(con: psycopg.Connection, checks: Iterable[str], look: Callable[[], Iterable[Found]]) -> Iterator[Found]:
    """What a module finds; a row that makes it fail is wrong too."""
    try:
        with con.transaction():
            told = list(look())
    except psycopg.DataError as error:
        told = [_unreadable(check, error) for check in checks]
    yield from told


def _unreadable(check: str, error: psycopg.Error) -> Found:
    return found(check, [str(error).splitlines()[0]])
